/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/layout.h"

#include <string.h>

size_t ec_layout_bytes(const struct ec_layout *l)
{
	return offsetof(struct ec_layout, rule) + l->rules * sizeof(l->rule[0]);
}

void ec_layout_init(struct ec_layout *l, uint32_t size)
{
	memset(l, 0, offsetof(struct ec_layout, rule));
	/* rule 0 hides, slot 0 is 0 */
	memset(l->rule, 0, sizeof(l->rule[0]));
	l->rules = 1;
	l->slots = 1;
	l->size = size;
}

void ec_layout_set(struct ec_layout *l, uint32_t *shadow, uint32_t dword,
		   const struct ec_rule *rule, uint32_t value)
{
	struct ec_cell *cell = l->cell + dword;
	uint16_t i;

	shadow[EC_SLOT_ZERO] = 0;
	for (i = 0; i < l->rules; i++)
		if (!memcmp(l->rule + i, rule, sizeof(*rule)))
			break;
	if (i == l->rules)
		l->rule[l->rules++] = *rule;
	cell->rule = i;
	cell->slot = EC_SLOT_ZERO;
	if (rule->m.live == ~0u && !rule->fx)
		return;
	cell->slot = l->slots++;
	shadow[cell->slot] = value;
}

unsigned int ec_runs(unsigned int bytes, struct ec_run run[2])
{
	unsigned int n = 0;

	if ((bytes & 15) == 15) {
		run[0] = (struct ec_run){ 0, 4 };
		return 1;
	}
	for (uint8_t half = 0; half < 4; half += 2) {
		unsigned int two = bytes >> half & 3;

		if (two == 3)
			run[n++] = (struct ec_run){ half, 2 };
		else if (two)
			run[n++] = (struct ec_run){ (uint8_t)(half + (two >> 1)), 1 };
	}
	return n;
}

struct ec_run ec_run_covering(unsigned int bytes)
{
	struct ec_run run[2];

	/* more than one run means bytes of both halves: only the whole dword covers them */
	return ec_runs(bytes, run) == 1 ? run[0] : (struct ec_run){ 0, 4 };
}
