/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture reads, and what it must not read. */
#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "fixture.h"
#include "suites.h"
#include "view/build.h"
#include "view/capture.h"

/* Where functions other than the NIC have their capabilities. */
enum {
	VPD_AT = 0x40,
	SATA_AT = 0x50,

	DOE_AT = 0x100,
	DSN_AT = 0x140,
	FRS_AT = 0x150,
	NPEM_AT = 0x160,

	IDE_AT = 0x100,
	IDE_STREAM_1 = IDE_AT + 12 + 2 * 8, /* selective streams follow two link streams */
	IDE_STREAM_2 = IDE_STREAM_1 + 44,
	IDE_STREAM_3 = IDE_STREAM_2 + 200,
	IDE_DSN_AT = 0x300,
};

/* Registers that <pci/header.h> does not define. */
enum {
	SATA_INDEX = 8,
	SATA_DATA = 12,
	DOE_WRITE_MAILBOX = 16,
	DOE_READ_MAILBOX = 20,
	FRS_MESSAGE = 12,
	NPEM_CONTROL = 8,
	IDE_CAP = 4,
};

/* A device that counts reads; reads can be limited, and it can go away after some. */
struct device {
	struct fixture x;
	unsigned int reads, reads_of[EC_CONFIG_DWORDS];
	uint32_t end;           /* bytes that can be read */
	unsigned int gone_from; /* all ones from this read on */
};

static struct device d;
static struct ec_plan *plan;
static struct ec_image img;
static struct ec_captured captured;

static int read_device(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct device *dev = ctx;

	ck_assert_uint_eq(offset % len, 0);
	dev->reads_of[offset / 4]++;
	if (dev->reads++ >= dev->gone_from) {
		*value = (uint32_t)ec_ones(len);
		return 0;
	}
	if (offset + len > dev->end)
		return -EACCES;
	*value = fixture_get(&dev->x, offset, len);
	return 0;
}

static int write_device(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)len;
	(void)value;
	ck_abort_msg("a capture writes at %x", offset);
	return -EPERM;
}

static const struct ec_conf_ops ops = { .read = read_device, .write = write_device };

static void setup(void)
{
	memset(&d, 0, sizeof(d));
	d.end = EC_CONFIG_SIZE;
	d.gone_from = ~0u;
	fixture_nic(&d.x);
	plan = malloc(sizeof(*plan));
	ck_assert(plan != NULL);
}

static void teardown(void)
{
	free(plan);
}

static int take(enum ec_capture how_much, enum ec_topology topology)
{
	struct ec_plan_options o = { .topology = topology };

	d.reads = 0;
	memset(d.reads_of, 0, sizeof(d.reads_of));
	return ec_capture_take(&(struct ec_capture_request){ &ops, &d, how_much, &o }, plan, &img,
			       &captured, NULL);
}

/* Ten capabilities and all gaps. */
START_TEST(a_capture_makes_few_reads)
{
	ck_assert_int_eq(take(_i ? EC_CAPTURE_SHOWN : EC_CAPTURE_PLAN, EC_FLATTENED), 0);
	ck_assert_uint_eq(plan->chain.n, 10);
	ck_assert_uint_eq(captured.dwords, d.reads);
	ck_assert_msg(_i || d.reads <= 64, "%u dwords for a plan", d.reads);
	ck_assert_msg(d.reads <= 80, "%u dwords for all that is shown", d.reads);
	for (unsigned int i = 0; i < EC_CONFIG_DWORDS; i++)
		ck_assert_msg(d.reads_of[i] <= 1, "%x is read %u times", i * 4, d.reads_of[i]);
}
END_TEST

START_TEST(a_list_needs_fewer_reads_than_a_view)
{
	ck_assert_int_eq(take(EC_CAPTURE_CHAINS, EC_BYPASSED), 0);
	ck_assert_uint_eq(plan->chain.n, 10);
	ck_assert_msg(d.reads <= 28, "%u dwords for a list", d.reads);
}
END_TEST

/* Except bits that are read from the hardware. */
START_TEST(a_capture_gives_the_view_of_all_bytes)
{
	struct ec_plan_options o = { .topology = _i ? EC_FLATTENED : EC_BYPASSED };
	struct ec_plan *whole = malloc(sizeof(*whole));

	ck_assert(whole != NULL);
	ck_assert_int_eq(take(EC_CAPTURE_PLAN, o.topology), 0);
	ck_assert_int_eq(ec_plan_build(whole, &d.x.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_layout_bytes(&plan->layout), ec_layout_bytes(&whole->layout));
	ck_assert_mem_eq(&plan->layout, &whole->layout, ec_layout_bytes(&whole->layout));
	ck_assert_mem_eq(plan->shadow, whole->shadow, whole->layout.words * 4);
	free(whole);
}
END_TEST

static void add_untouchables(void)
{
	fixture_init(&d.x, 4096, 0);
	fixture_cap(&d.x, VPD_AT, PCI_CAP_ID_VPD);
	fixture_cap(&d.x, SATA_AT, PCI_CAP_ID_SATA);
	fixture_put(&d.x, SATA_AT + PCI_SATA_HBA_BARS, 4, 0x0f);
	fixture_ext(&d.x, DOE_AT, PCI_EXT_CAP_ID_DOE, 1);
	fixture_ext(&d.x, DSN_AT, PCI_EXT_CAP_ID_DSN, 1);
	fixture_ext(&d.x, FRS_AT, PCI_EXT_CAP_ID_FRS, 1);
	fixture_ext(&d.x, NPEM_AT, PCI_EXT_CAP_ID_NPEM, 1);
}

/*
 * VPD data, SATA index and data, DOE mailboxes, the FRS queue and NPEM commands, whatever is
 * captured.
 */
START_TEST(registers_with_side_effects_are_never_read)
{
	static const uint32_t untouchable[] = {
		VPD_AT + PCI_VPD_DATA,      SATA_AT + SATA_INDEX,      SATA_AT + SATA_DATA,
		DOE_AT + DOE_WRITE_MAILBOX, DOE_AT + DOE_READ_MAILBOX, FRS_AT + FRS_MESSAGE,
		NPEM_AT + NPEM_CONTROL,
	};

	add_untouchables();
	for (int topology = 0; topology < EC_TOPOLOGIES; topology++) {
		ck_assert_int_eq(take((enum ec_capture)_i, (enum ec_topology)topology), 0);
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(untouchable); i++)
			ck_assert_msg(!d.reads_of[untouchable[i] / 4], "%x", untouchable[i]);
	}
	if (_i == EC_CAPTURE_ALL)
		ck_assert_uint_eq(d.reads, 1024 - EC_ARRAY_SIZE(untouchable));
}
END_TEST

/* Three streams, each with its own length: one read per step of the list. */
START_TEST(lists_in_capabilities_are_followed)
{
	fixture_init(&d.x, 4096, 0);
	fixture_ext(&d.x, IDE_AT, 0x30, 1);
	fixture_put(&d.x, IDE_AT + IDE_CAP, 4, 0x00022003);
	fixture_put(&d.x, IDE_STREAM_1, 4, 0x00000002);
	fixture_put(&d.x, IDE_STREAM_2, 4, 0x0000000f);
	fixture_put(&d.x, IDE_STREAM_3, 4, 0x00000001);
	fixture_ext(&d.x, IDE_DSN_AT, PCI_EXT_CAP_ID_DSN, 1);
	ck_assert_int_eq(take(EC_CAPTURE_PLAN, EC_BYPASSED), 0);
	ck_assert_uint_eq(plan->cap[0].length, 12 + 2 * 8 + 44 + 200 + 32);
	ck_assert_uint_eq(plan->cap[0].fault, EC_CAP_OK);
	/* an entry that cannot be read ends the list, and hides nothing else */
	d.end = IDE_STREAM_3;
	ck_assert_int_eq(take(EC_CAPTURE_PLAN, EC_BYPASSED), 0);
	ck_assert_uint_eq(plan->cap[0].length, 12 + 2 * 8 + 44 + 200 + 20);
}
END_TEST

START_TEST(without_privilege_64_bytes_are_captured)
{
	d.end = 64;
	ck_assert_int_eq(take((enum ec_capture)_i, EC_BYPASSED), 0);
	ck_assert(captured.limited);
	ck_assert_uint_eq(img.size, 64);
	d.end = 256;
	ck_assert_int_eq(take((enum ec_capture)_i, EC_BYPASSED), 0);
	ck_assert(!captured.limited);
	ck_assert_uint_eq(img.size, 256);
	d.end = 32;
	ck_assert_int_eq(take((enum ec_capture)_i, EC_BYPASSED), -EACCES);
}
END_TEST

START_TEST(a_device_that_goes_away_at_any_step_is_gone)
{
	unsigned int all;

	ck_assert_int_eq(take((enum ec_capture)_i, EC_BYPASSED), 0);
	all = d.reads;
	for (d.gone_from = 0; d.gone_from < all; d.gone_from++) {
		ck_assert_msg(take((enum ec_capture)_i, EC_BYPASSED) == -ENODEV,
			      "gone from read %u on", d.gone_from);
		ck_assert_uint_le(d.reads, 1030);
	}
}
END_TEST

START_TEST(a_dword_that_cannot_be_read_is_hidden)
{
	const uint32_t end = 0xc0;

	fixture_init(&d.x, 4096, 0);
	fixture_fill(&d.x, EC_STD_FIRST, 0xc0, 0x5a);
	d.end = end;
	ck_assert_int_eq(take(EC_CAPTURE_PLAN, EC_BYPASSED), 0);
	ck_assert_uint_eq(captured.failed, 0x40 / 4);
	ck_assert(!captured.limited);
	ck_assert_uint_eq(ec_plan_at(plan, end - 4)->served[EC_FREEZE], UINT32_MAX);
	ck_assert_uint_eq(ec_plan_at(plan, end)->served[EC_HIDE], UINT32_MAX);
}
END_TEST

START_TEST(a_virtual_function_with_ids_of_all_ones_is_there)
{
	fixture_put(&d.x, PCI_VENDOR_ID, 4, 0xffffffff);
	ck_assert_int_eq(take(EC_CAPTURE_PLAN, EC_BYPASSED), 0);
	ck_assert_uint_eq(plan->chain.n, 10);
}
END_TEST

Suite *suite_view_capture(void)
{
	Suite *s = suite_create("view_capture");
	TCase *t = tcase_create("snapshot");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_capture_makes_few_reads, 0, 2);
	tcase_add_test(t, a_list_needs_fewer_reads_than_a_view);
	tcase_add_loop_test(t, a_capture_gives_the_view_of_all_bytes, 0, 2);
	tcase_add_loop_test(t, registers_with_side_effects_are_never_read, 0, EC_CAPTURE_ALL + 1);
	tcase_add_test(t, lists_in_capabilities_are_followed);
	tcase_add_loop_test(t, without_privilege_64_bytes_are_captured, 0, EC_CAPTURE_ALL + 1);
	tcase_add_loop_test(t, a_device_that_goes_away_at_any_step_is_gone, 0, EC_CAPTURE_ALL + 1);
	tcase_add_test(t, a_dword_that_cannot_be_read_is_hidden);
	tcase_add_test(t, a_virtual_function_with_ids_of_all_ones_is_there);
	suite_add_tcase(s, t);
	return s;
}
