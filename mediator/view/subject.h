/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rules may ask of a captured function, and what they decide before there is a plan.
 */
#ifndef EC_VIEW_SUBJECT_H
#define EC_VIEW_SUBJECT_H

#include "core/image.h"
#include "policy/rule_set.h"
#include "view/plan.h"

/**
 * ec_subject_read() - what rules may ask of @img.
 * @img: its header and the headers of its chains must have been captured. @options: topology says
 *      where a guest finds it, vendor and device are a virtual function's ids if its own read ones.
 * @chain: written, and pointed to by @out. @out: written whole; what the image does not say (bdf,
 *      vf, guest_name, guest_uuid) is 0, for the caller to set. Pure.
 */
void ec_subject_read(const struct ec_image *img, const struct ec_plan_options *options,
		     struct ec_chain *chain, struct ec_subject *out);

/**
 * ec_subject_resolve() - what @rules decide of a function whose topology they decide, too.
 * Rules may ask on which bus a guest finds it: where the topology that they decide is another than
 * @subject says, they are asked once more; that answer counts, whatever topology it has.
 * @subject: its bus is written. @out: as of ec_rules_resolve(). Returns 0 or -ENOMEM.
 */
int ec_subject_resolve(const struct ec_rules *rules, struct ec_subject *subject,
		       struct ec_decisions *out);

/**
 * ec_plan_options_rules() - let @d count for a plan, from its topology and multifunction bit on.
 * @options: rules is set to @d, which must outlive the plans made with it; topology and
 *      multifunction as decided, unless @forced: they were asked for by a person.
 */
void ec_plan_options_rules(struct ec_plan_options *options, const struct ec_decisions *d,
			   bool forced);

#endif
