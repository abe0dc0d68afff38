/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers that other registers limit, and what the running host has left in them. */
#include <pci/header.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"

#define EXP_AT 0x70

/* Max Link Speed is the highest of the supported speeds (PCI Express 7.5.3.6). */
START_TEST(the_speeds_of_a_port_end_at_its_maximum)
{
	static const struct {
		uint32_t cap, cap2, whole;
	} rows[] = {
		{ 0x43, 0x0e, 0x0e }, { 0x43, 0x1e, 0x0e }, { 0x44, 0x0e, 0x1e },
		{ 0x44, 0x00, 0x1e }, { 0x44, 0x18, 0x18 }, { 0x01, 0x00, 0x02 },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		struct ec_express_link hw = { .cap = rows[i].cap, .cap2 = rows[i].cap2 };

		ck_assert_uint_eq(ec_topology_whole(hw).cap2, rows[i].whole);
	}
}
END_TEST

/* LTR, OBFF, Emergency Power Reduction, 10-Bit Tag Requester. */
START_TEST(devcap2_has_nothing_that_devctl2_cannot_turn_on)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&fixture, EXP_AT + PCI_EXP_DEVCAP2, 4, 0xffffffff);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_DEVCAP2, 4), 0xfcf1f7ff);
}
END_TEST

/* A bit that the function cannot set reads 0; DEVCAP's maximum payload size limits DEVCTL's. */
START_TEST(a_field_is_within_what_the_function_can)
{
	static const struct {
		uint32_t devcap, devctl;
	} rows[] = { { 0, 0 }, { 1, 0x20 }, { 2, 0x60 }, { 5, 0xe0 }, { 0x20, 0x100 } };
	static const struct {
		uint32_t devcap2, devctl2;
	} rows2[] = { { 0, 0 }, { 0x0f, 0x0f }, { 0x10, 0x10 }, { 0x1f, 0x1f } };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		fixture_init(&fixture, 4096, 0);
		fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
		fixture_put(&fixture, EXP_AT + PCI_EXP_DEVCAP, 4, rows[i].devcap);
		rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
		rig_write(nic, EXP_AT + PCI_EXP_DEVCTL, 2, 0x7fff);
		ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_DEVCTL, 2) & 0x1e0,
				  rows[i].devctl);
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows2); i++) {
		fixture_init(&fixture, 4096, 0);
		fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
		fixture_put(&fixture, EXP_AT + PCI_EXP_DEVCAP2, 4, rows2[i].devcap2);
		rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
		rig_write(nic, EXP_AT + PCI_EXP_DEVCTL2, 2, 0xffff);
		ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_DEVCTL2, 2), rows2[i].devctl2);
	}
}
END_TEST

/* An attach resets the function. */
START_TEST(errors_of_the_host_are_gone_after_an_attach)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&fixture, EXP_AT + PCI_EXP_DEVSTA, 2, 0x002f);
	fixture_put(&fixture, PCI_STATUS, 2, 0xf910);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_DEVSTA, 2), 0x0020);
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2), 0x0010);
}
END_TEST

Suite *suite_view_bounds(void)
{
	Suite *s = suite_create("view_bounds");
	TCase *t = tcase_create("bounds");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, the_speeds_of_a_port_end_at_its_maximum);
	tcase_add_test(t, devcap2_has_nothing_that_devctl2_cannot_turn_on);
	tcase_add_test(t, a_field_is_within_what_the_function_can);
	tcase_add_test(t, errors_of_the_host_are_gone_after_an_attach);
	suite_add_tcase(s, t);
	return s;
}
