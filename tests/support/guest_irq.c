/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest_irq.h"

#include <pci/header.h>

uint32_t guest_find_cap(const struct guest_config *g, struct ec_sbdf at, uint8_t id)
{
	uint32_t pos, header;

	if (!(guest_config_read(g, at, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return 0;
	for (pos = guest_config_read(g, at, PCI_CAPABILITY_LIST, 1); pos; pos = header >> 8) {
		header = guest_config_read(g, at, pos, 2);
		if ((header & 0xff) == id)
			return pos;
	}
	return 0;
}

/* pci_intx(): writes only a change. */
static void set_intx(const struct guest_config *g, struct ec_sbdf at, bool enable)
{
	uint32_t was = guest_config_read(g, at, PCI_COMMAND, 2);
	uint32_t now =
		enable ? was & ~(uint32_t)PCI_COMMAND_DISABLE_INTx : was | PCI_COMMAND_DISABLE_INTx;

	if (now != was)
		guest_config_write(g, at, PCI_COMMAND, 2, now);
}

/* pci_msi_set_enable() */
static void set_msi(const struct guest_config *g, struct ec_sbdf at, uint32_t cap, bool enable)
{
	uint32_t flags = guest_config_read(g, at, cap + PCI_MSI_FLAGS, 2);

	flags &= ~(uint32_t)PCI_MSI_FLAGS_ENABLE;
	guest_config_write(g, at, cap + PCI_MSI_FLAGS, 2,
			   flags | (enable ? PCI_MSI_FLAGS_ENABLE : 0));
}

/* pci_write_msg_msi() */
static void write_message(const struct guest_config *g, struct ec_sbdf at, uint32_t cap,
			  uint64_t address, uint16_t data)
{
	uint32_t flags = guest_config_read(g, at, cap + PCI_MSI_FLAGS, 2);

	guest_config_write(g, at, cap + PCI_MSI_FLAGS, 2, flags & ~(uint32_t)PCI_MSI_FLAGS_QSIZE);
	guest_config_write(g, at, cap + PCI_MSI_ADDRESS_LO, 4, (uint32_t)address);
	if (flags & PCI_MSI_FLAGS_64BIT) {
		guest_config_write(g, at, cap + PCI_MSI_ADDRESS_HI, 4, (uint32_t)(address >> 32));
		guest_config_write(g, at, cap + PCI_MSI_DATA_64, 2, data);
	} else {
		guest_config_write(g, at, cap + PCI_MSI_DATA_32, 2, data);
	}
	guest_config_read(g, at, cap + PCI_MSI_FLAGS, 2);
}

bool guest_enable_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		      uint16_t data)
{
	uint32_t cap = guest_find_cap(g, at, PCI_CAP_ID_MSI), flags, mask;

	if (!cap)
		return false;
	flags = guest_config_read(g, at, cap + PCI_MSI_FLAGS, 2);
	set_msi(g, at, cap, false);
	mask = cap + (flags & PCI_MSI_FLAGS_64BIT ? PCI_MSI_MASK_BIT_64 : PCI_MSI_MASK_BIT_32);
	if (flags & PCI_MSI_FLAGS_MASK_BIT) {
		guest_config_read(g, at, mask, 4);
		guest_config_write(g, at, mask, 4, 1);
	}
	write_message(g, at, cap, address, data);
	set_intx(g, at, false);
	set_msi(g, at, cap, true);
	/* request_irq() unmasks */
	if (flags & PCI_MSI_FLAGS_MASK_BIT)
		guest_config_write(g, at, mask, 4, 0);
	return true;
}

void guest_move_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		    uint16_t data)
{
	write_message(g, at, guest_find_cap(g, at, PCI_CAP_ID_MSI), address, data);
}

void guest_disable_msi(const struct guest_config *g, struct ec_sbdf at)
{
	set_msi(g, at, guest_find_cap(g, at, PCI_CAP_ID_MSI), false);
	set_intx(g, at, true);
}

/* pci_msix_clear_and_set_ctrl() */
static void set_msix(const struct guest_config *g, struct ec_sbdf at, uint32_t cap, uint32_t clear,
		     uint32_t set)
{
	uint32_t flags = guest_config_read(g, at, cap + PCI_CAP_FLAGS, 2);

	guest_config_write(g, at, cap + PCI_CAP_FLAGS, 2, (flags & ~clear) | set);
}

bool guest_enable_msix(const struct guest_config *g, struct ec_sbdf at, struct guest_msix *found)
{
	uint32_t cap = guest_find_cap(g, at, PCI_CAP_ID_MSIX), table, pba;

	if (!cap)
		return false;
	found->vectors = (guest_config_read(g, at, cap + PCI_CAP_FLAGS, 2) & PCI_MSIX_TABSIZE) + 1;
	set_msix(g, at, cap, 0, PCI_MSIX_MASK | PCI_MSIX_ENABLE);
	table = guest_config_read(g, at, cap + PCI_MSIX_TABLE, 4);
	found->bar = table & PCI_MSIX_BIR;
	found->offset = table & ~(uint32_t)PCI_MSIX_BIR;
	set_intx(g, at, false);
	set_msix(g, at, cap, PCI_MSIX_MASK, 0);
	/* drivers do not read it, but those of nested guests do */
	pba = guest_config_read(g, at, cap + PCI_MSIX_PBA, 4);
	found->pba_bar = pba & PCI_MSIX_BIR;
	found->pba_offset = pba & ~(uint32_t)PCI_MSIX_BIR;
	return true;
}

void guest_disable_msix(const struct guest_config *g, struct ec_sbdf at)
{
	set_msix(g, at, guest_find_cap(g, at, PCI_CAP_ID_MSIX), PCI_MSIX_ENABLE, 0);
	set_intx(g, at, true);
}
