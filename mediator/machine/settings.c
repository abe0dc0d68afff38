/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/settings.h"

const char *const ec_machine_setting_names[EC_SETTINGS] = {
	[EC_SETTING_ECAM] = "machine.ecam",
	[EC_SETTING_BUSES] = "machine.buses",
	[EC_SETTING_BUS0] = "machine.bus0",
	[EC_SETTING_BRIDGE] = "machine.bridge",
};

static const enum ec_verb verbs[EC_SETTINGS] = {
	[EC_SETTING_ECAM] = EC_SET_ECAM,
	[EC_SETTING_BUSES] = EC_SET_ECAM_BUSES,
	[EC_SETTING_BUS0] = EC_SET_ECAM_BUS0,
	[EC_SETTING_BRIDGE] = EC_SET_BRIDGE,
};

void ec_machine_settings_of(const struct ec_decisions *d, struct ec_machine_settings *out)
{
	*out = (struct ec_machine_settings){ 0 };
	for (unsigned int i = 0; i < EC_SETTINGS; i++) {
		const struct ec_decision *one = ec_decisions_last(d, verbs[i], 0);

		if (one)
			ec_machine_settings_set(out, (enum ec_machine_setting)i, one->set->number);
	}
}

void ec_machine_settings_set(struct ec_machine_settings *all, enum ec_machine_setting setting,
			     uint64_t value)
{
	all->setting[setting].is_set = true;
	all->setting[setting].value = value;
}

const char *ec_machine_settings_join(struct ec_machine_settings *all,
				     const struct ec_machine_settings *more)
{
	for (unsigned int i = 0; i < EC_SETTINGS; i++)
		if (all->setting[i].is_set && more->setting[i].is_set &&
		    all->setting[i].value != more->setting[i].value)
			return ec_machine_setting_names[i];
	for (unsigned int i = 0; i < EC_SETTINGS; i++)
		if (more->setting[i].is_set)
			all->setting[i] = more->setting[i];
	return NULL;
}

void ec_machine_settings_limits(const struct ec_machine_settings *all,
				struct ec_machine_limits *limits)
{
	if (all->setting[EC_SETTING_ECAM].is_set) {
		limits->ecam = all->setting[EC_SETTING_ECAM].value != EC_NO_ECAM;
		limits->has_ecam_base = limits->ecam;
		limits->ecam_base = limits->ecam ? all->setting[EC_SETTING_ECAM].value : 0;
	}
	if (all->setting[EC_SETTING_BUSES].is_set)
		limits->ecam_buses = (uint16_t)all->setting[EC_SETTING_BUSES].value;
	if (all->setting[EC_SETTING_BUS0].is_set)
		limits->ecam_bus0 = all->setting[EC_SETTING_BUS0].value;
	if (all->setting[EC_SETTING_BRIDGE].is_set)
		limits->bridge = (enum ec_host_bridge_kind)all->setting[EC_SETTING_BRIDGE].value;
}
