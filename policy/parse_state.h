/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the parser share: the state of reading a text, keys as tables, and the path
 * that leads to the value being read. A reader returns 0, -EINVAL with *err filled, or -ENOMEM.
 * After a semantic error reading goes on, because an error of shape takes precedence.
 */
#ifndef EC_POLICY_PARSE_STATE_H
#define EC_POLICY_PARSE_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capabilities/registry.h"
#include "policy/arena.h"
#include "policy/error.h"
#include "policy/position.h"
#include "policy/rule.h"

/** The deepest path has fewer steps. */
#define EC_STEPS_MAX 12

/** The state of reading a text. */
struct ec_parse {
	struct ec_rules_error *err; /* the first error of shape, or else the first semantic one */
	void (*each)(void *ctx, const struct ec_rules_error *e); /* NULL: stop at the first one */
	void *each_ctx;
	unsigned int errors; /* reported */
	bool wrong;          /* *err holds an error of shape */
	const char *text;    /* NULL: an option, so errors have no position */
	size_t len;
	struct ec_arena *arena;
	struct ec_step step[EC_STEPS_MAX];
	unsigned int depth;
	unsigned int rule_depth;    /* steps that lead to the rule */
	bool places;                /* rules and settings get their places in the text */
	size_t rule_start;          /* with places: the rule's first byte, */
	struct ec_position rule_at; /* and its place */
	bool semantic;              /* *err holds the first semantic error */
	struct ec_match match;      /* of the rule that is read */
	const char *name;
	bool final;
	struct ec_setting *set; /* its settings so far */
	unsigned int n, room;
	struct ec_setting item; /* the element of a list that is read */
	bool has_mask, has_version;
	const char *place; /* the key of the element that says where a capability is; NULL: none */
	unsigned int bar;
	const struct ec_cap **caps; /* all known ones; NULL: not listed yet */
	unsigned int caps_n;
};

/** A word and its value. Lists end with a NULL. */
struct ec_word {
	const char *name;
	uint32_t value;
};

/** A key that an object may have. Lists end with a NULL. */
struct ec_key {
	const char *name;
	int (*read)(struct ec_parse *p, const struct ec_key *k, json_t *v);
	unsigned int what;  /* for the reader: a verb, a member, a width, ... */
	uint64_t low, high; /* of a number, both included */
	bool plain;         /* a number only, not as "0x1f" */
	const struct ec_word *words;
	const struct ec_key *keys; /* of the object, or of the elements that are objects */
	/* checks an element as a whole, before it becomes a setting */
	int (*finish)(struct ec_parse *p, json_t *v);
	bool required;
};

/** ec_parse_push() - step down into @key, or into element @index if @key is NULL. */
void ec_parse_push(struct ec_parse *p, const char *key, size_t index);

/** ec_parse_pop() - step back up. */
void ec_parse_pop(struct ec_parse *p);

/** ec_parse_path() - write the steps from @from on as "rules[3].match", cut at @room. */
void ec_parse_path(const struct ec_parse *p, unsigned int from, char *out, size_t room);

/** ec_parse_copy() - copy @text into the arena of the rules; NULL: out of memory. */
const char *ec_parse_copy(struct ec_parse *p, const char *text);

/** Errors of one text that are reported. */
#define EC_PARSE_ERRORS_MAX 100u

/** ec_parse_stops() - does reading end after a value for which a reader returned @rc? */
bool ec_parse_stops(const struct ec_parse *p, int rc);

/** ec_parse_add() - add a setting to the rule, with the current path. Returns 0 or -ENOMEM. */
int ec_parse_add(struct ec_parse *p, const struct ec_setting *s);

#endif
