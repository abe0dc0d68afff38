/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ecam.h"

#include <errno.h>

/* CONFIG_ADDRESS: enable; bits 7:2 of the register; its bits 11:8, which are 16 bits higher */
#define CF8_ENABLE 0x80000000u
#define CF8_REGISTER 0x000000fcu
#define REGISTER_HIGH 0x00000f00u
#define REGISTER_HIGH_SHIFT 16

uint32_t ec_ecam_offset(struct ec_sbdf s, uint8_t first_bus, uint16_t reg)
{
	return (uint32_t)(s.bus - first_bus) * EC_ECAM_BUS_SIZE + s.devfn * EC_ECAM_FUNCTION_SIZE +
	       (reg & (EC_ECAM_FUNCTION_SIZE - 1));
}

bool ec_cf8_decode(uint32_t cf8, uint16_t port, bool extended, struct ec_sbdf *s, uint16_t *reg)
{
	if (!(cf8 & CF8_ENABLE) || (port & ~3u) != EC_PORT_CONFIG_DATA)
		return false;
	s->segment = 0;
	s->bus = (uint8_t)(cf8 >> 16);
	s->devfn = (uint8_t)(cf8 >> 8);
	*reg = (uint16_t)((cf8 & CF8_REGISTER) | (port & 3));
	if (extended)
		*reg |= (uint16_t)(cf8 >> REGISTER_HIGH_SHIFT & REGISTER_HIGH);
	return true;
}

uint32_t ec_cf8_encode(struct ec_sbdf s, uint16_t reg)
{
	return CF8_ENABLE | (reg & REGISTER_HIGH) << REGISTER_HIGH_SHIFT | (uint32_t)s.bus << 16 |
	       (uint32_t)s.devfn << 8 | (reg & CF8_REGISTER);
}

int ec_pci_config_encode(struct ec_sbdf s, uint32_t reg, uint64_t *addr)
{
	if (s.segment > UINT16_MAX)
		return -ERANGE;
	*addr = (uint64_t)s.segment << 48 | (uint64_t)s.bus << 40 | (uint64_t)s.devfn << 32 | reg;
	return 0;
}
