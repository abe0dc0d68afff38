/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/bits.h"
#include "fakexen.h"
#include "fixture.h"
#include "suites.h"

/* Of fixture_nic: BAR 3 holds the MSI-X table. */
#define TABLE_BAR 0xfe900000u

static const struct ec_priv_ops *const priv = &fakexen_priv_ops;
static const struct ec_server_ops *const server = &fakexen_server_ops;
static const struct ec_store_ops *const store = &fakexen_store_ops;
static const struct ec_device_ops *const device = &fakexen_device_ops;
static const struct ec_sbdf nic = { 0, 1, 0 }, nowhere = { 0, 2, 0 };
static struct fakexen *f;
static struct ec_guest_info *info; /* of guest 3 */

static void setup(void)
{
	struct fixture x;

	fixture_nic(&x);
	f = fakexen_new();
	info = fakexen_guest(f, 3, "three");
	fakexen_guest(f, 4, "four");
	fakexen_device(f, nic, "e1000e", &x.img);
}

static void teardown(void)
{
	fakexen_free(f);
}

START_TEST(log_lines)
{
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1000, 4, true), 0);
	ck_assert_int_eq(priv->allow_memory(f, 9, 0xf1000, 4, true), -ESRCH);
	ck_assert_int_eq(priv->populated(f, 3, 0, 1), 1);
	ck_assert_str_eq(fakexen_line(f, 0), "allow_memory d3 mfn f1000 n 4 add");
	ck_assert_str_eq(fakexen_line(f, 1), "allow_memory d9 mfn f1000 n 4 add = -ESRCH");
	ck_assert_str_eq(fakexen_line(f, 2), "populated d3 gfn 0 n 1 = 1");
	ck_assert(!fakexen_line(f, 3));
	ck_assert_uint_eq(fakexen_count(f, "allow_memory d"), 2);
	fakexen_forget(f);
	ck_assert(!fakexen_line(f, 0));
	fakexen_check_left(f, "permission for memory f1000");
}
END_TEST

START_TEST(grants)
{
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, true), -EPERM);
	priv->allow_memory(f, 3, 0xf1000, 3, true);
	priv->allow_memory(f, 4, 0xf1000, 4, true);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, true), -EPERM);
	priv->allow_memory(f, 3, 0xf1003, 2, true);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, true), 0);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, true), 0);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, false), 0);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 4, false), -EINVAL);
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1000, 3, false), 0);
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1003, 2, false), 0);
	/* what was never granted may be revoked: an undo is written before its step */
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1000, 3, false), 0);
	fakexen_check_left(f, "d4: permission for memory f1000");
	ck_assert_int_eq(priv->allow_memory(f, 4, 0xf1000, 4, false), 0);
	fakexen_check(f);
}
END_TEST

START_TEST(ports)
{
	ck_assert_int_eq(priv->map_ports(f, 3, 0xc000, 0xe000, 32, true), -EPERM);
	ck_assert_int_eq(priv->allow_ports(f, 3, 0xffff, 2, true), -EINVAL);
	ck_assert_int_eq(priv->allow_ports(f, 3, 0xe000, 32, true), 0);
	ck_assert_int_eq(priv->map_ports(f, 3, 0xc000, 0xe000, 32, true), 0);
	ck_assert_int_eq(priv->map_ports(f, 3, 0xc01f, 0xe000, 1, true), -EBUSY);
	ck_assert_int_eq(priv->map_ports(f, 3, 0xd000, 0xe000, 32, false), -ENOENT);
	ck_assert_int_eq(priv->map_ports(f, 3, 0xc000, 0xe000, 32, false), 0);
	ck_assert_int_eq(priv->allow_ports(f, 3, 0xe000, 32, false), 0);
	fakexen_check(f);
}
END_TEST

/* Each is wrong once. */
static void crash(void)
{
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0001, 0xf1003, 1, true), -EPERM);
}

static void over_memory(void)
{
	priv->map_memory(f, 3, 0xff, 0xf1003, 1, true);
}

static void otherwise_mapped(void)
{
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 1, false), -EINVAL);
}

static void otherwise_granted(void)
{
	priv->allow_memory(f, 3, 0xf1000, 3, false);
}

static void granted_again(void)
{
	priv->allow_memory(f, 3, 0xf1003, 4, true);
}

static void mapped_still(void)
{
	priv->allow_memory(f, 3, 0xf1000, 4, false);
}

static void bound_still(void)
{
	ck_assert_int_eq(priv->unmap_pirq(f, 3, 35), 0);
}

static void bound_otherwise(void)
{
	struct ec_msi_binding b = { .vector = 0x42 };

	ck_assert_int_eq(priv->unbind_msi(f, 3, 1023, &b), 0);
}

static void lost_with_msi(void)
{
	ck_assert_int_eq(priv->assign(f, 3, nic, false), 0);
}

static void two_modes(void)
{
	int pirq = -1;

	ck_assert_int_eq(priv->map_msi(f, 3, nic, 0, 0, &pirq), 0);
	ck_assert_int_eq(pirq, 1022);
}

static void other_table(void)
{
	int pirq = -1;

	ck_assert_int_eq(priv->map_msi(f, 3, nic, 1, TABLE_BAR + 0x1000, &pirq), 0);
}

static void given_back(void)
{
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub" };

	ck_assert_int_eq(device->give_back(f, nic, &t, NULL), 0);
}

static void too_long(void)
{
	struct ec_server *s;
	uint8_t buf[8192];

	ck_assert_int_eq(server->create(f, 3, 2, NULL, NULL, &s), 0);
	ck_assert_int_eq(server->copy(s, 0x1001, buf, sizeof(buf), false), -EINVAL);
	server->destroy(s);
}

static void not_mapped(void)
{
	device->unmap(f, f, 0x1000);
}

static const struct {
	void (*step)(void);
	const char *says;
} wrongs[] = {
	{ crash, "domain_crash d3: gfn f0001" },
	{ over_memory, "loses its memory" },
	{ otherwise_mapped, "mapped to f1000 n 2" },
	{ otherwise_granted, "was allowed f1000 n 4" },
	{ granted_again, "again" },
	{ mapped_still, "forbidden f1000" },
	{ bound_still, "pirq 35 is bound" },
	{ bound_otherwise, "pirq 1023 is bound otherwise" },
	{ lost_with_msi, "loses 0000:01:00.0" },
	{ two_modes, "MSI and MSI-X" },
	{ other_table, "BAR at fe900000" },
	{ given_back, "while it is d3's" },
	{ too_long, "copying 8192" },
	{ not_mapped, "not mapped" },
};

/* A function as it is in use. */
static void use_nic(void)
{
	struct ec_msi_binding b = { .vector = 0x41, .flags = 1, .table = 0xf0003000 };
	struct ec_taken t;
	int gsi = -1, msi = -1;

	ck_assert_int_eq(device->take(f, nic, &t, NULL), 0);
	ck_assert_int_eq(priv->quarantine(f, nic, true), 0);
	ck_assert_int_eq(priv->prepare_msix(f, nic, true), 0);
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1000, 4, true), 0);
	ck_assert_int_eq(priv->assign(f, 3, nic, true), 0);
	ck_assert_int_eq(priv->map_irq(f, 3, 35, &gsi), 0);
	ck_assert_int_eq(gsi, 35);
	ck_assert_int_eq(priv->allow_irq(f, 3, 35, true), 0);
	ck_assert_int_eq(priv->bind_intx(f, 3, gsi, 4, 0, true), 0);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 2, true), 0);
	ck_assert_int_eq(priv->map_msi(f, 3, nic, 0, TABLE_BAR, &msi), 0);
	ck_assert_int_eq(msi, 1023);
	ck_assert_int_eq(priv->bind_msi(f, 3, msi, &b), 0);
}

START_TEST(violations)
{
	use_nic();
	fakexen_check_violation(f, NULL);
	wrongs[_i].step();
	fakexen_check_violation(f, wrongs[_i].says);
}
END_TEST

/* And undone, in the reverse order. */
START_TEST(in_use)
{
	struct ec_msi_binding b = { .vector = 0x41, .flags = 1, .table = 0xf0003000 };
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub" };

	use_nic();
	ck_assert_int_eq(priv->prepare_msix(f, nic, false), -EBUSY);
	b.flags = 2;
	ck_assert_int_eq(priv->bind_msi(f, 3, 1023, &b), 0);
	ck_assert_int_eq(priv->unbind_msi(f, 3, 1023, &b), 0);
	ck_assert_int_eq(priv->unbind_msi(f, 3, 1023, &b), -EINVAL);
	ck_assert_int_eq(priv->unmap_pirq(f, 3, 1023), 0);
	ck_assert_int_eq(priv->unmap_pirq(f, 3, 1023), -EINVAL);
	ck_assert_int_eq(priv->map_memory(f, 3, 0xf0000, 0xf1000, 2, false), 0);
	ck_assert_int_eq(priv->bind_intx(f, 3, 35, 4, 0, false), 0);
	ck_assert_int_eq(priv->allow_irq(f, 3, 35, false), 0);
	ck_assert_int_eq(priv->unmap_pirq(f, 3, 35), 0);
	ck_assert_int_eq(priv->quarantine(f, nic, false), -ENODEV);
	ck_assert_int_eq(priv->assign(f, 3, nic, false), 0);
	ck_assert_int_eq(priv->allow_memory(f, 3, 0xf1000, 4, false), 0);
	ck_assert_int_eq(priv->prepare_msix(f, nic, false), 0);
	fakexen_check_left(f, "taken: of 0000:01:00.0");
	ck_assert_int_eq(priv->quarantine(f, nic, false), 0);
	ck_assert_int_eq(device->give_back(f, nic, &t, NULL), 0);
	fakexen_check(f);
}
END_TEST

START_TEST(interrupt_errors)
{
	struct ec_msi_binding b = { .vector = 0x41 };
	int pirq = 40;

	ck_assert_int_eq(priv->bind_intx(f, 3, 35, 4, 0, true), -EINVAL);
	ck_assert_int_eq(priv->bind_msi(f, 3, 1023, &b), -EINVAL);
	ck_assert_int_eq(priv->map_msi(f, 3, nic, 0, 0, &pirq), -ENODEV);
	ck_assert_int_eq(priv->map_irq(f, 3, FAKEXEN_GSIS, &pirq), -EINVAL);
	use_nic();
	ck_assert_int_eq(priv->map_irq(f, 3, 35, &pirq), -EEXIST);
	pirq = 35;
	ck_assert_int_eq(priv->map_irq(f, 3, 36, &pirq), -EEXIST);
	ck_assert_int_eq(priv->map_msi(f, 3, nic, 1, TABLE_BAR, &pirq), -EINVAL);
	pirq = -1;
	ck_assert_int_eq(priv->map_msi(f, 3, nic, 0, TABLE_BAR, &pirq), -EEXIST);
	ck_assert_int_eq(priv->map_msi(f, 3, nic, 64, TABLE_BAR, &pirq), -EINVAL);
	ck_assert_int_eq(priv->bind_msi(f, 3, 35, &b), -EINVAL);
	ck_assert_int_eq(priv->bind_intx(f, 3, 1023, 4, 0, true), -EINVAL);
	ck_assert_int_eq(priv->bind_intx(f, 3, 35, 4, 0, true), -EEXIST);
	ck_assert_int_eq(priv->bind_intx(f, 3, 35, 32, 0, true), -EINVAL);
	info->intx = false;
	ck_assert_int_eq(priv->bind_intx(f, 3, 35, 5, 0, true), -EOPNOTSUPP);
	fakexen_check_violation(f, NULL);
}
END_TEST

START_TEST(assignment)
{
	ck_assert_int_eq(priv->assign(f, 3, nowhere, true), -ENODEV);
	ck_assert_int_eq(priv->assign(f, 3, nic, false), -ENODEV);
	ck_assert_int_eq(priv->quarantine(f, nic, false), -ENODEV);
	info->iommu = false;
	ck_assert_int_eq(priv->assign(f, 3, nic, true), -EOPNOTSUPP);
	info->iommu = true;
	info->populate = true;
	ck_assert_int_eq(priv->assign(f, 3, nic, true), -EXDEV);
	ck_assert_int_eq(priv->assign(f, 4, nic, true), 0);
	info->populate = false;
	ck_assert_int_eq(priv->assign(f, 3, nic, true), -EBUSY);
	ck_assert_int_eq(priv->quarantine(f, nic, true), -EBUSY);
	fakexen_check_left(f, "assigned");
	ck_assert_int_eq(priv->assign(f, 4, nic, false), 0);
	fakexen_check_left(f, NULL);
	/* from quarantine, and back to it */
	ck_assert_int_eq(priv->quarantine(f, nic, true), 0);
	ck_assert_int_eq(priv->assign(f, 4, nic, true), 0);
	ck_assert_int_eq(priv->assign(f, 4, nic, false), 0);
	fakexen_check_left(f, "in quarantine");
	ck_assert_int_eq(priv->quarantine(f, nic, false), 0);
	fakexen_check_left(f, NULL);
}
END_TEST

START_TEST(death)
{
	struct ec_taken t = { .driver = "e1000e", .stub = "pci-stub" };
	struct pollfd p = { .fd = store->fd(f), .events = POLLIN };
	struct ec_guest_info i;
	struct ec_server *s;
	uint32_t holder;

	use_nic();
	ck_assert_int_eq(server->create(f, 3, 2, NULL, NULL, &s), 0);
	ck_assert_int_eq(store->claim(f, nic, 3, &holder), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	fakexen_kill(f, 3);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(store->dispatch(f), 1);
	ck_assert_int_eq(store->dispatch(f), 0);
	ck_assert_int_eq(priv->guest_info(f, 3, &i), -ESRCH);
	ck_assert_int_eq(priv->unmap_pirq(f, 3, 35), -ESRCH);
	ck_assert_int_eq(server->enable(s), -ESRCH);
	ck_assert_int_eq(store->find(f, "three", &holder), -ENOENT);
	/* Xen has forgotten; the host and the store have not */
	ck_assert_int_eq(priv->prepare_msix(f, nic, false), 0);
	ck_assert_int_eq(priv->quarantine(f, nic, false), 0);
	ck_assert_int_eq(device->give_back(f, nic, &t, NULL), 0);
	fakexen_check_left(f, "claim of 0000:01:00.0");
	ck_assert_int_eq(store->release(f, nic), 0);
	fakexen_check_left(f, "1 servers");
	fakexen_guest(f, 3, "again");
	ck_assert_int_eq(server->enable(s), -ESRCH);
	server->destroy(s);
	fakexen_check(f);
}
END_TEST

START_TEST(faults)
{
	int pirq = -1;

	fakexen_fail(f, 2, EIO);
	fakexen_fail(f, 3, ENOMEM);
	ck_assert_int_eq(priv->allow_memory(f, 3, 1, 1, true), 0);
	ck_assert_int_eq(priv->map_irq(f, 3, 5, &pirq), -EIO);
	ck_assert_int_eq(pirq, -1);
	ck_assert(fakexen_failing(f));
	ck_assert_int_eq(priv->allow_memory(f, 3, 1, 1, false), -ENOMEM);
	ck_assert(!fakexen_failing(f));
	ck_assert_int_eq(priv->allow_memory(f, 3, 1, 1, false), 0);
	ck_assert_str_eq(fakexen_line(f, 1), "map_irq d3 irq 5 pirq -1 = -EIO");
	fakexen_check_left(f, NULL);
}
END_TEST

Suite *suite_fakexen(void)
{
	Suite *s = suite_create("fakexen");
	TCase *t = tcase_create("fakexen");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, log_lines);
	tcase_add_test(t, grants);
	tcase_add_test(t, ports);
	tcase_add_loop_test(t, violations, 0, EC_ARRAY_SIZE(wrongs));
	tcase_add_test(t, in_use);
	tcase_add_test(t, interrupt_errors);
	tcase_add_test(t, assignment);
	tcase_add_test(t, death);
	tcase_add_test(t, faults);
	suite_add_tcase(s, t);
	return s;
}
