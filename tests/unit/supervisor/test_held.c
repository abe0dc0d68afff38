/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of which something cannot be undone, and devices whose reset fails. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "suites.h"
#include "world.h"

static unsigned int slot;

static void in_use(uint32_t domid)
{
	slot = world_in_use(domid);
}

static void fail_reset(const char *op)
{
	if (!strcmp(op, "reset"))
		fakexen_fail(world->xen, 1, EIO);
}

/* The function is held for a reason that begins with @why, and no guest gets it. */
static void is_held(const char *why)
{
	struct ec_guest_status g;
	struct ec_held_status h;

	ck_assert_uint_eq(ec_service_guests(world->service), 1);
	ec_service_guest(world->service, 0, &g);
	ck_assert_uint_eq(g.functions, 0);
	ck_assert_uint_eq(g.held, 1);
	ec_service_held(world->service, 0, 0, &h);
	ck_assert(!ec_sbdf_compare(h.host, NIC));
	ck_assert_msg(!strncmp(h.why, why, strlen(why)), "%s", h.why);
	ck_assert_int_eq(world_attach(PVH, NIC), -EBUSY);
	ck_assert_msg(strstr(world->diag.text, why) != NULL, "%s", world->diag.text);
}

/* What could not be undone can be now. */
static void comes_back(void)
{
	for (unsigned int i = 0; i < 300 && ec_service_tick(world->service); i++)
		;
	ck_assert(world_log_has("no longer held"));
	world_check_clean();
	ck_assert_str_eq(world_driver(NIC), "nic");
	world_give(PVH, NIC);
	world_take(PVH, NIC);
	world_check_clean();
}

enum { LOST_DETACH, LOST_DEATH, LOST_END, LOST_WAYS };

/* Its DMA reaches nothing there. */
START_TEST(a_function_that_cannot_be_reset_stays_in_quarantine)
{
	in_use(HVM);
	world->hook = fail_reset;
	if (_i == LOST_DETACH) {
		ck_assert_int_lt(world_detach(HVM, NIC), 0);
		ck_assert_uint_ne(world->diag.text[0], 0);
	} else if (_i == LOST_DEATH) {
		fakexen_kill(world->xen, HVM);
		ck_assert_uint_eq(ec_service_tick(world->service), 1);
	} else {
		world_stop();
	}
	ck_assert_msg(world_log_has("03:00.0"), "the log: %s", world->text);
	world_count("give_back", 0);
	world_count("quarantine 0000:03:00.0 remove", 0);
	ck_assert_str_eq(world_driver(NIC), "pci-stub");
	world_check();
	world_count("assign d5 0000:03:00.0 remove", _i != LOST_DEATH);
	if (_i == LOST_END)
		return;
	is_held("reset: ");
	/* tried again, more and more seldom, until it answers: then it is the host's */
	fakexen_forget(world->xen);
	for (unsigned int i = 0; i < 1000; i++)
		ck_assert_uint_eq(ec_service_tick(world->service), 1);
	ck_assert_uint_ge(fakexen_count(world->xen, "reset 0000:03:00.0"), 7);
	ck_assert_uint_le(fakexen_count(world->xen, "reset 0000:03:00.0"), 12);
	world->hook = NULL;
	comes_back();
}
END_TEST

/* An administrator may end it: with the command that tries again, or without a reset. */
START_TEST(a_held_function_is_released_by_command)
{
	struct ec_attach_spec spec = { .host = NIC, .no_reset = _i };

	in_use(HVM);
	world->hook = fail_reset;
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	fakexen_kill(world->xen, HVM);
	ck_assert_uint_eq(ec_service_tick(world->service), 1);
	memset(&world->diag, 0, sizeof(world->diag));
	if (!_i) {
		ck_assert_int_eq(ec_service_detach(world->service, "hvm", &spec, &world->diag),
				 -EBUSY);
		ck_assert(strstr(world->diag.text, "still held: reset: ") != NULL);
		world->hook = NULL;
	}
	ck_assert_int_eq(ec_service_detach(world->service, _i ? "5" : "hvm", &spec, &world->diag),
			 0);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	world_check_clean();
	ck_assert_str_eq(world_driver(NIC), "nic");
}
END_TEST

/* The guest's tries are bounded, and it reads nothing of a device whose state is not known. */
START_TEST(a_device_whose_reset_failed_is_dead)
{
	in_use(PVH);
	world->hook = fail_reset;
	for (unsigned int i = 0; i < 100; i++)
		world_flr(PVH, slot);
	world->hook = NULL;
	world_count("reset 0000:03:00.0", 1);
	ck_assert(world_log_has("it is dead until a reset succeeds"));
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
	world_write(PVH, slot, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
	world_take(PVH, NIC);
	world_check_clean();
	/* the reset of the detach has succeeded */
	slot = world_give(HVM, NIC);
	world_write(HVM, slot, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert_uint_ne(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
}
END_TEST

START_TEST(resets_have_a_budget)
{
	in_use(PVH);
	for (unsigned int i = 0; i < 100; i++)
		world_flr(PVH, slot);
	world_count("reset 0000:03:00.0", 10);
	ck_assert(world_log_has("resets it too often"));
	world->now += 60000000000;
	for (unsigned int i = 0; i < 100; i++)
		world_flr(PVH, slot);
	world_count("reset 0000:03:00.0", 20);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

static const char *failing_op;

static void fail_op(const char *op)
{
	if (!strcmp(op, failing_op))
		fakexen_fail(world->xen, 1, EIO);
}

/* No other guest gets it. */
START_TEST(a_function_that_xen_does_not_take_back_stays_with_the_guest)
{
	static const char *const ops[] = { "assign", "bind_intx", "allow_memory", "allow_ports",
					   "allow_irq" };
	static const char *const why[] = { "assigning it: ", "INTx: ", "permissions: ",
					   "permissions: ", "INTx: " };

	in_use(HVM);
	failing_op = ops[_i];
	world->hook = fail_op;
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	world->hook = NULL;
	ck_assert_uint_ne(world->diag.text[0], 0);
	ck_assert(world_log_has("03:00.0"));
	world_count("give_back", 0);
	world_count("quarantine 0000:03:00.0 remove", 0);
	is_held(why[_i]);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), NOTHING);
	world_check();
	/* the guest can be given another function, and what stayed is not in its way */
	world_give(HVM, NIC2);
	world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, AT_BAR0 + 0x4000000);
	world_write(HVM, slot, PCI_COMMAND, 2, 7);
	world_has("map_memory d5 gfn e4000 mfn 40f9000 n 16 add");
	world_take(HVM, NIC2);
	comes_back();
}
END_TEST

static unsigned int nth, from, to;

static void fail_between(const char *op)
{
	if (!strcmp(op, failing_op) && ++nth >= from && nth <= to)
		fakexen_fail(world->xen, 1, EIO);
}

/* The second permission fails, and so does the undoing of the first. */
START_TEST(a_permission_that_cannot_be_revoked_is_not_forgotten)
{
	world_typical();
	failing_op = "allow_memory";
	nth = 0;
	from = 2;
	to = 4;
	world->hook = fail_between;
	ck_assert_int_lt(world_attach(PVH, NIC), 0);
	world->hook = NULL;
	ck_assert(world_log_has("held in quarantine"));
	is_held("permissions: ");
	comes_back();
}
END_TEST

START_TEST(a_function_that_fell_off_the_bus_is_not_given_back)
{
	in_use(HVM);
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		world_poke(off, 4, 0xffffffff);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	world->gone = true;
	if (_i)
		world_flr(HVM, slot);
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	is_held("reset: ");
	world_count("give_back", 0);
	world_count("assign d5 0000:03:00.0 remove", 1);
	ck_assert(world_log_has("03:00.0"));
	world_check();
}
END_TEST

Suite *suite_supervisor_held(void)
{
	Suite *s = suite_create("supervisor_held");
	TCase *t = tcase_create("supervisor_held");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, a_function_that_cannot_be_reset_stays_in_quarantine, 0, LOST_WAYS);
	tcase_add_loop_test(t, a_held_function_is_released_by_command, 0, 2);
	tcase_add_test(t, a_device_whose_reset_failed_is_dead);
	tcase_add_test(t, resets_have_a_budget);
	tcase_add_loop_test(t, a_function_that_xen_does_not_take_back_stays_with_the_guest, 0, 5);
	tcase_add_test(t, a_permission_that_cannot_be_revoked_is_not_forgotten);
	tcase_add_loop_test(t, a_function_that_fell_off_the_bus_is_not_given_back, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
