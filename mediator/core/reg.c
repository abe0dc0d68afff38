/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/reg.h"

const char *const ec_treatment_names[EC_TREATMENTS] = {
	[EC_HIDE] = "hide",       [EC_FREEZE] = "freeze", [EC_READ] = "read",
	[EC_EMULATE] = "emulate", [EC_PASS] = "pass",
};

/* Adds what treatment @t means for the bits @bits. */
static void serve(const struct ec_reg *reg, enum ec_treatment t, uint32_t bits,
		  struct ec_reg_masks *m)
{
	switch (t) {
	case EC_PASS:
		m->hw_rw |= reg->rw & bits;
		m->hw_w1c |= reg->w1c & bits;
		m->live |= bits;
		break;
	case EC_READ:
		m->live |= bits;
		break;
	case EC_EMULATE:
		m->shadow_rw |= reg->rw & bits;
		m->shadow_w1c |= reg->w1c & bits;
		break;
	default:
		break;
	}
}

struct ec_reg_masks ec_reg_serve(const struct ec_reg *reg, enum ec_treatment treatment,
				 enum ec_treatment second, uint32_t fixed)
{
	struct ec_reg_masks m = { 0 };

	serve(reg, treatment, ~reg->split & ~fixed, &m);
	serve(reg, second, reg->split & ~fixed, &m);
	m.live &= reg->len == 4 ? ~0u : (1u << reg->len * 8) - 1;
	/* RO bits need no preserving, RW1C and RsvdZ bits are written as 0 */
	m.keep = (reg->rw & ~m.hw_rw) | reg->rsvdp;
	return m;
}

bool ec_reg_needs_capture(const struct ec_reg *reg)
{
	uint32_t own = reg->rw | reg->w1c | reg->rsvdp | reg->rsvdz | reg->fx;
	uint32_t width = reg->len == 4 ? ~0u : (1u << reg->len * 8) - 1;

	for (unsigned int half = 0; half < 2; half++) {
		unsigned int t = half ? reg->second : reg->treatment;
		uint32_t bits = (half ? reg->split : ~reg->split) & width & ~(reg->clr | reg->set);

		if (t == EC_EMULATE)
			bits &= ~own;
		if (bits && (t == EC_FREEZE || t == EC_EMULATE))
			return true;
	}
	return false;
}
