/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities by name. */
#ifndef EC_POLICY_PARSE_REF_H
#define EC_POLICY_PARSE_REF_H

#include "policy/parse_state.h"

/** How a reference may be written. */
enum ec_ref_form {
	EC_REF_ANY,  /* NAME or NAME#N */
	EC_REF_KIND, /* NAME alone */
};

/**
 * ec_parse_ref() - the first @len bytes of @text as a reference to capabilities.
 * @at_key: the text is the last step's key.
 */
int ec_parse_ref(struct ec_parse *p, const char *text, size_t len, enum ec_ref_form form,
		 bool at_key, struct ec_cap_ref *out);

/** ec_parse_ref_value() - the same of a JSON string. */
int ec_parse_ref_value(struct ec_parse *p, json_t *v, enum ec_ref_form form,
		       struct ec_cap_ref *out);

#endif
