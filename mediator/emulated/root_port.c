/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/root_port.h"

#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"

#define LINK (EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA)
#define LINK_STATE                                                                                 \
	(PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_WIDTH | PCI_EXP_LNKSTA_SL_CLK |                     \
	 PCI_EXP_LNKSTA_DL_ACT)

uint32_t ec_root_port_reg(const struct ec_root_port *port, uint32_t offset, unsigned int len)
{
	uint32_t v = ec_layout_shadow(port->layout, port->function.shadow, offset / 4);

	return v >> offset % 4 * 8 & (uint32_t)ec_ones(len);
}

void ec_root_port_change(struct ec_root_port *port, uint32_t offset, uint32_t clear, uint32_t set)
{
	unsigned int slot = port->layout->cell[offset / 4].word, shift = offset % 4 * 8;

	/* word 0 is shared by all that is hidden */
	if (slot == EC_WORD_ZERO)
		return;
	port->function.shadow[slot] &= ~(clear << shift);
	port->function.shadow[slot] |= set << shift;
}

void ec_root_port_update_link(struct ec_root_port *port, bool quiet)
{
	bool disabled = ec_root_port_reg(port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL, 2) &
			PCI_EXP_LNKCTL_DISABLE;
	bool was = ec_root_port_reg(port, LINK, 2) & PCI_EXP_LNKSTA_DL_ACT;
	bool is = port->present && !port->contained && !disabled;

	if (was == is)
		return;
	ec_root_port_change(port, LINK, LINK_STATE,
			    is ? port->sta
			       : port->sta & (PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_SL_CLK));
	if (!quiet)
		ec_root_port_change(port, EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 0,
				    PCI_EXP_SLTSTA_LLCHG);
}

int ec_root_port_attach(struct ec_root_port *port, struct ec_function *fn)
{
	if (fn->at.segment || fn->at.devfn >= EC_ROOT_PORT_FUNCTIONS)
		return -ERANGE;
	if (port->behind.function[fn->at.devfn])
		return -EBUSY;
	port->behind.function[fn->at.devfn] = fn;
	return 0;
}

void ec_root_port_detach(struct ec_root_port *port, uint8_t devfn)
{
	port->behind.function[devfn] = NULL;
}

/*
 * A secondary bus reset leaves the status of the link alone, because there is no link to train;
 * what is behind the port is not found until the reset ends.
 */
uint8_t ec_root_port_secondary(const struct ec_root_port *port)
{
	uint32_t secondary = ec_root_port_reg(port, PCI_SECONDARY_BUS, 1);

	if (secondary > ec_root_port_reg(port, PCI_SUBORDINATE_BUS, 1) ||
	    ec_root_port_reg(port, PCI_BRIDGE_CONTROL, 2) & PCI_BRIDGE_CTL_BUS_RESET ||
	    ec_root_port_reg(port, EC_ROOT_PORT_PM + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK ||
	    !(ec_root_port_reg(port, LINK, 2) & PCI_EXP_LNKSTA_DL_ACT))
		return 0;
	return (uint8_t)secondary;
}
