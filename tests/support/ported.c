/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ported.h"

#include <check.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "placeholder.h"

/* BARs and link of a card: flags and sizes of BAR 0, 2 and 4; LNKCAP's and LNKSTA's low bits. */
static const struct shape {
	uint32_t flags[3];
	uint64_t size[3];
	uint32_t cap, sta, cap2, payload;
} shapes[] = {
	{ { 0xc, 0x0, 0x1 }, { 0x100000, 0x4000, 0x20 }, 0x43, 0x1042, 0xe, 1 },
	{ { 0x4, 0x8, 0x0 }, { 0x4000, 0x200000, 0x1000 }, 0x11, 0x0011, 0x2, 0 },
	{ { 0xc, 0xc, 0x4 }, { 0x1000000, 0x10000, 0x2000 }, 0x104, 0x1103, 0x1e, 2 },
	{ { 0x0, 0x0, 0x1 }, { 0x1000, 0x80000, 0x100 }, 0x82, 0x0081, 0x0, 5 },
};

struct ported *ported_new(enum ec_machine_kind kind)
{
	struct ported *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->ports.guest = &p->guest;
	ec_machine_defaults(kind, &p->limits);
	p->limits.ecam = true;
	return p;
}

void ported_free(struct ported *p)
{
	ec_ports_clear(&p->ports);
	ec_guest_clear(&p->guest);
	free(p);
}

static void keep_plan(struct ported *p, struct ported_function *f)
{
	f->layout = p->plan.layout;
	memcpy(f->shadow, p->plan.shadow, sizeof(f->shadow));
	memcpy(f->first, p->plan.shadow, sizeof(f->first));
	f->device.image = p->img;
	ec_plan_attached(&p->plan, &f->device.image);
	ec_plan_semantics(&p->plan, f->device.rw, f->device.w1c);
	f->function = (struct ec_function){ .layout = &f->layout,
					    .shadow = f->shadow,
					    .hw = &ec_conf_dump_ops,
					    .hw_ctx = &f->device };
}

void ported_card(struct ported *p, const char *host, unsigned int shape)
{
	const struct shape *s = shapes + shape;
	struct ec_plan_options options = { .topology = EC_FLATTENED };
	struct ec_region region[EC_BAR_MAX] = { 0 };
	struct ec_machine_function *fn = p->fn + p->n;
	struct fixture f;
	struct ec_diag diag;

	ck_assert_uint_lt(p->n, PORTED_MAX);
	fixture_init(&f, EC_CONFIG_SIZE, 0);
	fixture_put(&f, PCI_DEVICE_ID, 2, 0x100 + p->n);
	for (unsigned int i = 0; i < 3; i++) {
		fixture_put(&f, PCI_BASE_ADDRESS_0 + i * 8, 4, s->flags[i]);
		region[i * 2].size = s->size[i];
		region[i * 2].flags = s->flags[i];
	}
	fixture_cap(&f, 0x40, PCI_CAP_ID_PM);
	fixture_express(&f, 0x70, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&f, 0x74, 4, 0x8000 | s->payload);
	fixture_put(&f, 0x7c, 4, s->cap);
	fixture_put(&f, 0x82, 2, s->sta);
	fixture_put(&f, 0x9c, 4, s->cap2);
	fixture_ext(&f, 0x100, PCI_EXT_CAP_ID_AER, 2);
	fixture_ext(&f, 0x200, PCI_EXT_CAP_ID_DSN, 1);
	fixture_put(&f, 0x204, 4, 0xd5000000 + p->n);
	p->img = f.img;
	*fn = (struct ec_machine_function){ .express = true,
					    .class = 0x0200,
					    .topology = EC_FLATTENED };
	ck_assert_int_eq(ec_sbdf_parse(host, &fn->host), 0);
	options.region = region;
	options.multifunction = ec_sbdf_function(fn->host) == 0;
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	memcpy(fn->bar, p->plan.bar, sizeof(fn->bar));
	keep_plan(p, p->function + p->n);
	p->function[p->n].payload = (uint8_t)s->payload;
	p->function[p->n].link =
		ec_topology_link(EC_FLATTENED, PCI_EXP_TYPE_ENDPOINT,
				 (struct ec_express_link){ s->cap, (uint16_t)s->sta, s->cap2 });
	p->n++;
}

/* Where a guest would look for other functions there must be one: it does nothing. */
static void add_placeholder(struct ported *p, const struct ec_port_config *c,
			    struct ported_function *f)
{
	struct ec_plan_options options = { .emulated = ec_placeholder_emulated(),
					   .multifunction = true };
	struct ec_diag diag;

	ec_placeholder_image(c, &p->img);
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	keep_plan(p, f);
	ck_assert_int_eq(ec_port_attach(p->ports.port[c->slot], &f->function), 0);
}

static void add_port(struct ported *p, unsigned int index, bool veiled)
{
	const struct ec_machine_port *port = p->machine.port + index;
	struct ec_port_config c = { .slot = port->slot,
				    .physical_slot = port->physical_slot,
				    .present = port->functions,
				    .veiled = veiled };
	struct ec_diag diag;

	for (unsigned int i = p->n; i-- > 0;)
		if (p->machine.place[i].behind && p->machine.place[i].port == index) {
			c.link = p->function[i].link;
			c.payload = p->function[i].payload;
		}
	ck_assert_msg(!ec_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), "%s", diag.text);
	if (port->placeholder)
		add_placeholder(p, &c, p->placeholder + index);
}

void ported_build(struct ported *p, bool veiled)
{
	struct ec_diag diag;

	ck_assert_msg(!ec_machine_build(&p->limits, p->fn, p->n, &p->machine, &diag), "%s",
		      diag.text);
	for (unsigned int i = 0; i < p->machine.ports; i++)
		add_port(p, i, veiled);
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_machine_place *place = p->machine.place + i;

		p->function[i].function.at = place->guest;
		ck_assert(place->behind);
		ck_assert_int_eq(
			ec_port_attach(ported_port(p, place->slot), &p->function[i].function), 0);
	}
}

struct ec_port *ported_port(const struct ported *p, unsigned int slot)
{
	struct ec_sbdf at = { .devfn = (uint8_t)(slot << 3) };
	struct ec_port *port = ec_ports_at(&p->ports, at);

	ck_assert_ptr_nonnull(port);
	return port;
}

/* What the service does when the bus behind a port is reset. */
static void reset_behind(struct ported *p, const struct ec_port *port)
{
	for (unsigned int i = 0; i < p->n; i++) {
		struct ported_function *f = p->function + i;

		if (port->behind.function[f->function.at.devfn] != &f->function)
			continue;
		memcpy(f->shadow, f->first, sizeof(f->shadow));
		f->resets++;
	}
}

uint64_t ported_access(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len,
		       bool write, uint64_t value)
{
	struct ec_port *port = ec_ports_at(&p->ports, at);

	p->last = (struct ec_access){
		.at = at, .write = write, .offset = offset, .length = len, .value = value
	};
	ec_access_handle(&p->guest, &p->last);
	if (!write || !port)
		return p->last.value;
	ec_ports_written(&p->ports, port, &p->last.actions, &p->event);
	if (p->event.reset)
		reset_behind(p, port);
	return 0;
}

uint32_t ported_read(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		     uint32_t len)
{
	struct ec_sbdf at = { .bus = (uint8_t)bus, .devfn = (uint8_t)devfn };

	return (uint32_t)ported_access(p, at, offset, len, false, 0);
}

void ported_write(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		  uint32_t len, uint32_t value)
{
	struct ec_sbdf at = { .bus = (uint8_t)bus, .devfn = (uint8_t)devfn };

	ported_access(p, at, offset, len, true, value);
}
