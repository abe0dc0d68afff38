/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that share an interrupt line or a page, on a machine made of files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "nic_sysfs.h"
#include "suites.h"

#define OTHER "0000:03:00.0"
#define OTHER_BUS 3
#define OPS ec_device_sysfs_ops
#define SHELL(line) sysfs_shell(&n.sys, line)

static struct nic_sysfs n;
static const struct ec_sbdf nobody = { 0, 2, 1 };

/* $O is the directory of OTHER. */
static void setup(void)
{
	setenv("O", "devices/pci0000:00/" OTHER, 1);
	nic_sysfs_setup(&n);
}

static void teardown(void)
{
	nic_sysfs_teardown(&n);
}

/* NIC and OTHER have line 16 and a pin; then the text runs. Does OTHER share the line of NIC? */
static const struct sharing {
	const char *text; /* for a shell */
	int rc;
} lines[] = {
	{ ":", 1 },
	{ "ln -s x/pcieport $O/driver", 1 },
	{ "ln -s x/pciback $O/driver", 0 },
	{ "ln -s x/pci-stub $O/driver", 0 },
	{ "echo 17 > $O/irq", 0 },
	{ "rm $O/irq", 0 },
	{ "echo 0 > $N/irq; echo 0 > $O/irq", 0 },
	{ "echo 2147483648 | tee $N/irq > $O/irq", 0 }, /* not connected */
	{ "head -c 1 /dev/zero | dd of=$O/config bs=1 seek=61 conv=notrunc status=none", 0 },
	{ "head -c 1 /dev/zero | dd of=$N/config bs=1 seek=61 conv=notrunc status=none", 0 },
	{ "truncate -s 61 $O/config", 1 }, /* an unknown pin may raise it */
	{ "rm $O/config", 1 },
	{ "truncate -s 61 $N/config", -EIO },
	{ "rm bus/pci/devices/" NIC, -ENOENT },
};

START_TEST(a_function_with_the_same_line_and_a_pin_shares_it)
{
	struct ec_sbdf other = nobody;

	nic_sysfs_add(&n, OTHER);
	sysfs_file(&n.sys, NIC, "irq", "16\n");
	sysfs_file(&n.sys, OTHER, "irq", "16\n");
	SHELL(lines[_i].text);
	ck_assert_int_eq(OPS.shares_irq(&n.ctx, n.at, &other), lines[_i].rc);
	ck_assert_uint_eq(other.bus, lines[_i].rc == 1 ? OTHER_BUS : nobody.bus);
}
END_TEST

/*
 * NIC's `resource`: pages of BARs 0, 3 and 4 can be shared, I/O ports and the ROM cannot. The text
 * is that of OTHER.
 */
#define BARS                                                                                       \
	"0x40f8000000 0x40fbffffff 0x14220c\n0 0 0\n0xe000 0xe01f 0x40101\n"                       \
	"0xfe900000 0xfe903fff 0x40200\n0xfe910800 0xfe9108ff 0x40200\n0 0 0\n"                    \
	"0xfe800000 0xfe87ffff 0x46200\n"
#define NONE "0 0 0\n"

static const struct sharing pages[] = {
	{ "0xfe904000 0xfe904fff 0x40200\n", 0 },
	{ "0xfe903f00 0xfe903f7f 0x40200\n", 1 },
	{ "0xfe8ff000 0xfe8fffff 0x40200\n", 0 },
	{ "0xfe8ff000 0xfe900000 0x40200\n", 1 },
	{ "0xfe910000 0xfe91007f 0x40200\n", 1 }, /* one page, no byte */
	{ "0xfe911000 0xfe91107f 0x40200\n", 0 },
	{ "0xfe000000 0xfeffffff 0x40200\n", 1 },
	{ "0x40fa000000 0x40faffffff 0x14220c\n", 1 },
	{ "0xe000 0xe0ff 0x40200\n", 0 },
	{ "0xfe900000 0xfe9000ff 0x40101\n", 0 }, /* I/O */
	{ "0x0 0xffffffffff 0x40200\n", 0 },      /* no address assigned */
	{ "0xfe800000 0xfe800fff 0x40200\n", 1 }, /* the ROM's */
	{ NONE NONE NONE NONE NONE NONE "0xfe900000 0xfe900fff 0x46200\n", 1 },
	{ NONE NONE NONE NONE NONE NONE NONE "0xfe900000 0xfe900fff 0x40200\n", 0 },
	{ "0xfe903000 0xfe900000 0x40200\n", 0 },
	{ "", 0 },
};

START_TEST(a_function_with_a_bar_in_a_page_shares_it)
{
	struct ec_sbdf other = nobody;

	nic_sysfs_add(&n, OTHER);
	fake_kernel_bind(OTHER, "pciback");
	sysfs_file(&n.sys, NIC, "resource", BARS);
	sysfs_file(&n.sys, OTHER, "resource", pages[_i].text);
	ck_assert_int_eq(OPS.shares_page(&n.ctx, n.at, &other), pages[_i].rc);
	ck_assert_uint_eq(other.bus, pages[_i].rc == 1 ? OTHER_BUS : nobody.bus);
}
END_TEST

START_TEST(the_lowest_function_is_found)
{
	static char root[5000];
	struct ec_device_sysfs far = { .root = root };
	struct ec_sbdf other = nobody;

	sysfs_file(&n.sys, NIC, "resource", BARS);
	for (unsigned int i = 9; i; i--) {
		char name[] = "0000:03:0x.0";

		name[9] = (char)('0' + i * 7 % 10);
		nic_sysfs_add(&n, name);
		sysfs_file(&n.sys, name, "resource", BARS);
	}
	ck_assert_int_eq(OPS.shares_page(&n.ctx, n.at, &other), 1);
	ck_assert(other.bus == OTHER_BUS && other.devfn == 1 << 3);
	/* the first is gone */
	SHELL("rm devices/pci0000:00/0000:03:01.0/resource");
	ck_assert_int_eq(OPS.shares_page(&n.ctx, n.at, &other), 1);
	ck_assert(other.bus == OTHER_BUS && other.devfn == 2 << 3);
	/* its pages cannot be read */
	SHELL("mkdir devices/pci0000:00/0000:03:01.0/resource");
	ck_assert_int_eq(OPS.shares_page(&n.ctx, n.at, &other), 1);
	ck_assert(other.bus == OTHER_BUS && other.devfn == 1 << 3);
	ck_assert_int_eq(OPS.shares_page(&n.ctx, nobody, &other), -ENOENT);
	memset(root, '/', sizeof(root) - 1);
	ck_assert_int_eq(OPS.shares_page(&far, n.at, &other), -ENAMETOOLONG);
	ck_assert_int_eq(OPS.take(&far, n.at, &n.taken, &n.diag), -ENAMETOOLONG);
}
END_TEST

Suite *suite_host_device_sysfs_sharing(void)
{
	Suite *s = suite_create("host_device_sysfs_sharing");
	TCase *t = tcase_create("sysfs");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_function_with_the_same_line_and_a_pin_shares_it, 0,
			    EC_ARRAY_SIZE(lines));
	tcase_add_loop_test(t, a_function_with_a_bar_in_a_page_shares_it, 0, EC_ARRAY_SIZE(pages));
	tcase_add_test(t, the_lowest_function_is_found);
	suite_add_tcase(s, t);
	return s;
}
