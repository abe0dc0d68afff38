/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/parse_error.h"
#include "policy/parse_match.h"
#include "policy/parse_ref.h"
#include "policy/parse_set.h"
#include "policy/parse_value.h"
#include "policy/printable.h"

#define NAME_MAX_CHARS 64

/* The rules of a file, until all of it is known to be good. */
struct draft {
	struct ec_parse p;
	struct ec_arena arena;
	const char *file;
	enum ec_layer layer;
	struct ec_rule *rule;
	unsigned int n;
};

static int rule_name(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	const char *text = json_string_value(v);
	size_t chars = 0;
	char *name;

	(void)k;
	/* UTF-8: 10xxxxxx continues a character */
	for (const char *c = text; c && *c; c++)
		chars += ((unsigned char)*c & 0xc0) != 0x80;
	if (!chars || chars > NAME_MAX_CHARS)
		return ec_parse_expected(p, v, "a string of 1 to 64 characters");
	name = ec_arena_copy(p->arena, text, strlen(text) + 1);
	if (!name)
		return -ENOMEM;
	/* names are printed on terminals */
	ec_printable(name);
	p->name = name;
	return 0;
}

static int rule_final(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	(void)k;
	return ec_parse_bool(p, v, &p->final);
}

static int rule_object(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	return ec_parse_object(p, v, k->keys);
}

static const struct ec_key rule_keys[] = {
	{ .name = "name", .read = rule_name },
	{ .name = "match", .read = rule_object, .keys = ec_match_keys },
	{ .name = "final", .read = rule_final },
	{ .name = "set", .read = rule_object, .keys = ec_set_keys, .required = true },
	{ NULL },
};

/* Makes a rule of what was read. @number: from 1, names a rule without a name. */
static int make_rule(struct draft *d, unsigned int number)
{
	struct ec_rule *r = d->rule + d->n;
	struct ec_parse *p = &d->p;
	char name[32];

	*r = (struct ec_rule){ .file = d->file,
			       .name = p->name,
			       .layer = (uint8_t)d->layer,
			       .final = p->final,
			       .match = p->match,
			       .line = p->rule_at.line,
			       .column = p->rule_at.column,
			       .n = p->n };
	snprintf(name, sizeof(name), "rule %u", number);
	if (!r->name)
		r->name = ec_parse_copy(p, name);
	r->setting = ec_arena_copy(p->arena, p->set, p->n * sizeof(*p->set));
	d->n++;
	return r->name && r->setting ? 0 : -ENOMEM;
}

static void forget_rule(struct ec_parse *p)
{
	p->match = (struct ec_match){ 0 };
	p->name = NULL;
	p->final = false;
	p->n = 0;
	p->rule_depth = p->depth;
}

static int file_version(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint64_t n;

	return ec_parse_number(p, k, v, &n);
}

/* Finds where rule @i begins. */
static void find_rule(struct ec_parse *p, size_t i)
{
	size_t was = p->rule_start;

	if (!p->places)
		return;
	if (i) {
		p->rule_start = ec_position_next(p->text, p->len, was);
	} else {
		p->rule_start = ec_position_byte(p->text, p->len, p->step, p->depth);
		was = 0;
		p->rule_at = (struct ec_position){ 1, 1 };
	}
	p->rule_at = ec_position_after(
		p->rule_at, ec_position_at(p->text + was, p->len - was, p->rule_start - was));
}

static int file_rules(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct draft *d = (struct draft *)((char *)p - offsetof(struct draft, p));
	json_t *rule;
	size_t i;
	int rc = 0;

	(void)k;
	if (!json_is_array(v))
		return ec_parse_expected(p, v, "an array");
	if (json_array_size(v) > EC_RULES_MAX) {
		ec_parse_wrong(p, "more than %u rules", EC_RULES_MAX);
		return -E2BIG;
	}
	d->rule = calloc(json_array_size(v) + 1, sizeof(*d->rule));
	if (!d->rule)
		return -ENOMEM;
	json_array_foreach(v, i, rule)
	{
		int one;

		ec_parse_push(p, NULL, i);
		forget_rule(p);
		find_rule(p, i);
		one = ec_parse_object(p, rule, rule_keys);
		if (!one)
			one = make_rule(d, (unsigned int)i + 1);
		ec_parse_pop(p);
		rc = one ? one : rc;
		if (ec_parse_stops(p, one))
			break;
	}
	return rc;
}

static const struct ec_key file_keys[] = {
	{ .name = "version",
	  .read = file_version,
	  .low = 1,
	  .high = 1,
	  .plain = true,
	  .required = true },
	{ .name = "rules", .read = file_rules, .required = true },
	{ NULL },
};

/* Adds the draft to the set if @rc is 0, and frees it. */
static int finish_draft(struct ec_rules *r, struct draft *d, int rc)
{
	if (!rc && d->p.semantic)
		rc = -EINVAL;
	if (!rc && d->n > EC_RULES_MAX - r->n) {
		d->p.depth = 0;
		ec_parse_wrong(&d->p, "more than %u rules with those of other files", EC_RULES_MAX);
		rc = -E2BIG;
	}
	if (!rc)
		rc = ec_rules_append(r, d->rule, d->n);
	if (!rc)
		ec_arena_join(&r->store->arena, &d->arena);
	if (rc == -ENOMEM)
		memset(d->p.err, 0, sizeof(*d->p.err));
	else if (d->p.each && d->p.errors > EC_PARSE_ERRORS_MAX)
		d->p.each(d->p.each_ctx, NULL);
	ec_arena_free(&d->arena);
	free(d->rule);
	free(d->p.set);
	return rc;
}

/* Starts a draft of rules to append to @r. */
static int start_draft(struct draft *d, const struct ec_rules *r, const char *file,
		       enum ec_layer layer, struct ec_rules_error *err)
{
	*d = (struct draft){ .layer = layer, .p = { .err = err } };
	memset(err, 0, sizeof(*err));
	d->p.arena = &d->arena;
	if (r->n && r->rule[r->n - 1].layer > layer)
		return ec_parse_wrong(&d->p, "rules of a later layer were added before");
	d->file = ec_parse_copy(&d->p, file);
	return d->file ? 0 : -ENOMEM;
}

/* Converts an error of jansson. */
static int syntax_error(struct ec_rules_error *err, const json_error_t *e)
{
	memset(err, 0, sizeof(*err));
	/* if out of memory, jansson mostly fails without a text */
	if (json_error_code(e) == json_error_out_of_memory || !*e->text)
		return -ENOMEM;
	err->line = e->line > 0 ? (unsigned int)e->line : 1;
	err->column = e->column > 0 ? (unsigned int)e->column : 1;
	snprintf(err->text, sizeof(err->text), "not JSON: %s", e->text);
	ec_printable(err->text);
	return -EINVAL;
}

/*
 * Parses a text. Returns NULL if it is not JSON, with *@err, or if out of memory; @rc says which.
 */
static json_t *load(const char *text, size_t len, struct ec_rules_error *err, int *rc)
{
	const char *nul = len ? memchr(text, 0, len) : NULL;
	json_error_t error;
	json_t *json;

	/* jansson overlooks it after a number */
	if (nul) {
		struct ec_position at = ec_position_at(text, len, (size_t)(nul - text));

		*err = (struct ec_rules_error){ .line = at.line, .column = at.column };
		snprintf(err->text, sizeof(err->text), "not JSON: a byte of 0");
		*rc = -EINVAL;
		return NULL;
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	*rc = json ? 0 : syntax_error(err, &error);
	return json;
}

/* Some editors begin each file with a byte order mark. */
static void skip_mark(struct ec_parse *p)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (p->len < strlen(mark) || memcmp(p->text, mark, strlen(mark)) != 0)
		return;
	p->text += strlen(mark);
	p->len -= strlen(mark);
}

int ec_rules_add_text(struct ec_rules *r, const struct ec_rules_text *text,
		      struct ec_rules_error *err)
{
	json_t *json = NULL;
	struct draft d;
	int rc = start_draft(&d, r, text->file, text->layer, err);

	d.p.text = text->text;
	d.p.len = text->len;
	skip_mark(&d.p);
	if (!rc && text->len > EC_RULES_TEXT_MAX) {
		ec_parse_wrong(&d.p, "more than %u bytes", EC_RULES_TEXT_MAX);
		rc = -E2BIG;
	}
	if (!rc)
		json = load(d.p.text, d.p.len, err, &rc);
	if (!rc) {
		d.p.places = text->places;
		d.p.each = text->each;
		d.p.each_ctx = text->ctx;
		rc = ec_parse_object(&d.p, json, file_keys);
	}
	rc = finish_draft(r, &d, rc);
	if (rc && rc != -ENOMEM && text->each && !d.p.errors)
		text->each(text->ctx, err);
	json_decref(json);
	return rc;
}

/* An option's value as JSON; NULL: out of memory, or not UTF-8. */
static json_t *option_value(const struct ec_key *k, const char *value)
{
	if (ec_set_is_bool(k) && (!strcmp(value, "1") || !strcmp(value, "true")))
		return json_true();
	if (ec_set_is_bool(k) && (!strcmp(value, "0") || !strcmp(value, "false")))
		return json_false();
	if (k->high && *value && strspn(value, "0123456789") == strlen(value) && strlen(value) < 10)
		return json_integer(atol(value));
	return json_string(value);
}

/* "hide=AER". Reading {"capabilities": {"AER": "hide"}} instead would accept "hide=comment". */
static int option_hide(struct ec_parse *p, const char *value)
{
	const struct ec_ref_text ref = { value, strlen(value), EC_REF_ANY, true };
	struct ec_setting s = { .verb = EC_SET_CAPABILITY, .treatment = EC_HIDE };
	int rc;

	ec_parse_push(p, "capabilities", 0);
	ec_parse_push(p, value, 0);
	rc = ec_parse_ref(p, &ref, &s.cap);
	if (!rc)
		rc = ec_parse_add(p, &s);
	ec_parse_pop(p);
	ec_parse_pop(p);
	return rc;
}

/* The key of that name, or the end of the list. */
static const struct ec_key *find_key(const struct ec_key *k, const char *name)
{
	while (k->name && strcmp(k->name, name))
		k++;
	return k;
}

/* A key of "set", or of its "machine": the two have no key in common. */
static int option_key(struct ec_parse *p, const char *key, const char *value)
{
	const struct ec_key *k = find_key(ec_set_keys, key);
	const struct ec_key *of_machine = find_key(ec_machine_keys, key);
	bool machine = !k->name && of_machine->name;
	json_t *v;
	int rc;

	if (machine) {
		k = of_machine;
		ec_parse_push(p, "machine", 0);
	}
	ec_parse_push(p, key, 0);
	if (!k->name) {
		rc = ec_parse_unknown(p, ec_set_keys, key);
	} else {
		v = option_value(k, value);
		rc = v ? k->read(p, k, v) : ec_parse_wrong(p, "the value is not UTF-8");
		json_decref(v);
	}
	ec_parse_pop(p);
	if (machine)
		ec_parse_pop(p);
	return rc;
}

static int add_option(struct draft *d, const char *key, const char *value)
{
	struct ec_parse *p = &d->p;
	size_t room = strlen(key) + strlen(value) + 2;
	char *name = ec_arena_take(p->arena, room);
	int rc;

	d->rule = calloc(1, sizeof(*d->rule));
	if (!name || !d->rule)
		return -ENOMEM;
	forget_rule(p);
	snprintf(name, room, "%s=%s", key, value);
	p->name = name;
	ec_parse_push(p, "set", 0);
	rc = strcmp(key, "hide") ? option_key(p, key, value) : option_hide(p, value);
	ec_parse_pop(p);
	return rc ? rc : make_rule(d, 1);
}

int ec_rules_add_set(struct ec_rules *r, const char *file, const char *key, const char *value,
		     struct ec_rules_error *err)
{
	struct draft d;
	int rc = start_draft(&d, r, file, EC_LAYER_ATTACH, err);

	if (!rc)
		rc = add_option(&d, key, value);
	return finish_draft(r, &d, rc);
}
