/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/facts_dump.h"

#include <errno.h>
#include <string.h>

static int get(void *ctx, struct ec_sbdf at, struct ec_host_facts *facts)
{
	const struct ec_facts_dump *d = ctx;

	for (unsigned int i = 0; i < d->n; i++) {
		if (ec_sbdf_compare(d->fn[i].sbdf, at))
			continue;
		*facts = (struct ec_host_facts){ .iommu_group = -1,
						 .numa_node = -1,
						 .vendor = d->fn[i].vendor,
						 .device = d->fn[i].device };
		memcpy(facts->region, d->fn[i].region, sizeof(facts->region));
		return 0;
	}
	return -ENOENT;
}

const struct ec_facts_ops ec_facts_dump_ops = { .get = get };
