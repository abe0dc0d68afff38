/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access path: the only way in which a guest's configuration access is served.
 */
#ifndef EC_ACCESS_ACCESS_H
#define EC_ACCESS_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "access/bus_map.h"
#include "access/effect.h"
#include "core/sbdf.h"

/** Result of an access. If its parts differ, the highest value counts. */
enum ec_verdict {
	EC_V_DROPPED, /* a write that may change nothing */
	EC_V_SERVED,
	EC_V_REFUSED,     /* an effect took bits back */
	EC_V_HW_ERROR,    /* a hardware access failed; no write followed */
	EC_V_NO_FUNCTION, /* no function there: all ones */
	EC_V_MALFORMED,   /* not a width that a guest can use */
	EC_VERDICTS
};

/** Their names, as `ecamctl replay` prints them. */
extern const char *const ec_verdict_names[EC_VERDICTS];

/** An access and its answer. */
struct ec_access {
	struct ec_sbdf at;
	bool write;
	uint32_t offset;               /* bytes from the start of the configuration space */
	uint32_t length;               /* 1, 2, 4 or 8; any other is malformed */
	uint64_t value;                /* in: data of a write; out: what was read */
	uint8_t verdict;               /* out: enum ec_verdict */
	struct ec_action_list actions; /* out: requests to the service, in this order */
};

/**
 * ec_access_handle() - serve one access.
 * Any offset, alignment and length is allowed. An access is split at dwords; bytes past the end of
 * the function's configuration space read ff and are not written. A missing function and a bad
 * length read all ones. Cannot fail and never allocates. Changes the function's shadow and count,
 * and accesses its hardware.
 */
void ec_access_handle(const struct ec_bus_map *map, struct ec_access *a);

#endif
