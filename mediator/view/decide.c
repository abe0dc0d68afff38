/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/decide.h"

#include "core/bits.h"

void ec_plan_treat(struct ec_plan_reg *r, uint32_t bits, enum ec_treatment t, uint16_t origin)
{
	bits &= (uint32_t)ec_ones(r->reg.len);
	for (unsigned int i = 0; i < EC_TREATMENTS; i++)
		r->served[i] &= ~bits;
	r->served[t] |= bits;
	r->fixed = (r->fixed & ~bits) | ((r->reg.clr | r->reg.set) & bits);
	r->value = (r->value & ~bits) | (r->reg.set & bits);
	r->start &= ~bits;
	r->permissive &= ~bits;
	r->origin = origin;
}

void ec_plan_fix(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin)
{
	bits &= (uint32_t)ec_ones(r->reg.len);
	r->fixed |= bits;
	r->start &= ~bits;
	r->value = (r->value & ~bits) | (value & bits);
	r->origin = origin;
}

void ec_plan_start(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin)
{
	ec_plan_fix(r, bits, value, origin);
	r->fixed &= ~(bits & r->served[EC_EMULATE]);
	r->start |= bits & r->served[EC_EMULATE];
}

uint32_t ec_plan_starts(const struct ec_plan_reg *r)
{
	uint32_t fx = r->reg.fx ? r->reg.fx : r->reg.rw;

	return fx & (r->served[EC_EMULATE] | r->served[EC_PASS]) & ~r->fixed;
}

void ec_plan_constant(struct ec_plan_reg *r, uint32_t value, uint16_t origin)
{
	ec_plan_treat(r, UINT32_MAX, EC_FREEZE, origin);
	ec_plan_fix(r, UINT32_MAX, value, origin);
}
