/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that reboot when something is wrong: they start in any case. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "supervisor/reattach.h"
#include "world.h"

#define UUID "11111111-2222-3333-4444-555555555555"

static struct ec_guest_info *new;

/* A guest comes; @text is the note of NIC under its UUID. */
static void come(const char *text)
{
	world_new();
	world_add_card(NIC, "nic");
	world_add_card(NIC2, "");
	fakexen_store_ops.note(world->xen, UUID, NIC, text);
	new = world_guest(PVH2);
	strcpy(new->uuid, UUID);
	fakexen_introduce(world->xen, PVH2);
	fakexen_forget(world->xen);
}

static bool has(uint32_t domid, unsigned int slot)
{
	return world_read(domid, slot, PCI_VENDOR_ID, 4) == NIC_IDS;
}

/* Only the toolstack's pause is left. */
static void check_starts(void)
{
	ck_assert(!new->started);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
	ck_assert_uint_eq(fakexen_count(world->xen, "pause d4 add"),
			  fakexen_count(world->xen, "pause d4 remove"));
	world_check();
}

START_TEST(the_guest_starts_whichever_call_fails)
{
	unsigned int n = 1, given = 0, again = 0;

	for (bool more = true; more; n++) {
		come("03:00.0@5");
		fakexen_fail(world->xen, n, EIO);
		ec_reattach_look(world->reattach);
		more = !fakexen_failing(world->xen);
		while (fakexen_failing(world->xen))
			fakexen_store_ops.dispatch(world->xen);
		given += has(PVH2, 5);
		if (more && !has(PVH2, 5)) {
			/* when another guest comes, this one is looked at again */
			ck_assert_uint_gt(world->lines, 0);
			ec_reattach_look(world->reattach);
			again += has(PVH2, 5);
		}
		/* the note stays for the next reboot */
		ck_assert_ptr_nonnull(fakexen_note(world->xen, UUID, NIC));
		fakexen_unpause(world->xen, PVH2);
		ck_assert(new->started);
		world_check();
		if (has(PVH2, 5))
			world_take(PVH2, NIC);
		world_check_clean();
		world_end();
	}
	ck_assert_uint_gt(n, 30);
	/* a failed name or pause does not prevent the attach */
	ck_assert_uint_gt(given, 3);
	ck_assert_uint_ge(again, 2);
}
END_TEST

/* Notes that the service does not write. */
static const char *const wrong[] = {
	"",
	"nonsense",
	"04:00.0@5",
	"03:00.0@20",
	"03:00.0@5,seize=1",
	"03:00.0@5,",
	"03:00.0@5,ecam=1",
	"03:00.0@5\033[2J",
	"03:00.0@5,hide="
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"%s%s%n",
};

START_TEST(a_wrong_note_is_removed)
{
	come(wrong[_i]);
	fakexen_store_ops.note(world->xen, UUID, NIC2, _i % 2 ? "04:00.0@6" : NULL);
	ec_reattach_look(world->reattach);
	ck_assert(world_log_has("pvh2 (domain 4) has a wrong note of 0000:03:00.0, which is "
				"removed: "));
	ck_assert(!strchr(world->text, '\033'));
	ck_assert_ptr_null(fakexen_note(world->xen, UUID, NIC));
	/* other notes count */
	ck_assert_int_eq(has(PVH2, 6), _i % 2);
	check_starts();
	if (_i % 2)
		world_take(PVH2, NIC2);
	world_check_clean();
	world_end();
}
END_TEST

/* Reasons why a correct note cannot be followed. */
static void rule(void)
{
	world->rules = "{ \"version\": 1, \"rules\": [ {";
}

static void taken(void)
{
	world_guest(HVM);
	world_give(HVM, NIC);
}

static void no_iommu(void)
{
	new->iommu = false;
}

static void no_reset(void)
{
	world->gone = true;
}

static const struct {
	void (*make)(void);
	const char *note, *says;
} refused[] = {
	{ rule, "03:00.0@5", "test.json" },
	{ taken, "03:00.0@5", "domain 5 (hvm) has it" },
	{ no_iommu, "03:00.0@5", "without an IOMMU" },
	{ no_reset, "03:00.0@5", "reset" },
	{ NULL, "03:00.0@0", "slot 00 of the guest is the host bridge's" },
	{ NULL, "03:00.0@5,rom=never", "rom=never" },
	{ NULL, "03:00.0@5,ecam=0", "low memory" },
};

START_TEST(a_note_that_cannot_be_followed_stays)
{
	char line[160];

	come(refused[_i].note);
	if (refused[_i].make)
		refused[_i].make();
	ec_reattach_look(world->reattach);
	while (fakexen_failing(world->xen))
		fakexen_store_ops.dispatch(world->xen);
	snprintf(line, sizeof(line), "pvh2 (domain 4) comes back without 0000:03:00.0: ");
	ck_assert_msg(world_log_has(line) && world_log_has(refused[_i].says), "%s", world->text);
	ck_assert_str_eq(fakexen_note(world->xen, UUID, NIC), refused[_i].note);
	check_starts();
	world_end();
}
END_TEST

START_TEST(a_guest_that_has_started_is_hot_plugged)
{
	come("03:00.0@5");
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
	ec_reattach_look(world->reattach);
	ck_assert(has(PVH2, 5));
	ck_assert(world_log_has("has started before its functions could be given to it"));
	world_count("pause d4 add", 1);
	world_count("pause d4 remove", 1);
	world_end();
}
END_TEST

static const char *when_now;

static void dies(const char *op)
{
	if (strcmp(op, when_now))
		return;
	world->hook = NULL;
	fakexen_kill(world->xen, PVH2);
}

START_TEST(a_guest_that_dies_meanwhile_leaves_nothing)
{
	static const char *const when[] = { "pause", "create", "reset", "assign", "enable" };

	come("03:00.0@5");
	when_now = when[_i];
	world->hook = dies;
	ec_reattach_look(world->reattach);
	ck_assert_ptr_null(world->hook);
	ec_service_reap(world->service);
	world_check_clean();
	ck_assert(!world_log_has("stays paused"));
	world_end();
}
END_TEST

START_TEST(of_two_guests_with_one_uuid_one_gets_the_functions)
{
	struct ec_guest_info *other;

	come("03:00.0@5");
	ec_reattach_look(world->reattach);
	check_starts();
	other = world_guest(HVM);
	strcpy(other->uuid, UUID);
	fakexen_introduce(world->xen, HVM);
	ec_reattach_look(world->reattach);
	ck_assert(has(PVH2, 5) && !has(HVM, 5));
	ck_assert(world_log_has("hvm (domain 5) has the UUID of domain 4, which lives"));
	fakexen_unpause(world->xen, HVM);
	ck_assert(other->started);
	world_end();
}
END_TEST

/* The name of domain 12 is "13", and the reverse if _i. */
START_TEST(a_name_that_is_another_domains_number_is_not_confused)
{
	static const char *const names[] = { "", "12" };
	struct ec_guest_info *it;

	come("03:00.0@5");
	fakexen_kill(world->xen, PVH2);
	fakexen_guest(world->xen, 12, "13");
	it = fakexen_guest(world->xen, 13, names[_i]);
	it->device_model = it->intx = it->pirqs = false;
	strcpy(it->uuid, UUID);
	fakexen_introduce(world->xen, 13);
	ec_reattach_look(world->reattach);
	ck_assert(!has(12, 5));
	ck_assert_int_eq(has(13, 5), _i);
	ck_assert(_i || world_log_has("(domain 13) comes back without its functions"));
	fakexen_unpause(world->xen, 13);
	ck_assert(it->started);
	world_end();
}
END_TEST

/* Guests without notes, PV guests, dying guests. */
START_TEST(a_guest_that_needs_nothing_is_never_paused)
{
	come("03:00.0@5");
	if (_i == 0)
		strcpy(new->uuid, "11111111-2222-3333-4444-666666666666");
	new->hvm = _i != 1;
	new->dying = _i == 2;
	ec_reattach_look(world->reattach);
	world_count("pause", 0);
	ck_assert_str_eq(fakexen_note(world->xen, UUID, NIC), "03:00.0@5");
	ck_assert_uint_eq(world->lines, 0);
	world_check_clean();
	world_end();
}
END_TEST

/* Its text is too long with the slot. */
START_TEST(an_attach_too_long_to_note_succeeds_and_is_reported)
{
	char text[EC_ATTACH_SPEC_MAX] = "03:00.0,rebar=hide";
	struct ec_attach_spec spec;

	come("03:00.0@5");
	ec_reattach_look(world->reattach);
	world_take(PVH2, NIC);
	while (strlen(text) < EC_ATTACH_SPEC_MAX - 2)
		strcat(text, ",hide=AER");
	ck_assert_int_eq(ec_attach_spec_parse(text, &spec, NULL), 0);
	ck_assert_int_eq(world_attach_as(PVH2, &spec), 0);
	ck_assert(has(PVH2, 1));
	ck_assert(world_log_has("cannot be noted"));
	ck_assert_ptr_null(fakexen_note(world->xen, UUID, NIC));
	world_end();
}
END_TEST

Suite *suite_supervisor_reattach_wrong(void)
{
	Suite *s = suite_create("supervisor_reattach_wrong");
	TCase *t = tcase_create("comeback_wrong");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, the_guest_starts_whichever_call_fails);
	tcase_add_loop_test(t, a_wrong_note_is_removed, 0, EC_ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, a_note_that_cannot_be_followed_stays, 0, EC_ARRAY_SIZE(refused));
	tcase_add_test(t, a_guest_that_has_started_is_hot_plugged);
	tcase_add_loop_test(t, a_guest_that_dies_meanwhile_leaves_nothing, 0, 5);
	tcase_add_test(t, of_two_guests_with_one_uuid_one_gets_the_functions);
	tcase_add_loop_test(t, a_name_that_is_another_domains_number_is_not_confused, 0, 2);
	tcase_add_loop_test(t, a_guest_that_needs_nothing_is_never_paused, 0, 3);
	tcase_add_test(t, an_attach_too_long_to_note_succeeds_and_is_reported);
	suite_add_tcase(s, t);
	return s;
}
