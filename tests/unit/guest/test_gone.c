/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function that does not answer any more. Its configuration space reads all ones, as a root
 * complex answers for nothing (PCI Express 2.3.2), or the kernel has removed it.
 */
#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "guest/hardware.h"
#include "guest/lifetime.h"
#include "suites.h"
#include "world.h"

#define DEVSTA (CAP_EXPRESS + PCI_EXP_DEVSTA)
#define VPD_ADDR (CAP_VPD + PCI_VPD_ADDR)

static unsigned int slot, reads, writes;

/* Accesses to the hardware. */
static void hardware(const struct fakexen_access *a)
{
	if (a->at.bus != NIC.bus)
		return;
	reads += !a->write;
	writes += a->write;
}

static void poke(uint32_t off, unsigned int len, uint32_t value)
{
	fakexen_poke(world->xen, NIC, off, len, value);
}

static void fall_off_the_bus(void)
{
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		poke(off, 4, UINT32_MAX);
	reads = writes = 0;
	fakexen_watch(world->xen, hardware);
}

/* A guest that uses its card: BARs, MSI-X, bus mastering; real power states are allowed. */
static void in_use(void)
{
	world_typical();
	world->rules = "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}";
	slot = world_give(HVM, NIC);
	world_place(HVM, slot);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	world_entry(HVM, 0, 0xfee01000, 0x41, 0);
	fakexen_forget(world->xen);
}

static void reads_ones_everywhere(void)
{
	for (uint32_t off = 0; off < 0x100; off += 4)
		for (unsigned int len = 1; len <= 4; len *= 2)
			ck_assert_uint_eq(world_read(HVM, slot, off, len), ec_ones(len));
}

/* The guest's first access after the function fell off the bus. */
static const struct first_access {
	const char *what;
	uint32_t offset;
	unsigned int len;
	bool write;
	uint32_t value;
} first_accesses[] = {
	{ "COMMAND, in which only bus mastering is the hardware's", PCI_COMMAND, 2, true, 6 },
	{ "a dword with COMMAND", PCI_COMMAND, 4, true, 6 },
	{ "power state", PMCSR, 2, true, 3 },
	{ "MSI disable", MSI_FLAGS, 2, true, 0 },
	{ "STATUS", PCI_STATUS, 2, false, 0 },
	{ "a live byte", DEVSTA, 1, false, 0 },
	{ "a dword with live bytes", PCI_COMMAND, 4, false, 0 },
};

START_TEST(nothing_is_written_after_a_read_of_all_ones)
{
	const struct first_access *a = first_accesses + _i;

	in_use();
	/* MSI excludes MSI-X */
	if (a->offset == MSI_FLAGS) {
		world_msix(HVM, slot, 0);
		world_write(HVM, slot, MSI_ADDRESS, 4, 0xfee01000);
		world_write(HVM, slot, MSI_DATA, 2, 0x41);
		world_write(HVM, slot, MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	}
	fall_off_the_bus();
	if (a->write)
		world_write(HVM, slot, a->offset, a->len, a->value);
	else
		ck_assert_uint_eq(world_read(HVM, slot, a->offset, a->len), ec_ones(a->len));
	ck_assert_msg(!writes, "%s", a->what);
	ck_assert_uint_le(reads, 4);
	ck_assert(world_log_has("is gone: its configuration space reads all ones"));
}
END_TEST

START_TEST(a_guest_of_a_gone_function_reads_all_ones_and_reaches_nothing)
{
	unsigned int lines;

	in_use();
	fall_off_the_bus();
	world_read(HVM, slot, DEVSTA, 2);
	lines = world->lines;
	reads = writes = 0;
	fakexen_watch(world->xen, hardware);
	/* also if something answers there again, such as another card */
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		poke(off, 4, 0x12345678);
	reads_ones_everywhere();
	for (uint32_t off = 0; off < 0x100; off++)
		world_write(HVM, slot, off, 1, 0);
	world_write(HVM, slot, VPD_ADDR, 2, 0);
	world_write(HVM, slot, EXP_DEVCTL + 1, 1, 0x80);
	world_write(HVM, slot, PMCSR, 2, 3);
	reads_ones_everywhere();
	ck_assert_uint_eq(reads + writes, 0);
	world_count("vpd", 0);
	world_count("reset", 0);
	ck_assert_uint_eq(world->lines, lines);
}
END_TEST

START_TEST(what_a_guest_has_of_a_gone_function_ends)
{
	in_use();
	*(uint32_t *)fakexen_mapped(world->xen, NIC, 3, 0x2800) = 0x12345678;
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), 0x12345678);
	fall_off_the_bus();
	world_read(HVM, slot, DEVSTA, 2);
	world_has("map_memory d5 gfn e0000 mfn 40f8000 n 16 remove");
	world_count("unbind_msi", 1);
	world_count("unmap_pirq", 1);
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), UINT32_MAX);
	fakexen_forget(world->xen);
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, 7);
	world_count("map_memory", 0);
	/* it cannot be reset, so that no other guest gets it */
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	world_count("reset", 0);
	ck_assert_uint_eq(writes, 0);
	world_check();
}
END_TEST

/* A register may have that value; and a function that is being reset is not gone. */
START_TEST(all_ones_is_a_value_if_the_vendor_id_is_there)
{
	in_use();
	poke(DEVSTA, 2, 0xffff);
	poke(PCI_COMMAND, 1, 0xff);
	ck_assert_uint_eq(world_read(HVM, slot, DEVSTA, 2) & 0xf, 0xf);
	poke(PCI_VENDOR_ID, 4, 0xffff0001);
	poke(DEVSTA, 2, 0xffff);
	fakexen_watch(world->xen, hardware);
	writes = 0;
	ck_assert_uint_eq(world_read(HVM, slot, DEVSTA, 2), 0xffff);
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
	ck_assert_uint_eq(writes, 0);
	ck_assert(!world_log_has("is gone"));
	poke(PCI_VENDOR_ID, 4, 0x00011234);
	poke(PCI_COMMAND, 2, 7);
	poke(DEVSTA, 2, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & 7, 3);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), 0x00011234);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* ids of a virtual function read ffff always, PCI Express 9.3.4.1.1 */
START_TEST(a_virtual_function_is_gone_if_its_class_reads_all_ones)
{
	struct ec_host_facts *facts;
	struct fixture x;

	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PCI_VENDOR_ID, 4, UINT32_MAX);
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; off += 4)
		fixture_put(&x, off, 4, 0);
	facts = world_add(NIC, "nic", &x);
	facts->is_vf = true;
	facts->pf = NIC2;
	facts->vendor = 0x1234;
	facts->device = 0x0abc;
	facts->region[0].start = 0x4010000000;
	facts->region[3].start = 0x4020000000;
	facts->region[2] = facts->region[EC_BAR_ROM] = (struct ec_region){ 0 };
	world_card(&x, NIC2);
	world_add(NIC2, "nic", &x)->num_vfs = 1;
	slot = world_give(HVM, NIC);
	poke(DEVSTA, 2, 0xffff);
	world_read(HVM, slot, DEVSTA, 2);
	ck_assert(!world_log_has("is gone"));
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), 0x0abc1234);
	poke(PCI_CLASS_REVISION, 4, UINT32_MAX);
	world_read(HVM, slot, DEVSTA, 2);
	ck_assert(world_log_has("is gone: its configuration space reads all ones"));
	reads_ones_everywhere();
}
END_TEST

/* Accesses of ecamd itself: the part of the service that attaches uses the same functions. */

static int result;
static uint32_t answer;

static int conf_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	(void)ctx;
	(void)offset;
	reads++;
	*value = answer & (uint32_t)ec_ones(len);
	return result;
}

static int conf_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	(void)value;
	writes++;
	return result;
}

static void log_nothing(const char *text)
{
	(void)text;
}

START_TEST(a_descriptor_without_a_function_is_not_used_again)
{
	static const struct ec_conf_ops conf = { conf_read, conf_write };
	static const struct ec_backends backends = { .conf = &conf,
						     .server = &fakexen_server_ops,
						     .log = log_nothing };
	struct ec_guest *g = ec_guest_new(&backends, 1);
	struct ec_device *d = ec_device_new(g, NIC);
	uint32_t value = 0x55;

	reads = writes = 0;
	result = -EIO;
	ck_assert_int_eq(ec_hardware_read(d, PCI_COMMAND, 2, &value), -EIO);
	ck_assert(!ec_hardware_gone(d));
	result = -ENODEV;
	if (_i)
		ck_assert_int_eq(ec_hardware_read(d, PCI_COMMAND, 2, &value), -ENODEV);
	else
		ck_assert_int_eq(ec_hardware_write(d, PCI_COMMAND, 2, 0), -ENODEV);
	ck_assert(ec_hardware_gone(d));
	ck_assert_uint_eq(reads + writes, 2);
	result = 0;
	answer = 0x0107;
	ck_assert_int_eq(ec_hardware_read(d, PCI_COMMAND, 2, &value), -ENODEV);
	ck_assert_int_eq(ec_hardware_write(d, PCI_COMMAND, 2, 0), -ENODEV);
	ec_hardware_decode(d, PCI_COMMAND_MEMORY);
	ec_hardware_intx(d, true);
	ec_hardware_command_set(d, 0);
	ck_assert_uint_eq(reads + writes, 2);
	ck_assert_uint_eq(value, 0x55);
	ec_device_free(d);
	ec_guest_free(g);
}
END_TEST

Suite *suite_guest_gone(void)
{
	Suite *s = suite_create("guest_gone");
	TCase *t = tcase_create("guest_gone");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, nothing_is_written_after_a_read_of_all_ones, 0,
			    EC_ARRAY_SIZE(first_accesses));
	tcase_add_test(t, a_guest_of_a_gone_function_reads_all_ones_and_reaches_nothing);
	tcase_add_test(t, what_a_guest_has_of_a_gone_function_ends);
	tcase_add_test(t, all_ones_is_a_value_if_the_vendor_id_is_there);
	tcase_add_test(t, a_virtual_function_is_gone_if_its_class_reads_all_ones);
	tcase_add_loop_test(t, a_descriptor_without_a_function_is_not_used_again, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
