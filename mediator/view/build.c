/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/build.h"

#include <errno.h>
#include <pci/header.h>

#include "core/pci_bits.h"
#include "view/compile.h"
#include "view/lengths.h"
#include "view/msix.h"
#include "view/registers.h"
#include "view/rules.h"
#include "view/rules_bits.h"
#include "view/rules_chain.h"
#include "view/rules_named.h"
#include "view/topology_rules.h"

static int check_viewable(struct ec_plan *p, const struct ec_image *img, struct ec_diag *diag)
{
	uint32_t type = ec_image_get(img, PCI_HEADER_TYPE, 1) & EC_HEADER_TYPE_MASK;

	if (!ec_image_has(img, 0, 64)) {
		ec_diag_set(diag, 0, "its header (00 to 3f) was not captured");
		return -ENODATA;
	}
	if (ec_image_is_absent(img)) {
		ec_diag_set(diag, 0, "reads %s: no function, or one that is gone",
			    ec_image_get(img, 0, 4) ? "all ones" : "zeros");
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
	plan->shadow[EC_WORD_ZERO] = 0;
	return rc;
}
