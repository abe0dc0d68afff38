/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/settings.h"

const char *const ec_machine_setting_names[EC_ASKS] = {
	[EC_ASK_ECAM] = "machine.ecam",
	[EC_ASK_BUSES] = "machine.buses",
	[EC_ASK_BUS0] = "machine.bus0",
	[EC_ASK_BRIDGE] = "machine.bridge",
};

static const enum ec_verb verbs[EC_ASKS] = {
	[EC_ASK_ECAM] = EC_SET_ECAM,
	[EC_ASK_BUSES] = EC_SET_ECAM_BUSES,
	[EC_ASK_BUS0] = EC_SET_ECAM_BUS0,
	[EC_ASK_BRIDGE] = EC_SET_BRIDGE,
};

void ec_machine_settings_of(const struct ec_decisions *d, struct ec_machine_settings *out)
{
	*out = (struct ec_machine_settings){ 0 };
	for (unsigned int i = 0; i < EC_ASKS; i++) {
		const struct ec_decision *one = ec_decisions_last(d, verbs[i], 0);

		if (one)
			ec_machine_settings_say(out, (enum ec_machine_setting)i, one->set->number);
	}
}

void ec_machine_settings_say(struct ec_machine_settings *all, enum ec_machine_setting ask,
			     uint64_t value)
{
	all->ask[ask].said = true;
	all->ask[ask].value = value;
}

const char *ec_machine_settings_join(struct ec_machine_settings *all,
				     const struct ec_machine_settings *more)
{
	for (unsigned int i = 0; i < EC_ASKS; i++)
		if (all->ask[i].said && more->ask[i].said &&
		    all->ask[i].value != more->ask[i].value)
			return ec_machine_setting_names[i];
	for (unsigned int i = 0; i < EC_ASKS; i++)
		if (more->ask[i].said)
			all->ask[i] = more->ask[i];
	return NULL;
}

void ec_machine_settings_limits(const struct ec_machine_settings *all,
				struct ec_machine_limits *limits)
{
	if (all->ask[EC_ASK_ECAM].said) {
		limits->ecam = all->ask[EC_ASK_ECAM].value != EC_NO_ECAM;
		limits->has_ecam_base = limits->ecam;
		limits->ecam_base = limits->ecam ? all->ask[EC_ASK_ECAM].value : 0;
	}
	if (all->ask[EC_ASK_BUSES].said)
		limits->ecam_buses = (uint16_t)all->ask[EC_ASK_BUSES].value;
	if (all->ask[EC_ASK_BUS0].said)
		limits->ecam_bus0 = all->ask[EC_ASK_BUS0].value;
	if (all->ask[EC_ASK_BRIDGE].said)
		limits->bridge = (enum ec_host_bridge_kind)all->ask[EC_ASK_BRIDGE].value;
}
