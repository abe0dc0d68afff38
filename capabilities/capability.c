/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capabilities/capability.h"

uint32_t ec_cap_measure(const struct ec_cap *cap, const struct ec_cap_at *at, uint32_t img_end,
			enum ec_cap_fault *fault)
{
	uint32_t len = cap->length ? cap->length(at) : cap->least;

	*fault = EC_CAP_OK;
	if (len < cap->least) {
		*fault = EC_CAP_SHORT;
		len = cap->least;
	}
	if (len <= at->room)
		return len;
	*fault = at->offset + at->room < img_end ? EC_CAP_OVERLAP : EC_CAP_TRUNCATED;
	return at->room;
}

struct ec_reg_table ec_cap_registers(const struct ec_cap *cap, const struct ec_cap_at *at)
{
	return cap->table ? cap->table(at) : cap->rows;
}

/* No byte before the next capability is known not to belong to this one. */
uint32_t ec_length_room(const struct ec_cap_at *at)
{
	return at->room;
}
