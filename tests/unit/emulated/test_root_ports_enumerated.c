/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Planned machines with root ports, enumerated as Linux does it, with and without hvmloader before.
 */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "enumerate.h"
#include "model.h"
#include "ported.h"
#include "suites.h"

/* where hvmloader places memory and I/O BARs */
#define HOLE 0xf0000000
#define IO_BARS 0xc000
#define ENABLED (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER)

static struct ported *p;
static struct enumerated found;
static unsigned int shape[PORTED_MAX]; /* of each card */

static void add(const char *host, unsigned int of_shape, enum ec_topology topology)
{
	shape[p->n] = of_shape;
	ported_add(p, host, of_shape, topology);
}

/* Host addresses of cards, slots of empty root ports, and cards on bus 0 (a bit each). */
static const struct {
	const char *host[8];
	uint32_t spare;
	uint8_t bypassed, conventional;
} machines[] = {
	{ { "03:00.0" }, 0 },
	{ { "03:00.0", "04:00.0", "05:00.0", "06:00.0" }, 0 },
	{ { "03:00.0", "03:00.1", "04:00.0", "03:00.3" }, 0 },
	{ { "05:00.1", "05:00.2" }, 0 }, /* a placeholder is function 0 */
	{ { "81:00.0", "03:00.0", "05:00.6", "05:00.0", "06:00.0", "07:00.3" }, 0x00700000 },
	{ { NULL }, 0x00100000 },
	{ { "03:00.0", "03:00.1", "04:00.0", "05:00.0" }, 0, 0xf, 0 },
	{ { "03:00.0", "04:00.0", "05:02.0", "06:00.1" }, 0, 0x1, 0x4 },
	{ { "03:00.2", "05:01.0" }, 0x00800000, 0, 0x2 },
};

static struct guest_config config = { .access = ported_access, .ecam = true };

static void make(enum ec_machine_kind kind, unsigned int machine, bool veiled)
{
	p = ported_new(kind);
	p->limits.spare = machines[machine].spare;
	for (unsigned int i = 0; i < 8 && machines[machine].host[i]; i++)
		add(machines[machine].host[i],
		    machines[machine].conventional >> i & 1 ? PORTED_CONVENTIONAL : i % 4,
		    machines[machine].bypassed >> i & 1 ? EC_BYPASSED : EC_FLATTENED);
	ported_build(p, veiled);
	config.ctx = p;
	/* with a device model only CF8 reaches bus 0 */
	config.first_bus = kind == EC_MACHINE_HVM;
}

static const struct found *found_at(struct ec_sbdf at)
{
	for (unsigned int i = 0; i < found.n; i++)
		if (!ec_sbdf_compare(found.found[i].at, at))
			return found.found + i;
	return NULL;
}

/* Exactly the planned root ports and functions are found, where the plan has them. */
static void check_tree(void)
{
	/* and the host bridge, or the device model's functions */
	unsigned int n =
		p->machine.ports + p->n + (p->limits.kind == EC_MACHINE_HVM ? PORTED_MODEL : 1);

	for (unsigned int i = 0; i < p->machine.ports; i++) {
		const struct ec_machine_port *port = p->machine.port + i;
		struct ec_sbdf at = { .devfn = (uint8_t)(port->slot << 3) };
		const struct found *f = found_at(at);

		n += port->placeholder;
		ck_assert_ptr_nonnull(f);
		ck_assert(f->bridge && f->parent == -1);
		ck_assert_uint_eq(f->class, PCI_CLASS_BRIDGE_PCI);
		ck_assert_uint_eq(f->secondary, port->bus);
		ck_assert_uint_eq(f->subordinate, port->bus);
		ck_assert_uint_eq(guest_config_read(&config, at, PCI_PRIMARY_BUS, 4),
				  (uint32_t)port->bus << 16 | (uint32_t)port->bus << 8);
		ck_assert_uint_eq(
			guest_config_read(&config, at, EC_ROOT_PORT_EXP + PCI_EXP_SLTCAP, 4) >> 19,
			port->physical_slot);
	}
	for (unsigned int i = 0; i < p->n; i++) {
		const struct found *f = found_at(p->machine.place[i].guest);

		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(f->id, 0x01001234 + (i << 16));
		ck_assert_int_eq(f->parent >= 0, p->machine.place[i].behind);
		if (f->parent >= 0)
			ck_assert_uint_eq(found.found[f->parent].at.devfn >> 3,
					  p->machine.place[i].slot);
		for (unsigned int b = 0; b < FOUND_BARS; b++)
			ck_assert_uint_eq(f->bar[b].size, p->fn[i].bar[b].kind == EC_BAR_UPPER
								  ? 0
								  : p->fn[i].bar[b].size);
	}
	ck_assert_uint_eq(found.n, n);
}

static bool is_within(const struct ec_machine_range *in, uint64_t base, uint64_t size)
{
	return in->size && base >= in->base && base + size <= in->base + in->size;
}

/* Registers agree with what was assigned, and BARs are inside windows. */
static void check_addresses(void)
{
	for (unsigned int i = 0; i < found.n; i++) {
		const struct found *f = found.found + i;
		struct ec_machine_range window[EC_WINDOWS];

		if (f->bridge) {
			enumerate_read_windows(&config, f->at, window);
			ck_assert_mem_eq(window, f->window, sizeof(window));
			continue;
		}
		memcpy(window, p->machine.window, sizeof(window));
		if (f->parent >= 0)
			enumerate_read_windows(&config, found.found[f->parent].at, window);
		for (unsigned int b = 0; b < FOUND_BARS; b++) {
			uint32_t off = PCI_BASE_ADDRESS_0 + b * 4;
			uint64_t at = guest_config_read(&config, f->at, off, 4);

			if (!f->bar[b].size)
				continue;
			at &= f->bar[b].io ? ~3ull : ~15ull;
			if (f->bar[b].wide)
				at |= (uint64_t)guest_config_read(&config, f->at, off + 4, 4) << 32;
			ck_assert_uint_eq(at, f->bar[b].address);
			ck_assert(is_within(window + EC_WINDOW_IO, at, f->bar[b].size) ||
				  is_within(window + EC_WINDOW_MEMORY, at, f->bar[b].size) ||
				  is_within(window + EC_WINDOW_PREFETCH, at, f->bar[b].size));
		}
	}
}

/* Capabilities of cards by shape: 0 to 3, and the conventional one. */
static const struct caps {
	unsigned int std_n, ext_n;
	uint16_t std[4], ext[3];
} card_caps[] = {
	{ 3, 2, { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_EXP }, { 1, 3 } },
	{ 3, 2, { PCI_CAP_ID_PM, PCI_CAP_ID_EXP, PCI_CAP_ID_MSIX }, { 1, 3 } },
	{ 4, 2, { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_EXP, PCI_CAP_ID_MSIX }, { 1, 3 } },
	{ 2, 2, { PCI_CAP_ID_PM, PCI_CAP_ID_EXP }, { 1, 3 } },
	{ 2, 0, { PCI_CAP_ID_PM, PCI_CAP_ID_MSI }, { 0 } },
};
static const struct caps port_caps = { 3,
				       3,
				       { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_EXP },
				       { PCI_EXT_CAP_ID_AER, PCI_EXT_CAP_ID_ACS,
					 PCI_EXT_CAP_ID_DPC } };

static void check_found_caps(const struct found *f, const struct caps *c)
{
	ck_assert_uint_eq(f->std_n, c->std_n);
	ck_assert_mem_eq(f->std, c->std, c->std_n * sizeof(f->std[0]));
	if (f->at.bus < config.first_bus)
		return;
	ck_assert_uint_eq(f->ext_n, c->ext_n);
	ck_assert_mem_eq(f->ext, c->ext, c->ext_n * sizeof(f->ext[0]));
}

static void check_caps(void)
{
	for (unsigned int i = 0; i < p->machine.ports; i++) {
		struct ec_sbdf at = { .devfn = (uint8_t)(p->machine.port[i].slot << 3) };

		check_found_caps(found_at(at), &port_caps);
	}
	for (unsigned int i = 0; i < p->n; i++)
		check_found_caps(found_at(p->machine.place[i].guest), card_caps + shape[i]);
}

static void check_all(void)
{
	ck_assert(enumerate_probe(&config));
	enumerate_linux(&config, p->machine.window, &found);
	check_tree();
	check_addresses();
	check_caps();
}

/* BARs of bus 0 that hvmloader should place: root ports have none. */
static unsigned int bars_on_bus_0(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int b = 0; !p->machine.place[i].behind && b < FOUND_BARS; b++)
			n += p->fn[i].bar[b].size && p->fn[i].bar[b].kind != EC_BAR_UPPER;
	for (unsigned int i = 0; i < PORTED_MODEL; i++)
		for (unsigned int b = 0; b < FOUND_BARS; b++)
			n += p->model_function[i].region[b].size != 0;
	return n;
}

START_TEST(linux_finds_a_planned_pvh_machine)
{
	make(EC_MACHINE_PVH, (unsigned int)_i, false);
	check_all();
	/* again, as after kexec: what is configured already does not matter */
	check_all();
	ported_free(p);
}
END_TEST

START_TEST(linux_finds_a_planned_hvm_machine_after_hvmloader)
{
	make(EC_MACHINE_HVM, (unsigned int)_i, true);
	ck_assert_uint_eq(enumerate_hvmloader(&config, HOLE, IO_BARS), bars_on_bus_0());
	/* of a root port it has only enabled bus mastering */
	for (unsigned int i = 0; i < p->machine.ports; i++)
		ck_assert_uint_eq(
			ported_read(p, ported_at(0, p->machine.port[i].slot * 8u), PCI_COMMAND, 2),
			PCI_COMMAND_MASTER);
	check_all();
	ported_free(p);
}
END_TEST

START_TEST(without_a_veil_hvmloader_places_windows_as_bars)
{
	struct ec_machine_range window[EC_WINDOWS];
	struct ec_sbdf port = { .devfn = 0x10 << 3 };

	make(EC_MACHINE_HVM, 0, false);
	ck_assert_uint_gt(enumerate_hvmloader(&config, HOLE, IO_BARS), bars_on_bus_0());
	enumerate_read_windows(&config, port, window);
	ck_assert_uint_gt(window[EC_WINDOW_MEMORY].size, 0);
	ported_free(p);
}
END_TEST

/* By ECAM, too. */
START_TEST(a_new_bus_number_moves_the_functions_behind)
{
	struct ec_sbdf port = { 0 }, was = { 0 }, now = { .bus = 9 };

	make(EC_MACHINE_PVH, 1, false);
	check_all();
	port.devfn = (uint8_t)(p->machine.port[1].slot << 3);
	was.bus = p->machine.port[1].bus;
	guest_config_write(&config, port, PCI_PRIMARY_BUS, 4, 0x00090900);
	ck_assert_uint_eq(guest_config_read(&config, was, 0, 4), 0xffffffff);
	ck_assert_uint_eq(guest_config_read(&config, now, PORTED_DSN + 4, 4), 0xd5000001);
	ck_assert_uint_eq(guest_config_read(&config, now, PCI_COMMAND, 2) & ENABLED, ENABLED);
	ported_free(p);
}
END_TEST

/* Random cards; few with I/O BARs, because I/O windows are few. */
static void make_random(struct ec_model_rng *rng, enum ec_machine_kind kind)
{
	unsigned int n = 1 + ec_model_below(rng, 10);
	bool taken[5 * 8] = { false };
	char host[EC_SBDF_MAX];

	p = ported_new(kind);
	for (unsigned int i = 0; i < n; i++) {
		unsigned int at = ec_model_below(rng, EC_ARRAY_SIZE(taken));
		struct ec_sbdf s = { .bus = (uint8_t)(3 + at / 8), .devfn = at % 8 };

		if (!taken[at])
			add(ec_sbdf_print(s, false, host),
			    i < 2 ? ec_model_below(rng, 4) : 1 + ec_model_below(rng, 2),
			    ec_model_below(rng, 3) ? EC_FLATTENED : EC_BYPASSED);
		taken[at] = true;
	}
	p->limits.spare = 1u << (0x12 + ec_model_below(rng, 8));
	ported_build(p, kind == EC_MACHINE_HVM);
	config.ctx = p;
	config.first_bus = kind == EC_MACHINE_HVM;
}

START_TEST(random_machines_are_found_as_planned)
{
	struct ec_model_rng rng = { (uint64_t)_i * 7919 + 3 };

	for (unsigned int round = 0; round < 50; round++) {
		bool beside = ec_model_below(&rng, 2);

		make_random(&rng, beside ? EC_MACHINE_HVM : EC_MACHINE_PVH);
		if (beside)
			ck_assert_uint_eq(enumerate_hvmloader(&config, HOLE, IO_BARS),
					  bars_on_bus_0());
		check_all();
		ported_free(p);
	}
}
END_TEST

Suite *suite_emulated_root_ports_enumerated(void)
{
	Suite *s = suite_create("emulated_root_ports_enumerated");
	TCase *t = tcase_create("port_guest");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, linux_finds_a_planned_pvh_machine, 0, EC_ARRAY_SIZE(machines));
	tcase_add_loop_test(t, linux_finds_a_planned_hvm_machine_after_hvmloader, 0,
			    EC_ARRAY_SIZE(machines));
	tcase_add_test(t, without_a_veil_hvmloader_places_windows_as_bars);
	tcase_add_test(t, a_new_bus_number_moves_the_functions_behind);
	tcase_add_loop_test(t, random_machines_are_found_as_planned, 0, 4);
	suite_add_tcase(s, t);
	return s;
}
