/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes of guests that do not come back. */
#include <string.h>

#include "suites.h"
#include "supervisor/orphans.h"
#include "supervisor/reattach.h"
#include "world.h"

#define UUID "11111111-2222-3333-4444-555555555555"
#define OTHER "11111111-2222-3333-4444-666666666666"
#define SECOND 1000000000u

static void make(uint32_t domid, const char *uuid)
{
	strcpy(world_guest(domid)->uuid, uuid);
	fakexen_introduce(world->xen, domid);
	fakexen_store_ops.dispatch(world->xen);
	ec_reattach_look(world->reattach);
	fakexen_unpause(world->xen, domid);
}

static void setup(void)
{
	world_new();
	world_add_card(NIC, "nic");
	make(PVH, UUID);
	world_give_as(PVH, "03:00.0");
}

/* As ecamd does every few seconds. */
static void pass(unsigned int seconds)
{
	for (unsigned int i = 0; i < seconds; i += 5) {
		world->now += 5ull * SECOND;
		ec_service_tick(world->service);
		ec_reattach_tick(world->reattach);
	}
}

static bool noted(void)
{
	return fakexen_note(world->xen, UUID, NIC) != NULL;
}

START_TEST(notes_of_a_guest_that_died_while_ecamd_did_not_run_are_removed)
{
	world_restart();
	fakexen_kill(world->xen, PVH);
	ec_reattach_look(world->reattach);
	pass(240);
	ck_assert(noted());
	pass(120);
	ck_assert(!noted());
	ck_assert(world_log_has("the notes of guest " UUID " are removed: it did not come back"));
	world_check_clean();
}
END_TEST

START_TEST(notes_of_a_guest_that_reboots_and_is_not_started_are_removed)
{
	fakexen_shutdown(world->xen, PVH, true);
	ec_service_reap(world->service);
	fakexen_kill(world->xen, PVH);
	ec_service_reap(world->service);
	pass(240);
	ck_assert(noted());
	pass(120);
	ck_assert(!noted());
	world_check_clean();
}
END_TEST

START_TEST(notes_of_a_guest_that_lives_stay)
{
	pass(1200);
	ck_assert(noted());
	world_restart();
	pass(1200);
	ck_assert(noted());
}
END_TEST

/* The toolstack takes minutes, twice; another guest comes meanwhile. */
START_TEST(a_guest_that_comes_back_late_has_its_notes)
{
	world_restart();
	fakexen_kill(world->xen, PVH);
	make(HVM, OTHER);
	pass(240);
	make(PVH2, UUID);
	ck_assert(noted());
	pass(60);
	fakexen_shutdown(world->xen, PVH2, true);
	ec_service_reap(world->service);
	fakexen_kill(world->xen, PVH2);
	ec_service_reap(world->service);
	pass(240);
	ck_assert(noted());
}
END_TEST

/* A number of another guest is no proof of life. */
START_TEST(another_guest_with_the_number_does_not_count)
{
	world_restart();
	fakexen_kill(world->xen, PVH);
	make(PVH, OTHER);
	pass(360);
	ck_assert(!noted());
}
END_TEST

/* Nothing counts while the store cannot be asked. */
START_TEST(notes_that_cannot_be_removed_are_removed_later)
{
	world_restart();
	fakexen_kill(world->xen, PVH);
	ec_reattach_look(world->reattach);
	fakexen_store_down(world->xen, true);
	pass(1200);
	fakexen_store_down(world->xen, false);
	ck_assert_int_eq(fakexen_store_ops.reopen(world->xen), 0);
	ck_assert(noted());
	pass(240);
	ck_assert(noted());
	pass(120);
	ck_assert(!noted());
}
END_TEST

Suite *suite_supervisor_orphans(void)
{
	Suite *s = suite_create("supervisor_orphans");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, world_end);
	tcase_add_test(t, notes_of_a_guest_that_died_while_ecamd_did_not_run_are_removed);
	tcase_add_test(t, notes_of_a_guest_that_reboots_and_is_not_started_are_removed);
	tcase_add_test(t, notes_of_a_guest_that_lives_stay);
	tcase_add_test(t, a_guest_that_comes_back_late_has_its_notes);
	tcase_add_test(t, another_guest_with_the_number_does_not_count);
	tcase_add_test(t, notes_that_cannot_be_removed_are_removed_later);
	suite_add_tcase(s, t);
	return s;
}
