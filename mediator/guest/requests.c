/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/requests.h"

#include "access/ioreq.h"
#include "core/bits.h"
#include "core/ecam.h"
#include "guest/actions.h"
#include "guest/bars.h"
#include "guest/downstream.h"
#include "guest/ecam_window.h"
#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/io_ports.h"
#include "guest/log.h"
#include "guest/serve.h"

/* The device that the guest finds at @at; NULL: nothing is there, or an emulated function. */
static struct ec_device *device_at(const struct ec_guest *g, struct ec_sbdf at)
{
	const struct ec_function *fn = ec_bus_map_find(&g->functions, at);

	return fn && fn->hw == &ec_hardware_guest_ops ? fn->hw_ctx : NULL;
}

static void answer_gone(struct ec_access *a)
{
	a->verdict = EC_V_NO_FUNCTION;
	a->actions.n = 0;
	if (!a->write)
		a->value = ec_ones(a->length);
}

static void on_config(void *ctx, struct ec_access *a)
{
	struct ec_guest *g = ctx;
	struct ec_device *d = device_at(g, a->at);
	struct ec_root_port *port = d ? NULL : ec_downstream_port_at(g, a->at);
	const struct ec_action *first = a->actions.action;

	if (d && ec_hardware_gone(d)) {
		answer_gone(a);
		return;
	}
	ec_access_handle(&g->functions, a);
	if (d) {
		d->counts.reads += !a->write;
		d->counts.writes += a->write;
		if (a->actions.n)
			ec_actions_run(d, &a->actions);
	} else if (port && a->write) {
		ec_downstream_written(g, port, a);
	} else if (a->actions.n && first->kind == EC_ACT_ECAM) {
		ec_ecam_window_wanted(g, first->address, first->size);
	}
}

static uint64_t reset_control(struct ec_guest *g, bool write, uint64_t value)
{
	if (!write)
		return g->latch.reset_control;
	g->latch.reset_control = value & EC_RESET_TYPE;
	g->latch.reboot |= value & EC_RESET_NOW;
	return 0;
}

/*
 * The latch only serves the guest's reads. Xen keeps its own, and names the register in each
 * request, also in those to a device model. So ecamd may own the port beside a device model, whose
 * answers are slower.
 */
static uint64_t on_port(void *ctx, uint64_t port, unsigned int len, bool write, uint64_t value)
{
	struct ec_guest *g = ctx;

	if (g->info.device_model && port == EC_PORT_RESET_CONTROL && len == 1)
		return reset_control(g, write, value);
	if (port >= EC_PORT_GPE)
		return 0;
	if (port != EC_PORT_CONFIG_ADDRESS || len != 4)
		return UINT64_MAX;
	if (write)
		g->latch.config_address = (uint32_t)value;
	return g->latch.config_address;
}

static uint64_t on_memory(void *ctx, uint64_t gpa, unsigned int len, bool write, uint64_t value)
{
	struct ec_guest *g = ctx;
	const struct ec_ecam_place *window = &g->window->at;
	struct ec_page_access page = { .len = len, .write = write, .value = value };
	const struct ec_p2m_range *range;
	struct ec_sbdf at;
	uint16_t reg;

	if (gpa - window->range.base < window->range.size &&
	    ec_ecam_decode(gpa - window->bus0, 0, 0, &at, &reg)) {
		struct ec_access a = {
			.at = at, .write = write, .offset = reg, .length = len, .value = value
		};

		on_config(g, &a);
		return a.value;
	}
	range = ec_p2m_trapped(&g->p2m, gpa);
	if (!range)
		return UINT64_MAX;
	page.offset = range->page * EC_PAGE_SIZE + (gpa - range->gfn * EC_PAGE_SIZE);
	return ec_bars_access(range->device, range->bar, &page);
}

static int on_copy(void *ctx, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct ec_guest *g = ctx;
	const struct ec_guest_copy copy = { .gpa = gpa, .buf = buf, .len = len, .write = write };

	return ec_server_copy(g->backends, g->server, &copy);
}

static const struct ec_ioreq_target target = {
	.config = on_config,
	.port = on_port,
	.memory = on_memory,
	.copy = on_copy,
};

/* The address ranges and interrupts of a device that is gone may be given to another one. */
static void end_gone(struct ec_guest *g)
{
	struct ec_diag diag = { 0 };

	g->lost = false;
	for (unsigned int i = 0; i < g->n; i++)
		if (ec_hardware_gone(g->device[i]) && ec_serve_release(g->device[i], &diag))
			ec_complain(g->device[i], "%s", diag.text);
}

void ec_requests_serve(void *guest, struct ec_ioreq *q)
{
	struct ec_guest *g = guest;

	g->request++;
	g->repeats = q->count > 1;
	ec_ioreq_serve(q, &target, g);
	if (g->repeats) {
		g->repeats = false;
		for (unsigned int i = 0; i < g->n; i++)
			ec_actions_flush(g->device[i]);
	}
	if (g->lost)
		end_gone(g);
	ec_downstream_flush(g);
	/* if it fails the guest notices, because it goes on */
	if (g->latch.reboot)
		ec_priv_reboot(g->backends, g->domid);
	g->latch.reboot = false;
}
