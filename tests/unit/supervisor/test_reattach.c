/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that reboot. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "supervisor/reattach.h"
#include "world.h"

#define UUID "11111111-2222-3333-4444-555555555555"
#define OTHER "11111111-2222-3333-4444-666666666666"
/* NIC2 has another device id here. */
#define NIC2_IDS (NIC_IDS + 0x10000)

static struct ec_guest_info *old, *new; /* the guest before and after its reboot */

/* The toolstack creates a domain. */
static struct ec_guest_info *make(uint32_t domid, const char *uuid)
{
	struct ec_guest_info *info = world_guest(domid);

	strcpy(info->uuid, uuid);
	fakexen_introduce(world->xen, domid);
	return info;
}

/* As ecamd does on an event of the store. */
static void handle_events(void)
{
	int events = fakexen_store_ops.dispatch(world->xen);

	if (events & EC_STORE_CAME)
		ec_reattach_look(world->reattach);
	if (events & EC_STORE_DIED)
		ec_service_reap(world->service);
}

static void setup(void)
{
	struct fixture x;

	world_new();
	old = make(PVH, UUID);
	handle_events();
	fakexen_unpause(world->xen, PVH);
	world_add_card(NIC, "nic");
	world_card(&x, NIC2);
	fixture_put(&x, PCI_VENDOR_ID, 4, NIC2_IDS);
	world_add(NIC2, "", &x);
}

/* The end of a domain; the store reports each step. */
static void end(uint32_t domid, struct ec_guest_info *info, bool reboot)
{
	fakexen_shutdown(world->xen, domid, reboot);
	handle_events();
	info->dying = true;
	fakexen_shutdown(world->xen, domid, reboot);
	handle_events();
	fakexen_kill(world->xen, domid);
	handle_events();
}

/* 1: the guest has NIC there; 2: NIC2; 0: neither. */
static unsigned int card(uint32_t domid, unsigned int slot)
{
	uint64_t ids = world_read(domid, slot, PCI_VENDOR_ID, 4);

	return ids == NIC_IDS ? 1 : ids == NIC2_IDS ? 2 : 0;
}

static void check_note(const char *uuid, struct ec_sbdf at, const char *text)
{
	const char *note = fakexen_note(world->xen, uuid, at);

	if (note && text)
		ck_assert_str_eq(note, text);
	else
		ck_assert_msg(!note && !text, "note: %s", note ? note : "none");
}

/* The toolstack unpauses the guest during its attaches. */
static void unpause_soon(const char *op)
{
	if (strcmp(op, "reset") || !fakexen_count(world->xen, "pause d4 add"))
		return;
	world->hook = NULL;
	fakexen_unpause(world->xen, PVH2);
}

START_TEST(a_rebooted_guest_gets_its_functions_where_they_were)
{
	static const char *const lines[] = { "introduced d4",   "pause d4 add", "create d4",
					     "reset",           "assign d4",    "assign d4",
					     "pause d4 remove", "start d4",     NULL };

	world_give_as(PVH, "03:00.0@5,rom=none");
	world_give_as(PVH, "04:00.0");
	check_note(UUID, NIC, "03:00.0@5,rom=none");
	check_note(UUID, NIC2, "04:00.0@1");
	end(PVH, old, true);
	world_check_clean();
	check_note(UUID, NIC, "03:00.0@5,rom=none");
	new = make(PVH2, UUID);
	world->hook = unpause_soon;
	handle_events();
	ck_assert_ptr_null(world->hook);
	world_order(lines);
	ck_assert(card(PVH2, 5) == 1 && card(PVH2, 1) == 2 && new->started);
	ck_assert(world_log_has("pvh2 (domain 4) comes back with 0000:03:00.0, at 00:05.0"));
	ck_assert(world_log_has("pvh2 (domain 4) comes back with 0000:04:00.0, at 00:01.0"));
	ck_assert(!world_log_has("has started"));
	check_note(UUID, NIC, "03:00.0@5,rom=none");
	check_note(UUID, NIC2, "04:00.0@1");
	/* and a second reboot, under the first domain id */
	end(PVH2, new, true);
	old = make(PVH, UUID);
	handle_events();
	ck_assert(card(PVH, 5) == 1 && card(PVH, 1) == 2 && !old->started);
	fakexen_unpause(world->xen, PVH);
	ck_assert(old->started);
}
END_TEST

/* Whether a rule or an attach decided it, and in any order of the functions. */
START_TEST(a_rebooted_guest_has_the_same_machine)
{
	const char *note;

	world->rules =
		_i ? "{\"version\":1,\"rules\":[{\"name\":\"large\",\"match\":{\"bdf\":\"04:00."
		     "0\"},"
		     "\"set\":{\"machine\":{\"buses\":16,\"ecam\":4160749568}}}]}"
		   : NULL;
	world_give_as(PVH, _i ? "04:00.0" : "04:00.0,ecam=0xf8000000,buses=16");
	world_give_as(PVH, "03:00.0");
	check_note(UUID, NIC, "03:00.0@2,ecam=0xf8000000,buses=16");
	world_take(PVH, NIC2);
	world_give_as(PVH, "04:00.0");
	end(PVH, old, true);
	new = make(PVH2, UUID);
	handle_events();
	ck_assert(card(PVH2, 2) == 1 && card(PVH2, 1) == 2);
	world_has("range d4 memory f8000000 f8ffffff add");
	/* settings that do not fit are left out of the note */
	world_take(PVH2, NIC);
	world_give_as(PVH2, "03:00.0@2,permissive=0,rom=none,rebar=single,topology=bypassed,"
			    "multifunction=auto,hide=MSI,hide=AER,hide=ACS");
	note = fakexen_note(world->xen, UUID, NIC);
	ck_assert(note && strstr(note, ",ecam=0xf8000000") && !strstr(note, ",buses="));
	ck_assert_uint_lt(strlen(note), EC_ATTACH_SPEC_MAX);
}
END_TEST

/* It is shut down, or destroyed. */
START_TEST(a_guest_that_does_not_reboot_loses_its_notes)
{
	world_give_as(PVH, "03:00.0");
	if (_i) {
		end(PVH, old, false);
	} else {
		fakexen_kill(world->xen, PVH);
		handle_events();
	}
	check_note(UUID, NIC, NULL);
	new = make(PVH2, UUID);
	handle_events();
	world_count("pause", 0);
	world_check_clean();
}
END_TEST

/* The old domain is destroyed, or has rebooted. */
START_TEST(events_reported_at_once_are_handled_in_order)
{
	world_give_as(PVH, "03:00.0@9");
	if (_i) {
		fakexen_shutdown(world->xen, PVH, true);
		handle_events();
	}
	fakexen_kill(world->xen, PVH);
	new = make(PVH2, UUID);
	handle_events();
	ck_assert_int_eq(card(PVH2, 9), _i);
	check_note(UUID, NIC, _i ? "03:00.0@9" : NULL);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
	if (!_i)
		world_check_clean();
}
END_TEST

START_TEST(a_new_domain_waits_for_the_old_one_to_die)
{
	world_give_as(PVH, "03:00.0@9");
	fakexen_shutdown(world->xen, PVH, true);
	old->dying = true;
	new = make(PVH2, UUID);
	handle_events();
	ck_assert(world_log_has("pvh2 (domain 4) waits until domain 3, which it was, is gone"));
	for (unsigned int i = 0; i < 100; i++) {
		ck_assert_uint_eq(ec_reattach_tick(world->reattach), 1);
		ck_assert(!new->started && !card(PVH2, 9));
	}
	world_count("pause d4 remove", 0);
	fakexen_kill(world->xen, PVH);
	ck_assert_uint_eq(ec_reattach_tick(world->reattach), 0);
	ck_assert(card(PVH2, 9) == 1 && !new->started);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
}
END_TEST

/* Nothing sleeps meanwhile: other guests are served. */
START_TEST(a_domain_that_never_goes_does_not_keep_the_new_one_for_ever)
{
	unsigned int n = 0;

	world_give_as(PVH, "03:00.0@9");
	fakexen_shutdown(world->xen, PVH, true);
	old->dying = true;
	new = make(PVH2, UUID);
	handle_events();
	while (ec_reattach_tick(world->reattach))
		ck_assert_uint_lt(n++, 2000);
	ck_assert_uint_gt(n, 1000);
	ck_assert(world_log_has("comes back without its functions: domain 3 does not go"));
	world_count("pause d4 remove", 1);
	ck_assert(!card(PVH2, 9));
}
END_TEST

START_TEST(a_new_domain_that_dies_while_it_waits_is_forgotten)
{
	world_give_as(PVH, "03:00.0@9");
	fakexen_shutdown(world->xen, PVH, true);
	old->dying = true;
	new = make(PVH2, UUID);
	handle_events();
	fakexen_kill(world->xen, PVH2);
	ck_assert_uint_eq(ec_reattach_tick(world->reattach), 0);
	fakexen_kill(world->xen, PVH);
	ec_service_tick(world->service);
	world_check_clean();
}
END_TEST

/* Xen gives the number of a domain that is gone to another guest. */
START_TEST(a_guest_with_the_number_of_another_does_not_have_its_functions)
{
	world_give_as(PVH, "03:00.0@9");
	fakexen_kill(world->xen, PVH);
	make(PVH, OTHER);
	fakexen_forget(world->xen);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(ec_service_guests(world->service), 0);
	world_count("assign d3 0000:03:00.0 remove", 0);
	world_count("allow_memory d3", 0);
	world_check_clean();
}
END_TEST

START_TEST(a_detached_function_does_not_come_back)
{
	world_give_as(PVH, "03:00.0@5");
	world_give_as(PVH, "04:00.0@6");
	world_take(PVH, NIC);
	check_note(UUID, NIC, NULL);
	end(PVH, old, true);
	new = make(PVH2, UUID);
	handle_events();
	ck_assert(card(PVH2, 6) == 2 && !card(PVH2, 5));
}
END_TEST

START_TEST(two_guests_get_their_own_functions)
{
	struct ec_guest_info *hvm = make(HVM, OTHER);

	handle_events();
	world_give_as(PVH, "03:00.0@1e");
	world_give_as(HVM, "04:00.0@1d");
	fakexen_unpause(world->xen, HVM);
	end(PVH, old, true);
	ck_assert(card(HVM, 0x1d) == 2);
	end(HVM, hvm, true);
	hvm = make(HVM2, OTHER);
	new = make(PVH2, UUID);
	fakexen_forget(world->xen);
	handle_events();
	/* both are paused before the first is given its functions */
	world_order((const char *const[]){ "pause d4 add", "pause d6 add", "create d4",
					   "pause d4 remove", "create d6", "pause d6 remove",
					   NULL });
	ck_assert(card(PVH2, 0x1e) == 1 && card(HVM2, 0x1d) == 2 && !card(PVH2, 0x1d) &&
		  !card(HVM2, 0x1e));
	ck_assert(!new->started && !hvm->started);
	world_check();
}
END_TEST

START_TEST(the_function_that_placed_the_window_comes_first)
{
	world_give_as(PVH, "04:00.0,ecam=0xe0000000");
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	new = make(PVH2, UUID);
	handle_events();
	ck_assert(card(PVH2, 1) == 2 && card(PVH2, 2) == 1);
	ck_assert_uint_eq(world_load(PVH2, 0xe0000000 + (1 << 15), 4), NIC2_IDS);
}
END_TEST

/* The guest lost its functions when the service ended, and runs. */
START_TEST(after_a_restart_functions_are_hot_plugged)
{
	world_give_as(PVH, "03:00.0@7");
	world_restart();
	world_check_clean();
	check_note(UUID, NIC, "03:00.0@7");
	ck_assert(!card(PVH, 7));
	ec_reattach_look(world->reattach);
	ck_assert(card(PVH, 7) == 1);
	ck_assert(world_log_has("pvh (domain 3) has started before its functions could be given "
				"to it: they are hot-plugged"));
	world_count("pause d3 remove", 1);
}
END_TEST

START_TEST(a_noted_slot_is_used_again_if_it_is_free)
{
	world_give_as(PVH, "03:00.0@7");
	world_restart();
	if (_i)
		world_give_as(PVH, "04:00.0@7");
	world_give_as(PVH, "03:00.0");
	ck_assert(card(PVH, _i ? 1 : 7) == 1);
	check_note(UUID, NIC, _i ? "03:00.0@1" : "03:00.0@7");
	/* a slot given with the attach wins */
	world_take(PVH, NIC);
	world_give_as(PVH, "03:00.0@9");
	ck_assert(card(PVH, 9) == 1);
}
END_TEST

START_TEST(a_guest_is_looked_at_once)
{
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	new = make(PVH2, UUID);
	world_guest(HVM);
	handle_events();
	ck_assert(card(PVH2, 1) == 1);
	world_take(PVH2, NIC);
	fakexen_store_ops.note(world->xen, UUID, NIC, "03:00.0@3");
	fakexen_forget(world->xen);
	make(HVM2, OTHER);
	handle_events();
	/* only whether it is the same guest */
	world_count("guest_info d4", 1);
	world_count("guest_info d5", 1);
	world_count("guest_info d6", 1);
	world_count("pause", 0);
	world_check_clean();
}
END_TEST

START_TEST(without_a_uuid_nothing_is_noted)
{
	static const char *const uuids[] = { "", "00000000-0000-0000-0000-000000000000" };

	strcpy(old->uuid, uuids[_i]);
	fakexen_forget(world->xen);
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	make(PVH2, uuids[_i]);
	handle_events();
	world_count("note", 0);
	world_count("recall", 0);
	world_check_clean();
}
END_TEST

Suite *suite_supervisor_reattach(void)
{
	Suite *s = suite_create("supervisor_reattach");
	TCase *t = tcase_create("reattach");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, world_end);
	tcase_add_test(t, a_rebooted_guest_gets_its_functions_where_they_were);
	tcase_add_loop_test(t, a_rebooted_guest_has_the_same_machine, 0, 2);
	tcase_add_loop_test(t, a_guest_that_does_not_reboot_loses_its_notes, 0, 2);
	tcase_add_loop_test(t, events_reported_at_once_are_handled_in_order, 0, 2);
	tcase_add_test(t, a_new_domain_waits_for_the_old_one_to_die);
	tcase_add_test(t, a_domain_that_never_goes_does_not_keep_the_new_one_for_ever);
	tcase_add_test(t, a_new_domain_that_dies_while_it_waits_is_forgotten);
	tcase_add_test(t, a_guest_with_the_number_of_another_does_not_have_its_functions);
	tcase_add_test(t, a_detached_function_does_not_come_back);
	tcase_add_test(t, two_guests_get_their_own_functions);
	tcase_add_test(t, the_function_that_placed_the_window_comes_first);
	tcase_add_test(t, after_a_restart_functions_are_hot_plugged);
	tcase_add_loop_test(t, a_noted_slot_is_used_again_if_it_is_free, 0, 2);
	tcase_add_test(t, a_guest_is_looked_at_once);
	tcase_add_loop_test(t, without_a_uuid_nothing_is_noted, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
