/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of a guest's machine: by the rules of its functions ("machine" of "set"), by what
 * they are attached with, by options. All functions of a guest have one machine, so what is decided
 * for one of them is compared with what was for the others. Pure.
 */
#ifndef EC_MACHINE_SETTINGS_H
#define EC_MACHINE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"
#include "policy/rule.h"

enum ec_machine_setting {
	EC_ASK_ECAM,   /* guest address, or EC_NO_ECAM */
	EC_ASK_BUSES,  /* 1 to 256 */
	EC_ASK_BUS0,   /* 0, 1 */
	EC_ASK_BRIDGE, /* enum ec_host_bridge_kind */
	EC_ASKS
};

/** Their names in a rule: "machine.ecam" and so on. */
extern const char *const ec_machine_setting_names[EC_ASKS];

/** All 0: nothing is asked. */
struct ec_machine_settings {
	struct {
		bool said;
		uint64_t value;
	} ask[EC_ASKS];
};

/** ec_machine_settings_of() - what @d decides. @d: may be NULL. @out: written whole. */
void ec_machine_settings_of(const struct ec_decisions *d, struct ec_machine_settings *out);

/** ec_machine_settings_say() - ask for @value, whatever was asked for before. */
void ec_machine_settings_say(struct ec_machine_settings *all, enum ec_machine_setting ask,
			     uint64_t value);

/**
 * ec_machine_settings_join() - add to @all what another function's @more asks for.
 * Returns NULL, or the name of what both ask for differently: then @all is as it was.
 */
const char *ec_machine_settings_join(struct ec_machine_settings *all,
				     const struct ec_machine_settings *more);

/** ec_machine_settings_limits() - let @limits be as asked; what nobody asks for stays. */
void ec_machine_settings_limits(const struct ec_machine_settings *all,
				struct ec_machine_limits *limits);

#endif
