/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places in configuration space that arguments and scripts name: "10", "EXP.DEVCTL", "AER",
 * and those of setpci(8): "CAP_EXP+8.w", "COMMAND+1.b".
 */
#ifndef EC_OFFLINE_PLACE_H
#define EC_OFFLINE_PLACE_H

#include "tools/offline/view.h"

/** Room for the name in a place. */
#define PLACE_NAME_MAX 40

/** A place, before a view says where it is. */
struct place {
	char name[PLACE_NAME_MAX]; /* of a register or capability as show prints it; "": none */
	bool in_cap;               /* setpci's CAP_ or ECAP_: cap counts */
	struct ec_cap_ref cap;
	bool part;       /* "+OFFSET" was given, or a width: not the whole register or capability */
	uint32_t offset; /* from the start of what is named, else of the configuration space */
	uint32_t length; /* in bytes; 0: not given */
};

/**
 * place_parse() - read OFFSET[:LENGTH], a name, or setpci's BASE[+OFFSET][.WIDTH][@NUMBER].
 * Offsets are hexadecimal, with 0x or without, below 4096; LENGTH is decimal or has 0x. A text that
 * could be both is an offset: "af", not the capability AF. Returns NULL, or what is wrong.
 */
const char *place_parse(const char *text, struct place *out);

/** place_choose() - mark the registers of @p at @place in @wanted. Returns their number. */
unsigned int place_choose(const struct ec_plan *p, const struct place *place, bool *wanted);

/**
 * place_at() - the offset of @place, and the width of an access to it.
 * @width: 0 if neither the place nor a register says it. Returns false if the view has no such
 * register or capability.
 */
bool place_at(const struct ec_plan *p, const struct place *place, uint32_t *offset,
	      uint32_t *width);

/**
 * place_nearest() - the register with the name most similar to @name, with or without capability;
 * or NULL.
 */
const struct ec_plan_reg *place_nearest(const struct ec_plan *p, const char *name);

#endif
