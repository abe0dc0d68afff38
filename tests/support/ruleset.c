/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruleset.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

int ruleset_add(struct ec_rules *r, const char *file, enum ec_layer layer, const char *json,
		struct ec_rules_error *err)
{
	size_t len = strlen(json);
	/* exactly its size, so a sanitizer finds reads past its end */
	char *text = malloc(len ? len : 1);
	int rc;

	ck_assert(text != NULL);
	for (size_t i = 0; i < len; i++)
		text[i] = json[i] == '\'' ? '"' : json[i];
	rc = ec_rules_add_text(r, &(struct ec_rules_text){ file, layer, text, len }, err);
	free(text);
	return rc;
}

struct ec_rules *ruleset_make(const char *rules)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;
	char *json;
	int rc;

	ck_assert(r != NULL && asprintf(&json, "{'version':1,'rules':[%s]}", rules) > 0);
	rc = ruleset_add(r, "test.json", EC_LAYER_POLICY, json, &err);
	ck_assert_msg(!rc, "%s: %s: %s", rules, err.path, err.text);
	free(json);
	return r;
}

struct ec_rules *ruleset_set(const char *keys)
{
	struct ec_rules *r;
	char *rule;

	ck_assert(asprintf(&rule, "{'set':{%s}}", keys) > 0);
	r = ruleset_make(rule);
	free(rule);
	return r;
}

void ruleset_subject(struct ec_subject *s)
{
	static struct ec_chain chain;
	struct fixture f;

	fixture_nic(&f);
	ec_chain_walk(&f.img, &chain);
	*s = (struct ec_subject){
		.bdf = { .bus = 1 },
		.vendor = 0x8086,
		.device = 0x1521,
		.subsystem_vendor = 0x1028,
		.subsystem_device = 0x0001,
		.class_code = 0x020000,
		.revision = 1,
		.chain = &chain,
		.guest_name = "web-1",
		.guest_uuid = "6f1a7b5c-0123-4567-89ab-cdef01234567",
	};
}
