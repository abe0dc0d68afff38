/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All commands of ecamctl; cmd_X is defined in cmd_X.c, unless noted.
 */
#ifndef EC_COMMANDS_COMMANDS_H
#define EC_COMMANDS_COMMANDS_H

#include "tools/options.h"

extern const struct command cmd_list, cmd_show, cmd_explain, cmd_diff, cmd_replay, cmd_check;
extern const struct command cmd_policy_for, cmd_plan, cmd_dump, cmd_caps, cmd_acpi;
extern const struct command cmd_attach, cmd_detach, cmd_guests; /* cmd_service.c */

#endif
