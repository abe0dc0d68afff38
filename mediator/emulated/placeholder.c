/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/placeholder.h"

#include <pci/header.h>

#include "core/bits.h"

#define PAYLOAD 7u

/* PMC: version 3, no PME. PMCSR: leaving D3 resets nothing. */
static const struct {
	uint16_t offset;
	uint8_t len;
	uint32_t value;
} registers[] = {
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

static void put(struct ec_image *img, uint32_t offset, unsigned int len, uint32_t value)
{
	ec_put_le(img->byte + offset, len, value);
}

/* As its port shows the link while something is there. Its power is not managed. */
static void put_link(const struct ec_express_link *shown, struct ec_image *img)
{
	const struct ec_express_link link = ec_topology_whole(*shown);

	put(img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP, 4, link.cap);
	put(img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2, link.sta);
	put(img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP2, 4, link.cap2);
	put(img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL2, 2, link.cap & PCI_EXP_LNKCAP_SPEED);
}

void ec_placeholder_image(const struct ec_root_port_config *port, struct ec_image *img)
{
	static const uint8_t zero[EC_CONFIG_SIZE];

	ec_image_clear(img);
	ec_image_put(img, 0, zero, sizeof(zero));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(registers); i++)
		put(img, registers[i].offset, registers[i].len, registers[i].value);
	put(img, EC_PLACEHOLDER_EXP + PCI_EXP_DEVCAP, 4,
	    PCI_EXP_DEVCAP_RBE | (port->payload & PAYLOAD));
	put_link(&port->link, img);
}
