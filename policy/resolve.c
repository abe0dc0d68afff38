/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/resolve.h"

#include <errno.h>
#include <stdlib.h>

#include "policy/match.h"

static int reserve(struct ec_decisions *d, unsigned int more)
{
	unsigned int room = d->room ? d->room : 16;
	void *bigger;

	while (room - d->n < more)
		room *= 2;
	if (room == d->room)
		return 0;
	bigger = realloc(d->decision, room * sizeof(*d->decision));
	if (!bigger)
		return -ENOMEM;
	d->decision = bigger;
	d->room = room;
	return 0;
}

int ec_rules_resolve(const struct ec_rules *r, const struct ec_subject *s, struct ec_decisions *out)
{
	const struct ec_match_probe *probe = r->store ? r->store->probe : NULL;
	struct ec_match_input asked;
	bool ended = false;
	uint32_t key;

	out->n = 0;
	ec_match_prepare(s, &asked);
	key = ec_match_key(&asked);
	for (unsigned int i = 0; i < r->n; i++) {
		const struct ec_rule *rule = r->rule + i;

		/* options of an attach count even after a final rule of a file */
		if (ended && rule->layer != EC_LAYER_ATTACH)
			continue;
		/* a quick test excludes most rules, which are for other devices */
		if (probe && ((key ^ probe[i].value) & probe[i].mask))
			continue;
		if (!ec_match_holds_for(&rule->match, &asked))
			continue;
		if (reserve(out, rule->n))
			return -ENOMEM;
		for (unsigned int k = 0; k < rule->n; k++)
			out->decision[out->n++] =
				(struct ec_decision){ rule->setting + k,
						      (uint16_t)(EC_FIRST_RULE + i) };
		ended |= rule->final;
	}
	return 0;
}

void ec_decisions_free(struct ec_decisions *d)
{
	free(d->decision);
	*d = (struct ec_decisions){ 0 };
}
