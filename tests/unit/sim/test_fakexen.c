/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grants, mappings, interrupts and assignment: errors, violations, what is left. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/bits.h"
#include "sim/sim.h"
#include "suites.h"

/* Address of BAR 3 of fixture_nic, which holds the MSI-X table. */
#define TABLE_BAR 0xfe900000u

/* What D3 is given: frames of a BAR, ports, an interrupt line; MSI takes pirqs from the top. */
#define MFN 0xf1000u
#define GFN 0xf0000u
#define PORT 0xe000u
#define GUEST_PORT 0xc000u
#define GSI 35
#define FIRST_MSI (FAKEXEN_PIRQS - 1)
#define PIN_DEVICE 4

START_TEST(each_call_is_a_line_of_the_log)
{
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN, 4, true), 0);
	ck_assert_int_eq(priv->allow_memory(xen, D9, MFN, 4, true), -ESRCH);
	ck_assert_int_eq(priv->populated(xen, D3, 0, 1), 1);
	ck_assert_str_eq(fakexen_line(xen, 0), "allow_memory d3 mfn f1000 n 4 add");
	ck_assert_str_eq(fakexen_line(xen, 1), "allow_memory d9 mfn f1000 n 4 add = -ESRCH");
	ck_assert_str_eq(fakexen_line(xen, 2), "populated d3 gfn 0 n 1 = 1");
	ck_assert(!fakexen_line(xen, 3));
	ck_assert_uint_eq(fakexen_count(xen, "allow_memory d"), 2);
	fakexen_forget(xen);
	ck_assert(!fakexen_line(xen, 0));
	fakexen_check_left(xen, "permission for memory f1000");
}
END_TEST

START_TEST(only_permitted_memory_is_mapped)
{
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, true),
			 -EPERM);
	priv->allow_memory(xen, D3, MFN, 3, true);
	priv->allow_memory(xen, D4, MFN, 4, true);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, true),
			 -EPERM);
	priv->allow_memory(xen, D3, MFN + 3, 2, true);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, true), 0);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, true), 0);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, false), 0);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 4 }, false),
			 -EINVAL);
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN, 3, false), 0);
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN + 3, 2, false), 0);
	/* revoking what was never granted is allowed: an undo is written before its step */
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN, 3, false), 0);
	fakexen_check_left(xen, "d4: permission for memory f1000");
	ck_assert_int_eq(priv->allow_memory(xen, D4, MFN, 4, false), 0);
	fakexen_check(xen);
}
END_TEST

START_TEST(only_permitted_ports_are_mapped)
{
	ck_assert_int_eq(
		priv->map_ports(xen, D3, &(struct ec_io_ports){ GUEST_PORT, PORT, 32 }, true),
		-EPERM);
	ck_assert_int_eq(priv->allow_ports(xen, D3, 0xffff, 2, true), -EINVAL);
	ck_assert_int_eq(priv->allow_ports(xen, D3, PORT, 32, true), 0);
	ck_assert_int_eq(
		priv->map_ports(xen, D3, &(struct ec_io_ports){ GUEST_PORT, PORT, 32 }, true), 0);
	ck_assert_int_eq(
		priv->map_ports(xen, D3, &(struct ec_io_ports){ GUEST_PORT + 31, PORT, 1 }, true),
		-EBUSY);
	ck_assert_int_eq(priv->map_ports(xen, D3, &(struct ec_io_ports){ 0xd000, PORT, 32 }, false),
			 -ENOENT);
	ck_assert_int_eq(
		priv->map_ports(xen, D3, &(struct ec_io_ports){ GUEST_PORT, PORT, 32 }, false), 0);
	ck_assert_int_eq(priv->allow_ports(xen, D3, PORT, 32, false), 0);
	fakexen_check(xen);
}
END_TEST

static void map_where_mapped(void)
{
	ck_assert_int_eq(
		priv->map_memory(xen, D3, &(struct ec_frames){ GFN + 1, MFN + 3, 1 }, true),
		-EPERM);
}

static void map_over_memory(void)
{
	priv->map_memory(xen, D3, &(struct ec_frames){ 0xff, MFN + 3, 1 }, true);
}

static void unmap_less_than_mapped(void)
{
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 1 }, false),
			 -EINVAL);
}

static void revoke_less_than_granted(void)
{
	priv->allow_memory(xen, D3, MFN, 3, false);
}

static void grant_again(void)
{
	priv->allow_memory(xen, D3, MFN + 3, 4, true);
}

static void revoke_what_is_mapped(void)
{
	priv->allow_memory(xen, D3, MFN, 4, false);
}

static void unmap_a_bound_pirq(void)
{
	ck_assert_int_eq(priv->unmap_pirq(xen, D3, GSI), 0);
}

static void unbind_with_other_arguments(void)
{
	struct ec_msi_binding b = { .vector = 0x42 };

	ck_assert_int_eq(priv->unbind_msi(xen, D3, FIRST_MSI, &b), 0);
}

static void take_away_with_an_msi(void)
{
	ck_assert_int_eq(priv->assign(xen, D3, nic, false), 0);
}

static void map_msi_beside_msix(void)
{
	int pirq = -1;

	ck_assert_int_eq(priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 0, 0 }, &pirq), 0);
	ck_assert_int_eq(pirq, FIRST_MSI - 1);
}

static void map_msix_in_another_bar(void)
{
	int pirq = -1;

	ck_assert_int_eq(priv->map_msi(xen, D3,
				       &(struct ec_msi_source){ nic, 1, TABLE_BAR + 0x1000 },
				       &pirq),
			 0);
}

static void give_back_an_assigned_function(void)
{
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub", .master = true };

	ck_assert_int_eq(device->give_back(xen, nic, &t, NULL), 0);
}

static void copy_three_pages(void)
{
	struct ec_server *s;
	uint8_t buf[8192];

	ck_assert_int_eq(server->create(xen, &(struct ec_server_options){ D3, 2, NULL, NULL }, &s),
			 0);
	ck_assert_int_eq(server->copy(s, 0x1001, buf, sizeof(buf), false), -EINVAL);
	server->destroy(s);
}

static void unmap_what_is_not_mapped(void)
{
	device->unmap(xen, xen, 0x1000);
}

static const struct {
	void (*step)(void);
	const char *says; /* part of the violation's text */
} violations[] = {
	{ map_where_mapped, "domain_crash d3: gfn f0001" },
	{ map_over_memory, "loses its memory" },
	{ unmap_less_than_mapped, "mapped to f1000 n 2" },
	{ revoke_less_than_granted, "was allowed f1000 n 4" },
	{ grant_again, "again" },
	{ revoke_what_is_mapped, "forbidden f1000" },
	{ unmap_a_bound_pirq, "pirq 35 is bound" },
	{ unbind_with_other_arguments, "pirq 1023 is bound otherwise" },
	{ take_away_with_an_msi, "loses 0000:01:00.0" },
	{ map_msi_beside_msix, "MSI and MSI-X" },
	{ map_msix_in_another_bar, "BAR at fe900000" },
	{ give_back_an_assigned_function, "while it is d3's" },
	{ copy_three_pages, "copying 8192" },
	{ unmap_what_is_not_mapped, "not mapped" },
};

/* D3 uses nic: a BAR, INTx and an MSI-X vector. */
static void use_nic(void)
{
	struct ec_msi_binding b = { .vector = 0x41, .flags = 1, .table = 0xf0003000 };
	struct ec_taken t;
	int gsi = -1, msi = -1;

	ck_assert_int_eq(device->take(xen, nic, &t, NULL), 0);
	ck_assert_int_eq(priv->quarantine(xen, nic, true), 0);
	ck_assert_int_eq(priv->prepare_msix(xen, nic, true), 0);
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN, 4, true), 0);
	ck_assert_int_eq(priv->assign(xen, D3, nic, true), 0);
	ck_assert_int_eq(priv->map_irq(xen, D3, GSI, &gsi), 0);
	ck_assert_int_eq(gsi, GSI);
	ck_assert_int_eq(priv->allow_irq(xen, D3, GSI, true), 0);
	ck_assert_int_eq(priv->bind_intx(xen, D3, gsi, (struct ec_intx){ PIN_DEVICE, 0 }, true), 0);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 2 }, true), 0);
	ck_assert_int_eq(priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 0, TABLE_BAR }, &msi),
			 0);
	ck_assert_int_eq(msi, FIRST_MSI);
	ck_assert_int_eq(priv->bind_msi(xen, D3, msi, &b), 0);
}

START_TEST(what_xen_punishes_is_a_violation)
{
	use_nic();
	fakexen_check_violation(xen, NULL);
	violations[_i].step();
	fakexen_check_violation(xen, violations[_i].says);
}
END_TEST

START_TEST(a_function_in_use_is_undone_in_reverse_order)
{
	struct ec_msi_binding b = { .vector = 0x41, .flags = 1, .table = 0xf0003000 };
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub", .master = true };

	use_nic();
	ck_assert_int_eq(priv->prepare_msix(xen, nic, false), -EBUSY);
	b.flags = 2;
	ck_assert_int_eq(priv->bind_msi(xen, D3, FIRST_MSI, &b), 0);
	ck_assert_int_eq(priv->unbind_msi(xen, D3, FIRST_MSI, &b), 0);
	ck_assert_int_eq(priv->unbind_msi(xen, D3, FIRST_MSI, &b), -EINVAL);
	ck_assert_int_eq(priv->unmap_pirq(xen, D3, FIRST_MSI), 0);
	ck_assert_int_eq(priv->unmap_pirq(xen, D3, FIRST_MSI), -EINVAL);
	ck_assert_int_eq(priv->map_memory(xen, D3, &(struct ec_frames){ GFN, MFN, 2 }, false), 0);
	ck_assert_int_eq(priv->bind_intx(xen, D3, GSI, (struct ec_intx){ PIN_DEVICE, 0 }, false),
			 0);
	ck_assert_int_eq(priv->allow_irq(xen, D3, GSI, false), 0);
	ck_assert_int_eq(priv->unmap_pirq(xen, D3, GSI), 0);
	ck_assert_int_eq(priv->quarantine(xen, nic, false), -ENODEV);
	ck_assert_int_eq(priv->assign(xen, D3, nic, false), 0);
	ck_assert_int_eq(priv->allow_memory(xen, D3, MFN, 4, false), 0);
	ck_assert_int_eq(priv->prepare_msix(xen, nic, false), 0);
	fakexen_check_left(xen, "taken: of 0000:01:00.0");
	ck_assert_int_eq(priv->quarantine(xen, nic, false), 0);
	ck_assert_int_eq(device->give_back(xen, nic, &t, NULL), 0);
	fakexen_check(xen);
}
END_TEST

START_TEST(interrupts_are_refused_with_the_errors_of_xen)
{
	struct ec_msi_binding b = { .vector = 0x41 };
	int pirq = 40;

	ck_assert_int_eq(priv->bind_intx(xen, D3, GSI, (struct ec_intx){ PIN_DEVICE, 0 }, true),
			 -EINVAL);
	ck_assert_int_eq(priv->bind_msi(xen, D3, FIRST_MSI, &b), -EINVAL);
	ck_assert_int_eq(priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 0, 0 }, &pirq),
			 -ENODEV);
	ck_assert_int_eq(priv->map_irq(xen, D3, FAKEXEN_GSIS, &pirq), -EINVAL);
	use_nic();
	ck_assert_int_eq(priv->map_irq(xen, D3, GSI, &pirq), -EEXIST);
	pirq = GSI;
	ck_assert_int_eq(priv->map_irq(xen, D3, 36, &pirq), -EEXIST);
	ck_assert_int_eq(
		priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 1, TABLE_BAR }, &pirq),
		-EINVAL);
	pirq = -1;
	ck_assert_int_eq(
		priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 0, TABLE_BAR }, &pirq),
		-EEXIST);
	ck_assert_int_eq(
		priv->map_msi(xen, D3, &(struct ec_msi_source){ nic, 64, TABLE_BAR }, &pirq),
		-EINVAL);
	ck_assert_int_eq(priv->bind_msi(xen, D3, GSI, &b), -EINVAL);
	ck_assert_int_eq(
		priv->bind_intx(xen, D3, FIRST_MSI, (struct ec_intx){ PIN_DEVICE, 0 }, true),
		-EINVAL);
	ck_assert_int_eq(priv->bind_intx(xen, D3, GSI, (struct ec_intx){ PIN_DEVICE, 0 }, true),
			 -EEXIST);
	ck_assert_int_eq(priv->bind_intx(xen, D3, GSI, (struct ec_intx){ 32, 0 }, true), -EINVAL);
	info->intx = false;
	ck_assert_int_eq(priv->bind_intx(xen, D3, GSI, (struct ec_intx){ 5, 0 }, true),
			 -EOPNOTSUPP);
	fakexen_check_violation(xen, NULL);
}
END_TEST

START_TEST(a_function_has_one_owner)
{
	ck_assert_int_eq(priv->assign(xen, D3, nowhere, true), -ENODEV);
	ck_assert_int_eq(priv->assign(xen, D3, nic, false), -ENODEV);
	ck_assert_int_eq(priv->quarantine(xen, nic, false), -ENODEV);
	info->iommu = false;
	ck_assert_int_eq(priv->assign(xen, D3, nic, true), -EOPNOTSUPP);
	info->iommu = true;
	info->populate = true;
	ck_assert_int_eq(priv->assign(xen, D3, nic, true), -EXDEV);
	ck_assert_int_eq(priv->assign(xen, D4, nic, true), 0);
	info->populate = false;
	ck_assert_int_eq(priv->assign(xen, D3, nic, true), -EBUSY);
	ck_assert_int_eq(priv->quarantine(xen, nic, true), -EBUSY);
	fakexen_check_left(xen, "assigned");
	ck_assert_int_eq(priv->assign(xen, D4, nic, false), 0);
	fakexen_check_left(xen, NULL);
	/* from quarantine, and back to it */
	ck_assert_int_eq(priv->quarantine(xen, nic, true), 0);
	ck_assert_int_eq(priv->assign(xen, D4, nic, true), 0);
	ck_assert_int_eq(priv->assign(xen, D4, nic, false), 0);
	fakexen_check_left(xen, "in quarantine");
	ck_assert_int_eq(priv->quarantine(xen, nic, false), 0);
	fakexen_check_left(xen, NULL);
}
END_TEST

START_TEST(xen_forgets_a_dead_guest_but_host_and_store_do_not)
{
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub", .master = true };
	struct pollfd p = { .fd = store->fd(xen), .events = POLLIN };
	struct ec_guest_info i;
	struct ec_server *s;
	uint32_t holder;

	use_nic();
	ck_assert_int_eq(server->create(xen, &(struct ec_server_options){ D3, 2, NULL, NULL }, &s),
			 0);
	ck_assert_int_eq(store->claim(xen, nic, 3, &holder), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	fakexen_kill(xen, D3);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(store->dispatch(xen), 1);
	ck_assert_int_eq(store->dispatch(xen), 0);
	ck_assert_int_eq(priv->guest_info(xen, D3, &i), -ESRCH);
	ck_assert_int_eq(priv->unmap_pirq(xen, D3, GSI), -ESRCH);
	ck_assert_int_eq(server->enable(s), -ESRCH);
	ck_assert_int_eq(store->find(xen, "three", &holder), -ENOENT);
	/* Xen has forgotten; host and store have not */
	ck_assert_int_eq(priv->prepare_msix(xen, nic, false), 0);
	ck_assert_int_eq(priv->quarantine(xen, nic, false), 0);
	ck_assert_int_eq(device->give_back(xen, nic, &t, NULL), 0);
	fakexen_check_left(xen, "claim of 0000:01:00.0");
	ck_assert_int_eq(store->release(xen, nic), 0);
	fakexen_check_left(xen, "1 servers");
	fakexen_guest(xen, D3, "again");
	ck_assert_int_eq(server->enable(s), -ESRCH);
	server->destroy(s);
	fakexen_check(xen);
}
END_TEST

START_TEST(a_fault_fails_the_nth_call)
{
	int pirq = -1;

	fakexen_fail(xen, 2, EIO);
	fakexen_fail(xen, 3, ENOMEM);
	ck_assert_int_eq(priv->allow_memory(xen, D3, 1, 1, true), 0);
	ck_assert_int_eq(priv->map_irq(xen, D3, 5, &pirq), -EIO);
	ck_assert_int_eq(pirq, -1);
	ck_assert(fakexen_failing(xen));
	ck_assert_int_eq(priv->allow_memory(xen, D3, 1, 1, false), -ENOMEM);
	ck_assert(!fakexen_failing(xen));
	ck_assert_int_eq(priv->allow_memory(xen, D3, 1, 1, false), 0);
	ck_assert_str_eq(fakexen_line(xen, 1), "map_irq d3 irq 5 pirq -1 = -EIO");
	fakexen_check_left(xen, NULL);
}
END_TEST

Suite *suite_sim_fakexen(void)
{
	Suite *s = suite_create("sim_fakexen");
	TCase *t = sim_tcase("fakexen");

	tcase_add_test(t, each_call_is_a_line_of_the_log);
	tcase_add_test(t, only_permitted_memory_is_mapped);
	tcase_add_test(t, only_permitted_ports_are_mapped);
	tcase_add_loop_test(t, what_xen_punishes_is_a_violation, 0, EC_ARRAY_SIZE(violations));
	tcase_add_test(t, a_function_in_use_is_undone_in_reverse_order);
	tcase_add_test(t, interrupts_are_refused_with_the_errors_of_xen);
	tcase_add_test(t, a_function_has_one_owner);
	tcase_add_test(t, xen_forgets_a_dead_guest_but_host_and_store_do_not);
	tcase_add_test(t, a_fault_fails_the_nth_call);
	suite_add_tcase(s, t);
	return s;
}
