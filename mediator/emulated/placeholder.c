/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/placeholder.h"

#include <pci/header.h>

#include "capabilities/bits.h"
#include "core/bits.h"
#include "emulated/function.h"

/* Version 3, without PME. */
#define PMC 3u
/* Version 2 */
#define EXP_FLAGS (2u | PCI_EXP_TYPE_ENDPOINT << 4)
/* The standard's default: PCIe 7.5.3.4. */
#define DEVCTL (PCI_EXP_DEVCTL_RELAXED | PCI_EXP_DEVCTL_NOSNOOP | EC_EXP_DEVCTL_READRQ_512)

static const struct ec_emulated_value registers[] = {
	{ PCI_VENDOR_ID, 4, EC_PLACEHOLDER_IDS },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_CLASS_REVISION, 4, EC_PLACEHOLDER_CLASS },
	{ PCI_SUBSYSTEM_VENDOR_ID, 4, EC_PLACEHOLDER_IDS },
	{ PCI_CAPABILITY_LIST, 1, EC_PLACEHOLDER_PM },
	{ EC_PLACEHOLDER_PM, 4, EC_EMULATED_CAP(PCI_CAP_ID_PM, EC_PLACEHOLDER_EXP, PMC) },
	{ EC_PLACEHOLDER_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RST },
	{ EC_PLACEHOLDER_EXP, 4, EC_EMULATED_CAP(PCI_CAP_ID_EXP, 0, EXP_FLAGS) },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL, 2, DEVCTL },
};

/* Bits that the standard lets such a function leave out: no decode, no requests, no PME. */
static const struct ec_hardwired hardwired[] = {
	{ PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			       PCI_COMMAND_SPECIAL | PCI_COMMAND_INVALIDATE |
			       PCI_COMMAND_VGA_PALETTE | PCI_COMMAND_FAST_BACK |
			       PCI_COMMAND_DISABLE_INTx },
	{ PCI_LATENCY_TIMER, UINT8_MAX },
	{ PCI_INTERRUPT_LINE, UINT8_MAX },
	{ EC_PLACEHOLDER_PM + PCI_PM_CTRL,
	  PCI_PM_CTRL_PME_ENABLE | PCI_PM_CTRL_DATA_SEL_MASK | PCI_PM_CTRL_PME_STATUS },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL,
	  PCI_EXP_DEVCTL_EXT_TAG | PCI_EXP_DEVCTL_PHANTOM | PCI_EXP_DEVCTL_AUX_PME },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_CLOCKPM | PCI_EXP_LNKCTL_HWAUTWD |
						       PCI_EXP_LNKCTL_BWMIE |
						       PCI_EXP_LNKCTL_AUTBWIE },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL2, UINT16_MAX },
};

const struct ec_emulated *ec_placeholder_emulated(void)
{
	static const struct ec_emulated emulated = { hardwired, EC_ARRAY_SIZE(hardwired) };

	return &emulated;
}

/* The link is as the root port shows it while it is up, without power management. */
void ec_placeholder_image(const struct ec_root_port_config *port, struct ec_image *img)
{
	const struct ec_express_link link = ec_topology_whole(port->link);

	ec_emulated_image(img, EC_CONFIG_SIZE, registers, EC_ARRAY_SIZE(registers));
	ec_emulated_put_express(img, EC_PLACEHOLDER_EXP, port->payload, &link);
}
