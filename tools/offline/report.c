/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/report.h"

#include <pci/header.h>

#include "tools/offline/vf.h"
#include "tools/out.h"

/* Wrong lengths that are reported one by one; a broken device may have a thousand. */
#define FAULTS_MAX 8

bool report_segment(struct ec_sbdf at)
{
	char name[EC_SBDF_MAX];

	if (ec_sbdf_fits_xen(at))
		return true;
	out_error("%s: it cannot be attached: Xen knows segments up to %x",
		  ec_sbdf_print(at, false, name), EC_SEGMENT_XEN_MAX);
	return false;
}

static void report_cut(const char *name, const char *kind, const struct ec_chain_cut *cut)
{
	if (cut->fault)
		out_error("%s: %s chain cut: the pointer at 0x%02x to 0x%02x %s", name, kind,
			  cut->at, cut->to, ec_chain_fault_text[cut->fault]);
}

void report_chain(struct ec_sbdf at, const struct ec_chain *chain)
{
	char name[EC_SBDF_MAX];

	ec_sbdf_print(at, false, name);
	report_cut(name, "capability", &chain->std_cut);
	report_cut(name, "extended capability", &chain->ext_cut);
}

static void report_length(const char *name, const struct ec_plan *p, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	const struct ec_plan_cap *c = p->cap + i;

	switch (c->fault) {
	case EC_CAP_OVERLAP:
		out_error("%s: %s at 0x%02x is longer than the %u bytes before the next capability",
			  name, c->cap->name, l->offset, l->room);
		break;
	case EC_CAP_TRUNCATED:
		out_error("%s: %s at 0x%02x is longer than the %u bytes before the end", name,
			  c->cap->name, l->offset, l->room);
		break;
	case EC_CAP_SHORT:
		out_error("%s: %s at 0x%02x reports fewer than the %u bytes that it must have",
			  name, c->cap->name, l->offset, c->cap->least);
		break;
	default:
		break;
	}
}

static void report_holes(const char *name, const struct ec_image *img)
{
	uint32_t captured = 0;

	if (ec_image_is_complete(img))
		return;
	for (uint32_t off = 0; off < img->size; off += 4)
		captured += ec_image_has(img, off, 4) ? 4 : 0;
	out_error("%s: only %u of %u bytes were captured; the others are shown as 0", name,
		  captured, img->size);
}

void report_plan(const struct ec_dump_function *fn, const struct ec_plan *plan, bool live)
{
	unsigned int faults = 0;
	char name[EC_SBDF_MAX];

	ec_sbdf_print(fn->sbdf, false, name);
	if (!live)
		report_holes(name, &fn->image);
	report_chain(fn->sbdf, &plan->chain);
	for (unsigned int i = 0; i < plan->chain.n; i++)
		if (plan->cap[i].fault && ++faults <= FAULTS_MAX)
			report_length(name, plan, i);
	if (faults > FAULTS_MAX)
		out_error("%s: %u more capabilities have a wrong length", name,
			  faults - FAULTS_MAX);
	for (unsigned int i = 0; i < plan->chain.n_std; i++)
		if (plan->chain.link[i].id == PCI_CAP_ID_EA)
			out_error("%s: its BARs may be missing: Enhanced Allocation gives it fixed "
				  "addresses, which no guest can have",
				  name);
	if (ec_image_get(&fn->image, PCI_VENDOR_ID, 4) == VF_NO_IDS && !fn->vendor)
		out_error("%s: a virtual function without ids in the dump (`lspci -nn` has them)",
			  name);
}
