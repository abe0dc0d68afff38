/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a capability is that a rule adds at "auto". */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/capture.h"

/* After the header: with it 8 bytes of a standard capability, 12 of an extended one. */
static const uint8_t bytes[] = { 8, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77 };

static uint16_t add(struct ec_cap_ref cap, uint16_t at)
{
	return ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_ADD,
						      .cap = cap,
						      .offset = at,
						      .bytes = bytes,
						      .n = cap.extended ? 8 : 6 });
}

#define USED 0x40 /* to 0x7f, as registers that no capability claims */
#define FREE 0x80 /* to the Power Management capability at 0xd0 */

static const struct {
	enum ec_verb verb; /* EC_SET_RANGE: of the first free dword; else for the function */
	enum ec_treatment treatment;
	uint16_t at; /* 0: refused */
} used[] = {
	{ EC_SET_RANGE, EC_PASS, FREE + 4 },
	{ EC_SET_RANGE, EC_READ, FREE + 4 },
	{ EC_SET_RANGE, EC_EMULATE, FREE + 4 },
	{ EC_SET_RANGE, EC_HIDE, FREE + 4 },
	{ EC_SET_RANGE, EC_FREEZE, FREE + 4 },
	{ EC_SET_GAPS, EC_PASS, 0 },
	{ EC_SET_GAPS, EC_READ, 0 },
	{ EC_SET_GAPS, EC_FREEZE, FREE },
	{ EC_SET_PERMISSIVE, EC_PASS, 0 },
};

START_TEST(auto_avoids_bytes_that_are_not_0_or_that_rules_decide)
{
	static const char why[] = "VNDR (std 09): where there is room, the hardware has bytes that "
				  "are not 0, or a rule opens or names them: give an offset";
	uint16_t by = add(vndr, 0);

	fixture_init(&fixture, 256, 0);
	fixture_cap(&fixture, 0xd0, PCI_CAP_ID_PM);
	fixture_fill(&fixture, USED, FREE - USED, 0xa5);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), FREE);
	if (used[_i].verb == EC_SET_RANGE)
		ruled_range(&rules, NULL, FREE, 4, used[_i].treatment);
	else if (used[_i].verb == EC_SET_GAPS)
		ruled_treat(&rules, EC_SET_GAPS, used[_i].treatment);
	else
		ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	if (used[_i].at) {
		nic_attach();
		ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), used[_i].at);
	} else {
		ruled_refused(&rules, nic, &fixture.img, why, by);
	}
	ruled_clear(&rules);
	fixture_fill(&fixture, FREE, 0xd0 - FREE, 0xa5);
	fixture_fill(&fixture, 0xd8, 0x100 - 0xd8, 0xa5);
	ruled_refused(&rules, nic, &fixture.img, why, add(vndr, 0));
	/* an offset is the administrator's decision */
	ruled_clear(&rules);
	add(vndr, USED);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), USED);
}
END_TEST

static unsigned int reads_of[EC_CONFIG_DWORDS];

static int read_device(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	reads_of[offset / 4]++;
	*value = fixture_get(ctx, offset, len);
	return 0;
}

/* The plan that decides what to capture does not know the values yet. */
START_TEST(a_capture_finds_the_same_place_for_auto)
{
	static const struct ec_conf_ops ops = { .read = read_device };
	struct ec_plan_options o = { .rules = &rules.all };
	struct ec_captured got;
	struct ec_image img;

	fixture_init(&fixture, 4096, 0);
	fixture_cap(&fixture, 0xd0, PCI_CAP_ID_PM);
	fixture_fill(&fixture, USED, FREE - USED, 0xa5);
	fixture_ext(&fixture, 0x100, PCI_EXT_CAP_ID_DSN, 1);
	fixture_fill(&fixture, 0x10c, 0x200 - 0x10c, 0xa5);
	fixture_put(&fixture, 0x208, 4, 1);
	add(vndr, 0);
	add(vsec, 0);
	memset(reads_of, 0, sizeof(reads_of));
	ck_assert_int_eq(
		ec_capture_take(&(struct ec_capture_request){ &ops, &fixture, EC_CAPTURE_PLAN, &o },
				&nic->plan, &img, &got, &rules.diag),
		0);
	for (unsigned int i = 0; i < EC_CONFIG_DWORDS; i++)
		ck_assert_uint_le(reads_of[i], 1);
	/* the first 256 bytes, and 0x100 to 0x217 */
	ck_assert_uint_le(got.dwords, 64 + 72);
	rig_attach_options(nic, &img, &o);
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), FREE);
	ck_assert_uint_eq(rig_read(nic, FREE + 3, 1), bytes[1]);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_VNDR, true), 0x20c);
	ck_assert_uint_eq(rig_read(nic, USED, 4), 0xa5a5a5a5); /* frozen as ever */
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), FREE);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_VNDR, true), 0x20c);
}
END_TEST

Suite *suite_view_rules_auto(void)
{
	Suite *s = suite_create("view_rules_auto");
	TCase *t = tcase_create("auto");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_loop_test(t, auto_avoids_bytes_that_are_not_0_or_that_rules_decide, 0,
			    EC_ARRAY_SIZE(used));
	tcase_add_test(t, a_capture_finds_the_same_place_for_auto);
	suite_add_tcase(s, t);
	return s;
}
