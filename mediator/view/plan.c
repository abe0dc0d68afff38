/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/plan.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "view/compile.h"
#include "view/lengths.h"
#include "view/msix.h"
#include "view/registers.h"
#include "view/rules.h"
#include "view/topology_rules.h"

static int check_viewable(struct ec_plan *p, const struct ec_image *img, struct ec_diag *diag)
{
	uint32_t type = ec_image_get(img, PCI_HEADER_TYPE, 1) & 0x7f;

	if (!ec_image_has(img, 0, 64)) {
		ec_diag_set(diag, 0, "its header (00 to 3f) was not captured");
		return -ENODATA;
	}
	if (ec_image_is_absent(img)) {
		ec_diag_set(diag, 0, "reads all ones: no function, or one that is gone");
		return -ENODEV;
	}
	if (type > PCI_HEADER_TYPE_BRIDGE) {
		ec_diag_set(diag, 0, "header type %u is not supported", type);
		return -EOPNOTSUPP;
	}
	if (type == PCI_HEADER_TYPE_BRIDGE && p->options.topology != EC_HOST &&
	    !p->options.emulated) {
		ec_diag_set(diag, 0, "is a bridge, which no guest is given (see --topology host)");
		return -EOPNOTSUPP;
	}
	p->header_type = (uint8_t)type;
	return 0;
}

struct ec_plan_reg *ec_plan_at(struct ec_plan *plan, uint32_t offset)
{
	unsigned int first = 0, n = plan->n;

	/* halves: the one asked for is among the n from first on */
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

int ec_plan_build(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options, struct ec_diag *diag)
{
	int rc;

	plan->options = *options;
	plan->n = 0;
	plan->blame = EC_BY_TABLE;
	plan->blame_set = NULL;
	rc = check_viewable(plan, img, diag);
	if (rc)
		return rc;
	ec_bar_decode(img, options->region, plan->header_type, plan->bar);
	ec_chain_walk(img, &plan->chain);
	ec_ruled_begin(plan);
	ec_plan_measure(plan, img);
	rc = ec_ruled_chain(plan, img, diag);
	if (!rc) {
		ec_ruled_caps(plan);
		ec_plan_list(plan, img);
		ec_plan_topology(plan, img);
		rc = ec_ruled_bits(plan, diag);
	}
	if (!rc)
		rc = ec_ruled_named(plan, img, diag);
	if (!rc)
		rc = ec_plan_msix(plan, img, diag);
	if (!rc)
		return ec_plan_compile(plan, img, diag);
	ec_layout_init(&plan->layout, img->size);
	plan->shadow[EC_SLOT_ZERO] = 0;
	return rc;
}

void ec_plan_attached(const struct ec_plan *plan, struct ec_image *img)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		struct ec_reg_masks m = ec_reg_serve(&r->reg, r->who, r->fixed);
		uint32_t v = ec_image_get(img, r->from, r->reg.len);

		/* what no row names is at power-on as nobody knows */
		if (m.hw_rw && !r->rest)
			ec_put_le(img->byte + r->from, r->reg.len,
				  (v & ~m.hw_rw) | (r->reg.reset & m.hw_rw));
	}
}

void ec_plan_semantics(const struct ec_plan *plan, uint8_t *rw, uint8_t *w1c)
{
	memset(rw, 0, EC_CONFIG_SIZE);
	memset(w1c, 0, EC_CONFIG_SIZE);
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;

		if (r->made || (r->cap && plan->cap[r->cap - 1].left))
			continue;
		ec_put_le(rw + r->from, r->reg.len, r->reg.rw);
		ec_put_le(w1c + r->from, r->reg.len, r->reg.w1c);
	}
}
