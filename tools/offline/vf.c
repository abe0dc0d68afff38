/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/vf.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>

#include "core/chain.h"

static bool needs_ids(const struct ec_dump_function *fn)
{
	return ec_image_get(&fn->image, PCI_VENDOR_ID, 4) == VF_NO_IDS && !fn->vendor &&
	       !ec_image_is_absent(&fn->image);
}

static uint32_t routing_id(struct ec_sbdf s)
{
	return (uint32_t)s.bus << 8 | s.devfn;
}

/* Sets the ids of the virtual functions of @pf, whose SR-IOV capability is at @cap. */
static void fill_from(struct ec_dump_function *all, unsigned int n,
		      const struct ec_dump_function *pf, uint32_t cap)
{
	uint32_t offset = ec_image_get(&pf->image, cap + PCI_IOV_OFFSET, 2);
	uint32_t stride = ec_image_get(&pf->image, cap + PCI_IOV_STRIDE, 2);
	uint32_t total = ec_image_get(&pf->image, cap + PCI_IOV_TOTALVF, 2);
	uint32_t first = routing_id(pf->sbdf) + offset;

	for (unsigned int i = 0; i < n; i++) {
		struct ec_dump_function *fn = all + i;
		uint32_t id = routing_id(fn->sbdf);

		if (fn->sbdf.segment != pf->sbdf.segment || !needs_ids(fn) || id < first)
			continue;
		if (id != first &&
		    (!stride || (id - first) % stride || (id - first) / stride >= total))
			continue;
		fn->vendor = (uint16_t)ec_image_get(&pf->image, PCI_VENDOR_ID, 2);
		fn->device = (uint16_t)ec_image_get(&pf->image, cap + PCI_IOV_DID, 2);
	}
}

int vf_fill_ids(struct ec_dump_function *fn, unsigned int n)
{
	struct ec_chain *chain;
	bool any = false;

	for (unsigned int i = 0; i < n; i++)
		any = any || needs_ids(fn + i);
	if (!any)
		return 0;
	chain = malloc(sizeof(*chain));
	if (!chain)
		return -ENOMEM;
	for (unsigned int i = 0; i < n; i++) {
		ec_chain_walk(&fn[i].image, chain);
		for (unsigned int c = chain->n_std; c < chain->n; c++)
			if (chain->link[c].id == PCI_EXT_CAP_ID_SRIOV) {
				fill_from(fn, n, fn + i, chain->link[c].offset);
				break; /* a function has only one */
			}
	}
	free(chain);
	return 0;
}
