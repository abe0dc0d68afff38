/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy/resolve: the cascade, and origins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "policy/resolve.h"
#include "ruleset.h"
#include "suites.h"

static struct ec_decisions d;
static struct ec_subject nic;

static void setup(void)
{
	ruleset_subject(&nic);
}

static void teardown(void)
{
	ec_decisions_free(&d);
	ck_assert(!d.n && !d.room && !d.decision);
}

/* The decided slots in order, as "1 2 3". */
static const char *slots(const struct ec_rules *r)
{
	static char text[256];
	size_t len = 0;

	ck_assert_int_eq(ec_rules_resolve(r, &nic, &d), 0);
	*text = 0;
	for (unsigned int i = 0; i < d.n; i++) {
		ck_assert(d.decision[i].set->verb == EC_SET_SLOT);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%llu", len ? " " : "",
					(unsigned long long)d.decision[i].set->number);
	}
	return text;
}

static const struct {
	const char *rules, *slots;
} cascades[] = {
	{ "", "" },
	{ "{'set':{'slot':1}}", "1" },
	{ "{'set':{'slot':1}},{'set':{'slot':2}}", "1 2" },
	{ "{'match':{'vendor':1},'set':{'slot':1}},{'set':{'slot':2}}", "2" },
	{ "{'match':{'vendor':'0x8086'},'set':{'slot':1}},{'set':{'slot':2}}", "1 2" },
	{ "{'set':{}},{'set':{'slot':2}}", "2" },
	/* final counts for what it matches */
	{ "{'final':true,'set':{'slot':1}},{'set':{'slot':2}}", "1" },
	{ "{'final':true,'set':{}},{'set':{'slot':2}}", "" },
	{ "{'final':false,'set':{'slot':1}},{'set':{'slot':2}}", "1 2" },
	{ "{'final':true,'match':{'vf':true},'set':{'slot':1}},{'set':{'slot':2}}", "2" },
	{ "{'set':{'slot':1}},{'final':true,'match':{'has_cap':'AER'},'set':{'slot':2}},"
	  "{'set':{'slot':3}}",
	  "1 2" },
};

START_TEST(each_cascade_gives_the_expected_decisions)
{
	struct ec_rules *r = ruleset_make(cascades[_i].rules);

	ck_assert_str_eq(slots(r), cascades[_i].slots);
	/* decisions that were used before */
	ck_assert_str_eq(slots(r), cascades[_i].slots);
	ec_rules_free(r);
}
END_TEST

static void add(struct ec_rules *r, const char *file, enum ec_layer layer, const char *rules)
{
	struct ec_rules_error err;
	char text[512];

	snprintf(text, sizeof(text), "{'version':1,'rules':[%s]}", rules);
	ck_assert_int_eq(ruleset_add(r, file, layer, text, &err), 0);
}

START_TEST(layers_are_applied_in_order)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;
	const struct ec_rule *rule;

	add(r, "quirk.json", EC_LAYER_QUIRKS, "{'set':{'slot':1}},{'match':{'vf':true},'set':{}}");
	add(r, "10.json", EC_LAYER_POLICY, "{'name':'ten','set':{'slot':2}}");
	add(r, "20.json", EC_LAYER_POLICY, "{'set':{'slot':3}}");
	ck_assert_int_eq(ec_rules_add_set(r, "attach", "slot", "4", &err), 0);
	ck_assert_str_eq(slots(r), "1 2 3 4");
	ck_assert_uint_eq(d.decision[0].origin, EC_FIRST_RULE);
	ck_assert_uint_eq(d.decision[1].origin, EC_FIRST_RULE + 2);
	rule = ec_rules_origin(r, d.decision[1].origin);
	ck_assert_str_eq(rule->file, "10.json");
	ck_assert_str_eq(rule->name, "ten");
	rule = ec_rules_origin(r, d.decision[3].origin);
	ck_assert(rule->layer == EC_LAYER_ATTACH && d.decision[3].set == rule->setting);
	ck_assert_ptr_null(ec_rules_origin(r, 0));
	ck_assert_ptr_null(ec_rules_origin(r, EC_FIRST_RULE - 1));
	ck_assert_ptr_null(ec_rules_origin(r, EC_FIRST_RULE + 5));
	ck_assert_ptr_null(ec_rules_origin(r, UINT16_MAX));
	ec_rules_free(r);
}
END_TEST

START_TEST(a_final_rule_ends_the_cascade_of_files)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;

	add(r, "q", EC_LAYER_QUIRKS, "{'set':{'slot':1}}");
	add(r, "p", EC_LAYER_POLICY, "{'match':{'device':'0x1521'},'final':true,'set':{'slot':2}}");
	add(r, "p", EC_LAYER_POLICY, "{'set':{'slot':3}}");
	ck_assert_int_eq(ec_rules_add_set(r, "attach", "slot", "4", &err), 0);
	/* options of the attach come after all files */
	ck_assert_str_eq(slots(r), "1 2 4");
	nic.device++;
	ck_assert_str_eq(slots(r), "1 3 4");
	ec_rules_free(r);
}
END_TEST

START_TEST(the_last_decision_of_a_verb_is_found)
{
	struct ec_rules *r =
		ruleset_make("{'set':{'slot':1,'bars':{'0':{'hide':true},'3':{'hide':true}}}},"
			     "{'set':{'bars':{'3':{'hide':false}},'slot':2,'rom':'none'}}");

	ck_assert_int_eq(ec_rules_resolve(r, &nic, &d), 0);
	ck_assert_uint_eq(d.n, 6);
	ck_assert_uint_eq(ec_decisions_last(&d, EC_SET_SLOT, 0)->set->number, 2);
	ck_assert_uint_eq(ec_decisions_last(&d, EC_SET_BAR_HIDE, 0)->set->number, 1);
	ck_assert_uint_eq(ec_decisions_last(&d, EC_SET_BAR_HIDE, 3)->set->number, 0);
	ck_assert_ptr_null(ec_decisions_last(&d, EC_SET_BAR_HIDE, 1));
	ck_assert_ptr_null(ec_decisions_last(&d, EC_SET_DSN, 0));
	ck_assert_ptr_null(ec_decisions_last(NULL, EC_SET_SLOT, 0));
	ec_rules_free(r);
}
END_TEST

START_TEST(settings_stay_in_place_when_the_set_grows)
{
	struct ec_rules *r = ec_rules_new();

	add(r, "0", EC_LAYER_POLICY, "{'set':{'slot':7}}");
	ck_assert_str_eq(slots(r), "7");
	for (unsigned int i = 0; i < 300; i++)
		add(r, "more", EC_LAYER_POLICY, "{'match':{'vendor':1},'set':{'slot':1}}");
	ck_assert_uint_eq(d.decision[0].set->number, 7);
	ck_assert_uint_eq(r->n, 301);
	ck_assert_str_eq(slots(r), "7");
	for (unsigned int i = 0; i < 100; i++)
		add(r, "more", EC_LAYER_POLICY, "{'set':{'slot':1,'rom':'none'}}");
	ck_assert_int_eq(ec_rules_resolve(r, &nic, &d), 0);
	ck_assert(d.n == 201 && d.room >= 201);
	ck_assert_str_eq(ec_rules_origin(r, d.decision[1].origin)->file, "more");
	ec_rules_free(r);
}
END_TEST

START_TEST(a_set_can_be_made_without_the_parser)
{
	const struct ec_setting set[] = { { .verb = EC_SET_SLOT, .number = 3 } };
	const struct ec_number_match other = { .low = 1, .high = 2 };
	const struct ec_rule rules[] = {
		{ .match.numbers[EC_MATCH_VENDOR] = { 1, &other }, .n = 1, .setting = set },
		{ .n = 1, .setting = set },
	};
	const struct ec_rules r = { .n = 2, .rule = rules };

	ck_assert_str_eq(slots(&r), "3");
	ck_assert_uint_eq(d.decision[0].origin, EC_FIRST_RULE + 1);
}
END_TEST

Suite *suite_policy_resolve(void)
{
	Suite *s = suite_create("policy_resolve");
	TCase *t = tcase_create("resolve");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, each_cascade_gives_the_expected_decisions, 0,
			    EC_ARRAY_SIZE(cascades));
	tcase_add_test(t, layers_are_applied_in_order);
	tcase_add_test(t, a_final_rule_ends_the_cascade_of_files);
	tcase_add_test(t, the_last_decision_of_a_verb_is_found);
	tcase_add_test(t, settings_stay_in_place_when_the_set_grows);
	tcase_add_test(t, a_set_can_be_made_without_the_parser);
	suite_add_tcase(s, t);
	return s;
}
