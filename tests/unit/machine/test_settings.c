/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules ask of a guest's machine: read, compared, and let count. */
#include <string.h>

#include "acpi/tables.h"
#include "core/bits.h"
#include "machine/settings.h"
#include "machine_check.h"
#include "ruled.h"
#include "suites.h"

#define MIB 0x100000ull

static const enum ec_verb verbs[EC_ASKS] = { EC_SET_ECAM, EC_SET_ECAM_BUSES, EC_SET_ECAM_BUS0,
					     EC_SET_BRIDGE };

/* Asks what @say has: EC_ASKS characters, '-' for nothing and else a digit that is the value. */
static struct ec_machine_settings asked(const char *say)
{
	struct ec_machine_settings a = { 0 };

	for (unsigned int i = 0; i < EC_ASKS; i++)
		if (say[i] != '-')
			ec_machine_settings_say(&a, (enum ec_machine_setting)i,
						(uint64_t)(say[i] - '0'));
	return a;
}

static void check_asked(const struct ec_machine_settings *a, const char *say)
{
	for (unsigned int i = 0; i < EC_ASKS; i++) {
		ck_assert_int_eq(a->ask[i].said, say[i] != '-');
		if (a->ask[i].said)
			ck_assert_uint_eq(a->ask[i].value, (uint64_t)(say[i] - '0'));
	}
}

/* Of each verb the last decision, and none of another. */
START_TEST(by_rules)
{
	struct ec_machine_settings a;
	struct ruled rules;

	ec_machine_settings_of(NULL, &a);
	check_asked(&a, "----");
	for (unsigned int i = 0; i < EC_ASKS; i++) {
		char say[] = "----";

		say[i] = '1';
		ruled_clear(&rules);
		ruled_number(&rules, EC_SET_SLOT, 5);
		ruled_number(&rules, verbs[i], 3);
		ruled_number(&rules, verbs[i], 1);
		ec_machine_settings_of(&rules.all, &a);
		check_asked(&a, say);
		ck_assert(strstr(ec_machine_setting_names[i], "machine.") ==
			  ec_machine_setting_names[i]);
	}
}
END_TEST

static const struct {
	const char *all, *more, *sum, *differs;
} joins[] = {
	{ "----", "----", "----", NULL },
	{ "----", "1211", "1211", NULL },
	{ "1211", "----", "1211", NULL },
	{ "1--1", "-20-", "1201", NULL },
	{ "1201", "1201", "1201", NULL },
	{ "1---", "2211", "1---", "machine.ecam" },
	{ "-1--", "-2--", "-1--", "machine.buses" },
	{ "--0-", "1-1-", "--0-", "machine.bus0" },
	{ "---0", "12-1", "---0", "machine.bridge" },
};

START_TEST(joined)
{
	struct ec_machine_settings all = asked(joins[_i].all), more = asked(joins[_i].more);
	const char *differs = ec_machine_settings_join(&all, &more);

	ck_assert_pstr_eq(differs, joins[_i].differs);
	check_asked(&all, joins[_i].sum);
}
END_TEST

START_TEST(limits_as_asked)
{
	struct ec_machine_limits limits, before;
	struct ec_machine_settings a = asked("----");

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	before = limits;
	ec_machine_settings_limits(&a, &limits);
	ck_assert_mem_eq(&limits, &before, sizeof(limits));
	a = asked("---1");
	ec_machine_settings_say(&a, EC_ASK_ECAM, 0xe0000000);
	ec_machine_settings_say(&a, EC_ASK_BUSES, 256);
	ec_machine_settings_say(&a, EC_ASK_BUS0, 1);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.has_ecam_base && limits.ecam_base == 0xe0000000);
	ck_assert_uint_eq(limits.ecam_buses, 256);
	ck_assert(limits.ecam_bus0);
	ck_assert_int_eq(limits.bridge, EC_BRIDGE_Q35);
	/* address 0 is one, and none is none */
	a = asked("0---");
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.has_ecam_base && !limits.ecam_base);
	a = asked("--00");
	ec_machine_settings_say(&a, EC_ASK_ECAM, EC_NO_ECAM);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(!limits.ecam && !limits.has_ecam_base && !limits.ecam_base);
	ck_assert(!limits.ecam_bus0);
	ck_assert_int_eq(limits.bridge, EC_BRIDGE_PLAIN);
	/* HVM has a window if one is asked for */
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	ck_assert(!limits.ecam);
	a = asked("-4--");
	ec_machine_settings_limits(&a, &limits);
	ck_assert(!limits.ecam);
	ec_machine_settings_say(&a, EC_ASK_ECAM, 0xfe800000);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.ecam_base == 0xfe800000);
}
END_TEST

/* What is registered of the window is what the ACPI tables tell of. */
static const struct {
	enum ec_machine_kind kind;
	enum ec_acpi_kind acpi;
	bool bus0;
	uint64_t ecam;
	uint16_t buses;
	uint64_t first, last; /* addresses; 0: it is refused */
} windows[] = {
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 4, 0xfe900000, 0xfebfffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, true, 0xfe800000, 4, 0xfe800000, 0xfebfffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 2, 0xfe900000, 0xfe9fffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 1, 0, 0 },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, true, 0xfe800000, 1, 0xfe800000, 0xfe8fffff },
	{ EC_MACHINE_PVH, EC_ACPI_PVH, false, 0xfd000000, 28, 0xfd000000, 0xfebfffff },
	{ EC_MACHINE_PVH, EC_ACPI_PVH, true, 0xfd000000, 1, 0xfd000000, 0xfd0fffff },
};

START_TEST(first_bus)
{
	static struct ec_machine_plan plan;
	struct ec_machine_limits limits;
	struct ec_acpi_machine m = ec_acpi_default(windows[_i].acpi, windows[_i].ecam,
						   windows[_i].buses, windows[_i].bus0);
	struct ec_diag diag = { 0 };
	int rc;

	ec_machine_defaults(windows[_i].kind, &limits);
	limits.ecam = limits.has_ecam_base = true;
	limits.ecam_base = windows[_i].ecam;
	limits.ecam_buses = windows[_i].buses;
	limits.ecam_bus0 = windows[_i].bus0;
	rc = ec_machine_build(&limits, NULL, 0, &plan, &diag);
	ck_assert_int_eq(rc != 0, ec_acpi_check(&m, NULL) != 0);
	ck_assert_int_eq(rc != 0, !windows[_i].first);
	if (rc) {
		ck_assert_str_eq(diag.text, "the ECAM window has bus 0 alone, which is the device "
					    "model's");
		return;
	}
	ck_assert_uint_eq(plan.ecam_first, m.first_bus);
	ck_assert_uint_eq(plan.ecam.base + plan.ecam_first * MIB, windows[_i].first);
	ck_assert_uint_eq(plan.ecam.base + plan.ecam.size - 1, windows[_i].last);
	ck_assert_uint_eq(ec_acpi_ecam(&m).first, windows[_i].first);
	ck_assert_uint_eq(ec_acpi_ecam(&m).last, windows[_i].last);
}
END_TEST

Suite *suite_machine_asked(void)
{
	Suite *s = suite_create("machine_asked");
	TCase *t = tcase_create("machine_asked");

	tcase_add_test(t, by_rules);
	tcase_add_loop_test(t, joined, 0, EC_ARRAY_SIZE(joins));
	tcase_add_test(t, limits_as_asked);
	tcase_add_loop_test(t, first_bus, 0, EC_ARRAY_SIZE(windows));
	suite_add_tcase(s, t);
	return s;
}
