/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the parser share: keys as tables, values by their kinds, errors with the path
 * that leads to them. A reader returns 0, -EINVAL after it has told what is wrong, or -ENOMEM.
 * What only a semantic error is wrong with is told, but reading goes on: wrong shape comes first.
 */
#ifndef EC_POLICY_PARSE_INTERNAL_H
#define EC_POLICY_PARSE_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "capabilities/registry.h"
#include "policy/edit_distance.h"
#include "policy/parse.h"
#include "policy/position.h"
#include "policy/store.h"

/** Steps of the deepest path, and room for one more. */
#define EC_STEPS_MAX 12

/** What is known while a text is read. */
struct ec_parse {
	struct ec_rules_error *err;
	const char *text; /* NULL: there is none, so no positions */
	size_t len;
	struct ec_arena *arena;
	struct ec_step step[EC_STEPS_MAX];
	unsigned int depth;
	unsigned int rule_depth; /* steps that lead to the rule */
	bool semantic;           /* *err holds the first semantic error */
	struct ec_match match;   /* of the rule that is read */
	const char *name;
	bool final;
	struct ec_setting *set; /* its settings so far */
	unsigned int n, room;
	struct ec_setting item; /* the element of a list that is read */
	bool has_mask, has_version;
	unsigned int bar;
	const struct ec_cap **caps; /* all known ones; NULL: not asked for yet */
	unsigned int caps_n;
};

/** A word, and what it stands for. Lists end with a NULL. */
struct ec_word {
	const char *name;
	uint32_t value;
};

/** A key that an object may have. Lists end with a NULL. */
struct ec_key {
	const char *name;
	int (*read)(struct ec_parse *p, const struct ec_key *k, json_t *v);
	unsigned int what; /* for the reader: a verb, a member, a width, ... */
	uint64_t low, high;
	const struct ec_word *words;
	const struct ec_key *keys; /* of the object, or of the elements that are objects */
	/* after such an element: what its members cannot tell alone; then it becomes a setting */
	int (*finish)(struct ec_parse *p, json_t *v);
	bool required;
};

/** The keys of "match" and of "set". */
extern const struct ec_key ec_match_keys[], ec_set_keys[];

/* ---- errors; parse_error.c ---- */

/** ec_parse_push() - a step down: into @key, or into element @index if @key is NULL. */
void ec_parse_push(struct ec_parse *p, const char *key, size_t index);

/** ec_parse_pop() - back up. */
void ec_parse_pop(struct ec_parse *p);

/** ec_parse_path() - the steps from @from on, as "rules[3].match"; cut at @room. */
void ec_parse_path(const struct ec_parse *p, unsigned int from, char *out, size_t room);

/** ec_parse_tidy() - make @text printable UTF-8: of other bytes each becomes a '?'. */
void ec_parse_tidy(char *text);

/** ec_parse_wrong() - wrong shape at the value of the last step, printf-like. Returns -EINVAL. */
int ec_parse_wrong(struct ec_parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ec_parse_wrong_key() - the same at its key. */
int ec_parse_wrong_key(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_senseless() - a semantic error; the first one counts. Returns 0. */
int ec_parse_senseless(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_expected() - wrong shape: '"key" is WHAT; got VALUE'. Returns -EINVAL. */
int ec_parse_expected(struct ec_parse *p, json_t *got, const char *what);

/* ---- values; parse_value.c ---- */

/** ec_parse_object() - an object with these keys, each at most once, and comments. */
int ec_parse_object(struct ec_parse *p, json_t *v, const struct ec_key *keys);

/** ec_parse_unknown() - the last step's key is none of @keys; the nearest is told. */
int ec_parse_unknown(struct ec_parse *p, const struct ec_key *keys, const char *name);

/** ec_parse_comment() - a string or an array of strings. */
int ec_parse_comment(struct ec_parse *p, json_t *v);

/** ec_parse_bool() - true or false. */
int ec_parse_bool(struct ec_parse *p, json_t *v, bool *out);

/** ec_parse_word() - one of @words. */
int ec_parse_word(struct ec_parse *p, json_t *v, const struct ec_word *words, uint32_t *out);

/** ec_parse_integer() - a plain number of [low, high]. */
int ec_parse_integer(struct ec_parse *p, json_t *v, uint64_t low, uint64_t high, uint64_t *out);

/** ec_parse_number() - the same, or as "0x1f". */
int ec_parse_number(struct ec_parse *p, json_t *v, uint64_t low, uint64_t high, uint64_t *out);

/** ec_parse_hex() - @text, all of its @len bytes, as 0x and digits. Returns whether it is that. */
bool ec_parse_hex(const char *text, size_t len, uint64_t *out);

/** ec_parse_is_integer() - has @v a whole value that fits? 1.0 has one, as in JSON Schema. */
bool ec_parse_is_integer(json_t *v, int64_t *out);

/** ec_parse_copy() - a copy of @text that lives as long as the rules; NULL: no memory. */
const char *ec_parse_copy(struct ec_parse *p, const char *text);

/* ---- capabilities by name; parse_ref.c ---- */

/** How a reference may be written. */
enum ec_ref_form {
	EC_REF_ANY,  /* NAME or NAME#N */
	EC_REF_KIND, /* NAME alone */
};

/**
 * ec_parse_ref() - the first @len bytes of @text as a reference to capabilities.
 * @at_key: the text is the last step's key.
 */
int ec_parse_ref(struct ec_parse *p, const char *text, size_t len, enum ec_ref_form form,
		 bool at_key, struct ec_cap_ref *out);

/** ec_parse_ref_value() - the same of a JSON string. */
int ec_parse_ref_value(struct ec_parse *p, json_t *v, enum ec_ref_form form,
		       struct ec_cap_ref *out);

/* ---- settings; parse_set.c ---- */

/** ec_parse_add() - one more setting of the rule; its path is where we are. */
int ec_parse_add(struct ec_parse *p, const struct ec_setting *s);

/** ec_set_is_bool() - is true or false the value of this key of "set"? */
bool ec_set_is_bool(const struct ec_key *k);

/** The keys of "machine" of "set". */
extern const struct ec_key ec_machine_keys[];

/* ---- the lists of "set"; parse_item.c ---- */

/** The members of the lists' elements. */
extern const struct ec_key ec_register_keys[], ec_range_keys[], ec_add_keys[], ec_move_keys[],
	ec_link_keys[];

/** ec_parse_items() - an array of objects with k->keys, each of which becomes a k->what. */
int ec_parse_items(struct ec_parse *p, const struct ec_key *k, json_t *v);

/** ec_item_*() - what is to be said of an element as a whole. */
int ec_item_register(struct ec_parse *p, json_t *v);
int ec_item_range(struct ec_parse *p, json_t *v);
int ec_item_add(struct ec_parse *p, json_t *v);
int ec_item_move(struct ec_parse *p, json_t *v);
int ec_item_link(struct ec_parse *p, json_t *v);

/** The five treatments. */
extern const struct ec_word ec_treatment_words[];

#endif
