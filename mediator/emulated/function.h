/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all emulated functions share: the image that one is made of, and the function itself, which
 * has no hardware. Its view is made from the tables like any other; its state is its shadow.
 */
#ifndef EC_EMULATED_FUNCTION_H
#define EC_EMULATED_FUNCTION_H

#include <stdint.h>

#include "access/function.h"
#include "core/diag.h"
#include "core/image.h"
#include "view/plan.h"
#include "view/topology.h"

/** A register of an emulated function and its value after a reset. */
struct ec_emulated_value {
	uint16_t offset;
	uint8_t len; /* 1 to 4 bytes */
	uint32_t value;
};

/** Vendor and device id as one dword; class and subclass in Class Code and Revision ID. */
#define EC_EMULATED_IDS(vendor, device) ((uint32_t)(device) << 16 | (vendor))
#define EC_EMULATED_CLASS(class) ((uint32_t)(class) << 16)
/** First dword of a capability: @reg is its register at 2. The same of an extended one. */
#define EC_EMULATED_CAP(id, next, reg) ((uint32_t)(reg) << 16 | (uint32_t)(next) << 8 | (id))
#define EC_EMULATED_EXT_CAP(id, version, next)                                                     \
	((uint32_t)(next) << 20 | (uint32_t)(version) << 16 | (id))

/**
 * ec_emulated_image() - start the image of an emulated function: the @n registers of @row have
 * their values, everything else is 0.
 * @size: 256 or 4096 bytes. @img: written whole. Pure.
 */
void ec_emulated_image(struct ec_image *img, uint32_t size, const struct ec_emulated_value *row,
		       unsigned int n);

/** ec_emulated_put() - set the @len (1 to 4) bytes of the register at @offset to @value. Pure. */
void ec_emulated_put(struct ec_image *img, uint32_t offset, unsigned int len, uint32_t value);

/**
 * ec_emulated_put_express() - fill in Device Capabilities and the link of the PCI Express
 * capability at @exp.
 * @payload: bits 2:0 are the maximum payload size, as in Device Capabilities.
 * @link: as LNKCAP, LNKSTA and LNKCAP2 show it; the target speed is its maximum speed. Pure.
 */
void ec_emulated_put_express(struct ec_image *img, uint32_t exp, uint8_t payload,
			     const struct ec_express_link *link);

/**
 * ec_emulated_make() - make a function of @img that has no hardware.
 * @options: emulated must be set.
 * @plan: scratch, overwritten.
 * @fn: layout, shadow and hw are written; the caller sets the place, and frees with
 * ec_function_free().
 * Returns 0; -ENOMEM or what ec_plan_build() returns, with the reason in *@diag and nothing to
 * free.
 */
int ec_emulated_make(struct ec_function *fn, const struct ec_image *img,
		     const struct ec_plan_options *options, struct ec_plan *plan,
		     struct ec_diag *diag);

/** ec_emulated_drop_write() - a write of struct ec_conf_ops that is dropped. Returns 0. */
int ec_emulated_drop_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value);

#endif
