/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/topology.h"

#include <pci/header.h>

#include "core/pci_bits.h"

#define SPEED_WIDTH (PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_WIDTH)
/* LNKCAP2: supported link speeds */
#define LINK_SPEEDS 0x000000feu
/* x1 at 2.5 GT/s, the slowest link */
#define LEAST_LINK 0x0011u
#define LEAST_SPEEDS 0x00000002u

uint8_t ec_topology_type(enum ec_topology topology, uint8_t type)
{
	if (topology == EC_HOST)
		return type;
	if (topology == EC_BYPASSED)
		return PCI_EXP_TYPE_ROOT_INT_EP;
	return type == PCI_EXP_TYPE_LEG_END ? PCI_EXP_TYPE_LEG_END : PCI_EXP_TYPE_ENDPOINT;
}

bool ec_topology_shared(enum ec_topology topology, bool express, bool vf, uint8_t header_type)
{
	return topology == EC_FLATTENED && express && !vf && header_type & EC_HEADER_TYPE_MULTI;
}

struct ec_express_link ec_topology_link(enum ec_topology topology, uint8_t type,
					struct ec_express_link hw)
{
	struct ec_express_link out = { 0 };

	if (topology == EC_HOST)
		return hw;
	if (topology == EC_BYPASSED)
		return out;
	out.cap = LEAST_LINK;
	out.sta = LEAST_LINK;
	out.cap2 = LEAST_SPEEDS;
	if (type == PCI_EXP_TYPE_ROOT_INT_EP || type == PCI_EXP_TYPE_ROOT_EC ||
	    !(hw.cap & PCI_EXP_LNKCAP_SPEED) || !(hw.cap & PCI_EXP_LNKCAP_WIDTH))
		return out;
	out.cap = hw.cap;
	out.cap2 = hw.cap2;
	/* a link that is down or in training has neither: assume its maximum */
	out.sta = (uint16_t)(hw.sta & (SPEED_WIDTH | PCI_EXP_LNKSTA_SL_CLK));
	if (!(hw.sta & PCI_EXP_LNKSTA_SPEED) || !(hw.sta & PCI_EXP_LNKSTA_WIDTH))
		out.sta = (uint16_t)((hw.cap & SPEED_WIDTH) | (hw.sta & PCI_EXP_LNKSTA_SL_CLK));
	return out;
}

struct ec_express_link ec_topology_whole(struct ec_express_link link)
{
	struct ec_express_link out = { .cap = link.cap & SPEED_WIDTH,
				       .sta = link.sta & (SPEED_WIDTH | PCI_EXP_LNKSTA_SL_CLK),
				       .cap2 = link.cap2 & LINK_SPEEDS };

	if (!(out.cap & PCI_EXP_LNKCAP_SPEED) || !(out.cap & PCI_EXP_LNKCAP_WIDTH))
		out.cap = LEAST_LINK;
	if (!(out.sta & PCI_EXP_LNKSTA_SPEED) || !(out.sta & PCI_EXP_LNKSTA_WIDTH))
		out.sta = LEAST_LINK;
	/* the highest is that of LNKCAP (PCI Express 7.5.3.6) */
	if (out.cap2 >> (out.cap & PCI_EXP_LNKCAP_SPEED) != 1)
		out.cap2 = ((2u << (out.cap & PCI_EXP_LNKCAP_SPEED)) - 2) & LINK_SPEEDS;
	return out;
}
