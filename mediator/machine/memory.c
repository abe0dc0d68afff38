/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/memory.h"

unsigned int ec_machine_memory_bits(const struct ec_machine_limits *limits)
{
	unsigned int bits = limits->address_bits;

	return bits < 32 ? 32 : bits > 52 ? 52 : bits;
}

uint64_t ec_machine_memory_top(const struct ec_machine_limits *limits)
{
	return 1ull << ec_machine_memory_bits(limits);
}

uint64_t ec_machine_memory_low(const struct ec_machine_limits *limits, uint64_t end)
{
	return limits->memory < end ? limits->memory : end;
}

uint64_t ec_machine_memory_high(const struct ec_machine_limits *limits, uint64_t end)
{
	return EC_MACHINE_4G + limits->memory - ec_machine_memory_low(limits, end);
}
