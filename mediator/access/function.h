/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function as the access path sees it: a layout, a shadow and the hardware.
 */
#ifndef EC_ACCESS_FUNCTION_H
#define EC_ACCESS_FUNCTION_H

#include <stdint.h>

#include "core/host_ops.h"
#include "core/layout.h"
#include "core/sbdf.h"

struct ec_function {
	struct ec_sbdf at; /* where the guest sees it; segment 0 */
	const struct ec_layout *layout;
	uint32_t *shadow; /* layout->words words */
	const struct ec_conf_ops *hw;
	void *hw_ctx;
	uint64_t
		permissive_writes; /* dword writes to hardware that only a permissive rule allows */
};

/**
 * ec_function_free() - free layout and shadow of @fn, both from malloc(), and set them to NULL.
 * @fn itself stays the caller's. Members that are NULL are allowed.
 */
void ec_function_free(struct ec_function *fn);

#endif
