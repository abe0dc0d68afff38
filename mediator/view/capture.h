/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capturing a function through a configuration port, with as few reads as will do.
 * A register whose access has a side effect (VPD data, a DOE mailbox, SATA index and data) is
 * never read, and neither is a hidden capability beyond what tells its length.
 */
#ifndef EC_VIEW_CAPTURE_H
#define EC_VIEW_CAPTURE_H

#include "core/diag.h"
#include "core/host_ops.h"
#include "core/image.h"
#include "view/plan.h"

/** How much is captured; each with what those before it capture. */
enum ec_capture {
	EC_CAPTURE_CHAINS, /* the header, and the headers of all capabilities */
	EC_CAPTURE_PLAN,   /* what a plan's constants and lengths need; gaps below 0x100 */
	EC_CAPTURE_SHOWN,  /* and what a guest reads live */
	EC_CAPTURE_ALL,    /* and everything else without a side effect */
};

/** What a capture found beside the bytes. */
struct ec_captured {
	unsigned int dwords; /* reads that it took, of 4 bytes each */
	unsigned int failed; /* of them that failed, where they should not */
	bool limited;        /* the port gives only the first 64 bytes */
};

/** What is captured, and for which plan. */
struct ec_capture_request {
	const struct ec_conf_ops *conf; /* only reads are made */
	void *ctx;
	enum ec_capture how_much;
	const struct ec_plan_options *options; /* of the plan that is made of the capture */
};

/**
 * ec_capture_take() - capture a function.
 * @plan: scratch. @img, @captured: written whole.
 * Returns 0; -ENODEV: the function reads all ones, it is gone, perhaps since the capture began;
 * another negative errno of the port for the header; -EOPNOTSUPP: no plan can be made of it, unless
 * all is captured. A failed read elsewhere leaves its dword uncaptured.
 */
int ec_capture_take(const struct ec_capture_request *request, struct ec_plan *plan,
		    struct ec_image *img, struct ec_captured *captured, struct ec_diag *diag);

#endif
