/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function taken, reset, mapped and given back, on a machine made of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/bits.h"
#include "fake_kernel.h"
#include "fixture.h"
#include "host/device_sysfs.h"
#include "suites.h"
#include "sysfs.h"

#define NIC "0000:02:00.0"
#define S63 "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"
#define STUB "pci-stub"
#define OPS ec_device_sysfs_ops
#define TAKE() OPS.take(&ctx, nic, &taken, &diag)
#define GIVE_BACK() OPS.give_back(&ctx, nic, &taken, &diag)
/* $N is the function's directory, $D the drivers' */
#define SHELL(line) sysfs_shell(&sys, line)

static struct sysfs sys;
static struct fixture x;
static struct ec_device_sysfs ctx = { .root = sys.root };
static const struct ec_sbdf nic = { 0, 2, 0 };
static struct ec_taken taken;
static struct ec_diag diag;

static void add(const char *name)
{
	sysfs_add(&sys, name, &x.img, 4096);
	sysfs_file(&sys, name, "driver_override", "(null)\n");
}

static void setup(void)
{
	fixture_nic(&x);
	fixture_put(&x, 0x3d, 1, 1);
	setenv("N", "devices/pci0000:00/" NIC, 1);
	setenv("D", "bus/pci/drivers", 1);
	sysfs_make(&sys);
	sysfs_file(&sys, "", "bus/pci/drivers_probe", "");
	fake_kernel_start(&sys, "igb");
	fake_kernel_driver(&sys, "e1000e");
	fake_kernel_driver(&sys, "pciback");
	fake_kernel_driver(&sys, "vfio-pci");
	add(NIC);
	fake_kernel_bind(NIC, "e1000e");
	memset(&taken, 0xff, sizeof(taken));
	strcpy(diag.text, "nothing said");
}

static void teardown(void)
{
	fake_kernel_stop();
	sysfs_remove(&sys);
}

static void says(const char *text)
{
	ck_assert_msg(strstr(diag.text, text) != NULL, "'%s' in '%s'", text, diag.text);
}

static void is_at(const char *driver, const char *override)
{
	ck_assert_str_eq(fake_kernel_bound(NIC), driver);
	ck_assert_str_eq(fake_kernel_override(NIC), override ? override : "(null)");
}

/* Whatever the driver and driver_override were, a function comes back to them. */
static const struct {
	const char *before; /* in a shell */
	const char *stub, *driver, *override;
	const char *there, *back; /* the log */
} ways[] = {
	{ ":", "pciback", "e1000e", NULL, "e1000e/unbind " NIC ";", "e1000e/bind " NIC ";" },
	{ ":", "pciback", "igb", "igb", "igb/unbind " NIC ";", "igb/bind " NIC ";" },
	{ ":", "pciback", STUB, STUB, STUB "/unbind " NIC ";", STUB "/bind " NIC ";" },
	{ ":", "pciback", NULL, NULL, "", "" }, /* it had none: it gets none */
	{ ":", "pciback", NULL, S63, "", "" },
	{ "rm -r $D/pciback", "pci-stub", "igb", NULL, "igb/unbind " NIC ";", "igb/bind " NIC ";" },
};

START_TEST(there_and_back)
{
	const char *driver = ways[_i].driver, *override = ways[_i].override, *stub = ways[_i].stub;
	char text[512], *before;

	fake_kernel_driver(&sys, "pci-stub");
	fake_kernel_driver(&sys, "igb");
	SHELL(ways[_i].before);
	fake_kernel_bind(NIC, driver);
	snprintf(text, sizeof(text), "%s\n", override ? override : "(null)");
	sysfs_file(&sys, NIC, "driver_override", text);
	before = sysfs_text(&sys);
	ck_assert_msg(TAKE() == 0, "%s", diag.text);
	is_at(stub, stub);
	ck_assert_str_eq(taken.driver, driver ? driver : "");
	ck_assert_str_eq(taken.override, override ? override : "");
	ck_assert_str_eq(taken.stub, stub);
	ck_assert(!taken.was_held);
	ck_assert_msg(GIVE_BACK() == 0, "%s", diag.text);
	snprintf(text, sizeof(text),
		 "driver_override %s;%sdrivers_probe " NIC ";driver_override %s;%s/unbind " NIC
		 ";%s",
		 stub, ways[_i].there, override ? override : "\\n", stub, ways[_i].back);
	ck_assert_str_eq(fake_kernel_log(), text);
	sysfs_same(&sys, before);
}
END_TEST

START_TEST(was_held)
{
	fake_kernel_bind(NIC, "pciback");
	ck_assert_int_eq(TAKE(), 0);
	ck_assert(taken.was_held);
	ck_assert_int_eq(GIVE_BACK(), 0);
	ck_assert_str_eq(fake_kernel_log(), "");
	is_at("pciback", NULL);
}
END_TEST

/* Taking fails, and leaves the tree as it was. */
static const struct {
	const char *before; /* in a shell */
	struct fake_fault fault;
	int rc;
	const char *says;
} failures[] = {
	{ ":", { "driver_override", EPERM }, -EPERM, "driver_override is not set to pciback" },
	{ ":", { "e1000e/unbind", EPERM }, -EPERM, "e1000e does not let go of it: Operation" },
	{ ":", { "e1000e/unbind", EPERM, true }, -EPERM, "e1000e does not let go of it" },
	{ ":", { "e1000e/unbind" }, -EBUSY, "pciback was to take it, e1000e did" },
	{ ":", { "drivers_probe", EINVAL }, -EINVAL, "pciback does not take it: Invalid" },
	{ ":", { "drivers_probe", EINVAL, true }, -EINVAL, "pciback does not take it" },
	{ ":", { "drivers_probe" }, -EBUSY, "pciback was to take it, none did: " },
	{ ":", { "drivers_probe", .driver = "vfio-pci" }, -EBUSY, "it, vfio-pci did" },
	{ ":", { "drivers_probe", .driver = "e1000e" }, -EBUSY, "it, e1000e did" },
	{ "rm $N/driver", { "drivers_probe" }, -EBUSY, "it, none did" },
	{ "rm $N/driver", { "drivers_probe", .driver = "vfio-pci" }, -EBUSY, "vfio-pci did" },
	{ "rm $D/e1000e/unbind", { NULL }, -EOPNOTSUPP, "e1000e does not let go" },
	{ "echo e1000e > $N/driver_override", { "drivers_probe" }, -EBUSY, "it, none did" },
	{ "rm -r $D/pciback", { NULL }, -ENODEV, "neither pciback nor pci-stub" },
	{ "rm $N/driver_override", { NULL }, -EOPNOTSUPP, "its driver_override is" },
	{ "cd $N; rm driver_override; mkdir driver_override", { NULL }, -EISDIR, "its driver_o" },
	/* names that could not be restored */
	{ "echo x" S63 " > $N/driver_override", { NULL }, -ENAMETOOLONG, "its driver_override" },
	{ "ln -sfn x/x" S63 " $N/driver", { NULL }, -ENAMETOOLONG, "its driver is not known" },
	{ "rm bus/pci/devices/" NIC, { NULL }, -ENOENT, "its driver is not known: No such file" },
};

START_TEST(failure)
{
	char *before;

	SHELL(failures[_i].before);
	fake_kernel_fault(failures[_i].fault);
	before = sysfs_text(&sys);
	ck_assert_msg(TAKE() == failures[_i].rc, "%s", diag.text);
	says(failures[_i].says);
	ck_assert_msg(!strstr(diag.text, "not as before"), "%s", diag.text);
	ck_assert(!taken.was_held && memchr(taken.override, 0, sizeof(taken.override)));
	sysfs_same(&sys, before);
	if (!failures[_i].fault.file && failures[_i].rc != -EOPNOTSUPP)
		ck_assert_str_eq(fake_kernel_log(), "");
}
END_TEST

/* What could not be undone is told, behind what failed first. */
START_TEST(not_undone)
{
	fake_kernel_fault((struct fake_fault){ .file = "drivers_probe" });
	fake_kernel_fault((struct fake_fault){ .file = "e1000e/bind", .error = EIO });
	ck_assert_int_eq(TAKE(), -EBUSY);
	says("pciback was to take it, none did: Device or resource busy; and it is not as before: "
	     "e1000e does not take it back: Input/output error");
	is_at("", NULL);
}
END_TEST

START_TEST(pulled_out_while_taken)
{
	fake_kernel_fault((struct fake_fault){ "e1000e/unbind", .done = true, .gone = true });
	ck_assert_int_eq(TAKE(), -ENODEV);
	says("pciback does not take it: No such device; and it is not as before: driver_override");
	ck_assert_int_eq(OPS.take(&ctx, nic, &taken, NULL), -ENOENT);
}
END_TEST

/* Giving back goes on after a failure: the first failure, and what became of the function. */
static const struct {
	const char *before; /* in a shell, while it is taken */
	struct fake_fault fault;
	int rc;
	const char *says, *driver, *override;
} returns[] = {
	{ ":", { "driver_override", EIO }, -EIO, "driver_override is not", "", "pciback" },
	{ ":", { "driver_override", EIO, true }, -EIO, "driver_override is", "e1000e", NULL },
	{ ":", { "pciback/unbind", EPERM }, -EPERM, "pciback does not", "pciback", NULL },
	{ ":", { "pciback/unbind", EPERM, true }, -EPERM, "pciback does", "e1000e", NULL },
	{ ":", { "e1000e/bind", EIO }, -EIO, "e1000e does not take it back", "", NULL },
	{ ":", { "e1000e/bind" }, -EBUSY, "e1000e was to take it, none did", "", NULL },
	{ ":", { "e1000e/bind", .driver = "igb" }, -EBUSY, "it, igb did", "igb", NULL },
	/* the module of the old driver was removed: any other, but one there must be */
	{ "rm -r $D/e1000e", { NULL }, -ENODEV, "a driver was to take it", "", NULL },
	{ "rm -r $D/e1000e; mkdir $D/igb", { NULL }, 0, "nothing said", "igb", NULL },
	/* others were here in between */
	{ "rm $N/driver; rm -r $D/pciback", { NULL }, 0, "nothing said", "e1000e", NULL },
	{ "ln -sfn x/e1000e $N/driver", { "e1000e/unbind", EIO }, 0, "nothing", "e1000e", NULL },
	{ "ln -sfn x/igb $N/driver", { NULL }, -EBUSY, "igb has it now, not pci", "igb", NULL },
	{ "rm bus/pci/devices/" NIC, { NULL }, -ENOENT, "driver_override is not", "", "" },
};

START_TEST(returned)
{
	ck_assert_int_eq(TAKE(), 0);
	SHELL(returns[_i].before);
	fake_kernel_fault(returns[_i].fault);
	ck_assert_msg(GIVE_BACK() == returns[_i].rc, "%s", diag.text);
	says(returns[_i].says);
	is_at(returns[_i].driver, returns[_i].override);
}
END_TEST

/* What a damaged state file says must not make us write elsewhere. */
START_TEST(no_name)
{
	static const struct ec_taken bad[] = {
		{ .driver = "../e1000e", .stub = "pciback" },
		{ .driver = "e1000e", .stub = "../pciback" },
		{ .driver = "e1000e", .stub = "pciback", .override = "a/b" },
		{ .driver = S63 "x", .stub = "pciback" },
	};

	ck_assert_int_eq(TAKE(), 0);
	taken = bad[_i];
	ck_assert_int_eq(GIVE_BACK(), -EINVAL);
	says("no driver's name");
	is_at("pciback", "pciback");
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
	{ "\n", NULL, ":", NULL, 0, -ENOTTY, "knows no way", "" },
	{ "flr\n", NULL, "rm $N/reset", NULL, 0, -ENOTTY, "knows no way", "" },
	{ "flr bus\n", NULL, ":", "reset", EIO, -EIO, "failed (flr bus): Input/output error",
	  "reset 1;" },
	{ NULL, NULL, ":", "reset", ENOTTY, -ENOTTY, "failed (methods not listed): ", "reset 1;" },
	{ "flr\n", NULL, "rm bus/pci/devices/" NIC, NULL, 0, -ENOENT, "it cannot be reset", "" },
	/* some methods alone: the kernel's list is as before, whatever came of it */
	{ "flr bus\n", "bus", ":", NULL, 0, 0, "nothing said",
	  "reset_method bus;reset 1;reset_method flr bus;" },
	{ "flr bus\n", "bus", ":", "reset", EIO, -EIO, "its reset failed (bus): Input/output error",
	  "reset_method bus;reset 1;reset_method flr bus;" },
	{ "flr\n", "bus", ":", "reset_method", EINVAL, -EINVAL,
	  "does not take the reset methods bus", "reset_method bus;" },
	{ NULL, "bus", ":", NULL, 0, -ENOENT, "does not take the reset methods bus", "" },
};

START_TEST(reset)
{
	sysfs_file(&sys, NIC, "reset", "");
	if (resets[_i].methods)
		sysfs_file(&sys, NIC, "reset_method", resets[_i].methods);
	SHELL(resets[_i].before);
	if (resets[_i].error)
		fake_kernel_fault((struct fake_fault){ resets[_i].file, resets[_i].error });
	ck_assert_int_eq(OPS.reset(&ctx, nic, resets[_i].by, &diag), resets[_i].rc);
	says(resets[_i].says);
	ck_assert_str_eq(fake_kernel_log(), resets[_i].log);
}
END_TEST

START_TEST(config)
{
	int fd = OPS.open(&ctx, nic, &diag);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "ab", 2, 0xffe), 2);
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
	{ "truncate -s 64 $N/config", -EACCES, "as without CAP_SYS_ADMIN" },
	{ "truncate -s 67 $N/config", -EACCES, "as without CAP_SYS_ADMIN" },
	{ "cd kernel/security; echo 'none [integrity]' > lockdown", -EACCES, "is locked down" },
	{ "rm $N/config", -ENOENT, "cannot be opened: No such file" },
	{ "rm $N/config; mkdir $N/config", -EISDIR, "cannot be opened" },
};

START_TEST(no_config)
{
	int rc;

	sysfs_file(&sys, "", "kernel/security/lockdown", "[none] integrity\n");
	SHELL(closed[_i].before);
	rc = OPS.open(&ctx, nic, &diag);
	ck_assert(closed[_i].rc ? rc == closed[_i].rc : !close(rc));
	says(closed[_i].says);
}
END_TEST

START_TEST(map)
{
	void *p;

	SHELL("cd $N; truncate -s 12288 resource5; echo X >> resource5; truncate -s 16384 *5");
	ck_assert_int_eq(OPS.map(&ctx, nic, &(struct ec_bar_part){ 5, 12288, 4096 }, &p, &diag), 0);
	ck_assert_int_eq(*(char *)p, 'X');
	((char *)p)[4095] = 'Z';
	OPS.unmap(&ctx, p, 4096);
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
	{ 0, 0, 0, -EINVAL, "no whole pages" },
	{ 0, 2048, 4096, -EINVAL, "no whole pages" },
	{ 0, 0, 4095, -EINVAL, "no whole pages" },
	{ 6, 0, 4096, -EINVAL, "no whole pages of BAR 0 to 5" },
	{ 0, 0, 12288, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 4096, 8192, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 8192, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 12288, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, 4096, UINT64_MAX - 4095, -EINVAL, "BAR 0 cannot be mapped" },
	{ 0, UINT64_MAX - 4095, 4096, -EINVAL, "BAR 0 cannot be mapped" },
	{ 1, 0, 4096, -EINVAL, "BAR 1 cannot be mapped" }, /* 256 bytes */
	{ 2, 0, 4096, -ENOENT, "BAR 2 cannot be opened" },
	{ 3, 0, 4096, -EISDIR, "BAR 3 cannot be opened" },
	{ 0, 4096, 4096, -ENOMEM, "BAR 0 cannot be mapped: Cannot allocate" }, /* the limit */
};

/* A dword of the kernel's file, and what that says when it does not. */
START_TEST(vpd)
{
	uint32_t value = 0x11223344;

	ck_assert_int_eq(OPS.vpd(&ctx, nic, 0, false, &value), -ENOENT);
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 0, true, &value), -ENOENT);
	sysfs_file(&sys, NIC, "vpd", "abcdefghij");
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 4, false, &value), 0);
	ck_assert_uint_eq(value, 0x68676665);
	value = 0x34333231;
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 8, false, &value), -ENODATA);
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 0x7ffc, false, &value), -ENODATA);
	ck_assert_uint_eq(value, 0x34333231);
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 4, true, &value), 0);
	value = 0;
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 4, false, &value), 0);
	ck_assert_uint_eq(value, 0x34333231);
	SHELL("test \"$(cat $N/vpd)\" = abcd1234ij");
	/* a kernel that cannot read it */
	SHELL("rm $N/vpd; mkdir $N/vpd");
	ck_assert_int_eq(OPS.vpd(&ctx, nic, 0, false, &value), -EISDIR);
	ck_assert_int_eq(OPS.vpd(&ctx, (struct ec_sbdf){ 0, 9, 0 }, 0, false, &value), -ENOENT);
}
END_TEST

START_TEST(no_map)
{
	struct rlimit was, none;
	void *p = &p;
	int rc;

	SHELL("cd $N; truncate -s 8K resource0 resource6; truncate -s 256 resource1; mkdir "
	      "resource3");
	/* the kernel refuses to map, as it does when it is locked down */
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &was), 0);
	none = (struct rlimit){ 0, was.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	rc = OPS.map(&ctx, nic,
		     &(struct ec_bar_part){ unmappable[_i].bar, unmappable[_i].offset,
					    unmappable[_i].len },
		     &p, &diag);
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
	tcase_add_loop_test(t, there_and_back, 0, EC_ARRAY_SIZE(ways));
	tcase_add_test(t, was_held);
	tcase_add_loop_test(t, failure, 0, EC_ARRAY_SIZE(failures));
	tcase_add_test(t, not_undone);
	tcase_add_test(t, pulled_out_while_taken);
	tcase_add_loop_test(t, returned, 0, EC_ARRAY_SIZE(returns));
	tcase_add_loop_test(t, no_name, 0, 4);
	tcase_add_loop_test(t, reset, 0, EC_ARRAY_SIZE(resets));
	tcase_add_test(t, config);
	tcase_add_loop_test(t, no_config, 0, EC_ARRAY_SIZE(closed));
	tcase_add_test(t, vpd);
	tcase_add_test(t, map);
	tcase_add_loop_test(t, no_map, 0, EC_ARRAY_SIZE(unmappable));
	suite_add_tcase(s, t);
	return s;
}
