/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking, resetting, mapping and giving back a function, on a machine made of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/bits.h"
#include "nic_sysfs.h"
#include "suites.h"

#define S63 "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"
#define STUB "pci-stub"
#define OPS ec_device_sysfs_ops
#define TAKE() OPS.take(&n.ctx, n.at, &n.taken, &n.diag)
#define GIVE_BACK() OPS.give_back(&n.ctx, n.at, &n.taken, &n.diag)
#define SHELL(line) sysfs_shell(&n.sys, line)

/* Bytes that a VPD address reaches. */
#define VPD_END 0x8000u

static struct nic_sysfs n;

static void setup(void)
{
	nic_sysfs_setup(&n);
	fake_kernel_driver(&n.sys, "e1000e");
	fake_kernel_driver(&n.sys, "vfio-pci");
	fake_kernel_bind(NIC, "e1000e");
}

static void teardown(void)
{
	nic_sysfs_teardown(&n);
}

static void says(const char *text)
{
	ck_assert_msg(strstr(n.diag.text, text) != NULL, "'%s' in '%s'", text, n.diag.text);
}

static void bound_is(const char *driver, const char *override)
{
	ck_assert_str_eq(fake_kernel_bound(NIC), driver);
	ck_assert_str_eq(fake_kernel_override(NIC), override ? override : "(null)");
}

static const struct {
	const char *before; /* in a shell */
	const char *stub, *driver, *override;
	const char *taking, *returning; /* writes to drivers */
} ways[] = {
	{ ":", "pciback", "e1000e", NULL, "e1000e/unbind " NIC ";", "e1000e/bind " NIC ";" },
	{ ":", "pciback", "igb", "igb", "igb/unbind " NIC ";", "igb/bind " NIC ";" },
	{ ":", "pciback", STUB, STUB, STUB "/unbind " NIC ";", STUB "/bind " NIC ";" },
	{ ":", "pciback", NULL, NULL, "", "" }, /* no driver before: none after */
	{ ":", "pciback", NULL, S63, "", "" },
	{ "rm -r $D/pciback", "pci-stub", "igb", NULL, "igb/unbind " NIC ";", "igb/bind " NIC ";" },
};

START_TEST(a_function_comes_back_to_its_driver_and_override)
{
	const char *driver = ways[_i].driver, *override = ways[_i].override, *stub = ways[_i].stub;
	char text[512], *before;

	fake_kernel_driver(&n.sys, "pci-stub");
	fake_kernel_driver(&n.sys, "igb");
	SHELL(ways[_i].before);
	fake_kernel_bind(NIC, driver);
	snprintf(text, sizeof(text), "%s\n", override ? override : "(null)");
	sysfs_file(&n.sys, NIC, "driver_override", text);
	before = sysfs_text(&n.sys);
	ck_assert_msg(TAKE() == 0, "%s", n.diag.text);
	bound_is(stub, stub);
	ck_assert_str_eq(n.taken.driver, driver ? driver : "");
	ck_assert_str_eq(n.taken.override, override ? override : "");
	ck_assert_str_eq(n.taken.stub, stub);
	ck_assert(!n.taken.was_held);
	ck_assert_msg(GIVE_BACK() == 0, "%s", n.diag.text);
	snprintf(text, sizeof(text),
		 "driver_override %s;%sdrivers_probe " NIC ";driver_override %s;%s/unbind " NIC
		 ";%s",
		 stub, ways[_i].taking, override ? override : "\\n", stub, ways[_i].returning);
	ck_assert_str_eq(fake_kernel_log(), text);
	sysfs_same(&n.sys, before);
}
END_TEST

/* Linux keeps a physical function's driver from removing what pciback holds. */
START_TEST(pciback_is_the_stub_where_it_is_loaded)
{
	fake_kernel_driver(&n.sys, STUB);
	sysfs_link(&n.sys, NIC, "physfn", "../0000:01:00.0"); /* a virtual function */
	ck_assert_int_eq(TAKE(), 0);
	bound_is("pciback", "pciback");
	ck_assert_int_eq(GIVE_BACK(), 0);
	SHELL("rm -r $D/pciback");
	ck_assert_int_eq(TAKE(), 0);
	bound_is(STUB, STUB);
}
END_TEST

START_TEST(a_function_of_the_stub_stays_with_it)
{
	fake_kernel_bind(NIC, "pciback");
	ck_assert_int_eq(TAKE(), 0);
	ck_assert(n.taken.was_held);
	ck_assert_int_eq(GIVE_BACK(), 0);
	ck_assert_str_eq(fake_kernel_log(), "");
	bound_is("pciback", NULL);
}
END_TEST

static const struct {
	const char *before; /* in a shell */
	struct fake_fault fault;
	int rc;
	const char *says;
} failures[] = {
	{ ":", { "driver_override", EPERM }, -EPERM, "driver_override cannot be set to pciback" },
	{ ":", { "e1000e/unbind", EPERM }, -EPERM, "e1000e cannot be unbound from it: Operation" },
	{ ":", { "e1000e/unbind", EPERM, true }, -EPERM, "e1000e cannot be unbound from it" },
	{ ":", { "e1000e/unbind" }, -EBUSY, "pciback should have it now, but e1000e has" },
	{ ":", { "drivers_probe", EINVAL }, -EINVAL, "pciback cannot be bound to it: Invalid" },
	{ ":", { "drivers_probe", EINVAL, true }, -EINVAL, "pciback cannot be bound to it" },
	{ ":", { "drivers_probe" }, -EBUSY, "pciback should have it now, but none has: " },
	{ ":", { "drivers_probe", .driver = "vfio-pci" }, -EBUSY, "but vfio-pci has" },
	{ ":", { "drivers_probe", .driver = "e1000e" }, -EBUSY, "but e1000e has" },
	{ "rm $N/driver", { "drivers_probe" }, -EBUSY, "but none has" },
	{ "rm $N/driver", { "drivers_probe", .driver = "vfio-pci" }, -EBUSY, "vfio-pci has" },
	{ "rm $D/e1000e/unbind", { NULL }, -EOPNOTSUPP, "e1000e cannot be unbound" },
	{ "echo e1000e > $N/driver_override", { "drivers_probe" }, -EBUSY, "but none has" },
	{ "rm -r $D/pciback", { NULL }, -ENODEV, "neither pciback nor pci-stub" },
	{ "rm $N/driver_override", { NULL }, -EOPNOTSUPP, "its driver_override cannot be read" },
	{ "cd $N; rm driver_override; mkdir driver_override", { NULL }, -EISDIR, "its driver_o" },
	/* names that could not be restored */
	{ "echo x" S63 " > $N/driver_override", { NULL }, -ENAMETOOLONG, "its driver_override" },
	{ "ln -sfn x/x" S63 " $N/driver", { NULL }, -ENAMETOOLONG, "its driver cannot be read" },
	{ "rm bus/pci/devices/" NIC, { NULL }, -ENOENT, "its driver cannot be read: No such file" },
};

START_TEST(taking_that_fails_leaves_the_tree_as_it_was)
{
	char *before;

	SHELL(failures[_i].before);
	fake_kernel_fault(failures[_i].fault);
	before = sysfs_text(&n.sys);
	ck_assert_msg(TAKE() == failures[_i].rc, "%s", n.diag.text);
	says(failures[_i].says);
	ck_assert_msg(!strstr(n.diag.text, "not all was undone"), "%s", n.diag.text);
	ck_assert(!n.taken.was_held && memchr(n.taken.override, 0, sizeof(n.taken.override)));
	sysfs_same(&n.sys, before);
	if (!failures[_i].fault.file && failures[_i].rc != -EOPNOTSUPP)
		ck_assert_str_eq(fake_kernel_log(), "");
}
END_TEST

START_TEST(what_cannot_be_undone_is_reported)
{
	fake_kernel_fault((struct fake_fault){ .file = "drivers_probe" });
	fake_kernel_fault((struct fake_fault){ .file = "e1000e/bind", .error = EIO });
	ck_assert_int_eq(TAKE(), -EBUSY);
	says("pciback should have it now, but none has: Device or resource busy; and not all was "
	     "undone: e1000e cannot be bound to it again: Input/output error");
	bound_is("", NULL);
}
END_TEST

START_TEST(a_function_pulled_out_while_taken_is_an_error)
{
	fake_kernel_fault((struct fake_fault){ "e1000e/unbind", .done = true, .gone = true });
	ck_assert_int_eq(TAKE(), -ENODEV);
	says("pciback cannot be bound to it: No such device; and not all was undone: "
	     "driver_override");
	ck_assert_int_eq(OPS.take(&n.ctx, n.at, &n.taken, NULL), -ENOENT);
}
END_TEST

/* The first failure, and the function afterwards. */
static const struct {
	const char *before; /* in a shell, while it is taken */
	struct fake_fault fault;
	int rc;
	const char *says, *driver, *override;
} returns[] = {
	{ ":", { "driver_override", EIO }, -EIO, "driver_override cannot", "", "pciback" },
	{ ":", { "driver_override", EIO, true }, -EIO, "driver_override cannot", "e1000e", NULL },
	{ ":", { "pciback/unbind", EPERM }, -EPERM, "pciback cannot be unbound", "pciback", NULL },
	{ ":", { "pciback/unbind", EPERM, true }, -EPERM, "pciback cannot", "e1000e", NULL },
	{ ":", { "e1000e/bind", EIO }, -EIO, "e1000e cannot be bound to it again", "", NULL },
	{ ":", { "e1000e/bind" }, -EBUSY, "e1000e should have it now, but none has", "", NULL },
	{ ":", { "e1000e/bind", .driver = "igb" }, -EBUSY, "but igb has", "igb", NULL },
	/* the old driver was unloaded: any other one is right, but there must be one */
	{ "rm -r $D/e1000e", { NULL }, -ENODEV, "a driver should have it now", "", NULL },
	{ "rm -r $D/e1000e; mkdir $D/igb", { NULL }, 0, "nothing said", "igb", NULL },
	/* somebody else has changed it in between */
	{ "rm $N/driver; rm -r $D/pciback", { NULL }, 0, "nothing said", "e1000e", NULL },
	{ "ln -sfn x/e1000e $N/driver", { "e1000e/unbind", EIO }, 0, "nothing", "e1000e", NULL },
	{ "ln -sfn x/igb $N/driver", { NULL }, -EBUSY, "igb has it now, not pci", "igb", NULL },
	{ "rm bus/pci/devices/" NIC,
	  { NULL },
	  -ENOENT,
	  "driver_override cannot be restored",
	  "",
	  "" },
};

START_TEST(giving_back_continues_after_a_failure)
{
	ck_assert_int_eq(TAKE(), 0);
	SHELL(returns[_i].before);
	fake_kernel_fault(returns[_i].fault);
	ck_assert_msg(GIVE_BACK() == returns[_i].rc, "%s", n.diag.text);
	says(returns[_i].says);
	bound_is(returns[_i].driver, returns[_i].override);
}
END_TEST

START_TEST(a_damaged_name_writes_nowhere)
{
	static const struct ec_taken bad[] = {
		{ .driver = "../e1000e", .stub = "pciback" },
		{ .driver = "e1000e", .stub = "../pciback" },
		{ .driver = "e1000e", .stub = "pciback", .override = "a/b" },
		{ .driver = S63 "x", .stub = "pciback" },
	};

	ck_assert_int_eq(TAKE(), 0);
	n.taken = bad[_i];
	ck_assert_int_eq(GIVE_BACK(), -EINVAL);
	says("a noted name of a driver is not valid");
	bound_is("pciback", "pciback");
}
END_TEST

static const struct {
	const char *methods; /* NULL: the kernel lists none */
	const char *by;      /* what is asked for; NULL: all */
	const char *before;  /* in a shell */
	const char *file;    /* whose writing fails with error */
	int error, rc;
	const char *says, *log;
} resets[] = {
	{ "flr bus\n", NULL, ":", NULL, 0, 0, "nothing said", "reset 1;" },
	{ NULL, NULL, ":", NULL, 0, 0, "nothing said", "reset 1;" },
	{ "\n", NULL, ":", NULL, 0, -ENOTTY, "has no way", "" },
	{ "flr\n", NULL, "rm $N/reset", NULL, 0, -ENOTTY, "has no way", "" },
	{ "flr bus\n", NULL, ":", "reset", EIO, -EIO, "failed (flr bus): Input/output error",
	  "reset 1;" },
	{ NULL, NULL, ":", "reset", ENOTTY, -ENOTTY, "failed (methods not listed): ", "reset 1;" },
	{ "flr\n", NULL, "rm bus/pci/devices/" NIC, NULL, 0, -ENOENT, "it cannot be reset", "" },
	/* some of the methods: the kernel's list is restored after success and failure */
	{ "flr bus\n", "bus", ":", NULL, 0, 0, "nothing said",
	  "reset_method bus;reset 1;reset_method flr bus;" },
	{ "flr bus\n", "bus", ":", "reset", EIO, -EIO, "its reset failed (bus): Input/output error",
	  "reset_method bus;reset 1;reset_method flr bus;" },
	{ "flr\n", "bus", ":", "reset_method", EINVAL, -EINVAL, "refuses the reset methods bus",
	  "reset_method bus;" },
	{ NULL, "bus", ":", NULL, 0, -ENOENT, "refuses the reset methods bus", "" },
};

START_TEST(a_reset_uses_the_listed_methods)
{
	sysfs_file(&n.sys, NIC, "reset", "");
	if (resets[_i].methods)
		sysfs_file(&n.sys, NIC, "reset_method", resets[_i].methods);
	SHELL(resets[_i].before);
	if (resets[_i].error)
		fake_kernel_fault((struct fake_fault){ resets[_i].file, resets[_i].error });
	ck_assert_int_eq(OPS.reset(&n.ctx, n.at, resets[_i].by, &n.diag), resets[_i].rc);
	says(resets[_i].says);
	ck_assert_str_eq(fake_kernel_log(), resets[_i].log);
}
END_TEST

START_TEST(the_configuration_space_opens_for_writing)
{
	int fd = OPS.open(&n.ctx, n.at, &n.diag);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "ab", 2, EC_CONFIG_SIZE - 2), 2);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}
END_TEST

static const struct {
	const char *before; /* in a shell */
	int rc;
	const char *says;
} closed[] = {
	{ ":", 0, "nothing said" },
	{ "truncate -s 64 $N/config", -EACCES, "no CAP_SYS_ADMIN" },
	{ "truncate -s 67 $N/config", -EACCES, "no CAP_SYS_ADMIN" },
	{ "cd kernel/security; echo 'none [integrity]' > lockdown", -EACCES, "is locked down" },
	{ "rm $N/config", -ENOENT, "cannot be opened: No such file" },
	{ "rm $N/config; mkdir $N/config", -EISDIR, "cannot be opened" },
};

START_TEST(a_space_that_cannot_be_used_is_not_opened)
{
	int rc;

	sysfs_file(&n.sys, "", "kernel/security/lockdown", "[none] integrity\n");
	SHELL(closed[_i].before);
	rc = OPS.open(&n.ctx, n.at, &n.diag);
	ck_assert(closed[_i].rc ? rc == closed[_i].rc : !close(rc));
	says(closed[_i].says);
}
END_TEST

START_TEST(a_page_of_a_bar_is_mapped)
{
	void *p;

	SHELL("cd $N; truncate -s 12288 resource5; echo X >> resource5; truncate -s 16384 *5");
	ck_assert_int_eq(
		OPS.map(&n.ctx, n.at, &(struct ec_bar_part){ 5, 12288, 4096 }, &p, &n.diag), 0);
	ck_assert_int_eq(*(char *)p, 'X');
	((char *)p)[4095] = 'Z';
	OPS.unmap(&n.ctx, p, 4096);
	ck_assert_int_eq(msync(p, 4096, MS_ASYNC), -1);
	SHELL("test $(tail -c 1 $N/resource5) = Z");
}
END_TEST

static const struct {
	unsigned int bar;
	uint64_t offset, len;
	int rc;
	const char *says;
} unmappable[] = {
	{ 0, 0, 0, -EINVAL, "not whole pages" },
	{ 0, 2048, 4096, -EINVAL, "not whole pages" },
	{ 0, 0, 4095, -EINVAL, "not whole pages" },
	{ 6, 0, 4096, -EINVAL, "not whole pages of BAR 0 to 5" },
	{ 0, 0, 12288, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 4096, 8192, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 8192, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 12288, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 4096, UINT64_MAX - 4095, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, UINT64_MAX - 4095, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 1, 0, 4096, -EINVAL, "BAR 1 cannot be mapped" }, /* 256 bytes */
	{ 2, 0, 4096, -ENOENT, "BAR 2 cannot be opened" },
	{ 3, 0, 4096, -EISDIR, "BAR 3 cannot be opened" },
	{ 0, 4096, 4096, -ENOMEM,
	  "BAR 0 cannot be mapped: Cannot allocate" }, /* no address space */
};

START_TEST(vpd_is_the_dword_of_the_kernels_file)
{
	uint32_t value = 0;

	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 0, false, &value), -ENOENT);
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 0, true, &value), -ENOENT);
	sysfs_file(&n.sys, NIC, "vpd", "abcdefghij");
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 4, false, &value), 0);
	ck_assert_uint_eq(value, 0x68676665);
	value = 0x34333231;
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 8, false, &value), -ENODATA);
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, VPD_END - 4, false, &value), -ENODATA);
	ck_assert_uint_eq(value, 0x34333231);
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 4, true, &value), 0);
	value = 0;
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 4, false, &value), 0);
	ck_assert_uint_eq(value, 0x34333231);
	SHELL("test \"$(cat $N/vpd)\" = abcd1234ij");
	/* the kernel cannot read it */
	SHELL("rm $N/vpd; mkdir $N/vpd");
	ck_assert_int_eq(OPS.vpd(&n.ctx, n.at, 0, false, &value), -EISDIR);
	ck_assert_int_eq(OPS.vpd(&n.ctx, (struct ec_sbdf){ 0, 9, 0 }, 0, false, &value), -ENOENT);
}
END_TEST

START_TEST(a_part_that_is_not_in_the_bar_is_not_mapped)
{
	struct rlimit was, none;
	void *p = &p;
	int rc;

	SHELL("cd $N; truncate -s 8K resource0 resource6; truncate -s 256 resource1; mkdir "
	      "resource3");
	/* the kernel refuses to map, as under lockdown */
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &was), 0);
	none = (struct rlimit){ 0, was.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	rc = OPS.map(&n.ctx, n.at,
		     &(struct ec_bar_part){ unmappable[_i].bar, unmappable[_i].offset,
					    unmappable[_i].len },
		     &p, &n.diag);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &was), 0);
	ck_assert_int_eq(rc, unmappable[_i].rc);
	says(unmappable[_i].says);
	ck_assert(p == &p);
}
END_TEST

Suite *suite_host_device_sysfs(void)
{
	Suite *s = suite_create("host_device_sysfs");
	TCase *t = tcase_create("device");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_function_comes_back_to_its_driver_and_override, 0,
			    EC_ARRAY_SIZE(ways));
	tcase_add_test(t, pciback_is_the_stub_where_it_is_loaded);
	tcase_add_test(t, a_function_of_the_stub_stays_with_it);
	tcase_add_loop_test(t, taking_that_fails_leaves_the_tree_as_it_was, 0,
			    EC_ARRAY_SIZE(failures));
	tcase_add_test(t, what_cannot_be_undone_is_reported);
	tcase_add_test(t, a_function_pulled_out_while_taken_is_an_error);
	tcase_add_loop_test(t, giving_back_continues_after_a_failure, 0, EC_ARRAY_SIZE(returns));
	tcase_add_loop_test(t, a_damaged_name_writes_nowhere, 0, 4);
	tcase_add_loop_test(t, a_reset_uses_the_listed_methods, 0, EC_ARRAY_SIZE(resets));
	tcase_add_test(t, the_configuration_space_opens_for_writing);
	tcase_add_loop_test(t, a_space_that_cannot_be_used_is_not_opened, 0, EC_ARRAY_SIZE(closed));
	tcase_add_test(t, vpd_is_the_dword_of_the_kernels_file);
	tcase_add_test(t, a_page_of_a_bar_is_mapped);
	tcase_add_loop_test(t, a_part_that_is_not_in_the_bar_is_not_mapped, 0,
			    EC_ARRAY_SIZE(unmappable));
	suite_add_tcase(s, t);
	return s;
}
