/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path: the one way in which a guest's configuration access is served, whoever caught it.
 */
#ifndef EC_ACCESS_ACCESS_H
#define EC_ACCESS_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "access/effect.h"
#include "access/function.h"
#include "core/sbdf.h"

/** What became of an access. In order of precedence where an access has parts. */
enum ec_verdict {
	EC_V_DROPPED, /* a write that nothing may be changed by */
	EC_V_SERVED,
	EC_V_REFUSED,     /* an effect took bits back */
	EC_V_HW_ERROR,    /* the hardware did not answer; nothing was written after that */
	EC_V_NO_FUNCTION, /* nothing is there: all ones */
	EC_V_MALFORMED,   /* no width that a guest can have */
	EC_VERDICTS
};

/** Their names, as `ecamctl replay` has them. */
extern const char *const ec_verdict_names[EC_VERDICTS];

/**
 * The functions of a guest by bus, device and function. All 0 is a guest without any. Buses behind
 * root ports are laid by them (port.h), and no function is added there.
 */
struct ec_bus_map {
	struct ec_bus {
		struct ec_function *function[256];
	} * bus[256];
};

/**
 * ec_bus_map_add() - let the guest see @fn at @fn->at.
 * Returns 0, -EBUSY if the place is taken, -ENOMEM, or -ERANGE for another segment than 0. @fn
 * stays the caller's and must stay until removed.
 */
int ec_bus_map_add(struct ec_bus_map *g, struct ec_function *fn);

/** ec_bus_map_remove() - take the function at @at away; nothing happens if there is none. */
void ec_bus_map_remove(struct ec_bus_map *g, struct ec_sbdf at);

/** ec_bus_map_clear() - take all functions away and free what the directory took. */
void ec_bus_map_clear(struct ec_bus_map *g);

/** An access and its answer. */
struct ec_access {
	struct ec_sbdf at;
	bool write;
	uint32_t offset;               /* bytes from the start of the configuration space */
	uint32_t length;               /* 1, 2, 4 or 8; another is malformed */
	uint64_t value;                /* in: data of a write; out: what was read */
	uint8_t verdict;               /* out: enum ec_verdict */
	struct ec_action_list actions; /* out: what the service has to do, in this order */
};

/**
 * ec_access_handle() - serve one access.
 * Any offset, alignment and length is allowed. An access is split at dwords; bytes past the end
 * of the function's configuration space read ff and are not written. A function that is not
 * there and a bad length read all ones.
 * Pure but for the function's shadow, its count and its configuration port; never allocates;
 * cannot fail.
 */
void ec_access_handle(const struct ec_bus_map *g, struct ec_access *a);

#endif
