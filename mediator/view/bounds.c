/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/bounds.h"

#include <pci/header.h>

#include "capabilities/bits.h"
#include "core/bits.h"

/* @bits of the register at @offset need one of the bits @of, of the dword at @by. */
struct bound {
	uint16_t id;
	bool extended;
	uint8_t offset;
	uint32_t bits;
	uint8_t by;
	uint32_t of;
};

/* Maximum payload size: 0 to 5 for 128 to 4096 bytes, in DEVCTL 7:5 and DEVCAP 2:0. */
#define PAYLOAD(bit, of)                                                                           \
	{                                                                                          \
		PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL, 1u << (5 + (bit)), PCI_EXP_DEVCAP, of       \
	}

/* clang-format off */
static const struct bound bounds[] = {
	PAYLOAD(0, 7), PAYLOAD(1, 6), PAYLOAD(2, 4),
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_EXT_TAG, PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_EXT_TAG },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL2, EC_EXP_DEVCTL2_TIMEOUT, PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_TIMEOUT_RANGE(0xfu) },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL2, PCI_EXP_DEVCTL2_TIMEOUT_DIS, PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_TIMEOUT_DIS },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, PCI_ERR_CAP_ECRC_GENE, PCI_ERR_CAP, PCI_ERR_CAP_ECRC_GENC },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, PCI_ERR_CAP_ECRC_CHKE, PCI_ERR_CAP, PCI_ERR_CAP_ECRC_CHKC },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, PCI_ERR_CAP_MULT_HDRE, PCI_ERR_CAP, PCI_ERR_CAP_MULT_HDRC },
};
/* clang-format on */

static void apply(struct ec_plan *p, unsigned int cap, const struct bound *b)
{
	const struct ec_link *l = p->chain.link + cap;
	struct ec_plan_reg *r, *by;
	uint32_t bits;

	if (l->id != b->id || l->extended != b->extended)
		return;
	r = ec_plan_row(p, cap + 1, l->offset + (uint32_t)b->offset);
	by = ec_plan_row(p, cap + 1, l->offset + (uint32_t)b->by);
	if (!r || !by)
		return;
	by->capture = true;
	if (p->options.capturing || by->value & b->of)
		return;
	/* others are the hardware's own, or as the table or a rule has them */
	bits = b->bits & r->served[EC_EMULATE] & ~r->fixed;
	r->fixed |= bits;
	r->value &= ~bits;
}

void ec_plan_bounds(struct ec_plan *plan)
{
	/* what an emulated function has is in its rows; the host topology shows it unchanged */
	if (plan->options.emulated || plan->options.topology == EC_HOST)
		return;
	for (unsigned int cap = 0; cap < plan->chain.n; cap++)
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(bounds) && !plan->cap[cap].added; i++)
			apply(plan, cap, bounds + i);
}
