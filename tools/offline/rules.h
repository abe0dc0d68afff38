/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that a command's options ask for, and what they decide of a function.
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
 * rules_load() - quirks, then policy files, then what the function is attached with.
 * What is installed counts where the options name nothing; a folder of it may be missing. Every
 * wrong file is named on stderr. Returns 0 with *@out to be freed by ec_rules_free(), or an exit
 * code with *@out NULL.
 */
int rules_load(struct ec_rules **out, const struct options *o);

/**
 * rules_add_path() - add a file, or the files of a folder, to @files->rules.
 * Each wrong file is named on stderr and left out. Returns 0 or an exit code.
 */
int rules_add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer);

/**
 * rules_let() - let @d count for a plan, but for the topology if a person asked for one.
 * @topology: that; -1: nobody did. @opt: in: as without rules; out: as with them; @d must outlive
 * it.
 */
void rules_let(const struct ec_decisions *d, int topology, struct ec_plan_options *opt);

/**
 * rules_decide() - let count for a plan what @set decides of a function.
 * As the service does: rules on the bus are asked again if a rule decides the topology.
 * @subject: as ec_subject_read() left it, with its guest; its bus is written. @topology, @opt: as
 * for rules_let(). @d: written. Returns 0, or an exit code after a message.
 */
int rules_decide(const struct ec_rules *set, struct ec_subject *subject, int topology,
		 struct ec_plan_options *opt, struct ec_decisions *d);

/**
 * rules_say_why() - one line on stderr: that @fn cannot be viewed, whose rule is to blame, and
 * which key of it, if that is known.
 * @plan: as the failed ec_plan_build() left it, its blame 0 before.
 */
void rules_say_why(const struct ec_rules *set, struct ec_sbdf at, const struct ec_plan *plan,
		   const struct ec_diag *diag);

#endif
