/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/root_port_config.h"

#include <pci/header.h>

#include "core/bits.h"
#include "emulated/function.h"

/* Red Hat's generic root port, which needs no driver of its own: QEMU hw/pci-bridge. */
#define IDS 0x000c1b36u
#define CLASS_PCI_BRIDGE 0x06040000u

/*
 * What is the same in all ports. Windows: base above limit, I/O with 16 and prefetchable memory
 * with 64 address bits. PMC: version 3, PME as a port must say. MSI: one vector. Slot: hot-plug,
 * and no command that would take time. DPC: triggered by software too.
 */
static const struct ec_emulated_value registers[] = {
	{ PCI_VENDOR_ID, 4, IDS },
	{ PCI_CLASS_REVISION, 4, CLASS_PCI_BRIDGE },
	{ PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_IO_BASE, 2, 0x00f0 },
	{ PCI_MEMORY_BASE, 4, 0x0000fff0 },
	{ PCI_PREF_MEMORY_BASE, 4, 0x0001fff1 },
	{ PCI_PREF_BASE_UPPER32, 4, 0xffffffffu },
	{ PCI_CAPABILITY_LIST, 1, EC_ROOT_PORT_PM },
	{ EC_ROOT_PORT_PM, 4, 0xc8030000u | EC_ROOT_PORT_MSI << 8 | PCI_CAP_ID_PM },
	{ EC_ROOT_PORT_PM + 4, 2, 0x0008 },
	{ EC_ROOT_PORT_MSI, 4, 0x00800000u | EC_ROOT_PORT_EXP << 8 | PCI_CAP_ID_MSI },
	{ EC_ROOT_PORT_EXP, 4, 0x01420000u | PCI_CAP_ID_EXP },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL, 2, 0x2810 },
	{ EC_ROOT_PORT_EXP + PCI_EXP_RTCAP, 2, PCI_EXP_RTCAP_CRSVIS },
	{ EC_ROOT_PORT_AER, 4, (uint32_t)EC_ROOT_PORT_ACS << 20 | 2u << 16 | PCI_EXT_CAP_ID_AER },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_MASK, 4, 0x00400000 },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_SEVER, 4, 0x00462030 },
	{ EC_ROOT_PORT_AER + PCI_ERR_COR_MASK, 4, 0x0000e000 },
	{ EC_ROOT_PORT_ACS, 4, (uint32_t)EC_ROOT_PORT_DPC << 20 | 1u << 16 | PCI_EXT_CAP_ID_ACS },
	{ EC_ROOT_PORT_ACS + 4, 2, 0x001d },
	{ EC_ROOT_PORT_DPC, 4, 1u << 16 | PCI_EXT_CAP_ID_DPC },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CAP, 2, PCI_DPC_CAP_SW_TRIGGER },
};

/* What the standard lets a port leave out, or wants to be RO in a port of PCI Express. */
static const struct ec_hardwired hardwired[] = {
	{ PCI_COMMAND, 0x0238 }, /* special cycles, MWI, snooping, back to back */
	{ PCI_LATENCY_TIMER, 0xff },
	{ PCI_SEC_LATENCY_TIMER, 0xff },
	{ PCI_IO_BASE_UPPER16, 0xffff },
	{ PCI_IO_LIMIT_UPPER16, 0xffff },
	{ PCI_BRIDGE_CONTROL, 0x0fa0 }, /* master abort, back to back, discard timers */
	{ EC_ROOT_PORT_PM + PCI_PM_CTRL, 0x1e00 },
	{ EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_QSIZE },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL,
	  0x0700 }, /* extended tags, phantom functions, aux power */
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL,
	  0x0f00 }, /* clock PM, width changes, their interrupts */
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 0xc000 },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL, 0x6fd7 }, /* buttons, sensors, indicators, power */
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL2, 0xffff },
	{ EC_ROOT_PORT_AER + PCI_ERR_CAP, 0x0540 },
	{ EC_ROOT_PORT_ACS + 6, 0x0062 },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CTL, 0x00b0 },
};

const struct ec_emulated *ec_root_port_emulated(void)
{
	static const struct ec_emulated emulated = { hardwired,
						     EC_ARRAY_SIZE(hardwired),
						     { NULL, 0 } };

	return &emulated;
}

/* The image has no link. Power management of the link is not offered: there is no real link. */
void ec_root_port_image(const struct ec_root_port_config *config, struct ec_image *img)
{
	struct ec_express_link link = ec_topology_whole(config->link);

	link.cap |= PCI_EXP_LNKCAP_DLLA | (uint32_t)config->slot << 24;
	link.sta = link.cap & PCI_EXP_LNKCAP_SPEED;
	ec_emulated_image(img, EC_CONFIG_SIZE, registers, EC_ARRAY_SIZE(registers));
	ec_emulated_put_express(img, EC_ROOT_PORT_EXP, config->payload, &link);
	ec_emulated_put(img, EC_ROOT_PORT_EXP + PCI_EXP_SLTCAP, 4,
			PCI_EXP_SLTCAP_HPS | PCI_EXP_SLTCAP_HPC | PCI_EXP_SLTCAP_NOCMDCOMP |
				(uint32_t)(config->physical_slot & 0x1fff) << 19);
}

static uint32_t link_up(const struct ec_root_port_config *config)
{
	return ec_topology_whole(config->link).sta | PCI_EXP_LNKSTA_DL_ACT;
}

void ec_root_port_refit(struct ec_root_port *port, const struct ec_root_port_config *config,
			struct ec_image *img)
{
	static const uint8_t per_card[] = { PCI_EXP_DEVCAP, PCI_EXP_LNKCAP, PCI_EXP_LNKCAP2 };

	ec_root_port_image(config, img);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(per_card); i++) {
		uint32_t at = EC_ROOT_PORT_EXP + (uint32_t)per_card[i];

		ec_root_port_change(port, at, UINT32_MAX, ec_image_get(img, at, 4));
	}
	port->sta = link_up(config);
}

void ec_root_port_start(struct ec_root_port *port, const struct ec_root_port_config *config)
{
	port->sta = link_up(config);
	port->present = config->present;
	if (port->present)
		ec_root_port_change(port, EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 0,
				    PCI_EXP_SLTSTA_PRES);
	ec_root_port_update_link(port, true);
}
