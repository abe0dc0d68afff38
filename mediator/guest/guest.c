/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/guest.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/ioreq.h"
#include "core/bits.h"
#include "core/ecam.h"
#include "guest/downstream.h"
#include "supervisor/placement.h"
#include "view/build.h"

/* CONFIG_ADDRESS, and CONFIG_DATA behind it */
#define CF8 0xcf8u
#define CF9 0xcf9u
#define CFB 0xcfbu
#define CFF 0xcffu
/* General-purpose events, and processors that may come */
#define EVENTS_FIRST 0xaf00u
/* Bits of the reset control register */
#define RESET_TYPE 2u
#define RESET_NOW 4u
/* Of 5 ms each: how long it is waited for a dying guest to be gone. */
#define WAIT_STEPS 400u

#define PORTS(g) (&(g)->service->ports)

/* NULL: nothing of the host's is there. */
static struct ec_device *device_of(struct ec_guest *g, struct ec_sbdf at)
{
	struct ec_bus *bus = at.segment ? NULL : g->functions.bus[at.bus];
	struct ec_function *fn = bus ? bus->function[at.devfn] : NULL;

	return fn && fn->hw == &ec_device_conf ? fn->hw_ctx : NULL;
}

static uint64_t on_config(void *ctx, struct ec_sbdf at, uint32_t offset, unsigned int len,
			  bool write, uint64_t value)
{
	struct ec_guest *g = ctx;
	struct ec_device *d = device_of(g, at);
	struct ec_root_port *port = d ? NULL : ec_root_ports_at(&g->ports, at);
	struct ec_access a = {
		.at = at, .write = write, .offset = offset, .length = len, .value = value
	};

	ec_access_handle(&g->functions, &a);
	if (d) {
		d->status.reads += !write;
		d->status.writes += write;
		if (a.actions.n)
			ec_actions_run(d, &a.actions);
	} else if (port && write) {
		ec_downstream_written(g, port, &a);
	} else if (a.actions.n && a.actions.action[0].kind == EC_ACT_ECAM) {
		ec_placement_window(g, a.actions.action[0].address, a.actions.action[0].size);
	}
	return a.value;
}

/* The reset control register of PIIX3, which shares the latch's ports: QEMU hw/isa/piix3.c. */
static uint64_t reset_control(struct ec_guest *g, bool write, uint64_t value)
{
	if (!write)
		return g->reset_control;
	g->reset_control = value & RESET_TYPE;
	/* if it fails the guest sees that it goes on */
	if (value & RESET_NOW)
		PORTS(g)->priv->reboot(PORTS(g)->priv_ctx, g->domid);
	return 0;
}

/*
 * The latch is only for the guest to read back: Xen keeps its own, and says in each request which
 * register is meant; a device model is told likewise, and does without its own latch. That saves
 * the guest its slow answers.
 */
static uint64_t on_port(void *ctx, uint64_t port, unsigned int len, bool write, uint64_t value)
{
	struct ec_guest *g = ctx;

	if (g->info.device_model && port == CF9 && len == 1)
		return reset_control(g, write, value);
	if (port >= EVENTS_FIRST)
		return 0;
	if (port != CF8 || len != 4)
		return UINT64_MAX;
	if (write)
		g->cf8 = (uint32_t)value;
	return g->cf8;
}

static uint64_t on_memory(void *ctx, uint64_t gpa, unsigned int len, bool write, uint64_t value)
{
	struct ec_guest *g = ctx;
	const struct ec_p2m_range *run;
	struct ec_sbdf at;
	uint16_t reg;

	if (gpa - g->window.base < g->window.size && ec_ecam_decode(gpa - g->ecam, 0, 0, &at, &reg))
		return on_config(g, at, reg, len, write, value);
	run = ec_p2m_trapped(&g->p2m, gpa);
	if (!run)
		return UINT64_MAX;
	return ec_bars_access(run->device, run->bar,
			      run->page * EC_PAGE_SIZE + (gpa - run->gfn * EC_PAGE_SIZE), len,
			      write, value);
}

static int on_copy(void *ctx, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct ec_guest *g = ctx;

	return PORTS(g)->server->copy(g->server, gpa, buf, len, write);
}

static const struct ec_ioreq_target target = {
	.config = on_config,
	.port = on_port,
	.memory = on_memory,
	.copy = on_copy,
};

static void on_request(void *ctx, struct ec_ioreq *q)
{
	struct ec_guest *g = ctx;

	g->requests++;
	g->repeats = q->count > 1;
	ec_ioreq_serve(q, &target, g);
	if (g->repeats) {
		g->repeats = false;
		for (unsigned int i = 0; i < g->n; i++)
			ec_actions_flush(g->device[i]);
	}
	if (g->moved)
		ec_downstream_update_ranges(g);
}

/* What is emulated has no hardware. */
static int nothing_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	*value = 0;
	return 0;
}

static int nothing_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	(void)value;
	return 0;
}

static const struct ec_conf_ops nothing_ops = { nothing_read, nothing_write };

int ec_guest_emulate(struct ec_service *s, const struct ec_plan_options *options,
		     struct ec_function *fn, struct ec_diag *diag)
{
	const struct ec_layout *made = &s->plan->layout;
	int rc = ec_plan_build(s->plan, s->image, options, diag);
	struct ec_layout *layout;

	if (rc)
		return rc;
	layout = malloc(sizeof(*layout));
	fn->layout = layout;
	fn->shadow = malloc(made->words * sizeof(uint32_t));
	fn->hw = &nothing_ops;
	if (!layout || !fn->shadow) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	memcpy(layout, made, ec_layout_bytes(made));
	memcpy(fn->shadow, s->plan->shadow, made->words * sizeof(uint32_t));
	return 0;
}

static int check_guest(const struct ec_guest_info *info, struct ec_diag *diag)
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

/*
 * Ports of the guest. What a device model owns, it answers where it is not told of a function.
 * Those of general-purpose events nobody serves in a PVH guest, though its tables have them: where
 * they read all ones its DSDT takes events for raised, and writes behind a table (libacpi).
 */
static const struct {
	bool model;
	uint16_t first, last;
} port_ranges[] = {
	{ true, CF8, CFB },
	{ false, CF8, CFF },
	{ false, EVENTS_FIRST, 0xaf1f },
	{ false, 0xafe0, 0xafe3 },
};

static int take_ranges(struct ec_guest *g)
{
	int rc = 0;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(port_ranges) && !rc; i++)
		if (port_ranges[i].model == g->info.device_model)
			rc = PORTS(g)->server->range(g->server, EC_RANGE_PORT, port_ranges[i].first,
						     port_ranges[i].last, true);
	if (!rc && !g->info.device_model)
		rc = PORTS(g)->server->range(g->server, EC_RANGE_PCI, 0, 0, true);
	return rc;
}

static int open_server(struct ec_guest *g, struct ec_diag *diag)
{
	int rc = PORTS(g)->server->create(PORTS(g)->server_ctx, g->domid, g->info.vcpus, on_request,
					  g, &g->server);

	if (!rc)
		rc = take_ranges(g);
	if (rc) {
		ec_diag_set(diag, 0, "the guest's ioreq server: %s", strerror(-rc));
		return rc;
	}
	rc = PORTS(g)->server->enable(g->server);
	if (rc) {
		ec_diag_set(diag, 0, "the guest's ioreq server: %s", strerror(-rc));
		return rc;
	}
	rc = PORTS(g)->watch(PORTS(g)->watch_ctx, PORTS(g)->server->fd(g->server), true);
	if (rc)
		ec_diag_set(diag, 0, "the guest's events cannot be watched: %s", strerror(-rc));
	else
		g->fd = PORTS(g)->server->fd(g->server);
	return rc;
}

int ec_guest_open(struct ec_service *s, uint32_t domid, struct ec_guest **out, struct ec_diag *diag)
{
	struct ec_guest *g = calloc(1, sizeof(*g));
	int rc;

	if (!g) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	g->service = s;
	g->domid = domid;
	g->fd = -1;
	g->ports.guest = &g->functions;
	s->ports.store->name(s->ports.store_ctx, domid, g->name);
	rc = s->ports.priv->guest_info(s->ports.priv_ctx, domid, &g->info);
	if (rc)
		ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
	else
		rc = check_guest(&g->info, diag);
	if (!rc)
		rc = open_server(g, diag);
	if (rc) {
		ec_guest_close(g);
		return rc;
	}
	*out = g;
	return 0;
}

static void let_go(struct ec_guest *g)
{
	if (g->fd >= 0)
		PORTS(g)->watch(PORTS(g)->watch_ctx, g->fd, false);
	g->fd = -1;
	PORTS(g)->server->destroy(g->server);
	g->server = NULL;
}

void ec_guest_close(struct ec_guest *g)
{
	if (!g)
		return;
	let_go(g);
	ec_downstream_clear(g);
	ec_bus_map_clear(&g->functions);
	free((void *)(uintptr_t)g->bridge.layout);
	free(g->bridge.shadow);
	free(g);
}

static void died(struct ec_guest *g)
{
	for (unsigned int i = 0; i < g->n && !g->gone; i++)
		ec_irq_died(g->device[i]);
	g->dead = true;
	let_go(g);
}

void ec_guest_look(struct ec_guest *g, bool wait)
{
	struct timespec step = { .tv_nsec = 5000000 };

	for (unsigned int i = 0; i < WAIT_STEPS; i++) {
		struct ec_guest_info info;
		int rc = PORTS(g)->priv->guest_info(PORTS(g)->priv_ctx, g->domid, &info);

		if (rc && rc != -ESRCH)
			return;
		g->gone = rc;
		/* of a guest that is gone it is not told any more */
		if (!rc) {
			g->info.started |= info.started;
			g->info.rebooting = info.rebooting;
		}
		if ((rc || info.dying) && !g->dead)
			died(g);
		if (!wait || g->gone || !info.dying)
			return;
		nanosleep(&step, NULL);
	}
}

int ec_guest_check(struct ec_guest *g, struct ec_diag *diag)
{
	struct ec_guest_info info;
	int rc = PORTS(g)->priv->guest_info(PORTS(g)->priv_ctx, g->domid, &info);

	if (!rc) {
		g->info.started = info.started;
		return check_guest(&info, diag);
	}
	ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
	return rc;
}

int ec_guest_serve(struct ec_guest *g, struct ec_device *d, struct ec_diag *diag)
{
	uint32_t at = d->function.at.devfn;
	int rc;

	if (d->behind)
		return ec_downstream_serve(d, diag);
	rc = ec_bus_map_add(&g->functions, &d->function);
	if (!rc) {
		rc = PORTS(g)->server->range(g->server, EC_RANGE_PCI, at, at, true);
		if (rc)
			ec_bus_map_remove(&g->functions, d->function.at);
	}
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

void ec_guest_unserve(struct ec_guest *g, struct ec_device *d)
{
	uint32_t at = d->function.at.devfn;

	if (d->behind) {
		ec_downstream_unserve(d);
		return;
	}
	if (!g->dead)
		PORTS(g)->server->range(g->server, EC_RANGE_PCI, at, at, false);
	ec_bus_map_remove(&g->functions, d->function.at);
}
