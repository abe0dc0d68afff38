/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attach and detach: the steps and their undoing; two guests at once. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

START_TEST(an_attach_to_hvm_is_undone_in_reverse_order)
{
	static const char *const steps[] = {
		"claim 0000:03:00.0 d5",
		"take 0000:03:00.0",
		"shares_page 0000:03:00.0",
		"quarantine 0000:03:00.0 add",
		"reset 0000:03:00.0",
		"allow_memory d5 mfn 40f8000 n 16 add",
		"assign d5 0000:03:00.0 add",
		"range d5 pci 80 80 add",
		NULL,
	};
	static const char *const undone[] = {
		"range d5 pci 80 80 remove",
		"assign d5 0000:03:00.0 remove",
		"reset 0000:03:00.0",
		"quarantine 0000:03:00.0 remove",
		"give_back 0000:03:00.0",
		"release 0000:03:00.0",
		NULL,
	};

	world_typical();
	world_give(HVM, NIC);
	world_order(steps);
	ck_assert_int_ge(world_find(0, "open 0000:03:00.0"), world_find(0, "take"));
	world_count("reset ", 1);
	world_place(HVM, 0x10);
	fakexen_forget(world->xen);
	world_take(HVM, NIC);
	world_order(undone);
	ck_assert_int_eq(ec_service_guests(world->service), 0);
	world_check_clean();
}
END_TEST

/* With I/O ports, window and host bridge, until the last function is detached. */
START_TEST(an_attach_to_pvh_has_its_own_server)
{
	static const char *const steps[] = {
		"claim 0000:03:00.0 d3",
		"take 0000:03:00.0",
		"quarantine 0000:03:00.0 add",
		"reset 0000:03:00.0",
		"allow_memory d3",
		"assign d3 0000:03:00.0 add",
		NULL,
	};

	world_typical();
	world_give(PVH, NIC);
	world_order(steps);
	ck_assert_int_ge(world_find(0, "range d3 port cf8 cff add"), 0);
	/* Xen's ACPI tables name these ports, and nothing else answers there */
	ck_assert_int_ge(world_find(0, "range d3 port af00 af1f add"), 0);
	ck_assert_int_ge(world_find(0, "range d3 port afe0 afe3 add"), 0);
	ck_assert_uint_eq(world_in(PVH, 0xafe0, 1), 0);
	ck_assert_uint_eq(world_in(PVH, 0xaf1c, 4), 0);
	ck_assert_int_ge(world_find(0, "range d3 memory fd000000 fd3fffff add"), 0);
	ck_assert_uint_eq(world->fds, 1);
	world_count("map_irq", 0);
	world_count("allow_irq", 0);
	world_take(PVH, NIC);
	ck_assert_uint_eq(world->fds, 0);
	world_check_clean();
}
END_TEST

/* Not the pages of the MSI-X table and of the PBA. */
START_TEST(only_mappable_pages_and_ports_are_granted)
{
	static const char *const all[] = {
		"allow_memory d5 mfn 40f8000 n 16 add", "allow_memory d5 mfn fe900 n 1 add",
		"allow_memory d5 mfn fe903 n 1 add",    "allow_ports d5 port e000 n 256 add",
		"allow_memory d5 mfn fe800 n 16 add",
	};
	int assigned;

	world_typical();
	world_give(HVM, NIC);
	assigned = world_find(0, "assign");
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(all); i++) {
		int at = world_find(0, all[i]);

		ck_assert_msg(at >= 0, "no \"%s\"", all[i]);
		ck_assert_int_lt(at, assigned);
	}
	ck_assert_uint_eq(fakexen_count(world->xen, "allow_memory") +
				  fakexen_count(world->xen, "allow_ports"),
			  EC_ARRAY_SIZE(all));
	world_count("map_memory", 0);
}
END_TEST

START_TEST(msix_is_prepared_unless_pciback_does_it)
{
	static const struct {
		bool pciback;
		const char *driver;
		unsigned int prepared;
	} cases[] = { { false, "nic", 1 }, { true, "nic", 0 }, { false, "pciback", 0 },
		      { false, "", 1 },    { true, "", 0 },    { false, "pci-stub", 1 } };
	struct fixture x;

	world_new();
	world_guest(HVM);
	fakexen_pciback(world->xen, cases[_i].pciback);
	world_card(&x, NIC);
	fixture_put(&x, PCI_COMMAND, 2, 0);
	world_add(NIC, cases[_i].driver, &x);
	world_give(HVM, NIC);
	world_count("prepare_msix", cases[_i].prepared);
	world_take(HVM, NIC);
	world_count("prepare_msix", 2 * cases[_i].prepared);
	world_check_clean();
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2), 0);
}
END_TEST

START_TEST(without_msix_nothing_is_prepared)
{
	struct fixture x;

	world_new();
	world_guest(PVH);
	world_card(&x, NIC);
	fixture_put(&x, CAP_EXPRESS + 1, 1, 0xe0); /* no MSI-X */
	world_add(NIC, "nic", &x);
	world_give(PVH, NIC);
	world_count("prepare_msix", 0);
	world_place(PVH, 1);
	ck_assert_int_ge(world_find(0, "map_memory d3 gfn e1000 mfn fe900 n 4 add"), 0);
}
END_TEST

START_TEST(a_detach_restores_bars_and_command)
{
	uint32_t before[16], command;

	world_typical();
	for (uint32_t i = 0; i < 16; i++)
		before[i] = world_peek(i * 4, 4);
	world_give(HVM, NIC);
	command = world_peek(PCI_COMMAND, 2);
	ck_assert_uint_eq(command & 7, PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
	for (uint32_t i = 4; i < 16; i++)
		ck_assert_uint_eq(world_peek(i * 4, 4), before[i]);
	world_take(HVM, NIC);
	for (uint32_t i = 4; i < 16; i++)
		ck_assert_uint_eq(world_peek(i * 4, 4), before[i]);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 3, before[1] & 3);
}
END_TEST

/* The line of the log whose call was made to fail. */
static const char *failed_line(void)
{
	const char *line;

	for (unsigned int i = 0; (line = fakexen_line(world->xen, i)); i++)
		if (strstr(line, " = -EIO"))
			return line;
	return "?";
}

static void typical_for(unsigned int i)
{
	world_typical();
	fakexen_pciback(world->xen, i & 2);
}

START_TEST(each_failing_call_of_an_attach_leaves_nothing)
{
	uint32_t domid = _i & 1 ? HVM : PVH;
	unsigned int n = 0;
	int rc;

	for (bool more = true; more; world_end()) {
		typical_for(_i);
		fakexen_fail(world->xen, ++n, EIO);
		rc = world_attach(domid, NIC);
		more = !fakexen_failing(world->xen);
		/* an attach does not need the guest's name */
		if (!more || (!rc && !strncmp(failed_line(), "name", 4))) {
			ck_assert_int_eq(rc, 0);
			continue;
		}
		ck_assert_msg(rc < 0, "\"%s\" is no fault", failed_line());
		ck_assert_msg(world->diag.text[0], "\"%s\": nothing said", failed_line());
		ck_assert_msg(fakexen_is_clean(world->xen, world->diag.text), "after \"%s\": %s",
			      failed_line(), world->diag.text);
		world_check_clean();
		ck_assert_uint_eq(world->fds, 0);
		ck_assert_uint_eq(ec_service_guests(world->service), 0);
		/* bus mastering is left to the next driver */
		ck_assert_msg((world_peek(PCI_COMMAND, 2) | 4) == 0x0507,
			      "after \"%s\": COMMAND %x", failed_line(),
			      world_peek(PCI_COMMAND, 2));
		ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_3, 4), BAR3);
		world_give(domid, NIC);
		world_take(domid, NIC);
		world_check_clean();
	}
	ck_assert_uint_gt(n, 15);
}
END_TEST

START_TEST(a_failed_second_attach_leaves_the_first_function)
{
	bool more = true;
	int rc;

	world_typical();
	world_give(HVM, NIC);
	world_place(HVM, 0x10);
	for (unsigned int n = 1; more && n < 100; n++) {
		fakexen_forget(world->xen);
		fakexen_fail(world->xen, n, EIO);
		rc = world_attach(HVM, NIC2);
		more = !fakexen_failing(world->xen);
		while (fakexen_failing(world->xen))
			fakexen_store_ops.dispatch(world->xen);
		if (!rc)
			world_take(HVM, NIC2);
		world_check();
		world_count("destroy", 0);
		world_count("map_memory", 0);
		ck_assert_uint_eq(world_read(HVM, 0x10, PCI_COMMAND, 1), 7);
		ck_assert_uint_eq(world_read(HVM, 0x11, PCI_VENDOR_ID, 4), NOTHING);
	}
	ck_assert(!more);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* The guest uses BARs and two vectors. */
static void use(uint32_t domid)
{
	unsigned int slot = ec_sbdf_device(world->at.function.guest);

	world_place(domid, slot);
	world_msix(domid, slot, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; i < 2; i++)
		world_entry(domid, i, 0xfee01000, 0x40 + i, 0);
}

START_TEST(each_failing_call_of_a_detach_is_reported)
{
	uint32_t domid = _i & 1 ? HVM : PVH;
	unsigned int n = 0, slot;
	int rc;

	for (bool more = true; more; world_end()) {
		typical_for(_i);
		world_give(domid, NIC);
		slot = ec_sbdf_device(world->at.function.guest);
		use(domid);
		world_count("bind_msi", 2);
		fakexen_forget(world->xen);
		fakexen_fail(world->xen, ++n, EIO);
		rc = world_detach(domid, NIC);
		more = !fakexen_failing(world->xen);
		ck_assert_msg(!fakexen_violation(world->xen, 0), "\"%s\": violation: %s",
			      failed_line(), fakexen_violation(world->xen, 0));
		/* without its name the guest is not found */
		if (!strncmp(failed_line(), "find", 4)) {
			ck_assert_int_lt(rc, 0);
			continue;
		}
		ck_assert_uint_eq(ec_service_guests(world->service), 0);
		ck_assert_uint_eq(world_read(domid, slot, PCI_VENDOR_ID, 4), NOTHING);
		if (!more)
			ck_assert_int_eq(rc, 0);
		if (rc)
			ck_assert_msg(world->diag.text[0], "\"%s\": nothing said", failed_line());
		else
			ck_assert_msg(fakexen_is_clean(world->xen, world->diag.text),
				      "after \"%s\": %s", failed_line(), world->diag.text);
		if (more)
			world_give(domid, NIC2);
	}
	ck_assert_uint_gt(n, 20);
}
END_TEST

static uint32_t victim;
static unsigned int kill_at;

static void kill_then(const char *op)
{
	(void)op;
	if (world->ticks == kill_at)
		fakexen_kill(world->xen, victim);
}

/* Before each call in turn, until it survives all of them. */
START_TEST(a_guest_that_dies_at_any_call_leaves_nothing)
{
	bool died = true;

	victim = _i & 1 ? HVM : PVH;
	for (kill_at = 1; died; kill_at++, world_end()) {
		typical_for(_i);
		world->hook = kill_then;
		if (!world_attach(victim, NIC)) {
			use(victim);
			world_flr(victim, ec_sbdf_device(world->at.function.guest));
			use(victim);
			world_detach(victim, NIC);
		}
		died = world->ticks >= kill_at;
		world->hook = NULL;
		ck_assert_uint_eq(ec_service_tick(world->service), 0);
		ck_assert_uint_eq(ec_service_guests(world->service), 0);
		ck_assert_msg(fakexen_is_clean(world->xen, world->diag.text), "killed at %u: %s",
			      kill_at, world->diag.text);
		world_check();
		if (died)
			world_guest(victim);
		world_give(victim, NIC);
	}
	ck_assert_uint_gt(kill_at, 50);
}
END_TEST

static bool is_listed(const char *name, uint32_t domid, unsigned int functions)
{
	struct ec_guest_status g;

	for (unsigned int i = 0; i < ec_service_guests(world->service); i++) {
		ec_service_guest(world->service, i, &g);
		if (!strcmp(g.name, name))
			return g.domid == domid && g.functions == functions &&
			       g.device_model == (domid == HVM);
	}
	return false;
}

/* With two functions each. */
START_TEST(two_guests_do_not_see_each_other)
{
	const struct ec_sbdf third = { .bus = 5 }, fourth = { .bus = 5, .devfn = 1 };
	struct ec_function_status f;
	struct fixture x;

	world_typical();
	fixture_init(&x, 256, 0);
	fakexen_device(world->xen, third, "", &x.img);
	fixture_put(&x, 0, 4, 0xabcd4321);
	fakexen_device(world->xen, fourth, "", &x.img);
	world_give(HVM, NIC);
	ck_assert_uint_eq(world->at.function.guest.devfn, 0x10 << 3);
	world_give(PVH, NIC2);
	ck_assert_uint_eq(world->at.function.guest.devfn, 1 << 3);
	world_give(HVM, third);
	ck_assert_uint_eq(world->at.function.guest.devfn, 0x11 << 3);
	world_give(PVH, fourth);
	ck_assert_uint_eq(world->at.function.guest.devfn, 2 << 3);
	ck_assert_uint_eq(world->at.guest.functions, 2);
	ck_assert_uint_eq(world->fds, 2);
	ck_assert_uint_eq(ec_service_guests(world->service), 2);
	ck_assert(is_listed("hvm", HVM, 2));
	ck_assert(is_listed("pvh", PVH, 2));
	ck_assert_uint_eq(world_read(HVM, 0x11, PCI_VENDOR_ID, 4), NIC_IDS);
	ck_assert_uint_eq(world_read(PVH, 2, PCI_VENDOR_ID, 4), 0xabcd4321);
	ck_assert_uint_eq(world_read(PVH, 3, PCI_VENDOR_ID, 4), NOTHING);
	/* both place their first card at the same guest address */
	world_place(HVM, 0x10);
	world_place(PVH, 1);
	ck_assert_int_ge(world_find(0, "map_memory d5 gfn e0000 mfn 40f8000 n 16 add"), 0);
	ck_assert_int_ge(world_find(0, "map_memory d3 gfn e0000 mfn 40f9000 n 16 add"), 0);
	world_take(HVM, NIC);
	ck_assert(is_listed("hvm", HVM, 1));
	ck_assert_uint_eq(world_read(HVM, 0x10, PCI_VENDOR_ID, 4), NOTHING);
	ck_assert_uint_eq(world_read(HVM, 0x11, PCI_VENDOR_ID, 4), NIC_IDS);
	ck_assert_uint_eq(world_read(PVH, 1, PCI_COMMAND, 1), 7);
	world_give(HVM, NIC);
	ck_assert_uint_eq(world->at.function.guest.devfn, 0x10 << 3);
	ec_service_function(world->service, is_listed("hvm", HVM, 2) ? 0 : 1, 0, &f);
	ck_assert_uint_lt(f.host.bus, 6);
	world_stop();
	world_check_clean();
}
END_TEST

/* A register that is read from the hardware costs one access. */
START_TEST(accesses_are_counted_and_constants_cost_none)
{
	struct ec_function_status f;
	unsigned int slot;

	slot = world_given(PVH);
	ck_assert_int_eq(ec_sbdf_compare(world->at.function.host, NIC), 0);
	ec_service_function(world->service, 0, 0, &f);
	ck_assert_uint_eq(f.reads + f.writes + f.hardware_reads + f.hardware_writes, 0);
	for (uint32_t off = 0; off < 0x40; off += 4)
		if (off != PCI_COMMAND)
			world_read(PVH, slot, off, 4);
	ec_service_function(world->service, 0, 0, &f);
	ck_assert_uint_eq(f.reads, 15);
	ck_assert_uint_eq(f.hardware_reads, 0);
	world_read(PVH, slot, PCI_STATUS, 2);
	world_load(PVH, AT_ECAM + (slot << 15) + PCI_STATUS, 2);
	world_write(PVH, slot, PCI_CACHE_LINE_SIZE, 1, 0x10);
	ec_service_function(world->service, 0, 0, &f);
	ck_assert_uint_eq(f.reads, 17);
	ck_assert_uint_eq(f.hardware_reads, 2);
	ck_assert_uint_eq(f.writes, 1);
	ck_assert_uint_eq(f.hardware_writes, 0);
	world_write(PVH, slot, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ec_service_function(world->service, 0, 0, &f);
	ck_assert_uint_eq(f.writes, 2);
	ck_assert_uint_ge(f.hardware_writes, 1);
	ck_assert(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER);
}
END_TEST

Suite *suite_supervisor_service(void)
{
	Suite *s = suite_create("supervisor_service");
	TCase *t = tcase_create("service");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, an_attach_to_hvm_is_undone_in_reverse_order);
	tcase_add_test(t, an_attach_to_pvh_has_its_own_server);
	tcase_add_test(t, only_mappable_pages_and_ports_are_granted);
	tcase_add_loop_test(t, msix_is_prepared_unless_pciback_does_it, 0, 6);
	tcase_add_test(t, without_msix_nothing_is_prepared);
	tcase_add_test(t, a_detach_restores_bars_and_command);
	tcase_add_loop_test(t, each_failing_call_of_an_attach_leaves_nothing, 0, 4);
	tcase_add_test(t, a_failed_second_attach_leaves_the_first_function);
	tcase_add_loop_test(t, each_failing_call_of_a_detach_is_reported, 0, 4);
	tcase_add_loop_test(t, a_guest_that_dies_at_any_call_leaves_nothing, 0, 4);
	tcase_add_test(t, two_guests_do_not_see_each_other);
	tcase_add_test(t, accesses_are_counted_and_constants_cost_none);
	suite_add_tcase(s, t);
	return s;
}
