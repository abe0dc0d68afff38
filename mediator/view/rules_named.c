/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/rules_named.h"

#include <errno.h>
#include <pci/header.h>

#include "capabilities/express.h"
#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/decide.h"
#include "view/rules.h"

/* Link registers up to PCI Express 2.0. */
#define EXP_LINKS                                                                                  \
	{                                                                                          \
		PCI_EXP_LNKCAP, PCI_EXP_LNKCTL, PCI_EXP_LNKSTA, PCI_EXP_LNKCAP2, PCI_EXP_LNKCTL2,  \
			PCI_EXP_LNKSTA2                                                            \
	}
/* PMC: what belongs to PME */
#define PMC_PME                                                                                    \
	(PCI_PM_CAP_PME_CLOCK | PCI_PM_CAP_AUX_C_MASK | PCI_PM_CAP_PME_D0 | PCI_PM_CAP_PME_D1 |    \
	 PCI_PM_CAP_PME_D2 | PCI_PM_CAP_PME_D3_HOT | PCI_PM_CAP_PME_D3_COLD)
/* Device Serial Number: its two dwords */
#define DSN_LOWER 4
#define DSN_UPPER 8

/* The decision being applied, to a capability if it is about one. */
struct named {
	struct ec_plan *p;
	const struct ec_image *img;
	const struct ec_decision *d;
	unsigned int cap; /* index in the chain */
	struct ec_diag *diag;
};

static struct ec_plan_reg *row(const struct named *n, uint32_t offset)
{
	return ec_plan_row(n->p, n->cap + 1, n->p->chain.link[n->cap].offset + offset);
}

/* The hardware's value of a register. */
static uint32_t hardware(const struct named *n, uint32_t offset, unsigned int len)
{
	return ec_image_get(n->img, n->p->cap[n->cap].from + offset, len);
}

/* Makes the bits @bits of @r constant; @r may be NULL. */
static void set(const struct named *n, struct ec_plan_reg *r, uint32_t bits, uint32_t value)
{
	if (!r)
		return;
	ec_plan_treat(r, bits, EC_FREEZE, n->d->origin);
	ec_plan_fix(r, bits, value, n->d->origin);
}

static void treat(const struct named *n, struct ec_plan_reg *r, uint32_t bits, enum ec_treatment t)
{
	if (!r)
		return;
	ec_plan_treat(r, bits, t, n->d->origin);
	r->fixed &= ~bits;
}

static int refuse(const struct named *n, const struct ec_plan_reg *r, uint16_t blame,
		  const char *why)
{
	ec_diag_set(n->diag, 0, "%s.%s at %x: %s", n->p->cap[n->cap].cap->name, r->reg.name,
		    r->offset, why);
	n->p->blame = blame;
	n->p->blame_set = n->d ? n->d->set : NULL;
	return -EINVAL;
}

/* ---- PCI Express ---- */

static void hide_link(const struct named *n)
{
	static const uint8_t regs[] = EXP_LINKS;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(regs); i++)
		treat(n, row(n, regs[i]), UINT32_MAX, EC_HIDE);
}

static int express_type(const struct named *n)
{
	uint32_t type = (uint32_t)n->d->set->number;

	if (type == EC_AUTO)
		return 0;
	set(n, row(n, PCI_EXP_FLAGS), PCI_EXP_FLAGS_TYPE, type << 4);
	if (type == PCI_EXP_TYPE_ROOT_INT_EP)
		hide_link(n);
	return 0;
}

/* Registers that the version lacks are hidden; those that the hardware lacks read 0. */
static int express_version(const struct named *n)
{
	uint32_t version = (uint32_t)n->d->set->number, flags = hardware(n, PCI_EXP_FLAGS, 2);
	uint32_t base = n->p->chain.link[n->cap].offset, real, shown;
	struct ec_plan_reg *r = row(n, PCI_EXP_FLAGS), *end = n->p->reg + n->p->n;
	uint8_t type = ec_topology_type(n->p->options.topology, n->p->express_type);

	if (!r)
		return 0;
	ec_ruled_express(n->p, &version, &type);
	shown = ec_express_length(version, type, false);
	real = ec_express_length(flags & PCI_EXP_FLAGS_VERS, n->p->express_type,
				 flags & PCI_EXP_FLAGS_SLOT);
	if (shown > n->p->cap[n->cap].length)
		return refuse(n, r, n->d->origin, "there is no room for that version's registers");
	set(n, r, PCI_EXP_FLAGS_VERS, version);
	for (r++; r < end && r->cap == n->cap + 1; r++) {
		if (r->offset - base >= shown)
			treat(n, r, UINT32_MAX, EC_HIDE);
		else if (r->offset - base >= real && !r->held)
			set(n, r, ~r->served[EC_EMULATE] & ~r->served[EC_HIDE], 0);
	}
	return 0;
}

/* Undoes what the topology decided: the row's defaults count again. */
static void restore(const struct named *n, struct ec_plan_reg *r, uint32_t reset)
{
	if (!r)
		return;
	treat(n, r, UINT32_MAX, (enum ec_treatment)r->reg.treatment);
	r->fixed = r->reg.clr | r->reg.set;
	r->value = r->reg.set;
	r->reg.reset = reset;
}

static int express_link(const struct named *n)
{
	const struct ec_setting *s = n->d->set;
	bool flattened = n->p->options.topology != EC_BYPASSED;
	uint32_t link = s->speed | (uint32_t)s->width << 4;
	uint32_t cap = flattened ? hardware(n, PCI_EXP_LNKCAP, 4) : 0;
	uint32_t sta = flattened ? hardware(n, PCI_EXP_LNKSTA, 2) & PCI_EXP_LNKSTA_SL_CLK : 0;

	if (s->number == EC_LINK_HIDE)
		hide_link(n);
	if (s->number != EC_LINK_EXPLICIT)
		return 0;
	cap &= ~(uint32_t)(PCI_EXP_LNKCAP_SPEED | PCI_EXP_LNKCAP_WIDTH);
	set(n, row(n, PCI_EXP_LNKCAP), UINT32_MAX, cap | link);
	set(n, row(n, PCI_EXP_LNKSTA), UINT32_MAX, sta | link);
	/* speed n is bit n: bits 1 to s->speed */
	set(n, row(n, PCI_EXP_LNKCAP2), UINT32_MAX, (2u << s->speed) - 2);
	restore(n, row(n, PCI_EXP_LNKCTL), 0);
	restore(n, row(n, PCI_EXP_LNKCTL2), s->speed);
	return 0;
}

/* ---- the header ---- */

static bool is_vf(const struct named *n)
{
	return ec_image_get(n->img, PCI_VENDOR_ID, 4) == EC_ABSENT;
}

static int vf_ids(const struct named *n)
{
	if (!is_vf(n) || n->d->set->number)
		return 0;
	set(n, ec_plan_row(n->p, 0, PCI_VENDOR_ID), UINT32_MAX, EC_ABSENT);
	set(n, ec_plan_row(n->p, 0, PCI_DEVICE_ID), UINT32_MAX, EC_ABSENT);
	return 0;
}

static int vf_memory(const struct named *n)
{
	struct ec_plan_reg *r = ec_plan_row(n->p, 0, PCI_COMMAND);

	if (!is_vf(n))
		return 0;
	if (n->d->set->number)
		treat(n, r, PCI_COMMAND_MEMORY, EC_EMULATE);
	else
		set(n, r, PCI_COMMAND_MEMORY, 0);
	return 0;
}

static int multifunction(const struct named *n)
{
	struct ec_plan_reg *r = ec_plan_row(n->p, 0, PCI_HEADER_TYPE);
	bool bit = n->p->options.multifunction;

	/* the user may have chosen the other value */
	if (n->d->set->number != EC_AUTO && bit == !!n->d->set->number)
		set(n, r, EC_HEADER_TYPE_MULTI, bit ? EC_HEADER_TYPE_MULTI : 0);
	return 0;
}

static int intx(const struct named *n)
{
	if (n->d->set->number)
		set(n, ec_plan_row(n->p, 0, PCI_INTERRUPT_PIN), UINT32_MAX, 0);
	return 0;
}

/* ---- interrupts ---- */

/*
 * The service serves one message without a mask bit. A rule may allow more vectors, or masks, but
 * the guest is never shown that they work.
 */
static int msi_vectors(const struct named *n)
{
	set(n, row(n, PCI_MSI_FLAGS), PCI_MSI_FLAGS_QMASK, 0);
	return 0;
}

static int msi_maskable(const struct named *n)
{
	uint32_t mask = hardware(n, PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_64BIT ? 16 : 12;

	set(n, row(n, PCI_MSI_FLAGS), PCI_MSI_FLAGS_MASK_BIT, 0);
	for (uint32_t at = mask - 2; at <= mask + 4; at += at & 2 ? 2 : 4)
		treat(n, row(n, at), UINT32_MAX, EC_HIDE);
	return 0;
}

static int msix_vectors(const struct named *n)
{
	uint32_t have = hardware(n, PCI_CAP_FLAGS, 2) & PCI_MSIX_TABSIZE;
	uint32_t want = n->d->set->number ? (uint32_t)n->d->set->number - 1 : 0;

	set(n, row(n, PCI_CAP_FLAGS), PCI_MSIX_TABSIZE, want < have ? want : have);
	return 0;
}

static int msix_pba(const struct named *n)
{
	uint32_t bar = hardware(n, PCI_MSIX_PBA, 4) & PCI_MSIX_BIR;

	set(n, row(n, PCI_MSIX_PBA), UINT32_MAX, ((uint32_t)n->d->set->number & ~7u) | bar);
	return 0;
}

/* ---- power, errors, dsn_number number ---- */

static int pm_d3(const struct named *n)
{
	if (n->d->set->number != EC_PM_FORBID) {
		treat(n, row(n, PCI_PM_CTRL), PCI_PM_CTRL_STATE_MASK, EC_EMULATE);
		/* the hardware reports whether real D3hot loses state */
		if (n->d->set->number == EC_PM_ALLOW)
			treat(n, row(n, PCI_PM_CTRL), PCI_PM_CTRL_NO_SOFT_RST, EC_FREEZE);
		return 0;
	}
	/* the function keeps D0: see set_cap_facts() */
	treat(n, row(n, PCI_PM_CTRL), PCI_PM_CTRL_STATE_MASK, EC_EMULATE);
	set(n, row(n, PCI_CAP_FLAGS), PCI_PM_CAP_D1 | PCI_PM_CAP_D2, 0);
	return 0;
}

static int pm_no_soft_reset(const struct named *n)
{
	set(n, row(n, PCI_PM_CTRL), PCI_PM_CTRL_NO_SOFT_RST,
	    n->d->set->number ? PCI_PM_CTRL_NO_SOFT_RST : 0);
	return 0;
}

static int pm_pme(const struct named *n)
{
	uint32_t ctrl = PCI_PM_CTRL_PME_ENABLE | PCI_PM_CTRL_PME_STATUS;

	if (n->d->set->number) {
		treat(n, row(n, PCI_CAP_FLAGS), PMC_PME, EC_FREEZE);
		treat(n, row(n, PCI_PM_CTRL), ctrl, EC_EMULATE);
		return 0;
	}
	set(n, row(n, PCI_CAP_FLAGS), PMC_PME, 0);
	set(n, row(n, PCI_PM_CTRL), ctrl, 0);
	return 0;
}

static int aer_mask(const struct named *n)
{
	bool cor = n->d->set->verb == EC_SET_AER_COR_MASK;
	struct ec_plan_reg *r = row(n, cor ? PCI_ERR_COR_MASK : PCI_ERR_UNCOR_MASK);

	if (!r)
		return 0;
	treat(n, r, r->reg.rw, EC_EMULATE);
	r->reg.reset = (uint32_t)n->d->set->number;
	return 0;
}

static int dsn_number(const struct named *n)
{
	uint64_t number = n->d->set->number;

	if (n->d->set->treatment == EC_SHOW) {
		treat(n, row(n, DSN_LOWER), UINT32_MAX, EC_FREEZE);
		treat(n, row(n, DSN_UPPER), UINT32_MAX, EC_FREEZE);
		return 0;
	}
	set(n, row(n, DSN_LOWER), UINT32_MAX, (uint32_t)number);
	set(n, row(n, DSN_UPPER), UINT32_MAX, (uint32_t)(number >> 32));
	return 0;
}

/* ---- what must hold ---- */

/* Bits of a BAR that say its kind. */
#define BAR_KIND (PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)

/*
 * A BAR is emulated whole or hidden. If a rule froze or fixed some of its address, those bits would
 * be the host's; if it hid the bits of its kind, the upper half would look like another BAR.
 */
static void hide_broken_bar(struct ec_plan *p, unsigned int i)
{
	struct ec_plan_reg *r = ec_plan_row(p, 0, ec_bar_offset(i, p->header_type));

	if (!r || p->bar[i].kind == EC_BAR_NONE || r->origin < EC_FIRST_RULE)
		return;
	if (r->reg.rw & (~r->served[EC_EMULATE] | r->fixed) ||
	    r->reg.set & BAR_KIND & r->served[EC_HIDE])
		ec_ruled_hide_bar(p, i, r->origin);
}

static void hide_broken_bars(struct ec_plan *p)
{
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		hide_broken_bar(p, i);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		struct ec_plan_reg *r = ec_plan_row(p, 0, ec_bar_offset(i, p->header_type));

		if (r && p->bar_by[i])
			ec_plan_treat(r, UINT32_MAX, EC_HIDE, p->bar_by[i]);
	}
}

/* ---- all of them ---- */

/* In the order in which they are applied. id: the capability that the setting is about; 0: none. */
static const struct {
	enum ec_verb verb;
	uint16_t id;
	bool extended;
	int (*run)(const struct named *n);
} settings[] = {
	{ EC_SET_VF_IDS, 0, false, vf_ids },
	{ EC_SET_VF_MEMORY, 0, false, vf_memory },
	{ EC_SET_MULTIFUNCTION, 0, false, multifunction },
	{ EC_SET_INTX_DISABLE, 0, false, intx },
	{ EC_SET_EXPRESS_TYPE, PCI_CAP_ID_EXP, false, express_type },
	{ EC_SET_LINK_SHOWN, PCI_CAP_ID_EXP, false, express_link },
	{ EC_SET_EXPRESS_VERSION, PCI_CAP_ID_EXP, false, express_version },
	{ EC_SET_MSI_VECTORS, PCI_CAP_ID_MSI, false, msi_vectors },
	{ EC_SET_MSI_MASKABLE, PCI_CAP_ID_MSI, false, msi_maskable },
	{ EC_SET_MSIX_VECTORS, PCI_CAP_ID_MSIX, false, msix_vectors },
	{ EC_SET_MSIX_PBA, PCI_CAP_ID_MSIX, false, msix_pba },
	{ EC_SET_PM_D3, PCI_CAP_ID_PM, false, pm_d3 },
	{ EC_SET_PM_NO_SOFT_RESET, PCI_CAP_ID_PM, false, pm_no_soft_reset },
	{ EC_SET_PM_PME, PCI_CAP_ID_PM, false, pm_pme },
	{ EC_SET_AER_UNCOR_MASK, PCI_EXT_CAP_ID_AER, true, aer_mask },
	{ EC_SET_AER_COR_MASK, PCI_EXT_CAP_ID_AER, true, aer_mask },
	{ EC_SET_DSN, PCI_EXT_CAP_ID_DSN, true, dsn_number },
};

/* Calls @run for each shown capability of that kind. */
static int run_for_caps(struct named *n, uint16_t id, bool extended,
			int (*run)(const struct named *n))
{
	int rc = 0;

	for (n->cap = 0; !rc && n->cap < n->p->chain.n; n->cap++) {
		const struct ec_link *l = n->p->chain.link + n->cap;
		const struct ec_plan_cap *c = n->p->cap + n->cap;

		if (l->id == id && l->extended == extended && c->treatment != EC_HIDE && !c->added)
			rc = run(n);
	}
	return rc;
}

int ec_ruled_named(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag)
{
	struct named n = { .p = plan, .img = img, .diag = diag };
	int rc = 0;

	if (!plan->options.rules)
		return 0;
	for (unsigned int i = 0; !rc && i < EC_ARRAY_SIZE(settings); i++) {
		n.d = plan->last[settings[i].verb];
		if (n.d && settings[i].id)
			rc = run_for_caps(&n, settings[i].id, settings[i].extended,
					  settings[i].run);
		else if (n.d)
			rc = settings[i].run(&n);
	}
	hide_broken_bars(plan);
	return rc;
}
