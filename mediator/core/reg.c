/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/reg.h"

#include <string.h>

#include "core/bits.h"

const char *const ec_treatment_names[EC_TREATMENTS] = {
	[EC_HIDE] = "hide",       [EC_FREEZE] = "freeze", [EC_READ] = "read",
	[EC_EMULATE] = "emulate", [EC_PASS] = "pass",
};

void ec_reg_defaults(const struct ec_reg *row, uint32_t who[EC_TREATMENTS], uint32_t *fixed)
{
	uint32_t width = (uint32_t)ec_ones(row->len);

	memset(who, 0, EC_TREATMENTS * sizeof(who[0]));
	who[row->treatment] = width & ~row->split;
	who[row->second] |= width & row->split;
	*fixed = width & (row->clr | row->set);
}

enum ec_treatment ec_reg_main(const uint32_t who[EC_TREATMENTS])
{
	int most = 0, n = 0;

	for (int t = 0; t < EC_TREATMENTS; t++) {
		int bits = who[t] ? __builtin_popcount(who[t]) : 0;

		if (bits > n) {
			most = t;
			n = bits;
		}
	}
	return (enum ec_treatment)most;
}

struct ec_reg_masks ec_reg_serve(const struct ec_reg *reg, const uint32_t who[EC_TREATMENTS],
				 uint32_t fixed)
{
	uint32_t kept = who[EC_EMULATE] & ~fixed, passed = who[EC_PASS] & ~fixed;
	struct ec_reg_masks m = { .live = passed | (who[EC_READ] & ~fixed),
				  .shadow_rw = reg->rw & kept,
				  .shadow_w1c = reg->w1c & kept,
				  .hw_rw = reg->rw & passed,
				  .hw_w1c = reg->w1c & passed };

	/* RO bits need not be preserved; RW1C and RsvdZ bits are written as 0 */
	m.keep = (reg->rw & ~m.hw_rw) | reg->rsvdp;
	return m;
}

bool ec_reg_needs_capture(const struct ec_reg *reg, const uint32_t who[EC_TREATMENTS],
			  uint32_t fixed)
{
	uint32_t own = reg->rw | reg->w1c | reg->rsvdp | reg->rsvdz | reg->fx;

	return ((who[EC_EMULATE] & ~own) | who[EC_FREEZE]) & ~fixed;
}
