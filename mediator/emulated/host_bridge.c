/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/host_bridge.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "core/pci_bits.h"
#include "emulated/function.h"

/* A conventional function. */
#define SIZE 256u
/* Red Hat's PCI Express host bridge: QEMU hw/pci-host/gpex.c */
#define PLAIN_IDS EC_EMULATED_IDS(0x1b36, 0x0008)
/*
 * 82G33/G31/P35/P31 (pci.ids). QEMU and firmware made for it (OVMF's INTEL_Q35_MCH_DEVICE_ID) call
 * it Q35; Intel's own 82Q35 is 29b0.
 */
#define Q35_IDS EC_EMULATED_IDS(0x8086, 0x29c0)
/* PCICMD and PCISTS of the datasheet, without the capability list, which it does not have here. */
#define Q35_COMMAND (PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER)
#define Q35_STATUS PCI_STATUS_FAST_BACK
/* PCIEXBAR after a reset: disabled, with the datasheet's base. */
#define Q35_BASE 0xe0000000u
/* The base has bits 35:26 of an address. */
#define Q35_TOP 0x1000000000ull

#define SRC .source = "Intel 3 Series Express Chipset Family datasheet, PCIEXBAR"

const char *const ec_host_bridge_kind_names[EC_BRIDGE_KINDS] = {
	[EC_BRIDGE_PLAIN] = "plain",
	[EC_BRIDGE_Q35] = "q35",
};

/* clang-format off */
static const struct ec_reg q35_registers[] = {
	{ EC_PCIEXBAR, 4, EC_EMULATE, "PCIEXBAR",
	  .rw = EC_PCIEXBAR_BASE | EC_PCIEXBAR_LENGTH | EC_PCIEXBAR_ENABLE,
	  .effect = EC_FX_PCIEXBAR, SRC },
	{ EC_PCIEXBAR + 4, 4, EC_EMULATE, "PCIEXBAR_UPPER",
	  .rw = EC_PCIEXBAR_BASE_UPPER, .effect = EC_FX_PCIEXBAR, SRC },
};
/* clang-format on */

static const struct ec_emulated_value plain_values[] = {
	{ PCI_VENDOR_ID, 4, PLAIN_IDS },
	{ PCI_CLASS_REVISION, 4, EC_EMULATED_CLASS(PCI_CLASS_BRIDGE_HOST) },
};

static const struct ec_emulated_value q35_values[] = {
	{ PCI_VENDOR_ID, 4, Q35_IDS },
	{ PCI_COMMAND, 2, Q35_COMMAND },
	{ PCI_STATUS, 2, Q35_STATUS },
	{ PCI_CLASS_REVISION, 4, EC_EMULATED_CLASS(PCI_CLASS_BRIDGE_HOST) },
};

/* Bits that the standard lets a PCI Express function leave out. It has no interrupt. */
static const struct ec_hardwired plain_hardwired[] = {
	{ PCI_COMMAND, PCI_COMMAND_SPECIAL | PCI_COMMAND_INVALIDATE | PCI_COMMAND_VGA_PALETTE |
			       PCI_COMMAND_FAST_BACK | PCI_COMMAND_DISABLE_INTx },
	{ PCI_LATENCY_TIMER, UINT8_MAX },
};

/* Only the error reporting bits of PCICMD can be changed. */
static const struct ec_hardwired q35_hardwired[] = {
	{ PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
			       PCI_COMMAND_SPECIAL | PCI_COMMAND_INVALIDATE |
			       PCI_COMMAND_VGA_PALETTE | PCI_COMMAND_WAIT | PCI_COMMAND_FAST_BACK |
			       PCI_COMMAND_DISABLE_INTx },
	{ PCI_CACHE_LINE_SIZE, UINT8_MAX },
	{ PCI_LATENCY_TIMER, UINT8_MAX },
	{ PCI_INTERRUPT_LINE, UINT8_MAX },
};

int ec_host_bridge_kind_parse(const char *name)
{
	for (int k = 0; k < EC_BRIDGE_KINDS; k++)
		if (!strcmp(name, ec_host_bridge_kind_names[k]))
			return k;
	return -EINVAL;
}

/* The length code of a window of @buses buses, or -1. */
static int length_code(unsigned int buses)
{
	return buses == 256 ? 0 : buses == 128 ? 1 : buses == 64 ? 2 : -1;
}

int ec_host_bridge_check(enum ec_host_bridge_kind kind, bool ecam, uint64_t base,
			 unsigned int buses, struct ec_diag *diag)
{
	uint64_t size = buses * (uint64_t)EC_ECAM_BUS_SIZE;

	if (!ecam)
		return 0;
	if (!buses || buses > 256) {
		ec_diag_set(diag, 0, "an ECAM window must have 1 to 256 buses, not %u", buses);
		return -EINVAL;
	}
	if (kind != EC_BRIDGE_Q35)
		return 0;
	if (length_code(buses) < 0) {
		ec_diag_set(
			diag, 0,
			"the ECAM window of host bridge q35 must have 64, 128 or 256 buses, not %u",
			buses);
		return -EINVAL;
	}
	if (base % size) {
		ec_diag_set(
			diag, 0,
			"the ECAM window of host bridge q35 must be at a multiple of its size, %u "
			"MiB, not at %#llx",
			buses, (unsigned long long)base);
		return -EINVAL;
	}
	if (base >= Q35_TOP) {
		ec_diag_set(diag, 0,
			    "the ECAM window of host bridge q35 must be below 64 GiB, not at %#llx",
			    (unsigned long long)base);
		return -EINVAL;
	}
	return 0;
}

void ec_host_bridge_image(enum ec_host_bridge_kind kind, uint64_t ecam, unsigned int buses,
			  struct ec_image *img)
{
	uint64_t pciexbar = Q35_BASE;
	int code = length_code(buses);

	if (kind == EC_BRIDGE_PLAIN) {
		ec_emulated_image(img, SIZE, plain_values, EC_ARRAY_SIZE(plain_values));
		return;
	}
	if (code >= 0)
		pciexbar = ecam | (uint64_t)code << 1 | EC_PCIEXBAR_ENABLE;
	ec_emulated_image(img, SIZE, q35_values, EC_ARRAY_SIZE(q35_values));
	ec_emulated_put(img, EC_PCIEXBAR, 4, (uint32_t)pciexbar);
	ec_emulated_put(img, EC_PCIEXBAR + 4, 4, (uint32_t)(pciexbar >> 32));
}

const struct ec_emulated *ec_host_bridge_emulated(enum ec_host_bridge_kind kind)
{
	static const struct ec_emulated emulated[EC_BRIDGE_KINDS] = {
		[EC_BRIDGE_PLAIN] = { plain_hardwired,
				      EC_ARRAY_SIZE(plain_hardwired),
				      { NULL, 0 } },
		[EC_BRIDGE_Q35] = { q35_hardwired,
				    EC_ARRAY_SIZE(q35_hardwired),
				    { q35_registers, EC_ARRAY_SIZE(q35_registers) } },
	};

	return emulated + kind;
}

void ec_host_bridge_refuse(struct ec_function *fn)
{
	uint32_t dword = EC_PCIEXBAR / 4;

	if (ec_layout_masks(fn->layout, dword)->effect == EC_FX_PCIEXBAR)
		fn->shadow[fn->layout->cell[dword].word] &= ~EC_PCIEXBAR_ENABLE;
}
