/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store goes and comes back. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "suites.h"
#include "supervisor/store_link.h"
#include "world.h"

#define UUID "11111111-2222-3333-4444-555555555555"

static struct ec_store_link link;
static struct ec_guest_info *guest;
static unsigned int slot;

static void setup(void)
{
	world_new();
	world_add_card(NIC, "nic");
	guest = world_guest(PVH);
	strcpy(guest->uuid, UUID);
	slot = world_give(PVH, NIC);
	link = (struct ec_store_link){ .service = world->service, .reattach = world->reattach };
}

static void lose(void)
{
	fakexen_store_down(world->xen, true);
	ck_assert_int_eq(ec_store_link_ready(&link), -ENOTCONN);
	ck_assert(link.lost);
}

/* A tick as ecamd_main.c does it. Returns whether the store is back. */
static bool tick(void)
{
	bool back = ec_store_link_retry(&link);

	ec_service_tick(world->service);
	ec_reattach_tick(world->reattach);
	return back;
}

static void come_back(void)
{
	fakexen_store_down(world->xen, false);
	ck_assert(tick());
	ck_assert(!link.lost);
	ck_assert_int_eq(ec_store_link_ready(&link), 1);
}

/* Ticks until what waits has been tried again. */
static void wait_for_retry(void)
{
	for (unsigned int i = 0; i < 300; i++)
		tick();
}

START_TEST(a_lost_store_is_logged_once_and_its_return_once)
{
	unsigned int lines = world->lines;

	lose();
	for (unsigned int i = 0; i < 100; i++)
		ck_assert(!tick());
	ck_assert_uint_eq(world->lines, lines + 1);
	ck_assert_msg(strstr(world->text, "xenstore is lost: ") != NULL, "%s", world->text);
	come_back();
	for (unsigned int i = 0; i < 100; i++)
		ck_assert(!tick());
	ck_assert_uint_eq(world->lines, lines + 2);
	ck_assert_msg(strstr(world->text, "xenstore is back") != NULL, "%s", world->text);
	/* and a second time */
	lose();
	come_back();
	ck_assert_uint_eq(world->lines, lines + 4);
}
END_TEST

START_TEST(a_guest_is_served_on_and_an_attach_refused)
{
	lose();
	ck_assert_uint_eq(world_read(PVH, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	world_add_card(NIC2, "");
	ck_assert_int_eq(world_attach(PVH, NIC2), -ENOTCONN);
	ck_assert_msg(strstr(world->diag.text, "xenstore: ") != NULL, "%s", world->diag.text);
	come_back();
	ck_assert_int_eq(world_attach(PVH, NIC2), 0);
}
END_TEST

/* The old domain dies and the new one comes while the store is away. */
START_TEST(a_guest_that_came_meanwhile_gets_its_functions)
{
	struct ec_guest_info *new;

	lose();
	guest->rebooting = guest->dying = true;
	tick();
	fakexen_kill(world->xen, PVH);
	tick();
	world_count("give_back", 1);
	new = world_guest(PVH2);
	strcpy(new->uuid, UUID);
	fakexen_introduce(world->xen, PVH2);
	tick();
	come_back();
	wait_for_retry();
	ck_assert_uint_eq(world_read(PVH2, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
}
END_TEST

START_TEST(a_guest_that_comes_back_waits_for_the_store)
{
	struct ec_guest_info *new;

	/* it has come, and its old domain is dying */
	guest->rebooting = guest->dying = true;
	new = world_guest(PVH2);
	strcpy(new->uuid, UUID);
	fakexen_introduce(world->xen, PVH2);
	ck_assert_int_eq(ec_store_link_ready(&link), 1);
	world_count("pause d4 add", 1);
	lose();
	fakexen_kill(world->xen, PVH);
	for (unsigned int i = 0; i < 100; i++)
		tick();
	world_count("pause d4 remove", 0);
	come_back();
	wait_for_retry();
	ck_assert_uint_eq(fakexen_count(world->xen, "pause d4 remove"),
			  fakexen_count(world->xen, "pause d4 add"));
	ck_assert_uint_eq(world_read(PVH2, slot, PCI_VENDOR_ID, 4), NIC_IDS);
}
END_TEST

static void lose_at_reset(const char *op)
{
	if (!strcmp(op, "reset"))
		fakexen_store_down(world->xen, true);
}

/* The claim of a function that was detached would keep it from every guest. */
START_TEST(a_claim_that_could_not_be_released_is_released_later)
{
	world->hook = lose_at_reset;
	ck_assert_int_eq(world_detach(PVH, NIC), -ENOTCONN);
	world->hook = NULL;
	ck_assert_int_eq(ec_store_link_ready(&link), -ENOTCONN);
	world_count("give_back", 1);
	world_count("release", 2);
	come_back();
	ck_assert_int_eq(world_attach(PVH, NIC), 0);
}
END_TEST

START_TEST(a_detach_without_the_store_changes_nothing)
{
	lose();
	ck_assert_int_eq(world_detach(PVH, NIC), -ENOTCONN);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	come_back();
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

/* Notes of a guest that was destroyed would give its functions to its namesake. */
START_TEST(notes_of_a_guest_that_died_meanwhile_are_removed)
{
	lose();
	fakexen_kill(world->xen, PVH);
	tick();
	ck_assert_ptr_nonnull(fakexen_note(world->xen, UUID, NIC));
	come_back();
	wait_for_retry();
	ck_assert_ptr_null(fakexen_note(world->xen, UUID, NIC));
	world_check_clean();
}
END_TEST

Suite *suite_supervisor_store_link(void)
{
	Suite *s = suite_create("supervisor_store_link");
	TCase *t = tcase_create("the store goes");

	tcase_add_checked_fixture(t, setup, world_end);
	tcase_add_test(t, a_lost_store_is_logged_once_and_its_return_once);
	tcase_add_test(t, a_guest_is_served_on_and_an_attach_refused);
	tcase_add_test(t, a_guest_that_came_meanwhile_gets_its_functions);
	tcase_add_test(t, a_guest_that_comes_back_waits_for_the_store);
	tcase_add_test(t, a_claim_that_could_not_be_released_is_released_later);
	tcase_add_test(t, a_detach_without_the_store_changes_nothing);
	tcase_add_test(t, notes_of_a_guest_that_died_meanwhile_are_removed);
	suite_add_tcase(s, t);
	return s;
}
