/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of a guest's machine: read from decisions, compared and applied. */
#include <string.h>

#include "acpi/tables.h"
#include "core/bits.h"
#include "machine/settings.h"
#include "machine_check.h"
#include "ruled.h"
#include "suites.h"

static const enum ec_verb verbs[EC_SETTINGS] = { EC_SET_ECAM, EC_SET_ECAM_BUSES, EC_SET_ECAM_BUS0,
						 EC_SET_BRIDGE };

/* Settings as a string: EC_SETTINGS characters, a digit for a value or '-' for none. */
static struct ec_machine_settings settings(const char *say)
{
	struct ec_machine_settings a = { 0 };

	for (unsigned int i = 0; i < EC_SETTINGS; i++)
		if (say[i] != '-')
			ec_machine_settings_set(&a, (enum ec_machine_setting)i,
						(uint64_t)(say[i] - '0'));
	return a;
}

static void check_settings(const struct ec_machine_settings *a, const char *say)
{
	for (unsigned int i = 0; i < EC_SETTINGS; i++) {
		ck_assert_int_eq(a->setting[i].is_set, say[i] != '-');
		if (a->setting[i].is_set)
			ck_assert_uint_eq(a->setting[i].value, (uint64_t)(say[i] - '0'));
	}
}

/* And no other verb. */
START_TEST(the_last_decision_of_each_verb_counts)
{
	struct ec_machine_settings a;
	struct ruled rules;

	ec_machine_settings_of(NULL, &a);
	check_settings(&a, "----");
	for (unsigned int i = 0; i < EC_SETTINGS; i++) {
		char say[] = "----";

		say[i] = '1';
		ruled_clear(&rules);
		ruled_number(&rules, EC_SET_SLOT, 5);
		ruled_number(&rules, verbs[i], 3);
		ruled_number(&rules, verbs[i], 1);
		ec_machine_settings_of(&rules.all, &a);
		check_settings(&a, say);
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

START_TEST(settings_that_differ_are_not_joined)
{
	struct ec_machine_settings all = settings(joins[_i].all), more = settings(joins[_i].more);
	const char *differs = ec_machine_settings_join(&all, &more);

	ck_assert_pstr_eq(differs, joins[_i].differs);
	check_settings(&all, joins[_i].sum);
}
END_TEST

START_TEST(limits_follow_settings)
{
	struct ec_machine_limits limits, before;
	struct ec_machine_settings a = settings("----");

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	before = limits;
	ec_machine_settings_limits(&a, &limits);
	ck_assert_mem_eq(&limits, &before, sizeof(limits));
	a = settings("---1");
	ec_machine_settings_set(&a, EC_SETTING_ECAM, 0xe0000000);
	ec_machine_settings_set(&a, EC_SETTING_BUSES, 256);
	ec_machine_settings_set(&a, EC_SETTING_BUS0, 1);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.has_ecam_base && limits.ecam_base == 0xe0000000);
	ck_assert_uint_eq(limits.ecam_buses, 256);
	ck_assert(limits.ecam_bus0);
	ck_assert_int_eq(limits.bridge, EC_BRIDGE_Q35);
	/* address 0 is an address; EC_NO_ECAM is none */
	a = settings("0---");
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.has_ecam_base && !limits.ecam_base);
	a = settings("--00");
	ec_machine_settings_set(&a, EC_SETTING_ECAM, EC_NO_ECAM);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(!limits.ecam && !limits.has_ecam_base && !limits.ecam_base);
	ck_assert(!limits.ecam_bus0);
	ck_assert_int_eq(limits.bridge, EC_BRIDGE_PLAIN);
	/* HVM has a window only if its address is set */
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	ck_assert(!limits.ecam);
	a = settings("-4--");
	ec_machine_settings_limits(&a, &limits);
	ck_assert(!limits.ecam);
	ec_machine_settings_set(&a, EC_SETTING_ECAM, 0xfe800000);
	ec_machine_settings_limits(&a, &limits);
	ck_assert(limits.ecam && limits.ecam_base == 0xfe800000);
}
END_TEST

/* The window in the plan and in the ACPI tables. */
static const struct {
	enum ec_machine_kind kind;
	enum ec_acpi_kind acpi;
	bool bus0;
	uint64_t ecam;
	uint16_t buses;
	uint64_t first, last; /* addresses; 0: refused */
} windows[] = {
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 4, 0xfe900000, 0xfebfffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, true, 0xfe800000, 4, 0xfe800000, 0xfebfffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 2, 0xfe900000, 0xfe9fffff },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, false, 0xfe800000, 1, 0, 0 },
	{ EC_MACHINE_HVM, EC_ACPI_HVM, true, 0xfe800000, 1, 0xfe800000, 0xfe8fffff },
	{ EC_MACHINE_PVH, EC_ACPI_PVH, false, 0xfd000000, 28, 0xfd000000, 0xfebfffff },
	{ EC_MACHINE_PVH, EC_ACPI_PVH, true, 0xfd000000, 1, 0xfd000000, 0xfd0fffff },
};

START_TEST(the_plan_serves_what_acpi_reports)
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
		ck_assert_str_eq(diag.text, "the ECAM window has only bus 0, which is the device "
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

Suite *suite_machine_settings(void)
{
	Suite *s = suite_create("machine_settings");
	TCase *t = tcase_create("machine_asked");

	tcase_add_test(t, the_last_decision_of_each_verb_counts);
	tcase_add_loop_test(t, settings_that_differ_are_not_joined, 0, EC_ARRAY_SIZE(joins));
	tcase_add_test(t, limits_follow_settings);
	tcase_add_loop_test(t, the_plan_serves_what_acpi_reports, 0, EC_ARRAY_SIZE(windows));
	suite_add_tcase(s, t);
	return s;
}
