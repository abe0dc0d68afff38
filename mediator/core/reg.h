/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vocabulary of the tables in capabilities/: what the standard says of a register's bits, their
 * treatment for a guest, and what a write means beyond bits.
 */
#ifndef EC_CORE_REG_H
#define EC_CORE_REG_H

#include <stdbool.h>
#include <stdint.h>

/** Treatment: who serves a bit for this guest. Later ones give more of the hardware away. */
enum ec_treatment {
	EC_HIDE,    /* reads 0; writes are dropped */
	EC_FREEZE,  /* reads the value captured at attach; writes are dropped */
	EC_READ,    /* reads the hardware; writes are dropped */
	EC_EMULATE, /* a shadow kept for this guest */
	EC_PASS,    /* the hardware, for reads and writes */
	EC_TREATMENTS
};

/** Names of treatments in rules, tables and output. */
extern const char *const ec_treatment_names[EC_TREATMENTS];

/** Effects: the meaning of a write to a register beyond its bits. */
enum ec_effect {
	EC_FX_NONE,
	EC_FX_COMMAND,  /* decode of the BARs, INTx disable */
	EC_FX_BAR,      /* a BAR moves */
	EC_FX_ROM,      /* the expansion ROM moves, is enabled or disabled */
	EC_FX_MSI,      /* MSI enabled, disabled, or its message changed */
	EC_FX_MSIX,     /* MSI-X enabled, disabled or masked */
	EC_FX_PM,       /* power state */
	EC_FX_FLR,      /* function level reset by Device Control */
	EC_FX_AF_FLR,   /* function level reset by Advanced Features */
	EC_FX_BUS,      /* a bridge's bus numbers */
	EC_FX_BRIDGE,   /* a bridge's secondary bus reset */
	EC_FX_SLOT,     /* slot control */
	EC_FX_ROOT,     /* root control */
	EC_FX_VPD,      /* a VPD access starts */
	EC_FX_DPC,      /* software triggers containment below a root port */
	EC_FX_DPC_END,  /* containment is released */
	EC_FX_PCIEXBAR, /* a host bridge's ECAM window is placed */
	EC_EFFECTS
};

/** When the service restores a register that a reset or a power state loses. See ec_reg.lost. */
enum ec_lost {
	EC_LOST_NEVER,  /* not lost, or not restored by the service */
	EC_LOST_SIZES,  /* first: the BARs' sizes, which BARs depend on */
	EC_LOST_SETUP,  /* the host's own setup: BARs, payload sizes, isolation */
	EC_LOST_ERRORS, /* last: error masks */
};

/**
 * One register: a row of a capability's table.
 *
 * By the standard: rw, w1c, rsvdp and rsvdz are disjoint; a bit in none of them is RO or HwInit.
 * reset is the value of the RW bits at power-on.
 * By default: second is the treatment of the bits in split, treatment that of all others.
 * Bits of clr and set read 0 and 1, whatever treatment serves them, unless it is EC_HIDE. No rule
 * may pass bits of host.
 */
struct ec_reg {
	uint16_t offset; /* from the start of the capability, or of the header; a multiple of len */
	uint8_t len;     /* 1, 2 or 4 */
	uint8_t treatment;
	const char *name;
	uint32_t rw, w1c, rsvdp, rsvdz;
	uint32_t reset;
	uint32_t split;
	uint8_t second;
	uint8_t effect;
	bool exact;   /* a read or write has a side effect: it is accessed at its own width only */
	uint8_t lost; /* enum ec_lost: the host's value does not survive a reset or D3hot */
	uint32_t host, clr, set;
	uint32_t fx; /* bits that start the effect; 0: all RW bits */
	const char *source;
};

/** A table of registers, by rising offset, without overlaps. */
struct ec_reg_table {
	const struct ec_reg *row;
	unsigned int n;
};

/** A register's masks, after the treatment of its bits is decided. */
struct ec_reg_masks {
	uint32_t live;          /* read from the hardware */
	uint32_t shadow_rw;     /* writable in the shadow */
	uint32_t shadow_w1c;    /* cleared in the shadow by writing 1 */
	uint32_t hw_rw, hw_w1c; /* reach the hardware */
	uint32_t keep;          /* written back as read when another bit of their byte is written */
};

/**
 * ec_reg_defaults() - the default treatment of each bit of @row.
 * @who: set to the bits of each treatment: disjoint, together all bits of the register.
 * @fixed: set to the bits that are constant for the guest by clr and set; they read as set.
 */
void ec_reg_defaults(const struct ec_reg *row, uint32_t who[EC_TREATMENTS], uint32_t *fixed);

/**
 * ec_reg_main() - the treatment of most bits of a register; if several have equally many bits, the
 * one that gives least away. Pure.
 */
enum ec_treatment ec_reg_main(const uint32_t who[EC_TREATMENTS]);

/**
 * ec_reg_needs_capture() - does the guest see captured bits of @reg?
 * @who, @fixed: as for ec_reg_serve(). Fixed bits and the writable bits of a shadow need no
 * capture. Pure.
 */
bool ec_reg_needs_capture(const struct ec_reg *reg, const uint32_t who[EC_TREATMENTS],
			  uint32_t fixed);

/**
 * ec_reg_serve() - masks of @reg for a treatment of its bits.
 * @who: the bits of each treatment, as set by ec_reg_defaults(); the row's own defaults are
 * ignored.
 * @fixed: bits that are constant for the guest, whatever their treatment. Pure.
 */
struct ec_reg_masks ec_reg_serve(const struct ec_reg *reg, const uint32_t who[EC_TREATMENTS],
				 uint32_t fixed);

#endif
