/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * A layout: how each of the 1,024 dwords of a view is served. Compiled once, then const; an access
 * takes two index steps and a few ANDs at any offset.
 *
 *	cell[offset / 4] -> masks: shared by dwords that are served the same way
 *	                 -> word: of the function's shadow
 *
 *	value read     = (shadow & ~live) | (hardware & live)
 *	shadow written = (shadow & ~shadow_rw) | (data & shadow_rw), then & ~(data & shadow_w1c)
 *	hardware write = (data & (hw_rw | hw_w1c)) | (hardware & keep), in bytes with hw_rw or hw_w1c
 *
 * Bits in neither term of a hardware write are RO, RW1C or RsvdZ and are written as 0.
 *
 * Layouts and shadows are fixed-width and pointer-free, because several processes map them. A
 * layout does not depend on values: a frozen 0 has a shadow word too, so functions of one kind share
 * their layout. Masks do not name the word: then most dwords have equal masks, and a layout takes
 * 4 KiB and some 25 masks of 36 bytes.
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
	/* bit n is for byte n of the dword: */
	uint8_t exact;       /* bytes of registers that are only accessed whole */
	uint8_t live_bytes;  /* bytes with live bits; set by ec_layout_set() */
	uint8_t hw_bytes;    /* bytes with bits that reach the hardware; set by ec_layout_set() */
	uint16_t permissive; /* bytes that reach the hardware only by a permissive rule */
	int16_t move;        /* offset in the hardware minus offset in the view; mostly 0 */
};

/** Where a dword's masks and shadow word are. */
struct ec_cell {
	uint16_t masks; /* index into the layout's masks */
	uint16_t word;  /* index into a shadow */
};

/** Words of the largest shadow: one per dword, and word 0. */
#define EC_SHADOW_MAX (EC_CONFIG_DWORDS + 1)

/** Word 0 of a shadow is always 0: dwords that are hidden or have only live bits share it. */
#define EC_WORD_ZERO 0

/** Parameters of the effects; fixed once compiled. */
struct ec_effect_params {
	uint8_t header_type;
	uint8_t rom_offset;       /* of the expansion ROM's BAR */
	uint8_t bar_kind[7];      /* enum ec_bar_kind; 6: the ROM */
	uint64_t bar_size[7];     /* bytes */
	uint16_t msi, msix;       /* offsets in the view; 0: not shown */
	uint16_t msi_hw, msix_hw; /* offsets in the hardware */
	uint16_t msix_vectors;
	uint32_t msix_table, msix_pba; /* the registers: offset in 31:3, BAR in 2:0 */
	bool msi_64;
	uint8_t power_states; /* bit n: state Dn is supported */
	uint16_t vpd;         /* offset of an emulated VPD; 0: none */
	bool vpd_write;       /* the guest's VPD writes reach the device */
	uint16_t pm, pm_hw;   /* offsets of PM in view and hardware; 0: no real power states */
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

/** ec_layout_bytes() - bytes of @l in use, from its start: to copy or compare. */
size_t ec_layout_bytes(const struct ec_layout *l);

/** ec_layout_init() - all dwords hidden, all parameters 0. @size: 64, 256 or 4096. */
void ec_layout_init(struct ec_layout *l, uint32_t size);

/**
 * ec_layout_set() - serve dword @dword (0 to 1023) by @masks, with @value in its shadow word.
 * @shadow: EC_SHADOW_MAX words; that of the dword is written.
 * To be called once for each dword that is not hidden. Equal masks are stored once.
 */
void ec_layout_set(struct ec_layout *l, uint32_t *shadow, uint32_t dword,
		   const struct ec_dword_masks *masks, uint32_t value);

/** ec_layout_masks() - the masks of dword @dword, 0 to 1023. */
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

/** ec_masks_read() - the dword that is read. Of @hw only live bits count. */
static inline uint32_t ec_masks_read(const struct ec_dword_masks *r, uint32_t shadow, uint32_t hw)
{
	return (shadow & ~r->m.live) | (hw & r->m.live);
}

/** ec_masks_writable() - bits whose writing has any result. */
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

/** ec_masks_hardware() - the dword to write to the hardware, which has @hw now. */
static inline uint32_t ec_masks_hardware(const struct ec_dword_masks *r, uint32_t hw, uint32_t data)
{
	return (data & (r->m.hw_rw | r->m.hw_w1c)) | (hw & r->m.keep);
}

/** One access to the hardware, within a dword. */
struct ec_span {
	uint8_t first; /* byte, 0 to 3 */
	uint8_t len;   /* 1, 2 or 4; first is a multiple of it */
};

/** The narrowest aligned accesses that cover some bytes of a dword and no others. */
struct ec_spans {
	uint8_t n;
	struct ec_span span[2];
};

/** The spans of every set of bytes; bit n of the index is byte n. */
extern const struct ec_spans ec_spans_table[16];

/**
 * ec_spans() - the spans that cover the bytes @bytes (bit n: byte n) and no others.
 * @span: up to two are written. Returns how many.
 */
static inline unsigned int ec_spans(unsigned int bytes, struct ec_span span[2])
{
	const struct ec_spans *r = ec_spans_table + (bytes & 15);

	span[0] = r->span[0];
	span[1] = r->span[1];
	return r->n;
}

/** For every set of bytes the narrowest aligned access that covers it; for none the dword. */
extern const struct ec_span ec_covering_table[16];

/**
 * ec_span_covering() - the narrowest aligned access that covers the bytes @bytes, not 0.
 * It may cover other bytes too, so it is for reads without side effects.
 */
static inline struct ec_span ec_span_covering(unsigned int bytes)
{
	return ec_covering_table[bytes & 15];
}

/** The bits of every set of bytes; bit n of the index is byte n. */
extern const uint32_t ec_byte_lanes_table[16];

/** ec_byte_lanes() - all bits of byte n for each bit n set in @bytes (0 to 15). */
static inline uint32_t ec_byte_lanes(unsigned int bytes)
{
	return ec_byte_lanes_table[bytes & 15];
}

/** ec_byte_bits() - bit n set for each byte n of @mask with a bit. The reverse. */
static inline unsigned int ec_byte_bits(uint32_t mask)
{
	/* the top bit of each byte that is not 0; the multiplication gathers the four */
	uint32_t top = (((mask & 0x7f7f7f7fu) + 0x7f7f7f7fu) | mask) & 0x80808080u;

	return (top >> 7) * 0x10204080u >> 28;
}

#endif
