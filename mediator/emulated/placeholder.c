/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/placeholder.h"

#include <pci/header.h>

#include "core/bits.h"
#include "emulated/function.h"

/* PMC: version 3, no PME. PMCSR: leaving D3 resets nothing. */
static const struct ec_emulated_value registers[] = {
	{ PCI_VENDOR_ID, 4, EC_PLACEHOLDER_IDS },
	{ PCI_CLASS_REVISION, 4, EC_PLACEHOLDER_CLASS },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_SUBSYSTEM_VENDOR_ID, 4, EC_PLACEHOLDER_IDS },
	{ PCI_CAPABILITY_LIST, 1, EC_PLACEHOLDER_PM },
	{ EC_PLACEHOLDER_PM, 4, 0x00030000u | EC_PLACEHOLDER_EXP << 8 | PCI_CAP_ID_PM },
	{ EC_PLACEHOLDER_PM + 4, 2, 0x0008 },
	{ EC_PLACEHOLDER_EXP, 4, 0x00020000u | PCI_CAP_ID_EXP },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL, 2, 0x2810 },
};

/* What the standard lets such a function leave out. */
static const struct ec_hardwired hardwired[] = {
	{ PCI_COMMAND, 0x063f }, /* decode, requests, INTx, and what PCI Express has not */
	{ PCI_LATENCY_TIMER, 0xff },
	{ PCI_INTERRUPT_LINE, 0xff },
	{ EC_PLACEHOLDER_PM + PCI_PM_CTRL, 0x9f00 },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL, 0x0700 }, /* extended tags, phantom functions, aux */
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL, 0x0f00 }, /* clock PM, width changes */
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL2, 0xffff },
};

const struct ec_emulated *ec_placeholder_emulated(void)
{
	static const struct ec_emulated emulated = { hardwired, EC_ARRAY_SIZE(hardwired) };

	return &emulated;
}

/* The link is as the root port shows it while it is up. Its power is not managed. */
void ec_placeholder_image(const struct ec_root_port_config *port, struct ec_image *img)
{
	const struct ec_express_link link = ec_topology_whole(port->link);

	ec_emulated_image(img, EC_CONFIG_SIZE, registers, EC_ARRAY_SIZE(registers));
	ec_emulated_put_express(img, EC_PLACEHOLDER_EXP, port->payload, &link);
}
