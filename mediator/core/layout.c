/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/layout.h"

#include <string.h>

size_t ec_layout_bytes(const struct ec_layout *l)
{
	return offsetof(struct ec_layout, masks) + l->n_masks * sizeof(l->masks[0]);
}

void ec_layout_init(struct ec_layout *l, uint32_t size)
{
	memset(l, 0, offsetof(struct ec_layout, masks));
	/* masks 0 hide */
	memset(l->masks, 0, sizeof(l->masks[0]));
	l->n_masks = 1;
	l->words = 1;
	l->size = size;
}

void ec_layout_set(struct ec_layout *l, uint32_t *shadow, uint32_t dword,
		   const struct ec_dword_masks *masks, uint32_t value)
{
	struct ec_cell *cell = l->cell + dword;
	struct ec_dword_masks full = *masks;
	uint16_t i;

	full.live_bytes = (uint8_t)ec_byte_bits(masks->m.live);
	full.hw_bytes = (uint8_t)ec_byte_bits(masks->m.hw_rw | masks->m.hw_w1c);
	shadow[EC_WORD_ZERO] = 0;
	for (i = 0; i < l->n_masks; i++)
		if (!memcmp(l->masks + i, &full, sizeof(full)))
			break;
	if (i == l->n_masks)
		l->masks[l->n_masks++] = full;
	cell->masks = i;
	cell->word = EC_WORD_ZERO;
	if (masks->m.live == ~0u && !masks->fx)
		return;
	cell->word = l->words++;
	shadow[cell->word] = value;
}

/* clang-format off */
const struct ec_spans ec_spans_table[16] = {
	[0x1] = { 1, { { 0, 1 } } },
	[0x2] = { 1, { { 1, 1 } } },
	[0x3] = { 1, { { 0, 2 } } },
	[0x4] = { 1, { { 2, 1 } } },
	[0x5] = { 2, { { 0, 1 }, { 2, 1 } } },
	[0x6] = { 2, { { 1, 1 }, { 2, 1 } } },
	[0x7] = { 2, { { 0, 2 }, { 2, 1 } } },
	[0x8] = { 1, { { 3, 1 } } },
	[0x9] = { 2, { { 0, 1 }, { 3, 1 } } },
	[0xa] = { 2, { { 1, 1 }, { 3, 1 } } },
	[0xb] = { 2, { { 0, 2 }, { 3, 1 } } },
	[0xc] = { 1, { { 2, 2 } } },
	[0xd] = { 2, { { 0, 1 }, { 2, 2 } } },
	[0xe] = { 2, { { 1, 1 }, { 2, 2 } } },
	[0xf] = { 1, { { 0, 4 } } },
};

/* bytes of both halves: only the whole dword covers them */
const struct ec_span ec_covering_table[16] = {
	{ 0, 4 }, { 0, 1 }, { 1, 1 }, { 0, 2 }, { 2, 1 }, { 0, 4 }, { 0, 4 }, { 0, 4 },
	{ 3, 1 }, { 0, 4 }, { 0, 4 }, { 0, 4 }, { 2, 2 }, { 0, 4 }, { 0, 4 }, { 0, 4 },
};

const uint32_t ec_byte_lanes_table[16] = {
	0x00000000, 0x000000ff, 0x0000ff00, 0x0000ffff, 0x00ff0000, 0x00ff00ff, 0x00ffff00, 0x00ffffff,
	0xff000000, 0xff0000ff, 0xff00ff00, 0xff00ffff, 0xffff0000, 0xffff00ff, 0xffffff00, 0xffffffff,
};
/* clang-format on */
