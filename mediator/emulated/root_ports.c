/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/root_ports.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "emulated/function.h"

/* Dwords that are hidden until the header type is read. */
#define VEIL_FIRST (PCI_BASE_ADDRESS_0 / 4)
#define VEIL_LAST (PCI_IO_BASE_UPPER16 / 4)
#define TYPE_BYTE (1u << PCI_HEADER_TYPE % 4)

/*
 * The veil is a second layout, in which the header type is the only byte that is read from
 * "hardware". Reading it installs the real layout, so the access path has no case for a veil.
 */
static int read_type(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct ec_root_port *p = ctx;

	p->function.layout = p->layout;
	*value = ec_root_port_reg(p, offset, len);
	return 0;
}

static const struct ec_conf_ops veil_ops = { read_type, ec_emulated_drop_write };

/* @veiled has room for the masks of one more kind of dword. */
static void make_veil(struct ec_layout *veiled, const struct ec_layout *layout)
{
	struct ec_cell *type = veiled->cell + PCI_HEADER_TYPE / 4;

	memcpy(veiled, layout, ec_layout_bytes(layout));
	for (unsigned int d = VEIL_FIRST; d <= VEIL_LAST; d++)
		veiled->cell[d] = (struct ec_cell){ 0, EC_WORD_ZERO };
	veiled->masks[veiled->n_masks] = veiled->masks[type->masks];
	veiled->masks[veiled->n_masks].m.live |= ec_byte_lanes(TYPE_BYTE);
	veiled->masks[veiled->n_masks].live_bytes |= TYPE_BYTE;
	type->masks = veiled->n_masks++;
}

static void free_port(struct ec_root_port *p)
{
	if (!p)
		return;
	p->function.layout = p->layout;
	ec_function_free(&p->function);
	free(p->veiled);
	free(p);
}

static int hide_until_type_is_read(struct ec_root_port *p)
{
	p->veiled = malloc(ec_layout_bytes(p->layout) + sizeof(struct ec_dword_masks));
	if (!p->veiled)
		return -ENOMEM;
	make_veil(p->veiled, p->layout);
	p->function.layout = p->veiled;
	p->function.hw = &veil_ops;
	p->function.hw_ctx = p;
	return 0;
}

static int make_port(struct ec_root_port *p, const struct ec_root_port_config *config,
		     struct ec_plan *plan, struct ec_image *img, struct ec_diag *diag)
{
	struct ec_plan_options options = { .emulated = ec_root_port_emulated(), .no_intx = true };
	int rc;

	ec_root_port_image(config, img);
	rc = ec_emulated_make(&p->function, img, &options, plan, diag);
	if (rc)
		return rc;
	p->layout = p->function.layout;
	p->function.at.devfn = (uint8_t)(config->slot << 3);
	ec_root_port_start(p, config);
	rc = config->veiled ? hide_until_type_is_read(p) : 0;
	if (rc)
		ec_diag_set(diag, 0, "out of memory");
	return rc;
}

int ec_root_ports_add(struct ec_root_ports *ports, const struct ec_root_port_config *config,
		      struct ec_plan *plan, struct ec_image *img, struct ec_diag *diag)
{
	struct ec_root_port *p;
	int rc;

	if (config->slot >= EC_ROOT_PORTS_MAX) {
		ec_diag_set(diag, 0, "there is no slot %02x", config->slot);
		return -ERANGE;
	}
	p = calloc(1, sizeof(*p));
	if (!p) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	rc = make_port(p, config, plan, img, diag);
	if (!rc) {
		rc = ec_bus_map_add(ports->guest, &p->function);
		if (rc)
			ec_diag_set(diag, 0, "a root port in slot %02x: %s", config->slot,
				    strerror(-rc));
	}
	if (rc) {
		free_port(p);
		return rc;
	}
	ports->port[config->slot] = p;
	return 0;
}

/*
 * Rebuilds all routes. There are few root ports, and few writes change bus numbers; in return an
 * access needs no search. Buses of no root port are unchanged.
 */
bool ec_root_ports_route(struct ec_root_ports *ports)
{
	struct ec_bus_map *g = ports->guest;
	bool moved = false;
	uint8_t was[EC_ROOT_PORTS_MAX] = { 0 };

	for (unsigned int i = 0; i < EC_ROOT_PORTS_MAX; i++) {
		struct ec_root_port *p = ports->port[i];

		if (!p || !p->bus)
			continue;
		was[i] = p->bus;
		g->bus[p->bus] = NULL;
		p->bus = 0;
	}
	for (unsigned int i = 0; i < EC_ROOT_PORTS_MAX; i++) {
		struct ec_root_port *p = ports->port[i];
		uint8_t bus = p ? ec_root_port_secondary(p) : 0;

		if (bus && !g->bus[bus]) {
			g->bus[bus] = &p->behind;
			p->bus = bus;
		}
		moved |= p && p->bus != was[i];
	}
	return moved;
}

void ec_root_ports_remove(struct ec_root_ports *ports, unsigned int slot)
{
	struct ec_root_port *p = slot < EC_ROOT_PORTS_MAX ? ports->port[slot] : NULL;

	if (!p)
		return;
	if (p->bus)
		ports->guest->bus[p->bus] = NULL;
	ports->port[slot] = NULL;
	ec_bus_map_remove(ports->guest, p->function.at);
	free_port(p);
	/* another root port may forward to the same bus */
	ec_root_ports_route(ports);
}

void ec_root_ports_clear(struct ec_root_ports *ports)
{
	for (unsigned int i = 0; i < EC_ROOT_PORTS_MAX; i++)
		ec_root_ports_remove(ports, i);
}

struct ec_root_port *ec_root_ports_at(const struct ec_root_ports *ports, struct ec_sbdf at)
{
	if (at.segment || at.bus || at.devfn & 7)
		return NULL;
	return ports->port[at.devfn >> 3];
}
