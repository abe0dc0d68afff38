/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three ways to address a function and a register: the enhanced configuration access mechanism
 * (ECAM), the I/O ports CONFIG_ADDRESS and CONFIG_DATA, and Xen's PCI_CONFIG request. All pure.
 */
#ifndef EC_CORE_ECAM_H
#define EC_CORE_ECAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/sbdf.h"

/** Bytes of configuration space of one function, and of one bus, in an ECAM window. */
#define EC_ECAM_FUNCTION_SIZE 4096u
#define EC_ECAM_BUS_SIZE (256 * EC_ECAM_FUNCTION_SIZE)

/** The I/O ports CONFIG_ADDRESS and CONFIG_DATA, of 4 bytes each. */
#define EC_PORT_CONFIG_ADDRESS 0xcf8u
#define EC_PORT_CONFIG_DATA 0xcfcu

/**
 * ec_ecam_offset() - offset in an ECAM window of register @reg of function @s.
 * @first_bus: the bus at offset 0 of the window, @s.bus or lower.
 * @reg: 0 to 4095. The segment selects the window and is not part of the offset.
 * Source: Linux pci-ecam.h (PCIE_ECAM_BUS_SHIFT 20, PCIE_ECAM_DEVFN_SHIFT 12).
 */
uint32_t ec_ecam_offset(struct ec_sbdf s, uint8_t first_bus, uint16_t reg);

/**
 * ec_ecam_decode() - function and register at an offset in an ECAM window.
 * @offset: bytes from the start of the window. @segment, @first_bus: the window's.
 * Returns false, with nothing written, if the offset is past bus 255.
 */
static inline bool ec_ecam_decode(uint64_t offset, uint32_t segment, uint8_t first_bus,
				  struct ec_sbdf *s, uint16_t *reg)
{
	uint64_t bus = offset / EC_ECAM_BUS_SIZE;

	/* offset may be anything up to 2^64 - 1: compare before adding */
	if (bus > (uint64_t)UINT8_MAX - first_bus)
		return false;
	s->segment = segment;
	s->bus = (uint8_t)(first_bus + bus);
	s->devfn = (uint8_t)(offset / EC_ECAM_FUNCTION_SIZE);
	*reg = (uint16_t)(offset % EC_ECAM_FUNCTION_SIZE);
	return true;
}

/**
 * ec_cf8_decode() - function and register by CONFIG_ADDRESS and a port of CONFIG_DATA.
 * @cf8: the latched value: bit 31 enable, 27:24 register bits 11:8, 23:16 bus, 15:8 devfn,
 *       7:2 register. @port: cfc to cff.
 * @extended: bits 27:24 count, as on AMD family 10h and later; else they are ignored.
 * Returns false, with nothing written, if bit 31 is clear or @port is not one of CONFIG_DATA.
 * Source: Xen arch/x86/hvm/ioreq.c, arch_ioreq_server_get_type_addr.
 */
bool ec_cf8_decode(uint32_t cf8, uint16_t port, bool extended, struct ec_sbdf *s, uint16_t *reg);

/** ec_cf8_encode() - the CONFIG_ADDRESS value, enabled, for register @reg (0 to 4095) of @s. */
uint32_t ec_cf8_encode(struct ec_sbdf s, uint16_t reg);

/**
 * ec_pci_config_encode() - the address of a PCI_CONFIG request.
 * Segment in bits 63:48, bus 47:40, device 39:35, function 34:32, register 31:0.
 * Returns 0, or -ERANGE with *@addr unchanged if the segment does not fit 16 bits.
 * Source: Xen public/hvm/ioreq.h (IOREQ_TYPE_PCI_CONFIG).
 */
int ec_pci_config_encode(struct ec_sbdf s, uint32_t reg, uint64_t *addr);

/** ec_pci_config_decode() - the reverse; every address is valid. */
static inline void ec_pci_config_decode(uint64_t addr, struct ec_sbdf *s, uint32_t *reg)
{
	s->segment = (uint32_t)(addr >> 48);
	s->bus = (uint8_t)(addr >> 40);
	s->devfn = (uint8_t)(addr >> 32);
	*reg = (uint32_t)addr;
}

#endif
