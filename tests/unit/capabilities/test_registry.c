/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "capabilities/instance.h"
#include "capabilities/registry.h"
#include "core/bits.h"
#include "suites.h"

START_TEST(ids_are_dense_and_found)
{
	unsigned int std = 0, ext = 0;
	const struct ec_cap *cap, *before = NULL;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		*(cap->extended ? &ext : &std) += 1;
		ck_assert(ec_cap_find(cap->id, cap->extended) == cap);
		ck_assert(cap->name && cap->title && cap->length_text && cap->source &&
			  *cap->source);
		ck_assert(cap->least >= (cap->extended ? 4 : 2));
		ck_assert(!before || before->extended < cap->extended || before->id < cap->id);
		before = cap;
	}
	ck_assert_uint_eq(std, INSTANCE_STD_IDS);
	ck_assert_uint_eq(ext, INSTANCE_EXT_IDS);
	ck_assert_uint_eq(ec_cap_count(), std + ext);
	for (uint16_t id = 0; id < INSTANCE_STD_IDS; id++)
		ck_assert_uint_eq(ec_cap_find(id, false)->id, id);
	for (uint16_t id = 0; id < INSTANCE_EXT_IDS; id++)
		ck_assert_uint_eq(ec_cap_find(id, true)->id, id);
}
END_TEST

START_TEST(an_unknown_id_is_hidden_in_all_its_room)
{
	struct instance in = { .room = 0x77 };
	struct ec_cap_at at = instance_at(&in);
	const struct ec_cap *cap = ec_cap_find(INSTANCE_STD_IDS, false);
	enum ec_cap_fault fault;

	ck_assert_uint_eq(cap->treatment, EC_HIDE);
	ck_assert_uint_eq(ec_cap_measure(cap, &at, 0x1000, &fault), in.room);
	ck_assert_uint_eq(ec_cap_registers(cap, &at).n, 0);
	ck_assert_uint_eq(ec_cap_find(INSTANCE_EXT_IDS, true)->treatment, EC_HIDE);
	ck_assert_uint_eq(ec_cap_find(UINT16_MAX, true)->treatment, EC_HIDE);
}
END_TEST

START_TEST(these_capabilities_and_no_others_are_shown_by_default)
{
	static const struct {
		const char *name;
		bool extended;
	} wanted[] = {
		{ "PM", false },  { "VPD", false },   { "MSI", false },  { "VNDR", false },
		{ "EXP", false }, { "MSI-X", false }, { "SATA", false }, { "AF", false },
		{ "AER", true },  { "VC", true },     { "DSN", true },   { "PB", true },
		{ "VSEC", true }, { "REBAR", true },  { "DVSEC", true },
	};
	const struct ec_cap *cap;
	unsigned int n = 0;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		bool want = false;

		for (unsigned int w = 0; w < EC_ARRAY_SIZE(wanted); w++)
			want = want || (wanted[w].extended == cap->extended &&
					!strcmp(wanted[w].name, cap->name));
		ck_assert_msg(want == (cap->treatment != EC_HIDE), "%s", cap->name);
		if (cap->extended && want)
			ck_assert_uint_ne(cap->treatment, EC_PASS);
		n += want;
	}
	ck_assert_uint_eq(n, EC_ARRAY_SIZE(wanted));
}
END_TEST

Suite *suite_capabilities_registry(void)
{
	Suite *s = suite_create("capabilities_registry");
	TCase *t = tcase_create("registry");

	tcase_add_test(t, ids_are_dense_and_found);
	tcase_add_test(t, an_unknown_id_is_hidden_in_all_its_room);
	tcase_add_test(t, these_capabilities_and_no_others_are_shown_by_default);
	suite_add_tcase(s, t);
	return s;
}
