/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads references to capabilities. */
#ifndef EC_POLICY_PARSE_REF_H
#define EC_POLICY_PARSE_REF_H

#include "policy/parse_state.h"

/** How a reference may be written. */
enum ec_ref_form {
	EC_REF_ANY,  /* NAME or NAME#N */
	EC_REF_KIND, /* NAME alone */
};

/** A reference as it is written. */
struct ec_ref_text {
	const char *text;
	size_t len; /* bytes of the text that are the reference */
	enum ec_ref_form form;
	bool at_key; /* it is the key of the last step, not its value */
};

/** ec_parse_ref() - read a reference to capabilities. */
int ec_parse_ref(struct ec_parse *p, const struct ec_ref_text *ref, struct ec_cap_ref *out);

/** ec_parse_ref_value() - read a JSON string that is a reference. */
int ec_parse_ref_value(struct ec_parse *p, json_t *v, enum ec_ref_form form,
		       struct ec_cap_ref *out);

#endif
