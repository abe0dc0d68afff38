/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests and functions that are refused, and the reasons given. */
#include <errno.h>
#include <pci/header.h>
#include <stddef.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

/* The attach fails with @rc (0: any) and a message that contains @word; nothing is left. */
static void refused(uint32_t domid, const struct ec_attach_spec *spec, int rc, const char *word)
{
	unsigned int guests = ec_service_guests(world->service);
	int got = world_attach_as(domid, spec);

	ck_assert_int_lt(got, 0);
	if (rc)
		ck_assert_int_eq(got, rc);
	ck_assert_msg(world->diag.text[0], "no reason is given");
	ck_assert_msg(strcasestr(world->diag.text, word), "\"%s\" does not say \"%s\"",
		      world->diag.text, word);
	ck_assert_uint_eq(ec_service_guests(world->service), guests);
	if (!guests)
		world_check_clean();
	world_check();
}

static void refused_nic(uint32_t domid, const char *word)
{
	refused(domid, &(struct ec_attach_spec){ .host = NIC }, 0, word);
}

/* A member of a guest's info, and the value with which the guest is refused. */
static const struct unfit {
	size_t member;
	bool value;
	const char *word;
} unfit[] = {
	{ offsetof(struct ec_guest_info, hvm), false, "PV" },
	{ offsetof(struct ec_guest_info, iommu), false, "IOMMU" },
	{ offsetof(struct ec_guest_info, populate), true, "demand" },
	{ offsetof(struct ec_guest_info, altp2m), true, "altp2m" },
	{ offsetof(struct ec_guest_info, paging), true, "pag" },
	{ offsetof(struct ec_guest_info, dying), true, "destroyed" },
};

/* The rows from here on may become true after the guest was given a function. */
#define UNFIT_LATER 2

static void make_unfit(struct ec_guest_info *g, const struct unfit *row)
{
	*(bool *)((char *)g + row->member) = row->value;
}

START_TEST(an_unfit_guest_is_refused_before_anything_is_done)
{
	struct ec_guest_info *g;

	world_new();
	g = world_guest(HVM);
	world_add_card(NIC, "nic");
	make_unfit(g, unfit + _i);
	refused_nic(HVM, unfit[_i].word);
	world_count("take", 0);
	world_count("reset", 0);
}
END_TEST

START_TEST(a_function_that_xen_cannot_name_is_refused_before_the_claim)
{
	static const uint32_t segments[] = { 0x10000, 0x1ffff, UINT32_MAX };
	struct ec_attach_spec spec = { .host = NIC };

	world_typical();
	spec.host.segment = segments[_i];
	refused(HVM, &spec, -EINVAL, "Xen knows segments up to ffff, not ");
	world_count("claim", 0);
	world_count("take", 0);
}
END_TEST

START_TEST(an_unknown_guest_is_refused)
{
	static const char *const names[] = { "nobody", "77", "0", "Domain-0", "" };
	const struct ec_attach_spec spec = { .host = NIC };

	world_typical();
	fakexen_guest(world->xen, 0, "Domain-0");
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(names); i++) {
		memset(&world->diag, 0, sizeof(world->diag));
		ck_assert_int_lt(ec_service_attach(world->service, names[i], &spec, &world->at,
						   &world->diag),
				 0);
		ck_assert_msg(world->diag.text[0], "%s: nothing said", names[i]);
		world_check_clean();
	}
	ck_assert_int_eq(ec_service_attach(world->service, "3", &spec, &world->at, &world->diag),
			 0);
	ck_assert_str_eq(world->at.guest.name, "pvh");
	ck_assert_int_eq(ec_service_detach(world->service, "3",
					   &(struct ec_attach_spec){ .host = NIC2 }, &world->diag),
			 -ENOENT);
	ck_assert_int_eq(ec_service_detach(world->service, "hvm",
					   &(struct ec_attach_spec){ .host = NIC }, &world->diag),
			 -ENOENT);
	ck_assert_int_lt(ec_service_detach(world->service, "nobody",
					   &(struct ec_attach_spec){ .host = NIC }, &world->diag),
			 0);
	ck_assert_int_eq(ec_service_detach(world->service, "3",
					   &(struct ec_attach_spec){ .host = NIC }, &world->diag),
			 0);
	ck_assert_int_eq(ec_service_detach(world->service, "3",
					   &(struct ec_attach_spec){ .host = NIC }, &world->diag),
			 -ENOENT);
}
END_TEST

START_TEST(a_function_that_another_guest_holds_is_refused)
{
	uint32_t holder;

	world_typical();
	ck_assert_int_eq(fakexen_store_ops.claim(world->xen, NIC, HVM, &holder), 0);
	ck_assert_int_eq(world_attach(PVH, NIC), -EBUSY);
	ck_assert_ptr_nonnull(strstr(world->diag.text, "5"));
	world_count("take", 0);
	/* libxl's claim is not released */
	world_count("release", 0);
	ck_assert_int_eq(fakexen_store_ops.release(world->xen, NIC), 0);
	world_give(PVH, NIC);
	fakexen_forget(world->xen);
	refused(PVH, &(struct ec_attach_spec){ .host = NIC }, 0, "");
	refused(HVM, &(struct ec_attach_spec){ .host = NIC }, -EBUSY, "");
	ck_assert_uint_eq(fakexen_count(world->xen, "take") + fakexen_count(world->xen, "release"),
			  0);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_slot_out_of_range_or_taken_is_refused)
{
	static const struct {
		uint32_t domid;
		uint8_t slot;
		bool good;
	} cases[] = {
		{ HVM, 0, false },    { HVM, 0xf, false },  { HVM, 0x10, true },
		{ HVM, 0x1f, true },  { HVM, 0x20, false }, { PVH, 0, false },
		{ PVH, 1, true },     { PVH, 0x1f, true },  { PVH, 0x20, false },
		{ PVH, 0xff, false },
	};
	struct ec_attach_spec spec = { .host = NIC, .has_slot = true, .slot = cases[_i].slot };

	world_typical();
	if (!cases[_i].good) {
		refused(cases[_i].domid, &spec, 0, "slot");
		return;
	}
	ck_assert_int_eq(world_attach_as(cases[_i].domid, &spec), 0);
	ck_assert_uint_eq(world->at.function.guest.devfn, cases[_i].slot << 3);
	ck_assert_uint_eq(world_read(cases[_i].domid, cases[_i].slot, 0, 4), NIC_IDS);
	spec.host = NIC2;
	refused(cases[_i].domid, &spec, 0, "slot");
	world_give(cases[_i].domid, NIC2);
	ck_assert_uint_ne(world->at.function.guest.devfn, cases[_i].slot << 3);
}
END_TEST

/* hvmloader asserts on this class. */
START_TEST(hvmloader_does_not_get_class_0680)
{
	struct fixture x;

	world_new();
	world_guest(HVM);
	world_guest(PVH);
	world_card(&x, NIC);
	fixture_put(&x, PCI_CLASS_DEVICE, 2, 0x0680);
	world_add(NIC, "nic", &x);
	refused_nic(HVM, "class");
	world_give(PVH, NIC);
}
END_TEST

enum { NO_ADDRESS, IN_A_PAGE, PAGE_SHARED, IRQ_ONLY, NO_RESET, REFUSED_DEVICES };

START_TEST(an_unfit_function_is_refused_and_the_reason_named)
{
	static const char *const words[] = { "BAR", "BAR", "page", "interrupt", "reset" };
	struct ec_attach_spec spec = { .host = NIC };
	struct ec_host_facts *facts;
	struct fixture x;

	world_new();
	world_guest(HVM);
	world_add_card(NIC2, "");
	world_card(&x, NIC);
	if (_i == NO_ADDRESS) {
		fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xc);
		fixture_put(&x, PCI_BASE_ADDRESS_1, 4, 0);
	}
	if (_i == IN_A_PAGE)
		fixture_put(&x, PCI_BASE_ADDRESS_4, 4, 0xfe904100);
	if (_i == IRQ_ONLY) {
		fixture_put(&x, 0x41, 1, CAP_EXPRESS);
		fixture_put(&x, CAP_EXPRESS + 1, 1, 0);
	}
	facts = world_add(NIC, "nic", &x);
	if (_i == IN_A_PAGE)
		facts->region[4].size = 0x100;
	if (_i == NO_RESET)
		facts->reset_methods[0] = 0;
	if (_i == PAGE_SHARED || _i == IRQ_ONLY)
		fakexen_share(world->xen, NIC, NIC2, _i == PAGE_SHARED);
	refused_nic(HVM, words[_i]);
	if (_i == PAGE_SHARED || _i == IRQ_ONLY)
		ck_assert_msg(strstr(world->diag.text, "04:00.0"), "%s", world->diag.text);
	if (_i != NO_RESET)
		return;
	spec.no_reset = true;
	ck_assert_int_eq(world_attach_as(HVM, &spec), 0);
	world_count("allow_memory", 4);
}
END_TEST

START_TEST(a_guest_that_became_unfit_gets_no_second_function)
{
	struct ec_guest_info *g;

	world_new();
	g = world_guest(HVM);
	world_add_card(NIC, "nic");
	world_add_card(NIC2, "nic");
	world_give(HVM, NIC);
	make_unfit(g, unfit + _i);
	fakexen_forget(world->xen);
	refused(HVM, &(struct ec_attach_spec){ .host = NIC2 }, 0, unfit[_i].word);
	world_count("take", 0);
}
END_TEST

START_TEST(reset_none_resets_nothing)
{
	world_typical();
	ck_assert_int_eq(
		world_attach_as(HVM, &(struct ec_attach_spec){ .host = NIC, .no_reset = true }), 0);
	world_count("reset", 0);
}
END_TEST

/* Neither host nor Xen reports that the functions share it. */
START_TEST(a_line_of_another_guest_is_not_shared)
{
	struct ec_host_facts *facts;

	world_new();
	world_guest(HVM);
	world_guest(HVM2);
	world_add_card(NIC, "nic");
	facts = world_add_card(NIC2, "nic");
	facts->irq = 11;
	world_give(HVM, NIC);
	ck_assert_int_ge(world_find(0, "bind_intx d5 pirq 11"), 0);
	world_give(HVM2, NIC2);
	ck_assert_uint_eq(world_read(HVM2, 0x10, PCI_INTERRUPT_PIN, 1), 0);
	ck_assert_int_lt(world_find(0, "bind_intx d6"), 0);
}
END_TEST

START_TEST(an_attach_without_room_in_the_event_loop_fails)
{
	world_typical();
	world->unwatched = ENOSPC;
	refused_nic(_i & 1 ? HVM : PVH, "");
	world->unwatched = 0;
	world_give(_i & 1 ? HVM : PVH, NIC);
}
END_TEST

START_TEST(a_function_gone_after_its_reset_is_refused)
{
	world_typical();
	world->gone = true;
	refused_nic(HVM, "");
	world_count("assign", 0);
	world_count("allow", 0);
}
END_TEST

START_TEST(an_ecam_window_is_decided_by_the_first_attach)
{
	struct ec_attach_spec spec = { .host = NIC, .ecam = EC_ECAM_AT };

	world_typical();
	refused(PVH, &spec, 0, "low memory");
	refused(HVM, &spec, 0, "firmware");
	spec.ecam_base = 0xfffffffffff00000;
	ck_assert_int_le(world_attach_as(PVH, &spec), 0);
	world_detach(PVH, NIC);
	/* with a device model the window starts with bus 1 */
	spec.ecam_base = 0xfe800000;
	ck_assert_int_eq(world_attach_as(HVM, &spec), 0);
	ck_assert(world->at.guest.has_ecam && world->at.guest.ecam == 0xfe800000);
	world_has("range d5 memory fe900000 febfffff add");
	ck_assert_uint_eq(world_load(HVM, 0xfe800000 + (0x10 << 15), 4), NOTHING);
	world_take(HVM, NIC);
	ck_assert_int_eq(
		ec_attach_spec_parse("03:00.0,ecam=0xfe800000,bus0=1", &spec, &world->diag), 0);
	ck_assert_int_eq(world_attach_as(HVM, &spec), 0);
	ck_assert_uint_eq(world_load(HVM, 0xfe800000 + (0x10 << 15), 4), NIC_IDS);
	/* a later attach cannot decide otherwise */
	spec = (struct ec_attach_spec){ .host = NIC2, .ecam = EC_ECAM_AT, .ecam_base = 0xfe700000 };
	refused(HVM, &spec, 0, "machine.ecam");
	spec.ecam = EC_ECAM_NONE;
	refused(HVM, &spec, 0, "machine.ecam");
	ck_assert_int_eq(ec_attach_spec_parse("04:00.0,bus0=0", &spec, &world->diag), 0);
	refused(HVM, &spec, 0, "machine.bus0");
	ck_assert_int_eq(ec_attach_spec_parse("04:00.0,buses=8", &spec, &world->diag), 0);
	refused(HVM, &spec, 0, "machine.buses");
	world_give(HVM, NIC2);
	ck_assert_uint_eq(world_load(HVM, 0xfe800000 + (0x11 << 15), 4), NIC_IDS);
	world_take(HVM, NIC);
	world_take(HVM, NIC2);
	world_give(HVM, NIC);
	ck_assert(!world->at.guest.has_ecam);
	spec = (struct ec_attach_spec){ .host = NIC2, .ecam = EC_ECAM_NONE };
	ck_assert_int_eq(world_attach_as(PVH, &spec), 0);
	ck_assert(!world->at.guest.has_ecam);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (1 << 15), 4), NOTHING);
}
END_TEST

Suite *suite_supervisor_refused(void)
{
	Suite *s = suite_create("supervisor_refused");
	TCase *t = tcase_create("service_refused");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, an_unfit_guest_is_refused_before_anything_is_done, 0,
			    EC_ARRAY_SIZE(unfit));
	tcase_add_test(t, an_unknown_guest_is_refused);
	tcase_add_loop_test(t, a_function_that_xen_cannot_name_is_refused_before_the_claim, 0, 3);
	tcase_add_test(t, a_function_that_another_guest_holds_is_refused);
	tcase_add_loop_test(t, a_slot_out_of_range_or_taken_is_refused, 0, 10);
	tcase_add_test(t, hvmloader_does_not_get_class_0680);
	tcase_add_loop_test(t, an_unfit_function_is_refused_and_the_reason_named, 0,
			    REFUSED_DEVICES);
	tcase_add_loop_test(t, a_guest_that_became_unfit_gets_no_second_function, UNFIT_LATER,
			    EC_ARRAY_SIZE(unfit));
	tcase_add_test(t, reset_none_resets_nothing);
	tcase_add_test(t, a_line_of_another_guest_is_not_shared);
	tcase_add_loop_test(t, an_attach_without_room_in_the_event_loop_fails, 0, 2);
	tcase_add_test(t, a_function_gone_after_its_reset_is_refused);
	tcase_add_test(t, an_ecam_window_is_decided_by_the_first_attach);
	suite_add_tcase(s, t);
	return s;
}
