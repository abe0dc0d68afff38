/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ecam.h"

#include <errno.h>

uint32_t ec_ecam_offset(struct ec_sbdf s, uint8_t first_bus, uint16_t reg)
{
	return (uint32_t)(s.bus - first_bus) * EC_ECAM_BUS_SIZE + s.devfn * EC_ECAM_FUNCTION_SIZE +
	       (reg & (EC_ECAM_FUNCTION_SIZE - 1));
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
