/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attach specifications: parsed, refused, printed. */
#include <errno.h>
#include <string.h>

#include "control/attach_spec.h"
#include "core/bits.h"
#include "suites.h"

#define AT5 .host = { .bus = 5 }

static const struct {
	const char *text;
	struct ec_attach_spec spec;
} good[] = {
	{ "05:00.0", { AT5 } },
	{ "0000:05:00.0", { AT5 } },
	{ "10000:aB:1f.7", { .host = { 0x10000, 0xab, 0xff } } },
	{ "05:00.0@0", { AT5, .has_slot = true } },
	{ "05:00.0@5", { AT5, .has_slot = true, .slot = 5 } },
	{ "05:00.0@1F", { AT5, .has_slot = true, .slot = 31 } },
	{ "05:00.0@09,reset=auto", { AT5, .has_slot = true, .slot = 9 } },
	{ "05:00.0,reset=none", { AT5, .no_reset = true } },
	{ "05:00.0,ecam=none", { AT5, .ecam = EC_ECAM_NONE } },
	{ "05:00.0,ecam=0xfE800000", { AT5, .ecam = EC_ECAM_AT, .ecam_base = 0xfe800000 } },
	{ "05:00.0,ecam=1000000", { AT5, .ecam = EC_ECAM_AT, .ecam_base = 0x1000000 } },
	{ "05:00.0,ecam=fd000000", { AT5, .ecam = EC_ECAM_AT, .ecam_base = 0xfd000000 } },
	{ "05:00.0,ecam=04000000", { AT5, .ecam = EC_ECAM_AT, .ecam_base = 0x4000000 } },
	{ "05:00.0,ecam=0", { AT5, .ecam = EC_ECAM_AT } },
	{ "05:00.0,ecam=0XFFFFFFFFFFF00000,reset=none",
	  { AT5, .ecam = EC_ECAM_AT, .ecam_base = 0xfffffffffff00000, .no_reset = true } },
	{ "05:00.0@1,reset=none,ecam=0x0000000000000000000000000000000000fd000000",
	  { AT5, .has_slot = true, .slot = 1, EC_ECAM_AT, 0xfd000000, true } },
};

START_TEST(a_correct_specification_is_parsed)
{
	const struct ec_attach_spec *wanted = &good[_i].spec;
	struct ec_attach_spec s;
	struct ec_diag diag;

	memset(&s, 0xff, sizeof(s));
	ck_assert_msg(!ec_attach_spec_parse(good[_i].text, &s, &diag), "%s: %s", good[_i].text,
		      diag.text);
	ck_assert_int_eq(ec_sbdf_compare(s.host, wanted->host), 0);
	ck_assert_int_eq(s.has_slot, wanted->has_slot);
	ck_assert_uint_eq(s.slot, wanted->slot);
	ck_assert_int_eq(s.ecam, wanted->ecam);
	ck_assert_uint_eq(s.ecam_base, wanted->ecam_base);
	ck_assert_int_eq(s.no_reset, wanted->no_reset);
}
END_TEST

static const struct {
	const char *text, *error; /* error: part of the message */
} bad[] = {
	{ "", "'' is not an address" },
	{ "@5", "'' is not an address" },
	{ ",reset=none", "'' is not an address" },
	{ "05:00.8", "'05:00.8' is not an address" },
	{ "05:00.*", "'05:00.*' is not an address" },
	{ "5:0.0@1", "'5:0.0' is not an address" },
	{ " 05:00.0", "' 05:00.0' is not an address" },
	{ "05:00.0 ", "'05:00.0 ' is not an address" },
	{ "reset=none", "'reset=none' is not an address" },
	{ "05:00.0@", "'@' is not a slot" },
	{ "05:00.0@20", "'@20' is not a slot" },
	{ "05:00.0@001", "'@001' is not a slot" },
	{ "05:00.0@0x5", "'@0x5' is not a slot" },
	{ "05:00.0@-1", "'@-1' is not a slot" },
	{ "05:00.0@5.0", "'@5.0' is not a slot" },
	{ "05:00.0@5@5", "'@5@5' is not a slot" },
	{ "05:00.0@g", "'@g' is not a slot" },
	{ "05:00.0,", "no option after a comma" },
	{ "05:00.0,reset=none,", "no option after a comma" },
	{ "05:00.0,,reset=none", "no option after a comma" },
	{ "05:00.0,=none", "'=none' has no key" },
	{ "05:00.0,strict=1",
	  "'strict' is not an option of an attach: ecam, reset, permissive, rom, "
	  "rebar, topology, multifunction, buses, bus0, bridge, hide" },
	{ "05:00.0,buses=64,bridge=q35,buses=64", "'buses' is given twice" },
	{ "05:00.0,bus0", "'bus0' needs a value" },
	{ "05:00.0,permissive", "'permissive' needs a value" },
	{ "05:00.0,hide=", "'hide' needs a value" },
	{ "05:00.0,rom=none,hide=AER,rom=none", "'rom' is given twice" },
	{ "05:00.0,Reset=none", "'Reset' is not an option" },
	{ "05:00.0, reset=none", "' reset' is not an option" },
	{ "05:00.0,rese=none", "'rese' is not an option" },
	{ "05:00.0,resets=none", "'resets' is not an option" },
	{ "05:00.0,reset@5", "'reset@5' is not an option" },
	{ "05:00.0,reset", "'reset' needs a value" },
	{ "05:00.0,reset=", "'reset' needs a value" },
	{ "05:00.0,reset=flr", "'reset=flr': must be auto or none" },
	{ "05:00.0,reset=none=auto", "'reset=none=auto'" },
	{ "05:00.0,reset=auto,reset=auto", "'reset' is given twice" },
	{ "05:00.0,ecam=none,reset=auto,ecam=none", "'ecam' is given twice" },
	{ "05:00.0,ecam=", "'ecam' needs a value" },
	{ "05:00.0,ecam=auto", "'ecam=auto': must be a hexadecimal address or none" },
	{ "05:00.0,ecam=0x", "'ecam=0x': must be a hexadecimal address or none" },
	{ "05:00.0,ecam=0xfg000000", "'ecam=0xfg000000': must be a hexadecimal address or none" },
	{ "05:00.0,ecam=-1048576", "'ecam=-1048576': must be a hexadecimal address or none" },
	{ "05:00.0,ecam=+1048576", "'ecam=+1048576': must be a hexadecimal address or none" },
	{ "05:00.0,ecam=0x10000000000000000", "must be a hexadecimal address or none" },
	{ "05:00.0,ecam=18446744073709551616", "must be a hexadecimal address or none" },
	{ "05:00.0,ecam=0xfd000001", "'ecam=0xfd000001': the address is not a multiple of 1 MiB" },
	{ "05:00.0,ecam=0xfd080000", "not a multiple of 1 MiB" },
	{ "05:00.0\n", "character 8 is not printable ASCII" },
	{ "05:00.0,reset=\033[2J", "character 15 is not printable ASCII" },
	{ "05:00.0,\xc3\xa9=1", "character 9 is not printable ASCII" },
};

START_TEST(a_wrong_specification_is_refused_and_its_part_named)
{
	struct ec_attach_spec s, untouched;
	struct ec_diag diag = { 0 };

	memset(&s, 0xa5, sizeof(s));
	untouched = s;
	ck_assert_msg(ec_attach_spec_parse(bad[_i].text, &s, &diag) == -EINVAL, "%s", bad[_i].text);
	ck_assert_msg(strstr(diag.text, bad[_i].error) != NULL, "%s: %s", bad[_i].text, diag.text);
	ck_assert_mem_eq(&s, &untouched, sizeof(s));
	ck_assert_int_eq(ec_attach_spec_parse(bad[_i].text, &s, NULL), -EINVAL);
}
END_TEST

/* A copy keeps them too: a specification refers to its own text. */
START_TEST(settings_keep_their_order_and_values)
{
	static const char *const wanted[][2] = {
		{ "hide", "MSI-X" },         { "permissive", "maybe" },    { "hide", "ext:0x0b#1" },
		{ "topology", "flattened" }, { "multifunction", "a=b@c" }, { "rebar", "hide" },
		{ "rom", "none" },
	};
	struct ec_attach_spec s, copy;
	struct ec_diag diag;

	ck_assert_msg(!ec_attach_spec_parse("05:00.0@3,hide=MSI-X,permissive=maybe,hide=ext:0x0b#1,"
					    "reset=none,topology=flattened,multifunction=a=b@c,"
					    "rebar=hide,rom=none",
					    &s, &diag),
		      "%s", diag.text);
	copy = s;
	memset(&s, 0xff, sizeof(s));
	ck_assert(copy.no_reset && copy.has_slot && copy.slot == 3);
	ck_assert_uint_eq(copy.n_sets, EC_ARRAY_SIZE(wanted));
	for (unsigned int i = 0; i < copy.n_sets; i++) {
		ck_assert_str_eq(ec_attach_spec_key(&copy, i), wanted[i][0]);
		ck_assert_str_eq(ec_attach_spec_value(&copy, i), wanted[i][1]);
	}
}
END_TEST

/* The address of the ECAM window is no setting: it belongs to the attach itself. */
START_TEST(settings_of_the_machine_are_kept)
{
	static const char *const wanted[][2] = {
		{ "buses", "64" },
		{ "bus0", "1" },
		{ "bridge", "q35" },
	};
	struct ec_attach_spec s;
	struct ec_diag diag;

	ck_assert_msg(!ec_attach_spec_parse("05:00.0,buses=64,ecam=0xe0000000,bus0=1,bridge=q35",
					    &s, &diag),
		      "%s", diag.text);
	ck_assert(s.ecam == EC_ECAM_AT && s.ecam_base == 0xe0000000);
	ck_assert_uint_eq(s.n_sets, EC_ARRAY_SIZE(wanted));
	for (unsigned int i = 0; i < s.n_sets; i++) {
		ck_assert_str_eq(ec_attach_spec_key(&s, i), wanted[i][0]);
		ck_assert_str_eq(ec_attach_spec_value(&s, i), wanted[i][1]);
	}
}
END_TEST

START_TEST(the_text_has_room_for_all_settings)
{
	char text[EC_ATTACH_SPEC_MAX + 8] = "05:00.0,rom=0";
	struct ec_attach_spec s;
	struct ec_diag diag;
	unsigned int n = 1;

	while (strlen(text) + strlen(",hide=0") < EC_ATTACH_SPEC_MAX) {
		strcat(text, ",hide=0");
		n++;
	}
	ck_assert_msg(!ec_attach_spec_parse(text, &s, &diag), "%s", diag.text);
	ck_assert_uint_eq(s.n_sets, n);
	ck_assert_str_eq(ec_attach_spec_value(&s, n - 1), "0");
}
END_TEST

/* And refused with one character more. */
START_TEST(the_longest_text_is_accepted)
{
	char text[EC_ATTACH_SPEC_MAX + 1] = "05:00.0,ecam=0x";
	size_t len = strlen(text);
	struct ec_attach_spec s;
	struct ec_diag diag;

	memset(text + len, '0', sizeof(text) - len);
	text[EC_ATTACH_SPEC_MAX - 1] = 0;
	ck_assert_int_eq(ec_attach_spec_parse(text, &s, &diag), 0);
	text[EC_ATTACH_SPEC_MAX - 1] = '0';
	text[EC_ATTACH_SPEC_MAX] = 0;
	ck_assert_int_eq(ec_attach_spec_parse(text, &s, &diag), -EINVAL);
	ck_assert_str_eq(diag.text, "longer than 127 characters");
	/* the message names the whole part */
	text[EC_ATTACH_SPEC_MAX - 1] = 0;
	text[13] = 'g';
	ck_assert_int_eq(ec_attach_spec_parse(text, &s, &diag), -EINVAL);
	ck_assert_msg(strstr(diag.text, "000': must be a hexadecimal address or none") != NULL,
		      "%s", diag.text);
}
END_TEST

/* Print @text as @wanted (NULL: any text), and parse the result. */
static void check_printed(const char *text, const char *wanted)
{
	struct ec_attach_spec s, again;
	char out[EC_ATTACH_SPEC_MAX];

	ck_assert_int_eq(ec_attach_spec_parse(text, &s, NULL), 0);
	ck_assert_int_eq(ec_attach_spec_print(&s, out), 0);
	ck_assert(!wanted || !strcmp(out, wanted));
	ck_assert_int_eq(ec_attach_spec_parse(out, &again, NULL), 0);
	ck_assert_int_eq(ec_sbdf_compare(s.host, again.host), 0);
	ck_assert(s.has_slot == again.has_slot && s.slot == again.slot && s.ecam == again.ecam &&
		  s.ecam_base == again.ecam_base && s.no_reset == again.no_reset &&
		  s.n_sets == again.n_sets);
	for (unsigned int i = 0; i < s.n_sets; i++) {
		ck_assert_str_eq(ec_attach_spec_key(&s, i), ec_attach_spec_key(&again, i));
		ck_assert_str_eq(ec_attach_spec_value(&s, i), ec_attach_spec_value(&again, i));
	}
}

START_TEST(a_printed_specification_parses_to_the_same)
{
	check_printed(good[_i].text, NULL);
}
END_TEST

START_TEST(a_specification_is_printed_in_one_form)
{
	check_printed("0000:05:00.0", "05:00.0");
	check_printed("10000:aB:1f.7@1F,ecam=00100000,reset=auto",
		      "10000:ab:1f.7@1f,ecam=0x100000");
	check_printed("05:00.0,hide=MSI-X,reset=none,topology=flattened,hide=a=b@c,ecam=none",
		      "05:00.0,ecam=none,reset=none,hide=MSI-X,topology=flattened,hide=a=b@c");
}
END_TEST

START_TEST(a_text_too_long_for_its_slot_is_not_printed)
{
	char text[EC_ATTACH_SPEC_MAX] = "05:00.0,hide=", out[EC_ATTACH_SPEC_MAX];
	struct ec_attach_spec s;

	memset(text + strlen(text), 'x', sizeof(text) - 1 - strlen(text));
	text[sizeof(text) - 1] = 0;
	check_printed(text, text);
	ck_assert_int_eq(ec_attach_spec_parse(text, &s, NULL), 0);
	s.has_slot = true;
	ck_assert_int_eq(ec_attach_spec_print(&s, out), -ENOSPC);
}
END_TEST

Suite *suite_control_attach_spec(void)
{
	Suite *s = suite_create("control_attach_spec");
	TCase *t = tcase_create("spec");

	tcase_add_loop_test(t, a_correct_specification_is_parsed, 0, EC_ARRAY_SIZE(good));
	tcase_add_loop_test(t, a_wrong_specification_is_refused_and_its_part_named, 0,
			    EC_ARRAY_SIZE(bad));
	tcase_add_test(t, settings_keep_their_order_and_values);
	tcase_add_test(t, settings_of_the_machine_are_kept);
	tcase_add_loop_test(t, a_printed_specification_parses_to_the_same, 0, EC_ARRAY_SIZE(good));
	tcase_add_test(t, a_specification_is_printed_in_one_form);
	tcase_add_test(t, a_text_too_long_for_its_slot_is_not_printed);
	tcase_add_test(t, the_text_has_room_for_all_settings);
	tcase_add_test(t, the_longest_text_is_accepted);
	suite_add_tcase(s, t);
	return s;
}
