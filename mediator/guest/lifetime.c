/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/lifetime.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "guest/actions.h"
#include "guest/bars.h"
#include "guest/downstream.h"
#include "guest/ecam_window.h"
#include "guest/hardware.h"
#include "guest/intx.h"
#include "guest/msi.h"
#include "guest/power.h"
#include "guest/reset.h"
#include "guest/saved_registers.h"
#include "guest/vpd.h"

struct ec_guest *ec_guest_new(const struct ec_backends *b, uint32_t domid)
{
	struct ec_guest *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->backends = b;
	g->domid = domid;
	g->fd = -1;
	g->window = calloc(1, sizeof(*g->window));
	g->ports = ec_downstream_ports_new(g);
	if (g->window && g->ports)
		return g;
	ec_guest_free(g);
	return NULL;
}

void ec_guest_free(struct ec_guest *g)
{
	if (!g)
		return;
	ec_guest_close(g);
	ec_downstream_ports_free(g->ports);
	ec_bus_map_clear(&g->functions);
	ec_function_free(&g->bridge);
	free(g->window);
	free(g);
}

static bool has_parts(const struct ec_device *d)
{
	const struct ec_device_hardware *h = &d->hardware;

	return h->config && h->saved && h->reset && h->power && h->vpd && d->interrupts.intx &&
	       d->interrupts.msi && d->bars && d->actions && d->downstream;
}

struct ec_device *ec_device_new(struct ec_guest *g, struct ec_sbdf host)
{
	struct ec_device *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->guest = g;
	d->host = host;
	d->function.hw = &ec_hardware_guest_ops;
	d->function.hw_ctx = d;
	d->hardware.config = ec_hardware_new();
	d->hardware.saved = ec_saved_registers_new();
	d->hardware.reset = ec_reset_new();
	d->hardware.power = ec_power_new();
	d->hardware.vpd = ec_vpd_new();
	d->interrupts.intx = ec_intx_new();
	d->interrupts.msi = ec_msi_new();
	d->bars = ec_bars_new();
	d->actions = ec_actions_new();
	d->downstream = ec_downstream_new();
	if (has_parts(d))
		return d;
	ec_device_free(d);
	return NULL;
}

void ec_device_free(struct ec_device *d)
{
	if (!d)
		return;
	ec_function_free(&d->function);
	free(d->hardware.config);
	free(d->hardware.saved);
	free(d->hardware.reset);
	free(d->hardware.power);
	ec_vpd_free(d->hardware.vpd);
	free(d->interrupts.intx);
	ec_msi_free(d->interrupts.msi);
	free(d->bars);
	ec_actions_free(d->actions);
	free(d->downstream);
	free(d);
}

static uint16_t msix_entries(const struct ec_plan *plan, const struct ec_image *img)
{
	uint32_t flags = plan->layout.params.msix_hw + (uint32_t)PCI_CAP_FLAGS;

	if (!plan->layout.params.msix)
		return 0;
	return (uint16_t)((ec_image_get(img, flags, 2) & PCI_MSIX_TABSIZE) + 1);
}

int ec_device_set_view(struct ec_device *d, const struct ec_plan *plan, const struct ec_image *img)
{
	size_t words = plan->layout.words * sizeof(uint32_t);
	struct ec_layout *layout = malloc(sizeof(*layout));

	d->function.layout = layout;
	d->function.shadow = malloc(words);
	if (!layout || !d->function.shadow)
		return -ENOMEM;
	memcpy(layout, &plan->layout, ec_layout_bytes(&plan->layout));
	memcpy(d->function.shadow, plan->shadow, words);
	ec_saved_registers_note(d, plan);
	if (ec_actions_note_view(d))
		return -ENOMEM;
	return ec_msi_vectors(d, msix_entries(plan, img));
}
