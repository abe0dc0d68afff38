/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/root_port_config.h"

#include <pci/header.h>

#include "capabilities/bits.h"
#include "core/bits.h"
#include "emulated/function.h"

/* Lowest bits of PCI_EXP_LNKCAP_PORT and PCI_EXP_SLTCAP_PSN. */
#define PORT_NUMBER_SHIFT 24
#define PSN_SHIFT 19

/* Red Hat's generic root port, which needs no driver of its own: QEMU hw/pci-bridge. */
#define IDS EC_EMULATED_IDS(0x1b36, 0x000c)

/* Base above limit closes a window. I/O has 16 address bits, prefetchable memory 64. */
#define IO_CLOSED (0xf0u | PCI_IO_RANGE_TYPE_16)
#define MEMORY_CLOSED 0xfff0u
#define PREF_CLOSED (0xfff0u | PCI_PREF_RANGE_TYPE_64 | PCI_PREF_RANGE_TYPE_64 << 16)

/* Version 3. A root port must support PME from these states. */
#define PMC (3u | PCI_PM_CAP_PME_D0 | PCI_PM_CAP_PME_D3_HOT | PCI_PM_CAP_PME_D3_COLD)
/* Version 2 */
#define EXP_FLAGS (2u | PCI_EXP_TYPE_ROOT_PORT << 4 | PCI_EXP_FLAGS_SLOT)
/* Defaults of the standard: PCIe 7.5.3.4, 7.8.4.3, 7.8.4.4, 7.8.4.6. */
#define DEVCTL (PCI_EXP_DEVCTL_RELAXED | PCI_EXP_DEVCTL_NOSNOOP | EC_EXP_DEVCTL_READRQ_512)
#define UNCOR_MASK EC_ERR_UNC_INTN
#define UNCOR_SEVER                                                                                \
	(PCI_ERR_UNC_DLP | PCI_ERR_UNC_SDES | PCI_ERR_UNC_FCP | PCI_ERR_UNC_RX_OVER |              \
	 PCI_ERR_UNC_MALF_TLP | EC_ERR_UNC_INTN)
#define COR_MASK (PCI_ERR_COR_REP_ANFE | EC_ERR_COR_INTERNAL | EC_ERR_COR_LOG_OVER)
/* Isolation from the other root ports, as Linux enables it: pci_std_enable_acs(). */
#define ACS_CAP                                                                                    \
	(PCI_ACS_CAP_VALID | PCI_ACS_CAP_REQ_RED | PCI_ACS_CAP_CMPLT_RED | PCI_ACS_CAP_FORWARD)

/* The registers that are the same in all root ports. MSI has one vector. */
static const struct ec_emulated_value registers[] = {
	{ PCI_VENDOR_ID, 4, IDS },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_CLASS_REVISION, 4, EC_EMULATED_CLASS(PCI_CLASS_BRIDGE_PCI) },
	{ PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE },
	{ PCI_IO_BASE, 2, IO_CLOSED },
	{ PCI_MEMORY_BASE, 4, MEMORY_CLOSED },
	{ PCI_PREF_MEMORY_BASE, 4, PREF_CLOSED },
	{ PCI_PREF_BASE_UPPER32, 4, UINT32_MAX },
	{ PCI_CAPABILITY_LIST, 1, EC_ROOT_PORT_PM },
	{ EC_ROOT_PORT_PM, 4, EC_EMULATED_CAP(PCI_CAP_ID_PM, EC_ROOT_PORT_MSI, PMC) },
	{ EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RST },
	{ EC_ROOT_PORT_MSI, 4,
	  EC_EMULATED_CAP(PCI_CAP_ID_MSI, EC_ROOT_PORT_EXP, PCI_MSI_FLAGS_64BIT) },
	{ EC_ROOT_PORT_EXP, 4, EC_EMULATED_CAP(PCI_CAP_ID_EXP, 0, EXP_FLAGS) },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL, 2, DEVCTL },
	{ EC_ROOT_PORT_EXP + PCI_EXP_RTCAP, 2, PCI_EXP_RTCAP_CRSVIS },
	{ EC_ROOT_PORT_AER, 4, EC_EMULATED_EXT_CAP(PCI_EXT_CAP_ID_AER, 2, EC_ROOT_PORT_ACS) },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_MASK, 4, UNCOR_MASK },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_SEVER, 4, UNCOR_SEVER },
	{ EC_ROOT_PORT_AER + PCI_ERR_COR_MASK, 4, COR_MASK },
	{ EC_ROOT_PORT_ACS, 4, EC_EMULATED_EXT_CAP(PCI_EXT_CAP_ID_ACS, 1, EC_ROOT_PORT_DPC) },
	{ EC_ROOT_PORT_ACS + PCI_ACS_CAP, 2, ACS_CAP },
	{ EC_ROOT_PORT_DPC, 4, EC_EMULATED_EXT_CAP(PCI_EXT_CAP_ID_DPC, 1, 0) },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CAP, 2, PCI_DPC_CAP_SW_TRIGGER },
};

/*
 * Bits that the standard lets a root port leave out, or that are RO 0 in PCI Express. ASPM, link
 * bandwidth notification and ARI are left out because no real link would act on them; buttons,
 * sensors, indicators and power control of the slot because there are none.
 */
static const struct ec_hardwired hardwired[] = {
	{ PCI_COMMAND, PCI_COMMAND_SPECIAL | PCI_COMMAND_INVALIDATE | PCI_COMMAND_VGA_PALETTE |
			       PCI_COMMAND_FAST_BACK },
	{ PCI_LATENCY_TIMER, UINT8_MAX },
	{ PCI_SEC_LATENCY_TIMER, UINT8_MAX },
	{ PCI_IO_BASE_UPPER16, UINT16_MAX },
	{ PCI_IO_LIMIT_UPPER16, UINT16_MAX },
	{ PCI_BRIDGE_CONTROL,
	  PCI_BRIDGE_CTL_MASTER_ABORT | PCI_BRIDGE_CTL_FAST_BACK |
		  PCI_BRIDGE_CTL_PRI_DISCARD_TIMER | PCI_BRIDGE_CTL_SEC_DISCARD_TIMER |
		  PCI_BRIDGE_CTL_DISCARD_TIMER_STATUS | PCI_BRIDGE_CTL_DISCARD_TIMER_SERR_EN },
	{ EC_ROOT_PORT_PM + PCI_PM_CTRL, PCI_PM_CTRL_DATA_SEL_MASK },
	{ EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_QSIZE },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL,
	  PCI_EXP_DEVCTL_EXT_TAG | PCI_EXP_DEVCTL_PHANTOM | PCI_EXP_DEVCTL_AUX_PME },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_CLOCKPM | PCI_EXP_LNKCTL_HWAUTWD |
						     PCI_EXP_LNKCTL_BWMIE |
						     PCI_EXP_LNKCTL_AUTBWIE },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_BWMGMT | PCI_EXP_LNKSTA_AUTBW },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL,
	  PCI_EXP_SLTCTL_ATNB | PCI_EXP_SLTCTL_PWRF | PCI_EXP_SLTCTL_MRLS | PCI_EXP_SLTCTL_CMDC |
		  PCI_EXP_SLTCTL_ATNI | PCI_EXP_SLTCTL_PWRI | PCI_EXP_SLTCTL_PWRC |
		  PCI_EXP_SLTCTL_INTERLOCK | EC_EXP_SLTCTL_ASPL_DIS | EC_EXP_SLTCTL_IBPD_DIS },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL2, UINT16_MAX },
	{ EC_ROOT_PORT_AER + PCI_ERR_CAP,
	  PCI_ERR_CAP_ECRC_GENE | PCI_ERR_CAP_ECRC_CHKE | PCI_ERR_CAP_MULT_HDRE },
	{ EC_ROOT_PORT_ACS + PCI_ACS_CTRL,
	  PCI_ACS_CTRL_BLOCK | PCI_ACS_CTRL_EGRESS | PCI_ACS_CTRL_TRANS },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CTL,
	  PCI_DPC_CTL_ERR_COR | PCI_DPC_CTL_TLP | PCI_DPC_CTL_DL_ACTIVE },
};

const struct ec_emulated *ec_root_port_emulated(void)
{
	static const struct ec_emulated emulated = { hardwired,
						     EC_ARRAY_SIZE(hardwired),
						     { NULL, 0 } };

	return &emulated;
}

/*
 * The link of the image is down. Its width and speed, and the payload, are those of the card, so
 * that both ends of the link agree.
 */
void ec_root_port_image(const struct ec_root_port_config *config, struct ec_image *img)
{
	struct ec_express_link link = ec_topology_whole(config->link);

	link.cap |= PCI_EXP_LNKCAP_DLLA | (uint32_t)config->slot << PORT_NUMBER_SHIFT;
	link.sta = link.cap & PCI_EXP_LNKCAP_SPEED;
	ec_emulated_image(img, EC_CONFIG_SIZE, registers, EC_ARRAY_SIZE(registers));
	ec_emulated_put_express(img, EC_ROOT_PORT_EXP, config->payload, &link);
	ec_emulated_put(
		img, EC_ROOT_PORT_EXP + PCI_EXP_SLTCAP, 4,
		PCI_EXP_SLTCAP_HPS | PCI_EXP_SLTCAP_HPC | PCI_EXP_SLTCAP_NOCMDCOMP |
			((uint32_t)config->physical_slot << PSN_SHIFT & PCI_EXP_SLTCAP_PSN));
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
