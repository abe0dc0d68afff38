/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what is taken: a successor gives back what a killed process took. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/device_sysfs_record.h"
#include "nic_sysfs.h"
#include "suites.h"

#define S63 "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"
#define OPS ec_device_sysfs_ops
#define TAKE() OPS.take(&n.ctx, n.at, &n.taken, &n.diag)
#define GIVE_BACK() OPS.give_back(&n.ctx, n.at, &n.taken, &n.diag)
#define SHELL(line) sysfs_shell(&n.sys, line)
#define FOLDER "run/ecamd/taken"

static struct nic_sysfs n;
static char folder[128];

static void setup(void)
{
	nic_sysfs_setup(&n);
	fixture_put(&n.card, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	SHELL("printf '\\006' | dd of=$N/config bs=1 seek=4 conv=notrunc status=none");
	snprintf(folder, sizeof(folder), "%s/" FOLDER, n.sys.root);
	SHELL("mkdir -p " FOLDER);
	n.ctx.records = folder;
	fake_kernel_driver(&n.sys, "e1000e");
	fake_kernel_driver(&n.sys, "vfio-pci");
	fake_kernel_bind(NIC, "e1000e");
}

static void teardown(void)
{
	n.ctx.records = NULL;
	nic_sysfs_teardown(&n);
}

static void check_taken(const char *driver, const char *override, bool held, bool master)
{
	ck_assert_str_eq(n.taken.driver, driver);
	ck_assert_str_eq(n.taken.override, override);
	ck_assert_str_eq(n.taken.stub, "pciback");
	ck_assert_int_eq(n.taken.was_held, held);
	ck_assert_int_eq(n.taken.master, master);
}

static bool has_record(void)
{
	struct ec_taken_record r;

	return !ec_taken_record_read(folder, n.at, &r);
}

START_TEST(a_record_lasts_while_the_function_is_taken)
{
	char *before = sysfs_text(&n.sys);

	ck_assert_msg(TAKE() == 0, "%s", n.diag.text);
	check_taken("e1000e", "", false, true);
	ck_assert(has_record());
	ck_assert_int_eq(GIVE_BACK(), 0);
	sysfs_same(&n.sys, before);
}
END_TEST

START_TEST(a_function_that_cannot_be_recorded_is_not_touched)
{
	char *before;

	SHELL("rmdir " FOLDER "; echo > " FOLDER);
	before = sysfs_text(&n.sys);
	ck_assert_int_eq(TAKE(), -ENOTDIR);
	ck_assert_msg(strstr(n.diag.text, "what it was cannot be recorded in ") != NULL, "%s",
		      n.diag.text);
	ck_assert_str_eq(fake_kernel_log(), "");
	sysfs_same(&n.sys, before);
}
END_TEST

START_TEST(the_folder_is_made)
{
	SHELL("rmdir " FOLDER " run/ecamd");
	ck_assert_int_eq(TAKE(), 0);
	ck_assert(has_record());
	SHELL("test $(stat -c %a " FOLDER ") = 700");
}
END_TEST

START_TEST(taking_that_fails_removes_the_record)
{
	char *before;

	fake_kernel_fault((struct fake_fault){ .file = "drivers_probe", .error = EINVAL });
	before = sysfs_text(&n.sys);
	ck_assert_int_eq(TAKE(), -EINVAL);
	sysfs_same(&n.sys, before);
}
END_TEST

/* What the killed process had done last, in a shell. */
static const char *const killed[] = {
	":",                          /* all */
	"rm $N/driver",               /* unbound from its driver */
	"ln -sfn x/e1000e $N/driver", /* driver_override set */
	"printf '\\000' | dd of=$N/config bs=1 seek=4 conv=notrunc status=none", /* DMA is off */
};

START_TEST(a_successor_gives_back_what_a_killed_process_took)
{
	SHELL("echo igb > $N/driver_override");
	ck_assert_int_eq(TAKE(), 0);
	SHELL(killed[_i]);
	/* the successor knows nothing */
	memset(&n.taken, 0xff, sizeof(n.taken));
	ck_assert_msg(TAKE() == 0, "%s", n.diag.text);
	check_taken("e1000e", "igb", false, true);
	ck_assert_str_eq(fake_kernel_bound(NIC), "pciback");
	/* killed again */
	ck_assert_int_eq(TAKE(), 0);
	check_taken("e1000e", "igb", false, true);
	/* the kernel binds only the driver in driver_override */
	GIVE_BACK();
	ck_assert_str_eq(fake_kernel_override(NIC), "igb");
	ck_assert_str_ne(fake_kernel_bound(NIC), "pciback");
	ck_assert(!has_record());
}
END_TEST

START_TEST(a_successor_restores_the_tree)
{
	char *before = sysfs_text(&n.sys);

	ck_assert_int_eq(TAKE(), 0);
	memset(&n.taken, 0xff, sizeof(n.taken));
	ck_assert_int_eq(TAKE(), 0);
	ck_assert_msg(GIVE_BACK() == 0, "%s", n.diag.text);
	ck_assert_str_eq(fake_kernel_bound(NIC), "e1000e");
	sysfs_same(&n.sys, before);
}
END_TEST

/* What has happened since the process was killed, and what the successor finds. */
static const struct {
	const char *since; /* in a shell */
	const char *driver, *override;
	bool held;
} stale[] = {
	/* bound to another driver */
	{ "ln -sfn x/vfio-pci $N/driver", "vfio-pci", "pciback", false },
	/* given back by hand */
	{ "ln -sfn x/e1000e $N/driver; echo '(null)' > $N/driver_override", "e1000e", "", false },
	/* bound to the stub by hand */
	{ "echo '(null)' > $N/driver_override", "pciback", "", true },
	/* another card */
	{ "printf '\\001' | dd of=$N/config bs=1 conv=notrunc status=none", "pciback", "pciback",
	  true },
	{ "echo > " FOLDER "/" NIC, "pciback", "pciback", true },
	{ "rm " FOLDER "/" NIC, "pciback", "pciback", true },
};

START_TEST(a_stale_record_is_replaced)
{
	struct ec_taken_record r;

	ck_assert_int_eq(TAKE(), 0);
	SHELL(stale[_i].since);
	ck_assert_msg(TAKE() == 0, "%s", n.diag.text);
	check_taken(stale[_i].driver, stale[_i].override, stale[_i].held, true);
	ck_assert_int_eq(ec_taken_record_read(folder, n.at, &r), 0);
	ck_assert_str_eq(r.taken.driver, stale[_i].driver);
}
END_TEST

START_TEST(a_function_of_the_stub_keeps_its_bus_mastering)
{
	fake_kernel_bind(NIC, "pciback");
	ck_assert_int_eq(TAKE(), 0);
	check_taken("pciback", "", true, true);
	SHELL("printf '\\000' | dd of=$N/config bs=1 seek=4 conv=notrunc status=none");
	ck_assert_int_eq(TAKE(), 0);
	check_taken("pciback", "", true, true);
	ck_assert_int_eq(GIVE_BACK(), 0);
	ck_assert(!has_record());
	ck_assert_str_eq(fake_kernel_log(), "");
	ck_assert_int_eq(TAKE(), 0);
	check_taken("pciback", "", true, false);
}
END_TEST

/* One that cannot be unbound from the stub is given back by the next process. */
START_TEST(a_function_that_the_stub_keeps_keeps_its_record)
{
	ck_assert_int_eq(TAKE(), 0);
	fake_kernel_fault((struct fake_fault){ .file = "pciback/unbind", .error = EPERM });
	ck_assert_int_eq(GIVE_BACK(), -EPERM);
	ck_assert(has_record());
}
END_TEST

static const char *const damaged[] = {
	"",
	"ids 12345678\n",
	"ids 12345678\ndriver a\nstub pciback\noverride \nheld 0\n",
	"ids 12345678\ndriver a\nstub pciback\noverride \nheld 0\nmaster 0",
	"ids 12345678\ndriver a\nstub pciback\noverride \nheld 0\nmaster 2\n",
	"ids 12345678\ndriver a\nstub pciback\noverride \nheld 0\nmaster 00\n",
	"ids 12345678\ndriver a\nstub pciback\noverride \nheld 0\nmaster 0\nx",
	"ids 123456789\ndriver a\nstub pciback\noverride \nheld 0\nmaster 0\n",
	"ids x\ndriver a\nstub pciback\noverride \nheld 0\nmaster 0\n",
	"driver a\nids 12345678\nstub pciback\noverride \nheld 0\nmaster 0\n",
	"ids 12345678\ndriver ../a\nstub pciback\noverride \nheld 0\nmaster 0\n",
	"ids 12345678\ndriver a\nstub a/b\noverride \nheld 0\nmaster 0\n",
	"ids 12345678\ndriver a\nstub \noverride \nheld 0\nmaster 0\n",
	"ids 12345678\ndriver " S63 "x\nstub pciback\noverride \nheld 0\nmaster 0\n",
	"ids 12345678\ndriver a\nstub pciback\noverride " S63 "x\nheld 0\nmaster 0\n",
};

START_TEST(a_damaged_record_is_an_error)
{
	struct ec_taken_record r;

	sysfs_file(&n.sys, "", FOLDER "/" NIC, damaged[_i]);
	ck_assert_int_eq(ec_taken_record_read(folder, n.at, &r), -EINVAL);
}
END_TEST

START_TEST(a_record_is_read_as_it_was_written)
{
	struct ec_sbdf last = { UINT32_MAX, 0xff, 0xff };
	struct ec_taken_record out,
		r = { .ids = UINT32_MAX, .taken = { S63, S63, S63, true, true } };

	ck_assert_int_eq(ec_taken_record_read(folder, last, &out), -ENOENT);
	ck_assert_int_eq(ec_taken_record_write(folder, last, &r), 0);
	r.taken.master = false;
	ck_assert_int_eq(ec_taken_record_write(folder, last, &r), 0);
	ck_assert_int_eq(ec_taken_record_read(folder, last, &out), 0);
	ck_assert_uint_eq(out.ids, r.ids);
	ck_assert_mem_eq(&out.taken, &r.taken, sizeof(r.taken));
	SHELL("test $(ls " FOLDER ") = ffffffff:ff:1f.7");
	ec_taken_record_remove(folder, last);
	ec_taken_record_remove(folder, last);
	ck_assert_int_eq(ec_taken_record_read(folder, last, &out), -ENOENT);
}
END_TEST

Suite *suite_host_device_sysfs_record(void)
{
	Suite *s = suite_create("host_device_sysfs_record");
	TCase *t = tcase_create("records");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_record_lasts_while_the_function_is_taken);
	tcase_add_test(t, a_function_that_cannot_be_recorded_is_not_touched);
	tcase_add_test(t, the_folder_is_made);
	tcase_add_test(t, taking_that_fails_removes_the_record);
	tcase_add_loop_test(t, a_successor_gives_back_what_a_killed_process_took, 0,
			    EC_ARRAY_SIZE(killed));
	tcase_add_test(t, a_successor_restores_the_tree);
	tcase_add_loop_test(t, a_stale_record_is_replaced, 0, EC_ARRAY_SIZE(stale));
	tcase_add_test(t, a_function_of_the_stub_keeps_its_bus_mastering);
	tcase_add_test(t, a_function_that_the_stub_keeps_keeps_its_record);
	tcase_add_loop_test(t, a_damaged_record_is_an_error, 0, EC_ARRAY_SIZE(damaged));
	tcase_add_test(t, a_record_is_read_as_it_was_written);
	suite_add_tcase(s, t);
	return s;
}
