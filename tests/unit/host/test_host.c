/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The adapters to the host, on a machine made of files. */
#include <errno.h>
#include <fcntl.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "fixture.h"
#include "host/conf_fd.h"
#include "host/conf_libpci.h"
#include "host/facts_dump.h"
#include "host/facts_sysfs.h"
#include "host/names.h"
#include "run.h"
#include "suites.h"
#include "sysfs.h"
#include "view/capture.h"

#define NIC "0000:02:00.0"
/* bytes that the kernel shows to everybody, and of a conventional function */
#define HEADER_SIZE 64
#define STD_SIZE 256

static struct sysfs sys;
static struct fixture x;
static struct ec_facts_sysfs facts_ctx = { .root = sys.root };

static void setup(void)
{
	fixture_nic(&x);
	sysfs_make(&sys);
	sysfs_add(&sys, NIC, &x.img, 4096);
	sysfs_file(&sys, NIC, "resource",
		   "0x00000040f8000000 0x00000040fbffffff 0x000000000014220c\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x000000000000e000 0x000000000000e01f 0x0000000000040101\n"
		   "0x00000000fe900000 0x00000000fe903fff 0x0000000000040200\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		   "0x00000000fe800000 0x00000000fe87ffff 0x0000000000046200\n");
	setenv("SYSFS_PATH", sys.root, 1);
}

static void teardown(void)
{
	unsetenv("SYSFS_PATH");
	sysfs_remove(&sys);
}

/* Opens the card's `config`, cut to @bytes bytes: what the kernel gives its opener. */
static int open_config(uint32_t bytes)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/devices/pci0000:00/" NIC "/config", sys.root);
	ck_assert_int_eq(truncate(path, bytes), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

START_TEST(a_descriptor_is_read_and_written)
{
	struct ec_conf_fd c = { .fd = open_config(EC_CONFIG_SIZE) };
	uint32_t v = 0;

	ck_assert_int_eq(ec_conf_fd_ops.read(&c, PCI_VENDOR_ID, 4, &v), 0);
	ck_assert_uint_eq(v, 0x00011234);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, NIC_AER + 2, 2, &v), 0);
	ck_assert_uint_eq(v, 0x1402);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, PCI_HEADER_TYPE, 1, &v), 0);
	ck_assert_uint_eq(v, EC_HEADER_TYPE_MULTI);
	ck_assert_int_eq(ec_conf_fd_ops.write(&c, PCI_CACHE_LINE_SIZE, 2, 0x1234), 0);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, PCI_CACHE_LINE_SIZE, 4, &v), 0);
	ck_assert_uint_eq(v, 0x00801234);
	close(c.fd);
}
END_TEST

/* For an opener without privilege the file ends after 64 bytes; the rest is not all ones. */
START_TEST(bytes_that_the_opener_may_not_read_are_an_error)
{
	struct ec_conf_fd c = { .fd = open_config(HEADER_SIZE) };
	uint32_t v = 0x12345678;

	ck_assert_int_eq(ec_conf_fd_ops.read(&c, HEADER_SIZE - 4, 4, &v), 0);
	v = 0x12345678;
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, HEADER_SIZE, 4, &v), -EACCES);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, HEADER_SIZE - 2, 4, &v), -EACCES);
	ck_assert_uint_eq(v, 0x12345678);
	close(c.fd);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, 0, 4, &v), -EBADF);
	ck_assert_int_eq(ec_conf_fd_ops.write(&c, 0, 4, v), -EBADF);
}
END_TEST

START_TEST(a_function_is_captured_by_a_descriptor)
{
	struct ec_plan_options o = { .topology = EC_FLATTENED };
	struct ec_conf_fd c = { .fd = open_config(EC_CONFIG_SIZE) };
	struct ec_plan *plan = malloc(sizeof(*plan));
	static struct ec_image img;
	struct ec_captured captured;
	const struct ec_capture_request request = { &ec_conf_fd_ops, &c, EC_CAPTURE_PLAN, &o };

	ck_assert(plan != NULL);
	ck_assert_int_eq(ec_capture_take(&request, plan, &img, &captured, NULL), 0);
	ck_assert(plan->chain.n == 10 && !captured.limited && captured.dwords <= 64);
	close(c.fd);
	c.fd = open_config(HEADER_SIZE);
	ck_assert_int_eq(ec_capture_take(&request, plan, &img, &captured, NULL), 0);
	ck_assert(captured.limited && img.size == HEADER_SIZE);
	close(c.fd);
	ck_assert_int_eq(ec_capture_take(&request, plan, &img, &captured, NULL), -EBADF);
	free(plan);
}
END_TEST

START_TEST(libpci_finds_functions_in_order)
{
	struct ec_diag diag;
	struct ec_libpci *m;
	uint32_t v = 7;

	sysfs_add(&sys, "0000:01:00.1", &x.img, HEADER_SIZE);
	sysfs_add(&sys, "10000:01:00.0", &x.img, STD_SIZE);
	m = ec_libpci_open(sys.root, &diag);
	ck_assert_msg(m != NULL, "%s", diag.text);
	ck_assert_uint_eq(ec_libpci_count(m), 3);
	ck_assert_uint_eq(ec_libpci_address(ec_libpci_at(m, 0)).devfn, 1);
	ck_assert_uint_eq(ec_libpci_address(ec_libpci_at(m, 1)).bus, 2);
	ck_assert_uint_eq(ec_libpci_address(ec_libpci_at(m, 2)).segment, 0x10000);
	ck_assert_int_eq(ec_conf_libpci_ops.read(ec_libpci_at(m, 1), NIC_DSN + 4, 4, &v), 0);
	ck_assert_uint_eq(v, 0x89abcdef);
	ck_assert_int_eq(ec_conf_libpci_ops.read(ec_libpci_at(m, 0), HEADER_SIZE, 4, &v), -EACCES);
	ck_assert_int_eq(ec_conf_libpci_ops.read(ec_libpci_at(m, 2), STD_SIZE, 4, &v), -EACCES);
	ck_assert_uint_eq(v, 0x89abcdef);
	ck_assert_int_eq(ec_conf_libpci_ops.write(ec_libpci_at(m, 1), 0, 4, 0), -EPERM);
	ec_libpci_close(m);
	ec_libpci_close(NULL);
}
END_TEST

START_TEST(a_missing_sysfs_is_named)
{
	struct ec_diag diag;

	ck_assert(ec_libpci_open("/nonexistent", &diag) == NULL);
	ck_assert_msg(strstr(diag.text, "/nonexistent") != NULL, "%s", diag.text);
}
END_TEST

static void check_regions(const struct ec_host_facts *f)
{
	ck_assert(f->region[0].size == 64 << 20 &&
		  f->region[0].flags ==
			  (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH));
	ck_assert(f->region[2].size == 32 && f->region[2].flags == PCI_BASE_ADDRESS_SPACE_IO);
	ck_assert(f->region[3].size == 16 << 10 && f->region[3].flags == 0);
	ck_assert(!f->region[1].size && !f->region[4].size && !f->region[5].size);
	ck_assert(f->region[EC_BAR_ROM].size == 512 << 10);
}

START_TEST(facts_are_those_of_sysfs)
{
	struct ec_sbdf at = { 0, 2, 0 };
	struct ec_host_facts f;

	sysfs_link(&sys, NIC, "driver", "../../../bus/pci/drivers/pciback");
	sysfs_link(&sys, NIC, "iommu_group", "../../../kernel/iommu_groups/17");
	sysfs_file(&sys, NIC, "reset_method", "flr bus\n");
	sysfs_file(&sys, NIC, "irq", "35\n");
	sysfs_file(&sys, NIC, "numa_node", "1\n");
	sysfs_file(&sys, NIC, "sriov_totalvfs", "8\n");
	sysfs_file(&sys, NIC, "sriov_numvfs", "2\n");
	sysfs_file(&sys, "", "bus/pci/slots/4/address", "0000:03:00\n");
	sysfs_file(&sys, "", "bus/pci/slots/5-1/address", "0000:02:00\n");
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, at, &f), 0);
	ck_assert_str_eq(f.driver, "pciback");
	ck_assert_str_eq(f.reset_methods, "flr bus");
	ck_assert_str_eq(f.slot, "5-1");
	ck_assert(!f.hotplug);
	sysfs_file(&sys, "", "bus/pci/slots/4/power", "1\n");
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, at, &f), 0);
	ck_assert(!f.hotplug);
	sysfs_file(&sys, "", "bus/pci/slots/5-1/power", "1\n");
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, at, &f), 0);
	ck_assert(f.hotplug);
	ck_assert(f.irq == 35 && f.iommu_group == 17 && f.numa_node == 1);
	ck_assert(f.vendor == 0x1234 && f.device == 1);
	ck_assert(f.total_vfs == 8 && f.num_vfs == 2 && !f.is_vf);
	check_regions(&f);
	at.bus = 3;
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, at, &f), -ENOENT);
}
END_TEST

START_TEST(facts_that_sysfs_lacks_are_none)
{
	struct ec_host_facts f;

	sysfs_add(&sys, "0000:02:10.0", &x.img, 256);
	sysfs_link(&sys, "0000:02:10.0", "physfn", "../" NIC);
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, (struct ec_sbdf){ 0, 2, 16 << 3 }, &f),
			 0);
	ck_assert(!*f.driver && !*f.reset_methods && !*f.slot);
	ck_assert(f.irq == 0 && f.iommu_group == -1 && f.numa_node == -1 && !f.total_vfs);
	ck_assert(f.is_vf && f.pf.bus == 2 && f.pf.devfn == 0);
	ck_assert_uint_eq(f.region[0].size, 0);
}
END_TEST

/* Each is another number, or a negative one, in the type of the fact. */
START_TEST(a_number_that_does_not_fit_is_none)
{
	struct ec_host_facts f;

	sysfs_file(&sys, NIC, "irq", "2147483648\n"); /* Linux IRQ_NOTCONNECTED */
	sysfs_file(&sys, NIC, "numa_node", "-2\n");
	sysfs_file(&sys, NIC, "vendor", "0x11234\n");
	sysfs_file(&sys, NIC, "device", "99999999999999999999\n");
	sysfs_file(&sys, NIC, "sriov_totalvfs", "65536\n");
	sysfs_file(&sys, NIC, "sriov_numvfs", "4294967296\n");
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, (struct ec_sbdf){ 0, 2, 0 }, &f), 0);
	ck_assert(f.irq == 0 && f.numa_node == -1 && !f.vendor && !f.device);
	ck_assert(!f.total_vfs && !f.num_vfs);
	sysfs_file(&sys, NIC, "irq", "4294967331\n"); /* 35 modulo 2^32 */
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, (struct ec_sbdf){ 0, 2, 0 }, &f), 0);
	ck_assert_int_eq(f.irq, 0);
}
END_TEST

START_TEST(a_rom_shadow_and_ide_ports_are_no_bars)
{
	struct ec_host_facts f;

	sysfs_file(&sys, NIC, "resource",
		   "0x00000000000001f0 0x00000000000001f7 0x0000000000000110\n0 0 0\n0 0 0\n0 0 0\n"
		   "0 0 0\n0 0 0\n0x00000000000c0000 0x00000000000dffff 0x0000000000000212\n");
	ck_assert_int_eq(ec_facts_sysfs_ops.get(&facts_ctx, (struct ec_sbdf){ 0, 2, 0 }, &f), 0);
	ck_assert(!f.region[0].size && !f.region[EC_BAR_ROM].size);
}
END_TEST

START_TEST(facts_of_a_dump_are_ids_and_sizes)
{
	static struct ec_dump_function fn = { .sbdf = { 0, 2, 0 }, .vendor = 0x8086, .device = 1 };
	struct ec_facts_dump d = { .fn = &fn, .n = 1 };
	struct ec_host_facts f;

	fn.region[3].size = 16 << 10;
	ck_assert_int_eq(ec_facts_dump_ops.get(&d, fn.sbdf, &f), 0);
	ck_assert(f.vendor == 0x8086 && f.region[3].size == 16 << 10 && f.iommu_group == -1);
	ck_assert_int_eq(ec_facts_dump_ops.get(&d, (struct ec_sbdf){ 0, 2, 1 }, &f), -ENOENT);
}
END_TEST

/* As `lspci -nn` prints them before the number, which is not part of the name. */
START_TEST(names_have_no_numbers)
{
	static const uint16_t class[] = { 0x0200, 0x1300, 0x02ee, 0xee33 };
	struct ec_names *names = ec_names_open();
	char name[EC_NAME_MAX];

	ck_assert_ptr_nonnull(names);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(class); i++) {
		ec_names_class(names, class[i], name);
		ck_assert_msg(!strpbrk(name, "[]0123456789"), "%s", name);
	}
	ck_assert_str_eq(ec_names_class(names, 0xee33, name), "Class");
	ec_names_device(names, 0x1022, 0xfffe, name);
	ck_assert_msg(!strcmp(name + strlen(name) - 6, "Device"), "%s", name);
	ec_names_close(names);
}
END_TEST

static const struct {
	const char *line;
	int code;
	const char *out, *err;
} commands[] = {
	{ "$E list", 0, "driver none, no IOMMU group, reset none known", "" },
	{ "$E list -n", 0, "PM@40 MSI@50 EXP@70 MSI-X@b0 VPD@e0 | AER@100 DSN@140", "" },
	{ "$E show 02:00.0", 0, "Region 0: 64-bit, prefetchable [size=64M]\n", "" },
	{ "$E show 02:00.0", 0, "COMMAND             0000     emulate, 003c pass", "" },
	{ "$E show --all --json", 0, "\"host\":\"0000:02:00.0\"", "" },
	{ "$E diff 02:00.0 -v", 1, "MSI.ADDRESS_LO           fee01000 00000000", "" },
	{ "echo 'w 4 2 4' | $E replay 02:00.0", 0, "\"value\":7}],\"actions\":[]}", "" },
	{ "$E show 02:00.1", 3, "", "this machine: no function 02:00.1" },
	{ "$E dump 02:00.0 02:00.1", 3, "", "this machine: no function 02:00.1" },
	{ "$E dump nonsense", 2, "", "'nonsense' is not an address" },
	{ "$E dump", 0, "\tRegion 0: Memory at 40f8000000 (64-bit, prefetchable) [size=64M]\n",
	  "" },
	{ "$E dump 02:00.0 | grep ^e0:", 0, "e0: 03 00 00 00 00 00 00 00 00", "" },
	{ "$E show 02:00.0 --topology host --hex | grep ^e0:", 0, "e0: 03 00 00 00 00 00 00 00 00",
	  "" },
	/* the view of the host is the view of its dump */
	{ "$E dump > $T/d; for t in bypassed flattened; do $E show 02:00.0 --topology $t --hex > "
	  "$T/a; "
	  "$E show 02:00.0 --topology $t --hex --dump $T/d | cmp $T/a - && echo same; done",
	  0, "same\nsame\n", "" },
	/* also by rules; what they move is read at its offset in the hardware */
	{ "$E dump > $T/d; for p in tests/rules/site.json tests/rules/moved.json "
	  "policy/strict.json "
	  "policy/permissive.json; do R=\"--quirks none --policy $p\"; $E show 02:00.0 $R --json > "
	  "$T/a; "
	  "$E show 02:00.0 $R --json --dump $T/d | cmp $T/a - && echo same; done",
	  0, "same\nsame\nsame\nsame\n", "" },
	{ "$E dump > $T/d; R='--quirks none --policy tests/rules/site.json'; "
	  "$E explain 02:00.0 0:4096 $R > $T/a; $E explain 02:00.0 0:4096 $R --dump $T/d | diff "
	  "$T/a - && echo same",
	  0, "same\n", "" },
	{ "$E policy-for 02:00.0 >$T/p.json; $E check $T/p.json", 0,
	  "1 file, 1 rule, 1 function: 0 errors, 0 warnings\n", "" },
	{ "$E check tests/rules/site.json", 1, "1 warning\n", ": this card: set.registers[0]: " },
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; truncate -s 64 $c; "
	  "$E check tests/rules/site.json",
	  0, "2 rules, 0 functions: 0 errors, 0 warnings\n", "only the first 64 bytes" },
	{ "$E dump > $T/d; $E dump --dump $T/d | diff - $T/d && echo same", 0, "same", "" },
	{ "SYSFS_PATH=$T $E list", 3, "", "this machine" },
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; truncate -s 64 $c; $E show 02:00.0", 0,
	  "View: bypassed, 64 bytes", "02:00.0: only the first 64 bytes can be read" },
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; truncate -s 64 $c; $E list", 0,
	  "02:00.0", "only the first 64 bytes" },
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC
	  "/config; head -c 4096 /dev/zero | tr '\\0' '\\377' "
	  "> $c; $E show 02:00.0",
	  3, "", "02:00.0: reads all ones: no function, or one that is gone" },
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; truncate -s 20 $c; $E show --all", 3,
	  "", "its header cannot be read" },
	/* reads that fail in the middle: no privilege cuts a file here */
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; truncate -s 192 $c; $E show 02:00.0", 0,
	  "MSI-X (11)", "reads failed; the registers are hidden" },
	/* nothing is written */
	{ "c=$SYSFS_PATH/devices/pci0000:00/" NIC "/config; cp $c $T/c; $E show --all >$T/o; "
	  "for i in $(seq 0 4 4092); do printf 'w %x 4 ffffffff\\n' $i; done | $E replay 02:00.0 "
	  ">$T/o; "
	  "$E dump >$T/o; cmp $c $T/c && echo same",
	  0, "same", "" },
};

START_TEST(ecamctl_on_the_host_prints_and_exits_as_listed)
{
	struct run r = run_shell(commands[_i].line, NULL);

	ck_assert_msg(r.code == commands[_i].code, "%s: %d: %.1500s%.1500s", commands[_i].line,
		      r.code, r.out, r.err);
	ck_assert_msg(strstr(r.out, commands[_i].out) != NULL, "%s: %.3000s", commands[_i].line,
		      r.out);
	ck_assert_msg(strstr(r.err, commands[_i].err) != NULL, "%s: %s", commands[_i].line, r.err);
	if (!*commands[_i].err)
		ck_assert_str_eq(r.err, "");
	run_free(&r);
}
END_TEST

Suite *suite_host_host(void)
{
	Suite *s = suite_create("host_host");
	TCase *t = tcase_create("host");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_descriptor_is_read_and_written);
	tcase_add_test(t, bytes_that_the_opener_may_not_read_are_an_error);
	tcase_add_test(t, a_function_is_captured_by_a_descriptor);
	tcase_add_test(t, libpci_finds_functions_in_order);
	tcase_add_test(t, a_missing_sysfs_is_named);
	tcase_add_test(t, facts_are_those_of_sysfs);
	tcase_add_test(t, facts_that_sysfs_lacks_are_none);
	tcase_add_test(t, a_number_that_does_not_fit_is_none);
	tcase_add_test(t, a_rom_shadow_and_ide_ports_are_no_bars);
	tcase_add_test(t, facts_of_a_dump_are_ids_and_sizes);
	tcase_add_test(t, names_have_no_numbers);
	tcase_add_loop_test(t, ecamctl_on_the_host_prints_and_exits_as_listed, 0,
			    EC_ARRAY_SIZE(commands));
	suite_add_tcase(s, t);
	return s;
}
