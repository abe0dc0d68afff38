/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/guest.h"

#include <string.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "guest/io_ports.h"

/*
 * I/O ports of the guest. A device model answers for its own functions, and for the reset control
 * register's neighbours. Nothing else serves the general-purpose events of a PVH guest, although
 * its tables name them: if they read all ones, its DSDT takes events as raised, and writes past a
 * table (libacpi).
 */
static const struct {
	bool model;
	uint16_t first, last;
} port_ranges[] = {
	{ true, EC_PORT_CONFIG_ADDRESS, EC_PORT_CFB },
	{ false, EC_PORT_CONFIG_ADDRESS, EC_PORT_CFF },
	{ false, EC_PORT_GPE, EC_PORT_GPE_LAST },
	{ false, EC_PORT_GPE_CPU, EC_PORT_GPE_CPU_LAST },
};

int ec_guest_claim(struct ec_guest *g, enum ec_range_kind kind, uint64_t first, uint64_t last,
		   bool add)
{
	const struct ec_range range = { kind, first, last };

	return ec_server_range(g->backends, g->server, &range, add);
}

static int claim_ports(struct ec_guest *g)
{
	int rc = 0;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(port_ranges) && !rc; i++)
		if (port_ranges[i].model == g->info.device_model)
			rc = ec_guest_claim(g, EC_RANGE_PORT, port_ranges[i].first,
					    port_ranges[i].last, true);
	if (!rc && !g->info.device_model)
		rc = ec_guest_claim(g, EC_RANGE_PCI, 0, 0, true);
	return rc;
}

int ec_guest_open(struct ec_guest *g, ec_guest_handler *handler, struct ec_diag *diag)
{
	const struct ec_backends *b = g->backends;
	const struct ec_server_options options = {
		.domid = g->domid, .vcpus = g->info.vcpus, .handler = handler, .handler_ctx = g
	};
	int fd, rc = ec_server_create(b, &options, &g->server);

	if (!rc)
		rc = claim_ports(g);
	if (!rc)
		rc = ec_server_enable(b, g->server);
	if (rc) {
		ec_diag_set(diag, 0, "the guest's ioreq server: %s", strerror(-rc));
		return rc;
	}
	fd = ec_server_fd(b, g->server);
	rc = ec_watch(b, fd, true);
	if (rc)
		ec_diag_set(diag, 0, "the guest's events cannot be watched: %s", strerror(-rc));
	else
		g->fd = fd;
	return rc;
}

void ec_guest_close(struct ec_guest *g)
{
	const struct ec_backends *b = g->backends;

	if (g->fd >= 0 && !g->waits)
		ec_watch(b, g->fd, false);
	g->fd = -1;
	ec_server_destroy(b, g->server);
	g->server = NULL;
}
