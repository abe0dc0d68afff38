/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host facts of a dump's functions: ids and sizes of BARs, as its text has them. */
#ifndef EC_HOST_FACTS_DUMP_H
#define EC_HOST_FACTS_DUMP_H

#include "core/host_ops.h"

/** The functions of a dump. The caller owns them. */
struct ec_facts_dump {
	const struct ec_dump_function *fn;
	unsigned int n;
};

/** The adapter; its context is a struct ec_facts_dump. */
extern const struct ec_facts_ops ec_facts_dump_ops;

#endif
