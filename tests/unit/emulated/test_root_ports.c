/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function an access reaches by the bus numbers that the guest writes. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "model.h"
#include "ported.h"
#include "suites.h"
#include "view/build.h"

#define CARDS 4u
/* the slot of the first card; the others follow */
#define FIRST 4u
#define ID(card) (0x01001234u + ((card) << 16))
#define NOTHING 0xffffffffu
#define ACCESSES 120000u

static struct ported *p;

static void setup(void)
{
	p = ported_new(EC_MACHINE_PVH);
	p->limits.taken = 0xf;
	ported_card(p, "03:00.0", 0);
	ported_card(p, "04:00.0", 1);
	ported_card(p, "05:00.0", 2);
	ported_card(p, "06:00.0", 3);
	ported_build(p, false);
}

static void teardown(void)
{
	ported_free(p);
}

/* Writes the bus numbers of root port @index. */
static void number(unsigned int index, uint32_t secondary, uint32_t subordinate)
{
	ported_write(p, ported_at(0, (FIRST + index) << 3), PCI_PRIMARY_BUS, 4,
		     subordinate << 16 | secondary << 8);
}

static uint32_t id_at(unsigned int bus)
{
	return ported_read(p, ported_at(bus, 0), PCI_VENDOR_ID, 4);
}

START_TEST(without_bus_numbers_nothing_is_found)
{
	for (unsigned int bus = 1; bus < 256; bus++)
		for (unsigned int devfn = 0; devfn < 256; devfn++) {
			ck_assert_uint_eq(ported_read(p, ported_at(bus, devfn), 0, 4), NOTHING);
			ck_assert_uint_eq(p->last.verdict, EC_V_NO_FUNCTION);
		}
}
END_TEST

START_TEST(a_bus_leads_to_the_port_with_that_secondary_number)
{
	number(0, 1, 1);
	ck_assert(p->event.moved);
	ck_assert_uint_eq(ec_root_port_bus(ported_port(p, FIRST)), 1);
	number(1, 9, 20);
	number(2, 255, 255);
	number(3, 30, 29); /* an empty range */
	ck_assert_uint_eq(id_at(1), ID(0));
	ck_assert_uint_eq(id_at(9), ID(1));
	ck_assert_uint_eq(id_at(10), NOTHING);
	ck_assert_uint_eq(id_at(255), ID(2));
	ck_assert_uint_eq(id_at(29), NOTHING);
	ck_assert_uint_eq(id_at(30), NOTHING);
	/* device 0 only */
	for (unsigned int devfn = 1; devfn < 256; devfn++)
		ck_assert_uint_eq(ported_read(p, ported_at(1, devfn), 0, 4), NOTHING);
	number(0, 77, 77);
	ck_assert(p->event.moved);
	ck_assert_uint_eq(id_at(1), NOTHING);
	ck_assert_uint_eq(id_at(77), ID(0));
	number(0, 77, 78);
	ck_assert(!p->event.moved);
	ck_assert_uint_eq(id_at(77), ID(0));
	number(0, 0, 255);
	/* bus 0 does not change */
	ck_assert_uint_eq(ported_read(p, ported_at(0, 0), 0, 4), 0x00081b36);
	ck_assert_uint_eq(ported_read(p, ported_at(0, FIRST << 3), 0, 4), 0x000c1b36);
}
END_TEST

START_TEST(bus_numbers_can_be_written_by_bytes)
{
	ported_write(p, ported_at(0, FIRST << 3), PCI_SUBORDINATE_BUS, 1, 6);
	ck_assert_uint_eq(id_at(5), NOTHING);
	ported_write(p, ported_at(0, FIRST << 3), PCI_SECONDARY_BUS, 1, 5);
	ck_assert_uint_eq(id_at(5), ID(0));
	ported_write(p, ported_at(0, FIRST << 3), PCI_SUBORDINATE_BUS, 1, 4);
	ck_assert_uint_eq(id_at(5), NOTHING);
	ported_write(p, ported_at(0, FIRST << 3), PCI_PRIMARY_BUS, 2, 0x0400);
	ck_assert_uint_eq(id_at(4), ID(0));
}
END_TEST

START_TEST(the_first_port_by_slot_has_a_bus)
{
	for (unsigned int i = CARDS; i-- > 0;) {
		number(i, 8, 8);
		ck_assert_uint_eq(id_at(8), ID(i));
	}
	number(0, 3, 3);
	ck_assert_uint_eq(id_at(8), ID(1));
	ck_assert_uint_eq(id_at(3), ID(0));
	ec_root_ports_remove(&p->ports, FIRST + 1);
	ck_assert_uint_eq(id_at(8), ID(2));
	number(0, 8, 255);
	ck_assert_uint_eq(id_at(8), ID(0));
	ck_assert_uint_eq(ec_root_port_bus(ported_port(p, FIRST + 2)), 0);
}
END_TEST

START_TEST(a_bus_reset_resets_functions_and_hides_them)
{
	struct ec_sbdf bridge = { .devfn = FIRST << 3 };
	uint32_t control = PCI_BRIDGE_CTL_SERR | PCI_BRIDGE_CTL_BUS_RESET;

	number(0, 1, 1);
	number(1, 2, 2);
	ported_write(p, ported_at(1, 0), PCI_BASE_ADDRESS_0, 4, 0xfe000000);
	ported_write(p, ported_at(1, 0), PCI_CACHE_LINE_SIZE, 1, 0x40);
	ported_write(p, ported_at(2, 0), PCI_CACHE_LINE_SIZE, 1, 0x40);
	ported_write(p, bridge, PCI_BRIDGE_CONTROL, 2, control);
	ck_assert(p->event.reset);
	ck_assert_uint_eq(p->function[0].resets, 1);
	ck_assert_uint_eq(id_at(1), NOTHING);
	/* only at the edge */
	ported_write(p, bridge, PCI_BRIDGE_CONTROL, 2, control);
	ck_assert(!p->event.reset);
	ported_write(p, bridge, PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR);
	ck_assert(!p->event.reset);
	ck_assert_uint_eq(p->function[0].resets, 1);
	ck_assert_uint_eq(p->function[1].resets, 0);
	ck_assert_uint_eq(id_at(1), ID(0));
	ck_assert_uint_eq(ported_read(p, ported_at(1, 0), PCI_BASE_ADDRESS_0, 4), 0xc);
	ck_assert_uint_eq(ported_read(p, ported_at(1, 0), PCI_CACHE_LINE_SIZE, 1), 0);
	ck_assert_uint_eq(ported_read(p, ported_at(2, 0), PCI_CACHE_LINE_SIZE, 1), 0x40);
	/* bus numbers are unchanged */
	ck_assert_uint_eq(ported_read(p, ported_at(0, FIRST << 3), PCI_PRIMARY_BUS, 4), 0x00010100);
}
END_TEST

START_TEST(a_port_in_d3_forwards_nothing)
{
	number(0, 1, 1);
	ported_write(p, ported_at(0, FIRST << 3), EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 3);
	ck_assert_uint_eq(id_at(1), NOTHING);
	/* D1 does not exist */
	ported_write(p, ported_at(0, FIRST << 3), EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 1);
	ck_assert_uint_eq(p->last.verdict, EC_V_REFUSED);
	ck_assert_uint_eq(id_at(1), NOTHING);
	ported_write(p, ported_at(0, FIRST << 3), EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 0);
	ck_assert_uint_eq(id_at(1), ID(0));
}
END_TEST

START_TEST(functions_are_attached_to_device_0)
{
	struct ec_root_port *port = ported_port(p, FIRST);
	struct ec_function more = p->function[1].function;

	number(0, 1, 1);
	ck_assert_int_eq(ec_root_port_attach(port, &more), -EBUSY);
	more.at = (struct ec_sbdf){ .devfn = 8 };
	ck_assert_int_eq(ec_root_port_attach(port, &more), -ERANGE);
	more.at = (struct ec_sbdf){ .segment = 1, .devfn = 1 };
	ck_assert_int_eq(ec_root_port_attach(port, &more), -ERANGE);
	more.at = (struct ec_sbdf){ .devfn = 7 };
	ck_assert_int_eq(ec_root_port_attach(port, &more), 0);
	ck_assert_uint_eq(ported_read(p, ported_at(1, 7), 0, 4), ID(1));
	ec_root_port_detach(port, 7);
	ck_assert_uint_eq(ported_read(p, ported_at(1, 7), 0, 4), NOTHING);
	ck_assert_ptr_null(
		ec_root_ports_at(&p->ports, (struct ec_sbdf){ .devfn = FIRST << 3 | 1 }));
	ck_assert_ptr_null(
		ec_root_ports_at(&p->ports, (struct ec_sbdf){ .bus = 1, .devfn = FIRST << 3 }));
}
END_TEST

/* A slow model: what is at device 0 of @bus by the registers of root ports. */
static uint32_t expected_at(unsigned int bus)
{
	for (unsigned int i = 0; i < CARDS; i++) {
		uint32_t devfn = (FIRST + i) << 3,
			 numbers = ported_read(p, ported_at(0, devfn), PCI_PRIMARY_BUS, 4);

		if (bus && (numbers >> 8 & 0xff) == bus && (numbers >> 16 & 0xff) >= bus &&
		    !(ported_read(p, ported_at(0, devfn), PCI_BRIDGE_CONTROL, 2) &
		      PCI_BRIDGE_CTL_BUS_RESET) &&
		    !(ported_read(p, ported_at(0, devfn), EC_ROOT_PORT_PM + PCI_PM_CTRL, 1) &
		      PCI_PM_CTRL_STATE_MASK) &&
		    ported_read(p, ported_at(0, devfn), EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2) &
			    PCI_EXP_LNKSTA_DL_ACT)
			return ID(i);
	}
	return bus ? NOTHING : ported_read(p, ported_at(0, 0), 0, 4);
}

/* Dwords with bits that events change. */
static bool is_state(uint32_t offset)
{
	static const uint16_t dwords[] = { EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL,
					   EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL,
					   EC_ROOT_PORT_EXP + PCI_EXP_RTSTA,
					   EC_ROOT_PORT_AER + PCI_ERR_ROOT_COR_SRC,
					   EC_ROOT_PORT_DPC + PCI_DPC_STATUS };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(dwords); i++)
		if (offset == dwords[i])
			return true;
	return false;
}

static void check_constants(const uint32_t before[EC_CONFIG_DWORDS], const uint8_t *rw,
			    const uint8_t *w1c, unsigned int devfn)
{
	for (uint32_t d = 0; d < EC_CONFIG_DWORDS; d++) {
		uint32_t may = (uint32_t)(ec_get_le(rw + d * 4, 4) | ec_get_le(w1c + d * 4, 4));
		uint32_t now = ported_read(p, ported_at(0, devfn), d * 4, 4);

		ck_assert_msg(is_state(d * 4) || !((now ^ before[d]) & ~may), "%x: %x, was %x",
			      d * 4, now, before[d]);
	}
}

/* Most writes go to registers with effects. */
static uint32_t random_offset(struct ec_model_rng *rng)
{
	static const uint16_t at[] = { 0x00, 0x04, 0x0c, 0x18, 0x18,  0x18,  0x19,  0x1a,
				       0x1c, 0x20, 0x24, 0x3c, 0x3e,  0x44,  0x48,  0x70,
				       0x72, 0x78, 0x7c, 0x80, 0x130, 0x164, 0x166, 0x168 };

	if (ec_model_below(rng, 4))
		return at[ec_model_below(rng, EC_ARRAY_SIZE(at))];
	return ec_model_below(rng, EC_CONFIG_SIZE + 8);
}

static void random_event(struct ec_model_rng *rng, struct ec_root_port *port)
{
	unsigned int function = ec_model_below(rng, EC_ROOT_PORT_SELF + 2);

	if (!ec_model_below(rng, 3))
		ec_root_port_presence(&p->ports, port, ec_model_below(rng, 4), &p->event);
	else if (ec_model_below(rng, 2))
		ec_root_port_error(&p->ports, port, function, ec_model_below(rng, 3), &p->event);
	else
		ec_root_port_pme(&p->ports, port, function, &p->event);
}

START_TEST(random_writes_follow_the_model)
{
	static const uint32_t widths[] = { 1, 2, 4, 8, 3 };
	static uint32_t before[CARDS][EC_CONFIG_DWORDS];
	static uint8_t rw[EC_CONFIG_SIZE], w1c[EC_CONFIG_SIZE];
	struct ec_model_rng rng = { (uint64_t)_i * 31337 + 1 };
	struct ec_root_port_config c = { .slot = FIRST };
	struct ec_plan_options options = { .emulated = ec_root_port_emulated() };
	unsigned int found = 0;
	struct ec_diag diag;

	ec_root_port_image(&c, &p->img);
	ck_assert_int_eq(ec_plan_build(&p->plan, &p->img, &options, &diag), 0);
	ec_plan_semantics(&p->plan, rw, w1c);
	for (unsigned int i = 0; i < CARDS; i++)
		for (uint32_t d = 0; d < EC_CONFIG_DWORDS; d++)
			before[i][d] = ported_read(p, ported_at(0, (FIRST + i) << 3), d * 4, 4);
	for (unsigned int n = 0; n < ACCESSES; n++) {
		unsigned int i = ec_model_below(&rng, CARDS), bus;
		struct ec_sbdf at = { .devfn = (uint8_t)((FIRST + i) << 3) };
		/* few bits and few bus numbers, so that buses collide */
		uint64_t value = ec_model_random(&rng) & ec_model_random(&rng) & 0x474747ff47474747;

		ported_write(p, at, random_offset(&rng),
			     widths[ec_model_below(&rng, EC_ARRAY_SIZE(widths))], value);
		if (!ec_model_below(&rng, 50))
			random_event(&rng, ported_port(p, FIRST + i));
		bus = ec_model_below(&rng, 8);
		ck_assert_uint_eq(id_at(bus), expected_at(bus));
		found += bus && id_at(bus) != NOTHING;
		if (n % 4000 == 0)
			check_constants(before[i], rw, w1c, at.devfn);
	}
	/* routes were tested, too */
	ck_assert_uint_gt(found, ACCESSES / 100);
}
END_TEST

Suite *suite_emulated_root_ports(void)
{
	Suite *s = suite_create("emulated_root_ports");
	TCase *t = tcase_create("port_route");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, without_bus_numbers_nothing_is_found);
	tcase_add_test(t, a_bus_leads_to_the_port_with_that_secondary_number);
	tcase_add_test(t, bus_numbers_can_be_written_by_bytes);
	tcase_add_test(t, the_first_port_by_slot_has_a_bus);
	tcase_add_test(t, a_bus_reset_resets_functions_and_hides_them);
	tcase_add_test(t, a_port_in_d3_forwards_nothing);
	tcase_add_test(t, functions_are_attached_to_device_0);
	tcase_add_loop_test(t, random_writes_follow_the_model, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
