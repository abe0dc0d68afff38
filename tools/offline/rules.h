/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that the options of a command name, and their decisions for a function.
 */
#ifndef EC_OFFLINE_RULES_H
#define EC_OFFLINE_RULES_H

#include "control/rule_files.h"
#include "core/dump.h"
#include "policy/parse.h"
#include "tools/options.h"
#include "view/plan.h"
#include "view/subject.h"

/**
 * rules_load() - load quirks, then policy files, then the settings of the attach specification.
 * Reads the installed folders, which may be missing, where the options name no path. Reports every
 * wrong file on stderr. Returns 0 with *@out to be freed by ec_rules_free(), or an exit code with
 * *@out NULL.
 */
int rules_load(struct ec_rules **out, const struct options *o);

/**
 * rules_add_path() - add a file, or the files of a folder, to @files->rules.
 * Reports every wrong file on stderr and leaves it out. Returns 0 or an exit code.
 */
int rules_add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer);

/**
 * rules_quirks_folder() - the folder of the quirks that are used without --quirks.
 * It is that of the source tree if this program is in a folder of it, where it was built.
 */
const char *rules_quirks_folder(void);

/**
 * rules_add_installed() - add the files of rules_quirks_folder() and of the site's rules.
 * The latter may be missing, the former should not: then there is a warning, and *@warnings counts
 * it. Otherwise as rules_add_path().
 */
int rules_add_installed(struct ec_rule_files *files, unsigned int *warnings);

/**
 * rules_add_attach() - add the settings of an attach specification as rules of the last layer.
 * Returns 0, or an exit code after a message.
 */
int rules_add_attach(struct ec_rules *set, const struct ec_attach_spec *with);

/**
 * rules_let() - apply decisions @d to the options of a plan.
 * @topology: the one that --topology names, which wins; -1: none. @opt: changed; refers to @d.
 */
void rules_let(const struct ec_decisions *d, int topology, struct ec_plan_options *opt);

/**
 * rules_decide() - resolve @set for a function, and apply the decisions as rules_let() does.
 * If a rule decides the topology, rules that match the bus are resolved again, as by the service.
 * @subject: as ec_subject_read() left it, with its guest; its bus is written. @topology, @opt: as
 * for rules_let(). @d: written. Returns 0, or an exit code after a message.
 */
int rules_decide(const struct ec_rules *set, struct ec_subject *subject, int topology,
		 struct ec_plan_options *opt, struct ec_decisions *d);

/**
 * rules_say_why() - report on stderr why the function @at cannot be viewed.
 * Names the rule and key that caused it, if known. @plan: as the failed ec_plan_build() left it,
 * with blame 0 before.
 */
void rules_say_why(const struct ec_rules *set, struct ec_sbdf at, const struct ec_plan *plan,
		   const struct ec_diag *diag);

#endif
