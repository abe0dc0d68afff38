/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures a function through callbacks, with as few reads as possible. A register whose read has a
 * side effect (VPD data, a DOE mailbox, SATA index and data) is never read. Of a hidden capability
 * only the registers that determine its length are read.
 */
#ifndef EC_VIEW_CAPTURE_H
#define EC_VIEW_CAPTURE_H

#include "core/diag.h"
#include "core/host_ops.h"
#include "core/image.h"
#include "view/plan.h"

/** How much is captured; each includes those before it. */
enum ec_capture {
	EC_CAPTURE_CHAINS, /* the header, and the headers of all capabilities */
	EC_CAPTURE_PLAN,   /* what a plan's constants and lengths need, and gaps below 0x100 */
	EC_CAPTURE_SHOWN,  /* what a guest reads from the hardware */
	EC_CAPTURE_ALL,    /* everything that can be read without a side effect */
};

/** The result of a capture, except the bytes. */
struct ec_captured {
	unsigned int dwords; /* reads made, of 4 bytes each */
	unsigned int failed; /* reads that failed unexpectedly */
	bool limited;        /* only the first 64 bytes can be read */
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
 * Returns 0; -ENODEV: the function reads all ones, so it is gone, perhaps since the capture began;
 * the callback's error if the header cannot be read; -EOPNOTSUPP: no plan can be made of the
 * function (not if all is captured). A failed read elsewhere leaves its dword uncaptured.
 */
int ec_capture_take(const struct ec_capture_request *request, struct ec_plan *plan,
		    struct ec_image *img, struct ec_captured *captured, struct ec_diag *diag);

#endif
