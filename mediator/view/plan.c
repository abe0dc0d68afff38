/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/plan.h"

#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"

struct ec_plan_reg *ec_plan_at(struct ec_plan *plan, uint32_t offset)
{
	unsigned int first = 0, n = plan->n;

	/* binary search: the register is among the n from first on */
	while (n > 1) {
		unsigned int half = n / 2;

		if (plan->reg[first + half].offset <= offset) {
			first += half;
			n -= half;
		} else {
			n = half;
		}
	}
	if (!n || offset >= (uint32_t)plan->reg[first].offset + plan->reg[first].span)
		return NULL;
	return plan->reg + first;
}

struct ec_plan_reg *ec_plan_row(struct ec_plan *plan, unsigned int cap, uint32_t offset)
{
	struct ec_plan_reg *r = ec_plan_at(plan, offset);

	return r && r->offset == offset && r->cap == cap && !r->rest ? r : NULL;
}

const char *ec_plan_why(const struct ec_plan *plan, const struct ec_plan_reg *r)
{
	if (r->cap && plan->cap[r->cap - 1].why)
		return plan->cap[r->cap - 1].why;
	return r->gap && r->offset / 4 == EC_EXT_FIRST / 4 ? "there are no extended capabilities"
							   : "its value was not captured";
}

void ec_plan_attached(const struct ec_plan *plan, struct ec_image *img)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);
		uint32_t v = ec_image_get(img, r->from, r->reg.len);

		/* the power-on value of bytes that no row names is not known; errors are no more */
		if ((m.hw_rw || m.hw_w1c) && !r->rest)
			ec_put_le(img->byte + r->from, r->reg.len,
				  (v & ~m.hw_rw & ~m.hw_w1c) | (r->reg.reset & m.hw_rw));
	}
}

void ec_plan_semantics(const struct ec_plan *plan, uint8_t *rw, uint8_t *w1c)
{
	memset(rw, 0, EC_CONFIG_SIZE);
	memset(w1c, 0, EC_CONFIG_SIZE);
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;

		if (r->added || (r->cap && plan->cap[r->cap - 1].moved_away))
			continue;
		ec_put_le(rw + r->from, r->reg.len, r->reg.rw);
		ec_put_le(w1c + r->from, r->reg.len, r->reg.w1c);
	}
}
