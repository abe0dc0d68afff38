/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy/match, policy/rule: which functions a rule matches, which settings are about the same
 * property. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "policy/match.h"
#include "ruleset.h"
#include "suites.h"

/* For the card of ruleset_subject(): 0000:01:00.0, 8086:1521, 1028:0001, 020000, an endpoint. */
static const struct {
	const char *match;
	bool has;
} matches[] = {
	{ "", true },
	{ "'vendor':'0x8086'", true },
	{ "'vendor':32902", true },
	{ "'vendor':'0x8087'", false },
	{ "'vendor':[1,2,'0x8086']", true },
	{ "'vendor':[1,2]", false },
	{ "'vendor':'0x8086','device':'0x1521'", true },
	{ "'vendor':'0x8086','device':'0x1520'", false },
	{ "'vendor':'0x8085','device':'0x1521'", false },
	{ "'device':'0x1521-0x1521'", true },
	{ "'device':'0x1500-0x1521'", true },
	{ "'device':'0x1521-0x1600'", true },
	{ "'device':'0x1522-0x1600'", false },
	{ "'device':'0-0x1520'", false },
	{ "'device':'0x1520/0xfff0'", true },
	{ "'device':'0x1520/0xffff'", false },
	{ "'device':'0x0001/0x0001'", true },
	{ "'device':['0x10-0x20','0x1500/0xff00']", true },
	{ "'subsystem_vendor':'0x1028'", true },
	{ "'subsystem_vendor':0", false },
	{ "'subsystem_device':1", true },
	{ "'subsystem_device':2", false },
	{ "'class':'0x020000'", true },
	{ "'class':'0x020000/0xff0000'", true },
	{ "'class':'0x030000/0xff0000'", false },
	{ "'revision':1", true },
	{ "'revision':'2-255'", false },
	{ "'pcie_type':'endpoint'", true },
	{ "'pcie_type':'none'", false },
	{ "'pcie_type':['legacy','endpoint']", true },
	{ "'pcie_type':'rciep'", false },
	{ "'vf':false", true },
	{ "'vf':true", false },
	{ "'bdf':'0000:01:00.0'", true },
	{ "'bdf':'01:00.0'", true },
	{ "'bdf':'01:00.*'", true },
	{ "'bdf':'01:*'", true },
	{ "'bdf':'01:00.[0-3]'", true },
	{ "'bdf':'01:00.[!0]'", false },
	{ "'bdf':'?1:00.0'", true },
	{ "'bdf':'*'", true },
	{ "'bdf':'*:01:00.0'", true },
	{ "'bdf':'0001:01:00.0'", false },
	{ "'bdf':'0000:01:00'", false },
	{ "'bdf':'0000:01:00.01'", false },
	{ "'bdf':['02:00.0','01:00.0']", true },
	{ "'bdf':'01:00.[0'", false },
	{ "'has_cap':'MSI-X'", true },
	{ "'has_cap':'MSI#1'", true },
	{ "'has_cap':'MSI#2'", false },
	{ "'has_cap':['MSI','AER','VSEC']", true },
	{ "'has_cap':['MSI','VNDR']", false },
	{ "'has_cap':'std:0x01'", true },
	{ "'has_cap':'ext:0x01'", true },
	{ "'has_cap':'ext:0x02'", false },
	{ "'guest':'web-1'", true },
	{ "'guest':'web-?'", true },
	{ "'guest':'WEB-1'", false },
	{ "'guest':'web'", false },
	{ "'guest':['db*','w*1']", true },
	{ "'guest':'6F1A7B5C-0123-4567-89AB-cdef01234567'", true },
	{ "'guest':'6f1a7b5c-0123-4567-89ab-cdef01234568'", false },
	{ "'bus':'root'", true },
	{ "'bus':'port'", false },
	{ "'bus':['port','root']", true },
};

START_TEST(each_match_of_the_table_holds_or_not)
{
	struct ec_subject s;
	struct ec_rules *r;
	char rule[256];

	ruleset_subject(&s);
	snprintf(rule, sizeof(rule), "{'match':{%s},'set':{}}", matches[_i].match);
	r = ruleset_make(rule);
	ck_assert_int_eq(ec_match_holds(&r->rule->match, &s), matches[_i].has);
	ec_rules_free(r);
}
END_TEST

static bool asks(const char *match, const struct ec_subject *s)
{
	struct ec_rules *r;
	char rule[256];
	bool has;

	snprintf(rule, sizeof(rule), "{'match':{%s},'set':{}}", match);
	r = ruleset_make(rule);
	has = ec_match_holds(&r->rule->match, s);
	ec_rules_free(r);
	return has;
}

START_TEST(a_match_for_an_unknown_property_fails)
{
	struct ec_subject s;

	ruleset_subject(&s);
	s.guest_name = NULL;
	ck_assert(!asks("'guest':'*'", &s));
	ck_assert(asks("'guest':['*','6f1a7b5c-0123-4567-89ab-cdef01234567']", &s));
	s.guest_uuid = NULL;
	ck_assert(!asks("'guest':'6f1a7b5c-0123-4567-89ab-cdef01234567'", &s));
	/* a text in the form of a UUID is not compared with names */
	s.guest_name = "6f1a7b5c-0123-4567-89ab-cdef01234567";
	ck_assert(!asks("'guest':'6f1a7b5c-0123-4567-89ab-cdef01234567'", &s));
	ck_assert(asks("'guest':'6f1a7b5c-*'", &s));
	s.chain = NULL;
	ck_assert(!asks("'has_cap':'PM'", &s));
	ck_assert(asks("", &s));
}
END_TEST

START_TEST(matches_of_other_kinds_of_functions)
{
	struct ec_subject s;

	ruleset_subject(&s);
	s.bdf = (struct ec_sbdf){ 0x10000, 0xe1, 0x1f << 3 | 7 };
	ck_assert(asks("'bdf':'10000:E1:1F.7'", &s));
	ck_assert(!asks("'bdf':'e1:1f.7'", &s));
	ck_assert(asks("'bdf':'*:e1:1f.7'", &s));
	s.pcie_type = -1;
	ck_assert(asks("'pcie_type':'none'", &s) && !asks("'pcie_type':'endpoint'", &s));
	s.pcie_type = PCI_EXP_TYPE_ROOT_EC;
	ck_assert(asks("'pcie_type':'rcec'", &s) && !asks("'pcie_type':'none'", &s));
	s.vf = true;
	ck_assert(asks("'vf':true", &s) && !asks("'vf':false", &s));
	s.bus = EC_BUS_CONVENTIONAL;
	ck_assert(asks("'bus':'conventional'", &s) && !asks("'bus':['root','port']", &s));
	s.vendor = s.device = 0xffff;
	ck_assert(asks("'vendor':65535,'device':'0xffff/0xffff'", &s));
	s.vendor = s.device = 0;
	ck_assert(asks("'vendor':0,'device':'0x0/0xffff'", &s));
}
END_TEST

START_TEST(a_reference_names_instances_in_the_order_of_the_chain)
{
	struct ec_chain c = { .n = 5, .n_std = 3 };
	struct ec_cap_ref ref = { .id = 9 };
	struct ec_subject s;

	c.link[0].id = c.link[2].id = 9;
	c.link[1].id = 1;
	c.link[3] = c.link[4] = (struct ec_link){ .id = 9, .extended = true };
	ck_assert(ec_cap_ref_matches(&ref, &c, 0) && ec_cap_ref_matches(&ref, &c, 2));
	ck_assert(!ec_cap_ref_matches(&ref, &c, 1) && !ec_cap_ref_matches(&ref, &c, 3));
	ck_assert(!ec_cap_ref_matches(&ref, &c, 5) && !ec_cap_ref_matches(&ref, &c, UINT32_MAX));
	ref.instance = 2;
	ck_assert(!ec_cap_ref_matches(&ref, &c, 0) && ec_cap_ref_matches(&ref, &c, 2));
	ref.extended = true;
	ck_assert(!ec_cap_ref_matches(&ref, &c, 3) && ec_cap_ref_matches(&ref, &c, 4));
	ref.instance = 3;
	ck_assert(!ec_cap_ref_matches(&ref, &c, 4));
	ruleset_subject(&s);
	s.chain = &c;
	ck_assert(asks("'has_cap':['VNDR#2','ext:0x09#2','std:0x9','PM#1']", &s));
	ck_assert(!asks("'has_cap':'VNDR#3'", &s));
}
END_TEST

/* The first settings of two rules. */
static const struct {
	const char *a, *b;
	bool same, equal;
} pairs[] = {
	{ "'permissive':true", "'permissive':true", true, true },
	{ "'permissive':true", "'permissive':false", true, false },
	{ "'permissive':true", "'slot':1", false, false },
	{ "'gaps':'read'", "'gaps':'hide'", true, false },
	{ "'gaps':'read'", "'bodies':'read'", false, false },
	{ "'keep_only':['PM','EXP']", "'keep_only':['EXP','PM']", true, true },
	{ "'keep_only':['PM']", "'keep_only':['EXP','PM']", true, false },
	{ "'keep_only':['PM','PM#1']", "'keep_only':['PM']", true, false },
	{ "'capabilities':{'AER':'hide'}", "'capabilities':{'ext:0x1':'hide'}", true, true },
	{ "'capabilities':{'AER':'hide'}", "'capabilities':{'AER':'show'}", true, false },
	{ "'capabilities':{'AER':'hide'}", "'capabilities':{'PM':'hide'}", false, false },
	{ "'capabilities':{'VNDR':'hide'}", "'capabilities':{'VNDR#2':'hide'}", true, true },
	{ "'capabilities':{'VNDR#1':'hide'}", "'capabilities':{'VNDR#2':'hide'}", false, false },
	{ "'capabilities':{'std:0x1':'hide'}", "'capabilities':{'ext:0x1':'hide'}", false, false },
	{ "'bars':{'1':{'hide':true}}", "'bars':{'1':{'hide':false}}", true, false },
	{ "'bars':{'1':{'hide':true}}", "'bars':{'2':{'hide':true}}", false, false },
	{ "'sizes':{'VNDR':16}", "'sizes':{'VNDR':'0x10'}", true, true },
	{ "'sizes':{'VNDR':16}", "'sizes':{'VNDR':20}", true, false },
	{ "'move':[{'capability':'PM','to':64}]", "'move':[{'capability':'PM','to':68}]", true,
	  false },
	{ "'add':[{'capability':'VNDR','at':64,'bytes':'01'}]",
	  "'add':[{'capability':'VNDR','at':64,'bytes':'02'}]", true, false },
	{ "'add':[{'capability':'VNDR','at':64,'bytes':'01'}]",
	  "'add':[{'capability':'VNDR','at':64,'bytes':'01'}]", true, true },
	{ "'add':[{'capability':'VNDR','at':64,'bytes':''}]",
	  "'add':[{'capability':'VNDR','at':68,'bytes':''}]", false, false },
	{ "'add':[{'capability':'DSN','at':'auto','bytes':''}]",
	  "'add':[{'capability':'DSN','at':'auto','version':2,'bytes':''}]", true, false },
	{ "'express':{'link':{'width':1,'speed':1}}", "'express':{'link':{'width':2,'speed':1}}",
	  true, false },
	{ "'express':{'link':'hide'}", "'express':{'link':'auto'}", true, false },
	{ "'dsn':'host'", "'dsn':'zero'", true, false },
	{ "'dsn':'0x0'", "'dsn':'zero'", true, true },
/* registers */
#define REG(text) "'registers':[{'register':" text "}]"
	{ REG("'COMMAND','treatment':'hide'"), REG("'COMMAND','treatment':'hide'"), true, true },
	{ REG("'COMMAND','treatment':'hide'"), REG("'COMMAND','treatment':'read'"), true, false },
	{ REG("'COMMAND','treatment':'hide'"), REG("'STATUS','treatment':'hide'"), false, false },
	{ REG("'COMMAND','treatment':'hide','mask':1"),
	  REG("'COMMAND','treatment':'read','mask':2"), false, false },
	{ REG("'COMMAND','treatment':'hide','mask':3"),
	  REG("'COMMAND','treatment':'read','mask':2"), true, false },
	{ REG("'COMMAND','treatment':'hide'"), REG("'COMMAND','value':1"), false, false },
	{ REG("'COMMAND','value':5,'mask':5"), REG("'COMMAND','value':4,'mask':6"), true, true },
	{ REG("'COMMAND','value':5,'mask':5"), REG("'COMMAND','value':0,'mask':6"), true, false },
	{ REG("'PM.CAP_ID','value':1"), REG("'MSI.CAP_ID','value':1"), false, false },
	{ REG("'PM.CAP_ID','value':1"), REG("'PM#1.CAP_ID','value':1"), true, true },
	{ REG("'PM#2.CAP_ID','value':1"), REG("'PM#1.CAP_ID','value':1"), false, false },
/* ranges */
#define RNG(off, len, more) "'ranges':[{'offset':" off ",'length':" len "," more "}]"
	{ RNG("64", "4", "'treatment':'read'"), RNG("68", "4", "'treatment':'read'"), false,
	  false },
	{ RNG("64", "4", "'treatment':'read'"), RNG("67", "4", "'treatment':'read'"), true, true },
	{ RNG("64", "4", "'treatment':'read'"), RNG("67", "9", "'treatment':'hide'"), true, false },
	{ RNG("67", "9", "'treatment':'hide'"), RNG("64", "4", "'treatment':'read'"), true, false },
	{ RNG("64", "4", "'treatment':'read','mask':'0xffffff'"),
	  RNG("67", "9", "'treatment':'hide'"), false, false },
	{ RNG("64", "4", "'value':'0x12345678'"), RNG("66", "2", "'value':'0x1234'"), true, true },
	{ RNG("64", "4", "'value':'0x12345678'"), RNG("66", "1", "'value':'0x33'"), true, false },
	{ RNG("64", "4", "'value':'0x12345678'"), RNG("66", "1", "'value':'0x30','mask':'0xf0'"),
	  true, true },
	{ RNG("64", "4", "'treatment':'pass','w1c':'0x80'"),
	  RNG("64", "1", "'treatment':'pass','w1c':'0x80'"), true, true },
	{ RNG("64", "4", "'treatment':'pass','w1c':'0x8000'"), RNG("64", "2", "'treatment':'pass'"),
	  true, false },
	{ RNG("64", "4", "'treatment':'pass'"), RNG("64", "4", "'value':0"), false, false },
	{ RNG("64", "4", "'treatment':'pass'"),
	  RNG("64", "4", "'treatment':'pass','capability':'PM'"), false, false },
	{ RNG("0", "4096", "'treatment':'pass'"), RNG("4095", "1", "'treatment':'hide'"), true,
	  false },
};

START_TEST(each_pair_of_settings_is_compared_as_the_table_says)
{
	struct ec_rules *a = ruleset_set(pairs[_i].a), *b = ruleset_set(pairs[_i].b);
	const struct ec_setting *s = a->rule->setting, *t = b->rule->setting;

	ck_assert_int_eq(ec_setting_same(s, t), pairs[_i].same);
	ck_assert_int_eq(ec_setting_same(t, s), pairs[_i].same);
	if (pairs[_i].same) {
		ck_assert_int_eq(ec_setting_equal(s, t), pairs[_i].equal);
		ck_assert_int_eq(ec_setting_equal(t, s), pairs[_i].equal);
	}
	ec_rules_free(a);
	ec_rules_free(b);
}
END_TEST

/* With plain ids it excludes all others. */
START_TEST(the_quick_test_never_excludes_a_match)
{
	static const char *const texts[] = {
		"",
		"'vendor':1",
		"'device':2",
		"'vendor':1,'device':2",
		"'vendor':[1,2]",
		"'vendor':'0x1/0x3'",
		"'device':'0-2'",
		"'vendor':'1-1','device':'0x2/0x2'",
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(texts); i++)
		for (unsigned int ids = 0; ids < 64; ids++) {
			struct ec_match_probe p;
			struct ec_match_input a;
			struct ec_subject s;
			struct ec_rules *r;
			char rule[128];

			ruleset_subject(&s);
			s.vendor = ids & 7;
			s.device = ids >> 3;
			snprintf(rule, sizeof(rule), "{'match':{%s},'set':{}}", texts[i]);
			r = ruleset_make(rule);
			p = ec_match_probe(&r->rule->match);
			ec_match_prepare(&s, &a);
			if ((ec_match_key(&a) ^ p.value) & p.mask)
				ck_assert(!ec_match_holds_for(&r->rule->match, &a));
			else if (i == 3)
				ck_assert(s.vendor == 1 && s.device == 2);
			ec_rules_free(r);
		}
}
END_TEST

Suite *suite_policy_match(void)
{
	Suite *s = suite_create("policy_match");
	TCase *t = tcase_create("match");

	tcase_add_loop_test(t, each_match_of_the_table_holds_or_not, 0, EC_ARRAY_SIZE(matches));
	tcase_add_test(t, a_match_for_an_unknown_property_fails);
	tcase_add_test(t, matches_of_other_kinds_of_functions);
	tcase_add_test(t, a_reference_names_instances_in_the_order_of_the_chain);
	tcase_add_loop_test(t, each_pair_of_settings_is_compared_as_the_table_says, 0,
			    EC_ARRAY_SIZE(pairs));
	tcase_add_test(t, the_quick_test_never_excludes_a_match);
	suite_add_tcase(s, t);
	return s;
}
