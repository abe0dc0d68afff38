/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interrupt numbers (pirqs) that a guest's devices have. */
#ifndef EC_GUEST_PIRQS_H
#define EC_GUEST_PIRQS_H

#include <stdbool.h>
#include <stdint.h>

/** Numbers that are recorded, 0 to EC_PIRQS_MAX - 1. Xen gives a guest far fewer. */
#define EC_PIRQS_MAX 65536

/** A bit each. All 0: none. */
struct ec_pirqs {
	uint64_t word[EC_PIRQS_MAX / 64];
};

/** ec_pirqs_has() - is @pirq recorded? One that cannot be recorded counts as recorded. */
static inline bool ec_pirqs_has(const struct ec_pirqs *p, int pirq)
{
	return pirq < 0 || pirq >= EC_PIRQS_MAX || p->word[pirq / 64] >> pirq % 64 & 1;
}

/** ec_pirqs_set() - record @pirq, or forget it if @has is false. -1 and others are ignored. */
static inline void ec_pirqs_set(struct ec_pirqs *p, int pirq, bool has)
{
	uint64_t bit = 1ull << (unsigned int)pirq % 64;

	if (pirq < 0 || pirq >= EC_PIRQS_MAX)
		return;
	if (has)
		p->word[pirq / 64] |= bit;
	else
		p->word[pirq / 64] &= ~bit;
}

#endif
