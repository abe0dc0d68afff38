/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ported.h"

#include <check.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "core/dump.h"
#include "emulated/host_bridge.h"
#include "emulated/placeholder.h"
#include "view/build.h"

/*
 * BARs, link and interrupts of a card: flags and sizes of BARs 0, 2 and 4; LNKCAP, LNKSTA and
 * LNKCAP2; payload; Message Control of MSI and MSI-X, 0: none. The MSI-X table is at 2000 of BAR 0,
 * the PBA at 3000.
 */
static const struct shape {
	uint32_t flags[3];
	uint64_t size[3];
	uint32_t cap, sta, cap2, payload, msi, msix;
} shapes[] = {
	{ { 0xc, 0x0, 0x1 }, { 0x100000, 0x4000, 0x20 }, 0x43, 0x1042, 0xe, 1, 0x0080, 0 },
	{ { 0x4, 0x8, 0x0 }, { 0x4000, 0x200000, 0x1000 }, 0x11, 0x0011, 0x2, 0, 0, 0x000f },
	{ { 0xc, 0xc, 0x4 }, { 0x1000000, 0x10000, 0x2000 }, 0x104, 0x1103, 0x1e, 2, 0x0186, 0x3f },
	{ { 0x0, 0x0, 0x1 }, { 0x1000, 0x80000, 0x100 }, 0x82, 0x0081, 0x0, 5, 0, 0 },
	[PORTED_CONVENTIONAL] = { { 0x0, 0x1, 0x8 }, { 0x2000, 0x40, 0x8000 }, .msi = 0x0002 },
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
	ec_root_ports_clear(&p->ports);
	ec_bus_map_clear(&p->guest);
	ec_bus_map_clear(&p->model);
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

static void make_image(struct ported_function *pf, const struct shape *s, unsigned int number)
{
	bool express = s->cap != 0;
	struct fixture f;

	fixture_init(&f, express ? EC_CONFIG_SIZE : 256, 0);
	fixture_put(&f, PCI_DEVICE_ID, 2, 0x100 + number);
	fixture_put(&f, PCI_INTERRUPT_PIN, 1, 1);
	for (unsigned int i = 0; i < 3; i++) {
		fixture_put(&f, PCI_BASE_ADDRESS_0 + i * 8, 4, s->flags[i]);
		pf->region[i * 2].size = s->size[i];
		pf->region[i * 2].flags = s->flags[i];
	}
	fixture_cap(&f, PORTED_PM, PCI_CAP_ID_PM);
	if (s->msi) {
		fixture_cap(&f, PORTED_MSI, PCI_CAP_ID_MSI);
		fixture_put(&f, PORTED_MSI + PCI_MSI_FLAGS, 2, s->msi);
	}
	if (express) {
		fixture_express(&f, PORTED_EXP, 2, PCI_EXP_TYPE_ENDPOINT);
		fixture_put(&f, PORTED_EXP + PCI_EXP_DEVCAP, 4, PCI_EXP_DEVCAP_RBE | s->payload);
		fixture_put(&f, PORTED_EXP + PCI_EXP_LNKCAP, 4, s->cap);
		fixture_put(&f, PORTED_EXP + PCI_EXP_LNKSTA, 2, s->sta);
		fixture_put(&f, PORTED_EXP + PCI_EXP_LNKCAP2, 4, s->cap2);
		fixture_ext(&f, PORTED_AER, PCI_EXT_CAP_ID_AER, 2);
		fixture_ext(&f, PORTED_DSN, PCI_EXT_CAP_ID_DSN, 1);
		fixture_put(&f, PORTED_DSN + 4, 4, 0xd5000000 + number);
	}
	if (s->msix) {
		fixture_cap(&f, PORTED_MSIX, PCI_CAP_ID_MSIX);
		fixture_put(&f, PORTED_MSIX + PCI_CAP_FLAGS, 2, s->msix);
		fixture_put(&f, PORTED_MSIX + PCI_MSIX_TABLE, 4, 0x2000);
		fixture_put(&f, PORTED_MSIX + PCI_MSIX_PBA, 4, 0x3000);
	}
	pf->host = f.img;
}

/* Plans the view of a card. @others: the slot has other functions, which is known only later. */
static void plan_card(struct ported *p, unsigned int i, bool others)
{
	struct ec_plan_options options = { .topology = p->fn[i].topology,
					   .multifunction = others,
					   .no_intx = p->limits.kind == EC_MACHINE_PVH,
					   .region = p->function[i].region };
	struct ec_diag diag;

	if (others)
		p->function[i].host.byte[PCI_HEADER_TYPE] |= 0x80;
	p->img = p->function[i].host;
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	memcpy(p->fn[i].bar, p->plan.bar, sizeof(p->fn[i].bar));
	keep_plan(p, p->function + i);
}

void ported_add(struct ported *p, const char *host, unsigned int shape, enum ec_topology topology)
{
	const struct shape *s = shapes + shape;
	struct ported_function *pf = p->function + p->n;
	struct ec_machine_function *fn = p->fn + p->n;

	ck_assert_uint_lt(p->n, PORTED_MAX);
	make_image(pf, s, p->n);
	*fn = (struct ec_machine_function){ .express = shape != PORTED_CONVENTIONAL,
					    .class = 0x0200,
					    .topology = topology };
	ck_assert_int_eq(ec_sbdf_parse(host, &fn->host), 0);
	plan_card(p, p->n, false);
	pf->payload = (uint8_t)s->payload;
	pf->link = ec_topology_link(EC_FLATTENED, PCI_EXP_TYPE_ENDPOINT,
				    (struct ec_express_link){ s->cap, (uint16_t)s->sta, s->cap2 });
	p->n++;
}

void ported_card(struct ported *p, const char *host, unsigned int shape)
{
	ported_add(p, host, shape, EC_FLATTENED);
}

static void print_host(const struct ported *p, unsigned int i, FILE *f)
{
	const struct ported_function *pf = p->function + i;
	char at[EC_SBDF_MAX], row[EC_DUMP_ROW_MAX];

	fprintf(f, "%s\n", ec_sbdf_print(p->fn[i].host, false, at));
	for (unsigned int b = 0; b < EC_BAR_ROM; b++) {
		const struct ec_region *r = pf->region + b;

		if (r->size && r->flags & 1)
			fprintf(f, "\tRegion %u: I/O ports at 0000 [size=%llu]\n", b,
				(unsigned long long)r->size);
		else if (r->size)
			fprintf(f,
				"\tRegion %u: Memory at 00000000 (%s, %sprefetchable) "
				"[size=%lluK]\n",
				b, r->flags & 4 ? "64-bit" : "32-bit", r->flags & 8 ? "" : "non-",
				(unsigned long long)r->size / 1024);
	}
	for (uint32_t off = 0; off < pf->host.size; off += 16) {
		ec_dump_print_row(row, off, pf->host.byte + off);
		fputs(row, f);
	}
	fputc('\n', f);
}

char *ported_host(const struct ported *p)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(f);
	for (unsigned int i = 0; i < p->n; i++)
		print_host(p, i, f);
	fclose(f);
	return text;
}

/* A function of the device model. */
struct model_function {
	uint8_t devfn;
	bool multi;
	uint32_t ids, class_rev;
	struct ec_region region[EC_BAR_MAX];
};

static void add_model_function(struct ported *p, struct ported_function *f,
			       const struct model_function *m)
{
	static const struct ec_emulated nothing;
	struct ec_plan_options options = { .emulated = &nothing,
					   .multifunction = m->multi,
					   .region = m->region };
	uint8_t head[256] = { 0 };
	struct ec_diag diag;

	ec_put_le(head + PCI_VENDOR_ID, 4, m->ids);
	ec_put_le(head + PCI_CLASS_REVISION, 4, m->class_rev);
	for (unsigned int i = 0; i < EC_BAR_ROM; i++)
		ec_put_le(head + PCI_BASE_ADDRESS_0 + i * 4, 4, m->region[i].flags);
	memcpy(f->region, m->region, sizeof(f->region));
	ec_image_clear(&p->img);
	ec_image_put(&p->img, 0, head, sizeof(head));
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	keep_plan(p, f);
	f->function.at.devfn = m->devfn;
	ck_assert_int_eq(ec_bus_map_add(&p->model, &f->function), 0);
}

static void add_bridge(struct ported *p)
{
	struct ec_plan_options options = { .emulated = ec_host_bridge_emulated(p->limits.bridge),
					   .no_intx = true };
	struct ec_diag diag;

	ec_host_bridge_image(p->limits.bridge, p->machine.ecam.base, p->machine.ecam_buses,
			     &p->img);
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	keep_plan(p, &p->bridge);
	ck_assert_int_eq(ec_bus_map_add(&p->guest, &p->bridge.function), 0);
}

/*
 * What is on bus 0 without any card. HVM: i440FX, PIIX3 with IDE and power
 * management, Xen's platform device, a VGA card. Source: QEMU hw/i386/pc_piix.c (xenfv), with the
 * sizes of hw/ide/piix.c, hw/i386/xen/xen_platform.c and hw/display/vga-pci.c.
 */
static void add_rest(struct ported *p)
{
	static const struct model_function model[PORTED_MODEL] = {
		{ 0x00, false, 0x12378086, 0x06000002, { { 0 } } },
		{ 0x08, true, 0x70008086, 0x06010000, { { 0 } } },
		{ 0x09, true, 0x70108086, 0x01018000, { [4] = { .size = 16, .flags = 1 } } },
		{ 0x0b, true, 0x71138086, 0x06800003, { { 0 } } },
		{ 0x10,
		  false,
		  0x00015853,
		  0xff800001,
		  { { .size = 0x100, .flags = 1 }, { .size = 0x1000000, .flags = 8 } } },
		{ 0x18,
		  false,
		  0x11111234,
		  0x03000002,
		  { { .size = 0x1000000, .flags = 8 }, [2] = { .size = 0x1000 } } },
	};

	if (p->limits.kind == EC_MACHINE_PVH) {
		add_bridge(p);
		return;
	}
	for (unsigned int i = 0; i < PORTED_MODEL; i++)
		add_model_function(p, p->model_function + i, model + i);
}

static void add_placeholder(struct ported *p, const struct ec_root_port_config *c,
			    struct ported_function *f)
{
	struct ec_plan_options options = { .emulated = ec_placeholder_emulated(),
					   .multifunction = true };
	struct ec_diag diag;

	ec_placeholder_image(c, &p->img);
	ck_assert_msg(!ec_plan_build(&p->plan, &p->img, &options, &diag), "%s", diag.text);
	keep_plan(p, f);
	ck_assert_int_eq(ec_root_port_attach(p->ports.port[c->slot], &f->function), 0);
}

/* The first function behind a root port: the port shows its link and payload. */
static const struct ported_function *first_behind(const struct ported *p, unsigned int port)
{
	unsigned int first = p->n;

	for (unsigned int i = 0; i < p->n; i++)
		if (p->machine.place[i].behind && p->machine.place[i].port == port &&
		    (first == p->n ||
		     p->machine.place[i].guest.devfn < p->machine.place[first].guest.devfn))
			first = i;
	return first < p->n ? p->function + first : NULL;
}

static void add_port(struct ported *p, unsigned int index, bool veiled)
{
	const struct ec_machine_port *port = p->machine.port + index;
	const struct ported_function *first = first_behind(p, index);
	struct ec_root_port_config c = { .slot = port->slot,
					 .physical_slot = port->physical_slot,
					 .present = port->functions,
					 .veiled = veiled };
	struct ec_diag diag;

	if (first) {
		c.link = first->link;
		c.payload = first->payload;
	}
	ck_assert_msg(!ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), "%s", diag.text);
	if (port->placeholder)
		add_placeholder(p, &c, p->placeholder + index);
}

static void add_given(struct ported *p, unsigned int i)
{
	const struct ec_machine_place *place = p->machine.place + i;
	const struct ec_machine_port *port = p->machine.port + place->port;
	struct ec_function *fn = &p->function[i].function;

	if (place->behind && (port->functions > 1 || port->placeholder))
		plan_card(p, i, true);
	fn->at = place->guest;
	if (place->behind)
		ck_assert_int_eq(ec_root_port_attach(ported_port(p, place->slot), fn), 0);
	else
		ck_assert_int_eq(ec_bus_map_add(&p->guest, fn), 0);
}

void ported_build(struct ported *p, bool veiled)
{
	struct ec_diag diag;

	ck_assert_msg(!ec_machine_build(&p->limits, p->fn, p->n, &p->machine, &diag), "%s",
		      diag.text);
	add_rest(p);
	for (unsigned int i = 0; i < p->machine.ports; i++)
		add_port(p, i, veiled);
	for (unsigned int i = 0; i < p->n; i++)
		add_given(p, i);
}

bool ported_is_model(const struct ported *p, struct ec_sbdf at)
{
	return p->limits.kind == EC_MACHINE_HVM && !at.bus &&
	       p->limits.taken >> (at.devfn >> 3) & 1;
}

struct ec_root_port *ported_port(const struct ported *p, unsigned int slot)
{
	struct ec_sbdf at = { .devfn = (uint8_t)(slot << 3) };
	struct ec_root_port *port = ec_root_ports_at(&p->ports, at);

	ck_assert_ptr_nonnull(port);
	return port;
}

/* As the service resets the functions behind a root port. */
static void reset_behind(struct ported *p, const struct ec_root_port *port)
{
	for (unsigned int i = 0; i < p->n; i++) {
		struct ported_function *f = p->function + i;

		if (port->behind.function[f->function.at.devfn] != &f->function)
			continue;
		memcpy(f->shadow, f->first, sizeof(f->shadow));
		f->resets++;
	}
}

uint64_t ported_access(void *ctx, const struct ec_access *a)
{
	struct ported *p = ctx;
	struct ec_root_port *port = ec_root_ports_at(&p->ports, a->at);

	p->last = *a;
	ec_access_handle(ported_is_model(p, a->at) ? &p->model : &p->guest, &p->last);
	for (unsigned int i = 0; i < p->last.actions.n; i++)
		if (p->actions < PORTED_LOG)
			p->action[p->actions++] =
				(struct ported_action){ a->at, p->last.actions.action[i] };
	if (!a->write || !port)
		return p->last.value;
	ec_root_ports_written(&p->ports, port, &p->last.actions, &p->event);
	if (p->event.reset)
		reset_behind(p, port);
	return 0;
}

uint64_t ported_read_wide(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len)
{
	return ported_access(p, &(struct ec_access){ .at = at, .offset = offset, .length = len });
}

uint32_t ported_read(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len)
{
	return (uint32_t)ported_read_wide(p, at, offset, len);
}

void ported_write(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len,
		  uint64_t value)
{
	ported_access(
		p,
		&(struct ec_access){
			.at = at, .write = true, .offset = offset, .length = len, .value = value });
}
