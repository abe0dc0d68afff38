/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/subject.h"

#include <pci/header.h>

#include "core/pci_bits.h"
#include "policy/resolve.h"

static int pcie_type(const struct ec_image *img, const struct ec_chain *chain)
{
	for (unsigned int i = 0; i < chain->n_std; i++)
		if (chain->link[i].id == PCI_CAP_ID_EXP)
			return (int)(ec_image_get(img, chain->link[i].offset + PCI_EXP_FLAGS, 2) &
				     PCI_EXP_FLAGS_TYPE) >>
			       4;
	return -1;
}

static enum ec_bus_kind bus_of(const struct ec_subject *s, enum ec_topology topology)
{
	if (s->pcie_type < 0)
		return EC_BUS_CONVENTIONAL;
	return topology == EC_FLATTENED ? EC_BUS_PORT : EC_BUS_ROOT;
}

void ec_subject_read(const struct ec_image *img, const struct ec_plan_options *options,
		     struct ec_chain *chain, struct ec_subject *out)
{
	bool own = ec_image_get(img, PCI_VENDOR_ID, 4) != EC_ABSENT || !options->vendor;

	ec_chain_walk(img, chain);
	*out = (struct ec_subject){
		.vendor = own ? (uint16_t)ec_image_get(img, PCI_VENDOR_ID, 2) : options->vendor,
		.device = own ? (uint16_t)ec_image_get(img, PCI_DEVICE_ID, 2) : options->device,
		.class_code = ec_image_get(img, PCI_CLASS_REVISION, 4) >> 8,
		.revision = (uint8_t)ec_image_get(img, PCI_REVISION_ID, 1),
		.pcie_type = pcie_type(img, chain),
		.chain = chain,
	};
	/* a bridge has other registers at these offsets */
	if ((ec_image_get(img, PCI_HEADER_TYPE, 1) & EC_HEADER_TYPE_MASK) ==
	    PCI_HEADER_TYPE_NORMAL) {
		out->subsystem_vendor = (uint16_t)ec_image_get(img, PCI_SUBSYSTEM_VENDOR_ID, 2);
		out->subsystem_device = (uint16_t)ec_image_get(img, PCI_SUBSYSTEM_ID, 2);
	}
	out->bus = bus_of(out, options->topology);
}

int ec_subject_resolve(const struct ec_rules *rules, struct ec_subject *subject,
		       struct ec_decisions *out)
{
	const struct ec_decision *topology;
	enum ec_bus_kind bus;
	int rc = ec_rules_resolve(rules, subject, out);

	if (rc)
		return rc;
	topology = ec_decisions_last(out, EC_SET_TOPOLOGY, 0);
	bus = topology ? bus_of(subject, (enum ec_topology)topology->set->number) : subject->bus;
	if (bus == subject->bus)
		return 0;
	subject->bus = bus;
	return ec_rules_resolve(rules, subject, out);
}

void ec_plan_options_rules(struct ec_plan_options *options, const struct ec_decisions *d,
			   bool forced)
{
	const struct ec_decision *topology = ec_decisions_last(d, EC_SET_TOPOLOGY, 0);
	const struct ec_decision *multi = ec_decisions_last(d, EC_SET_MULTIFUNCTION, 0);

	options->rules = d;
	if (forced)
		return;
	if (topology)
		options->topology = (enum ec_topology)topology->set->number;
	if (multi && multi->set->number != EC_AUTO)
		options->multifunction = multi->set->number;
}
