/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capabilities/lost.h"

#include <pci/header.h>

#include "capabilities/header.h"
#include "capabilities/registry.h"

unsigned int ec_lost_header(uint8_t offset[EC_LOST_HEADER_MAX])
{
	struct ec_reg_table t = ec_header_registers(PCI_HEADER_TYPE_NORMAL);
	unsigned int n = 0;

	for (unsigned int i = 0; i < t.n && n < EC_LOST_HEADER_MAX; i++) {
		uint8_t dword = (uint8_t)(t.row[i].offset & ~3u);

		if (t.row[i].lost && (!n || offset[n - 1] != dword))
			offset[n++] = dword;
	}
	return n;
}

/* Two lost words of one dword, LTR's latencies, are one access. */
static bool is_upper_half(const struct ec_lost_register *last, const struct ec_cap *cap,
			  const struct ec_reg *row)
{
	return last->cap == cap && last->len == 2 && row->len == 2 && row->offset % 4 &&
	       last->offset + 2 == row->offset;
}

static unsigned int add_lost(const struct ec_cap *cap, enum ec_lost turn,
			     struct ec_lost_register *reg, unsigned int n)
{
	static const struct ec_image none;
	struct ec_cap_at at = { .img = &none };
	struct ec_reg_table t = ec_cap_registers(cap, &at);

	for (unsigned int i = 0; i < t.n; i++) {
		const struct ec_reg *row = t.row + i;

		if (row->lost != turn)
			continue;
		if (n && is_upper_half(reg + n - 1, cap, row))
			reg[n - 1].len = 4;
		else if (n < EC_LOST_REGISTERS_MAX)
			reg[n++] = (struct ec_lost_register){ cap, row->offset, row->len };
	}
	return n;
}

unsigned int ec_lost_registers(struct ec_lost_register reg[EC_LOST_REGISTERS_MAX])
{
	const struct ec_cap *cap;
	unsigned int n = 0;

	for (enum ec_lost turn = EC_LOST_SIZES; turn <= EC_LOST_ERRORS; turn++)
		for (unsigned int i = 0; (cap = ec_cap_get(i)); i++)
			n = add_lost(cap, turn, reg, n);
	return n;
}
