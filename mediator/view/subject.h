/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties of a function that rules match, and decisions that precede its plan. */
#ifndef EC_VIEW_SUBJECT_H
#define EC_VIEW_SUBJECT_H

#include "core/image.h"
#include "policy/rule_set.h"
#include "view/plan.h"

/**
 * ec_subject_read() - read the properties of a function that rules match.
 * @img: its header and the headers of its capabilities must be captured. @options: topology, and
 *      vendor and device of a virtual function whose own read all ones.
 * @chain: written, and pointed to by @out. @out: written whole; what the image does not say (bdf,
 *      vf, guest_name, guest_uuid) is 0, for the caller to set. Pure.
 */
void ec_subject_read(const struct ec_image *img, const struct ec_plan_options *options,
		     struct ec_chain *chain, struct ec_subject *out);

/**
 * ec_subject_resolve() - find the decisions for a function, if rules may also decide its topology.
 * Rules may match the guest's bus, which depends on the topology. If they decide another topology
 * than @subject has, they are resolved once more; the second result counts, whatever topology it
 * has. @subject: bus is written. @out: as for ec_rules_resolve(). Returns 0 or -ENOMEM.
 */
int ec_subject_resolve(const struct ec_rules *rules, struct ec_subject *subject,
		       struct ec_decisions *out);

/**
 * ec_plan_options_rules() - use decisions for a plan.
 * @options: rules is set to @d, which must outlive the plans made with it; topology and
 *      multifunction are set as decided, unless @forced: the user chose them.
 */
void ec_plan_options_rules(struct ec_plan_options *options, const struct ec_decisions *d,
			   bool forced);

#endif
