/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of a guest's machine: from rules ("machine" in "set"), options of an attach, or options
 * of a command. All functions of a guest share one machine, so the settings of each function are
 * compared with those of the others. Pure.
 */
#ifndef EC_MACHINE_SETTINGS_H
#define EC_MACHINE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"
#include "policy/rule.h"

enum ec_machine_setting {
	EC_SETTING_ECAM,   /* guest address, or EC_NO_ECAM */
	EC_SETTING_BUSES,  /* 1 to 256 */
	EC_SETTING_BUS0,   /* 0, 1 */
	EC_SETTING_BRIDGE, /* enum ec_host_bridge_kind */
	EC_SETTINGS
};

/** Their names in a rule: "machine.ecam" and so on. */
extern const char *const ec_machine_setting_names[EC_SETTINGS];

/** All 0: nothing is set. */
struct ec_machine_settings {
	struct {
		bool is_set;
		uint64_t value;
	} setting[EC_SETTINGS];
};

/** ec_machine_settings_of() - the settings that @d decides. @d: may be NULL. @out: written whole.
 */
void ec_machine_settings_of(const struct ec_decisions *d, struct ec_machine_settings *out);

/** ec_machine_settings_set() - set @setting to @value; an earlier value is replaced. */
void ec_machine_settings_set(struct ec_machine_settings *all, enum ec_machine_setting setting,
			     uint64_t value);

/**
 * ec_machine_settings_join() - add @more, the settings of another function, to @all.
 * Returns NULL, or the name of a setting on which they differ; then @all is unchanged.
 */
const char *ec_machine_settings_join(struct ec_machine_settings *all,
				     const struct ec_machine_settings *more);

/** ec_machine_settings_limits() - apply settings to @limits; what is not set is unchanged. */
void ec_machine_settings_limits(const struct ec_machine_settings *all,
				struct ec_machine_limits *limits);

#endif
