/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * A layout: how each of the 1,024 dwords of a view is served. Compiled once, then const; an
 * access is two index steps and a few ANDs, wherever it goes.
 *
 *	cell[offset / 4] -> rule: masks, shared by dwords that are served alike
 *	                 -> slot: a word of the function's shadow
 *
 *	value read     = (shadow & ~live) | (hardware & live)
 *	shadow written = (shadow & ~shadow_rw) | (data & shadow_rw), then & ~(data & shadow_w1c)
 *	hardware write = (data & (hw_rw | hw_w1c)) | (hardware & keep), in bytes with hw_rw or hw_w1c
 *
 * Bits that are in neither term of a hardware write are RO, RW1C or RsvdZ and written as 0.
 * Layouts and shadows are fixed-width and pointer-free: several processes map them. A layout does
 * not depend on what constants hold, so that functions of one kind share it.
 */
/* clang-format on */
#ifndef EC_CORE_LAYOUT_H
#define EC_CORE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/image.h"
#include "core/reg.h"

/** How one kind of dword is served. */
struct ec_dword_masks {
	struct ec_reg_masks m;
	uint32_t fx;    /* bits that start the effect */
	uint8_t effect; /* enum ec_effect */
	uint8_t exact;  /* a bit a byte that belongs to a register accessed only whole */
	/* a bit a byte, filled by ec_layout_set(): that is read from, or written to the hardware */
	uint8_t live_bytes, hw_bytes;
	uint16_t permissive; /* a bit a byte: its writes that reach the hardware are counted */
	int16_t move;        /* bytes from here to where the hardware has the dword; mostly 0 */
};

struct ec_cell {
	uint16_t masks; /* index into the layout's masks */
	uint16_t word;  /* index into a shadow */
};

/** Words of the largest shadow: one a dword, and word 0. */
#define EC_SHADOW_MAX (EC_CONFIG_DWORDS + 1)

/** Word 0 of a shadow is always 0: dwords that are hidden or have only live bits share it. */
#define EC_WORD_ZERO 0

/** What the effects must know of a function; fixed once compiled. */
struct ec_effect_params {
	uint8_t header_type;
	uint8_t rom_offset;       /* of the expansion ROM's BAR */
	uint8_t bar_kind[7];      /* enum ec_bar_kind, 6 the ROM */
	uint64_t bar_size[7];     /* bytes */
	uint16_t msi, msix;       /* offsets of capabilities shown, 0: none */
	uint16_t msi_hw, msix_hw; /* where the hardware has them */
	uint16_t msix_vectors;
	uint32_t msix_table, msix_pba; /* the registers: offset, and BAR in bits 2:0 */
	bool msi_64;
	uint8_t power_states; /* bit n: state Dn is supported */
	uint16_t vpd;         /* offset of VPD, if the guest has copies of its registers */
	bool vpd_write;       /* may what the guest writes be written to the device? */
	uint16_t pm, pm_hw;   /* offsets of PM, shown and the hardware's, if its states are real */
};

struct ec_layout {
	uint32_t size; /* bytes of the function's configuration space: 64, 256 or 4096 */
	uint16_t n_masks;
	uint16_t words; /* that a shadow needs, word 0 included */
	struct ec_effect_params params;
	struct ec_cell cell[EC_CONFIG_DWORDS];
	/* the first n_masks are used */
	struct ec_dword_masks masks[EC_CONFIG_DWORDS + 1];
};

/** ec_layout_bytes() - how much of @l is used; what is to be copied or compared. */
size_t ec_layout_bytes(const struct ec_layout *l);

/** ec_layout_init() - all dwords hidden, no facts. @size: 64, 256 or 4096. */
void ec_layout_init(struct ec_layout *l, uint32_t size);

/**
 * ec_layout_set() - serve dword @dword (0 to 1023) by @rule, with @value in its shadow word.
 * @shadow: EC_SHADOW_MAX words, the one for this dword is written.
 * A dword is set once, and only if it is not hidden. Equal rules are stored once.
 */
void ec_layout_set(struct ec_layout *l, uint32_t *shadow, uint32_t dword,
		   const struct ec_dword_masks *rule, uint32_t value);

/** ec_layout_masks() - the rule of dword @dword, 0 to 1023. */
static inline const struct ec_dword_masks *ec_layout_masks(const struct ec_layout *l,
							   uint32_t dword)
{
	return l->masks + l->cell[dword].masks;
}

/** ec_layout_shadow() - the shadow word of dword @dword, 0 to 1023. */
static inline uint32_t ec_layout_shadow(const struct ec_layout *l, const uint32_t *shadow,
					uint32_t dword)
{
	return shadow[l->cell[dword].word];
}

/** ec_masks_read() - the value read, all four lanes. @hw counts only where live has bits. */
static inline uint32_t ec_masks_read(const struct ec_dword_masks *r, uint32_t shadow, uint32_t hw)
{
	return (shadow & ~r->m.live) | (hw & r->m.live);
}

/** ec_masks_writable() - the bits whose writing does anything at all. */
static inline uint32_t ec_masks_writable(const struct ec_dword_masks *r)
{
	return r->m.shadow_rw | r->m.shadow_w1c | r->m.hw_rw | r->m.hw_w1c | r->fx;
}

/** ec_masks_shadow() - the shadow after @data was written to @lanes. */
static inline uint32_t ec_masks_shadow(const struct ec_dword_masks *r, uint32_t shadow,
				       uint32_t data, uint32_t lanes)
{
	uint32_t rw = r->m.shadow_rw & lanes;

	return ((shadow & ~rw) | (data & rw)) & ~(data & r->m.shadow_w1c & lanes);
}

/** ec_masks_hardware() - what is written to the hardware, given its value @hw before. */
static inline uint32_t ec_masks_hardware(const struct ec_dword_masks *r, uint32_t hw, uint32_t data)
{
	return (data & (r->m.hw_rw | r->m.hw_w1c)) | (hw & r->m.keep);
}

/** One access to the hardware, within a dword. */
struct ec_span {
	uint8_t first; /* byte, 0 to 3 */
	uint8_t len;   /* 1, 2 or 4; first is a multiple of it */
};

/** The narrowest aligned accesses that cover just some bytes of a dword. */
struct ec_spans {
	uint8_t n;
	struct ec_span run[2];
};

/** The runs of every set of bytes; bit n of the index is byte n. */
extern const struct ec_spans ec_spans_table[16];

/**
 * ec_spans() - the runs that cover just the bytes of @bytes: bit n for byte n.
 * @run: up to two are written. Returns how many.
 */
static inline unsigned int ec_spans(unsigned int bytes, struct ec_span run[2])
{
	const struct ec_spans *r = ec_spans_table + (bytes & 15);

	run[0] = r->run[0];
	run[1] = r->run[1];
	return r->n;
}

/** The one narrowest aligned access that covers every set of bytes; of none: the whole dword. */
extern const struct ec_span ec_covering_table[16];

/**
 * ec_span_covering() - the one narrowest aligned access that covers all bytes of @bytes, which
 * must not be 0. It may cover others too: for reads without side effects.
 */
static inline struct ec_span ec_span_covering(unsigned int bytes)
{
	return ec_covering_table[bytes & 15];
}

/** ec_byte_lanes() - all bits of byte n where bit n of @bytes (0 to 15) is set. */
static inline uint32_t ec_byte_lanes(unsigned int bytes)
{
	return (bytes & 1 ? 0xffu : 0) | (bytes & 2 ? 0xff00u : 0) | (bytes & 4 ? 0xff0000u : 0) |
	       (bytes & 8 ? 0xff000000u : 0);
}

/** ec_byte_bits() - bit n set where byte n of @mask has a bit. */
static inline unsigned int ec_byte_bits(uint32_t mask)
{
	/* the top bit of each byte that has any, and the four gathered by a multiplication */
	uint32_t top = (((mask & 0x7f7f7f7fu) + 0x7f7f7f7fu) | mask) & 0x80808080u;

	return (top >> 7) * 0x10204080u >> 28;
}

#endif
