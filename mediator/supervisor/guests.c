/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/guests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/intx.h"
#include "guest/lifetime.h"
#include "guest/msi.h"
#include "guest/power.h"
#include "guest/requests.h"

static int check_info(const struct ec_guest_info *info, struct ec_diag *diag)
{
	const struct {
		bool bad;
		const char *why;
	} checks[] = {
		{ !info->hvm, "is a PV guest: functions are given to HVM and PVH guests" },
		{ info->dying, "is being destroyed" },
		{ !info->iommu, "was created without an IOMMU: passthrough= in its configuration" },
		{ info->populate, "has populate-on-demand memory: maxmem= above memory=" },
		{ info->altp2m, "has altp2m" },
		{ info->paging, "has paged or shared memory" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(checks); i++)
		if (checks[i].bad) {
			ec_diag_set(diag, 0, "the guest %s", checks[i].why);
			return -EPERM;
		}
	return 0;
}

static int open_guest(struct ec_guest *g, struct ec_diag *diag)
{
	const struct ec_backends *b = g->backends;
	int rc;

	ec_store_name(b, g->domid, g->name);
	rc = ec_priv_guest_info(b, g->domid, &g->info);
	if (rc)
		ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
	else
		rc = check_info(&g->info, diag);
	return rc ? rc : ec_guest_open(g, ec_requests_serve, diag);
}

int ec_guests_open(const struct ec_backends *b, uint32_t domid, struct ec_guest_record **out,
		   struct ec_diag *diag)
{
	struct ec_guest_record *r = calloc(1, sizeof(*r));
	int rc = -ENOMEM;

	if (r)
		r->guest = ec_guest_new(b, domid);
	if (r && r->guest)
		rc = open_guest(r->guest, diag);
	else
		ec_diag_set(diag, 0, "out of memory");
	if (rc)
		ec_guests_close(r);
	else
		*out = r;
	return rc;
}

void ec_guests_close(struct ec_guest_record *r)
{
	if (r)
		ec_guest_free(r->guest);
	free(r);
}

/* Xen uses a domain number again when the guest is gone: then another guest has it. */
static bool is_same(const struct ec_guest *g, const struct ec_guest_info *info)
{
	return !strcmp(g->info.uuid, info->uuid);
}

int ec_guests_check(struct ec_guest_record *r, struct ec_diag *diag)
{
	struct ec_guest *g = r->guest;
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(g->backends, g->domid, &info);

	if (!rc && !is_same(g, &info))
		rc = -ESRCH;
	if (rc) {
		ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
		return rc;
	}
	g->info.started = info.started;
	return check_info(&info, diag);
}

static void died(struct ec_guest *g)
{
	for (unsigned int i = 0; i < g->n && !g->gone; i++) {
		/* unmapping writes to the function */
		ec_power_wake(g->device[i]);
		ec_intx_died(g->device[i]);
		ec_msi_died(g->device[i]);
	}
	g->dead = true;
	ec_guest_close(g);
}

void ec_guests_look(struct ec_guest_record *r)
{
	struct ec_guest *g = r->guest;
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(g->backends, g->domid, &info);

	if (rc && rc != -ESRCH)
		return;
	/* once gone, the number says nothing about this guest */
	g->gone = g->gone || rc || !is_same(g, &info);
	if (!g->gone) {
		g->info.started |= info.started;
		g->info.rebooting = info.rebooting;
	}
	if ((g->gone || info.dying) && !g->dead)
		died(g);
}
