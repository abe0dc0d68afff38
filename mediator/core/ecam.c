/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ecam.h"

#include <errno.h>

uint32_t ec_ecam_offset(struct ec_sbdf s, uint8_t first_bus, uint16_t reg)
{
	return (uint32_t)(s.bus - first_bus) * EC_ECAM_BUS_SIZE + s.devfn * EC_ECAM_FUNCTION_SIZE +
	       (reg & (EC_ECAM_FUNCTION_SIZE - 1));
}

bool ec_ecam_decode(uint64_t offset, uint32_t segment, uint8_t first_bus, struct ec_sbdf *s,
		    uint16_t *reg)
{
	uint64_t bus = offset / EC_ECAM_BUS_SIZE;

	/* offset may be anything up to 2^64 - 1: compare before adding */
	if (bus > 0xffu - first_bus)
		return false;
	s->segment = segment;
	s->bus = (uint8_t)(first_bus + bus);
	s->devfn = (uint8_t)(offset / EC_ECAM_FUNCTION_SIZE);
	*reg = (uint16_t)(offset % EC_ECAM_FUNCTION_SIZE);
	return true;
}

bool ec_cf8_decode(uint32_t cf8, uint16_t port, bool extended, struct ec_sbdf *s, uint16_t *reg)
{
	if (!(cf8 & 0x80000000u) || (port & ~3u) != 0xcfc)
		return false;
	s->segment = 0;
	s->bus = (uint8_t)(cf8 >> 16);
	s->devfn = (uint8_t)(cf8 >> 8);
	*reg = (uint16_t)((cf8 & 0xfc) | (port & 3));
	if (extended)
		*reg |= (uint16_t)(cf8 >> 16 & 0xf00);
	return true;
}

uint32_t ec_cf8_encode(struct ec_sbdf s, uint16_t reg)
{
	return 0x80000000u | (uint32_t)(reg & 0xf00) << 16 | (uint32_t)s.bus << 16 |
	       (uint32_t)s.devfn << 8 | (reg & 0xfcu);
}

int ec_pci_config_encode(struct ec_sbdf s, uint32_t reg, uint64_t *addr)
{
	if (s.segment > 0xffff)
		return -ERANGE;
	*addr = (uint64_t)s.segment << 48 | (uint64_t)s.bus << 40 | (uint64_t)s.devfn << 32 | reg;
	return 0;
}

void ec_pci_config_decode(uint64_t addr, struct ec_sbdf *s, uint32_t *reg)
{
	s->segment = (uint32_t)(addr >> 48);
	s->bus = (uint8_t)(addr >> 40);
	s->devfn = (uint8_t)(addr >> 32);
	*reg = (uint32_t)addr;
}
