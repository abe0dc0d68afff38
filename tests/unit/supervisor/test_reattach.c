/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that reboot, and find their functions where they were. */
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

static struct ec_guest_info *old, *new; /* of the first guest, and of what it comes back as */

/* A domain as the toolstack makes it. */
static struct ec_guest_info *make(uint32_t domid, const char *uuid)
{
	struct ec_guest_info *info = world_guest(domid);

	strcpy(info->uuid, uuid);
	fakexen_introduce(world->xen, domid);
	return info;
}

/* What ecamd does when the store tells it something. */
static void hear(void)
{
	int told = fakexen_store_ops.dispatch(world->xen);

	if (told & EC_STORE_CAME)
		ec_reattach_look(world->reattach);
	if (told & EC_STORE_DIED)
		ec_service_reap(world->service);
}

static void setup(void)
{
	struct fixture x;

	world_new();
	old = make(PVH, UUID);
	hear();
	fakexen_unpause(world->xen, PVH);
	world_card(&x, NIC);
	world_add(NIC, "nic", &x);
	world_card(&x, NIC2);
	fixture_put(&x, PCI_VENDOR_ID, 4, NIC2_IDS);
	world_add(NIC2, "", &x);
}

/* The end of a domain, each part of which the store tells. */
static void end(uint32_t domid, struct ec_guest_info *info, bool reboot)
{
	fakexen_shutdown(world->xen, domid, reboot);
	hear();
	info->dying = true;
	fakexen_shutdown(world->xen, domid, reboot);
	hear();
	fakexen_kill(world->xen, domid);
	hear();
}

/* Has the guest there the first card, or the second? 0: neither. */
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

/* The toolstack wants the guest to start while it is being given its functions. */
static void unpause_soon(const char *op)
{
	if (strcmp(op, "reset") || !fakexen_count(world->xen, "pause d4 add"))
		return;
	world->hook = NULL;
	fakexen_unpause(world->xen, PVH2);
}

START_TEST(reboots)
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
	hear();
	ck_assert_ptr_null(world->hook);
	world_order(lines);
	ck_assert(card(PVH2, 5) == 1 && card(PVH2, 1) == 2 && new->started);
	ck_assert(world_log_has("pvh2 (domain 4) comes back with 0000:03:00.0, at 00:05.0"));
	ck_assert(world_log_has("pvh2 (domain 4) comes back with 0000:04:00.0, at 00:01.0"));
	ck_assert(!world_log_has("has started"));
	check_note(UUID, NIC, "03:00.0@5,rom=none");
	check_note(UUID, NIC2, "04:00.0@1");
	/* and a third time, under the first number */
	end(PVH2, new, true);
	old = make(PVH, UUID);
	hear();
	ck_assert(card(PVH, 5) == 1 && card(PVH, 1) == 2 && !old->started);
	fakexen_unpause(world->xen, PVH);
	ck_assert(old->started);
}
END_TEST

/* The machine stays what it was, whoever decided it, and whoever is left or comes back first. */
START_TEST(the_machine_stays)
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
	hear();
	ck_assert(card(PVH2, 2) == 1 && card(PVH2, 1) == 2);
	world_has("range d4 memory f8000000 f8ffffff add");
	/* where there is no room for all of that the function is noted all the same */
	world_take(PVH2, NIC);
	world_give_as(PVH2, "03:00.0@2,permissive=0,rom=none,rebar=single,topology=bypassed,"
			    "multifunction=auto,hide=MSI,hide=AER,hide=ACS");
	note = fakexen_note(world->xen, UUID, NIC);
	ck_assert(note && strstr(note, ",ecam=0xf8000000") && !strstr(note, ",buses="));
	ck_assert_uint_lt(strlen(note), EC_ATTACH_SPEC_MAX);
}
END_TEST

/* Nobody asks for it again: shut down, or destroyed. */
START_TEST(gone_for_good)
{
	world_give_as(PVH, "03:00.0");
	if (_i) {
		end(PVH, old, false);
	} else {
		fakexen_kill(world->xen, PVH);
		hear();
	}
	check_note(UUID, NIC, NULL);
	new = make(PVH2, UUID);
	hear();
	world_count("pause", 0);
	world_check_clean();
}
END_TEST

/* All that happens is told at once. The old domain is destroyed, or has rebooted. */
START_TEST(at_once)
{
	world_give_as(PVH, "03:00.0@9");
	if (_i) {
		fakexen_shutdown(world->xen, PVH, true);
		hear();
	}
	fakexen_kill(world->xen, PVH);
	new = make(PVH2, UUID);
	hear();
	ck_assert_int_eq(card(PVH2, 9), _i);
	check_note(UUID, NIC, _i ? "03:00.0@9" : NULL);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
	if (!_i)
		world_check_clean();
}
END_TEST

static unsigned int asked;

/* It is gone some time after it was told to go. */
static void go_slowly(const char *op)
{
	if (strcmp(op, "guest_info") || ++asked < 5)
		return;
	world->hook = NULL;
	fakexen_kill(world->xen, PVH);
}

START_TEST(dies_slowly)
{
	world_give_as(PVH, "03:00.0@9");
	fakexen_shutdown(world->xen, PVH, true);
	old->dying = true;
	new = make(PVH2, UUID);
	asked = 0;
	world->hook = go_slowly;
	hear();
	ck_assert_ptr_null(world->hook);
	ck_assert(card(PVH2, 9) == 1 && !new->started);
	fakexen_unpause(world->xen, PVH2);
	ck_assert(new->started);
}
END_TEST

START_TEST(detached)
{
	world_give_as(PVH, "03:00.0@5");
	world_give_as(PVH, "04:00.0@6");
	world_take(PVH, NIC);
	check_note(UUID, NIC, NULL);
	end(PVH, old, true);
	new = make(PVH2, UUID);
	hear();
	ck_assert(card(PVH2, 6) == 2 && !card(PVH2, 5));
}
END_TEST

/* Each its own. */
START_TEST(two_guests)
{
	struct ec_guest_info *hvm = make(HVM, OTHER);

	hear();
	world_give_as(PVH, "03:00.0@1e");
	world_give_as(HVM, "04:00.0@1d");
	fakexen_unpause(world->xen, HVM);
	end(PVH, old, true);
	ck_assert(card(HVM, 0x1d) == 2);
	end(HVM, hvm, true);
	hvm = make(HVM2, OTHER);
	new = make(PVH2, UUID);
	fakexen_forget(world->xen);
	hear();
	/* both are paused before the first of them is dealt with */
	world_order((const char *const[]){ "pause d4 add", "pause d6 add", "create d4",
					   "pause d4 remove", "create d6", "pause d6 remove",
					   NULL });
	ck_assert(card(PVH2, 0x1e) == 1 && card(HVM2, 0x1d) == 2 && !card(PVH2, 0x1d) &&
		  !card(HVM2, 0x1e));
	ck_assert(!new->started && !hvm->started);
	world_check();
}
END_TEST

/* Who says where ECAM is has to be the first again. */
START_TEST(ecam_first)
{
	world_give_as(PVH, "04:00.0,ecam=0xe0000000");
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	new = make(PVH2, UUID);
	hear();
	ck_assert(card(PVH2, 1) == 2 && card(PVH2, 2) == 1);
	ck_assert_uint_eq(world_load(PVH2, 0xe0000000 + (1 << 15), 4), NIC2_IDS);
}
END_TEST

/* The service is started anew: the guest has lost its functions, and runs. */
START_TEST(service_restarts)
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

/* Without a slot it is the one that is noted, if that is free. */
START_TEST(slot_is_kept)
{
	world_give_as(PVH, "03:00.0@7");
	world_restart();
	if (_i)
		world_give_as(PVH, "04:00.0@7");
	world_give_as(PVH, "03:00.0");
	ck_assert(card(PVH, _i ? 1 : 7) == 1);
	check_note(UUID, NIC, _i ? "03:00.0@1" : "03:00.0@7");
	/* who asks is asked */
	world_take(PVH, NIC);
	world_give_as(PVH, "03:00.0@9");
	ck_assert(card(PVH, 9) == 1);
}
END_TEST

/* A guest is looked at when it comes, and no more. */
START_TEST(looked_at_once)
{
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	new = make(PVH2, UUID);
	world_guest(HVM);
	hear();
	ck_assert(card(PVH2, 1) == 1);
	world_take(PVH2, NIC);
	fakexen_store_ops.note(world->xen, UUID, NIC, "03:00.0@3");
	fakexen_forget(world->xen);
	make(HVM2, OTHER);
	hear();
	world_count("guest_info d4", 0);
	world_count("guest_info d5", 0);
	world_count("guest_info d6", 1);
	world_count("pause", 0);
	world_check_clean();
}
END_TEST

/* Where there is no UUID nothing is noted, nor looked for. */
START_TEST(no_uuid)
{
	static const char *const uuids[] = { "", "00000000-0000-0000-0000-000000000000" };

	strcpy(old->uuid, uuids[_i]);
	fakexen_forget(world->xen);
	world_give_as(PVH, "03:00.0");
	end(PVH, old, true);
	make(PVH2, uuids[_i]);
	hear();
	world_count("note", 0);
	world_count("recall", 0);
	world_check_clean();
}
END_TEST

Suite *suite_comeback(void)
{
	Suite *s = suite_create("comeback");
	TCase *t = tcase_create("comeback");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, world_end);
	tcase_add_test(t, reboots);
	tcase_add_loop_test(t, the_machine_stays, 0, 2);
	tcase_add_loop_test(t, gone_for_good, 0, 2);
	tcase_add_loop_test(t, at_once, 0, 2);
	tcase_add_test(t, dies_slowly);
	tcase_add_test(t, detached);
	tcase_add_test(t, two_guests);
	tcase_add_test(t, ecam_first);
	tcase_add_test(t, service_restarts);
	tcase_add_loop_test(t, slot_is_kept, 0, 2);
	tcase_add_test(t, looked_at_once);
	tcase_add_loop_test(t, no_uuid, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
