/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: a captured function and the tables, made into what a guest sees of it. Its registers,
 * each with its treatment, are compiled into a layout and the first value of the shadow.
 * Pure, but for being large: allocate one and use it again.
 */
#ifndef EC_VIEW_PLAN_H
#define EC_VIEW_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "capabilities/registry.h"
#include "core/bar.h"
#include "core/chain.h"
#include "core/diag.h"
#include "core/image.h"
#include "core/layout.h"
#include "policy/rule.h"
#include "view/topology.h"

/** Bits of the register at @offset of the configuration space that a function does not have. */
struct ec_hardwired {
	uint16_t offset;
	uint32_t bits;
};

/**
 * A function that no hardware is behind. All that it has is shown and is the guest's own, as the
 * tables' side of the standard says; the image is what it is after a reset.
 */
struct ec_emulated {
	const struct ec_hardwired *row; /* RW and RW1C bits that are RO, by the image */
	unsigned int n;
	struct ec_reg_table own; /* registers that are no capability's, from 0x40 on: offsets from 0
				  * of the configuration space, what is no capability's */
};

/** What is asked of a plan. All 0 is a bypassed single function with its own ids. */
struct ec_plan_options {
	enum ec_topology topology;
	bool live;               /* what is read from the hardware need not be captured */
	bool capturing;          /* nothing need be: the plan tells what is to be captured */
	bool multifunction;      /* it shows that its slot has other functions */
	bool no_intx;            /* the guest has nothing that INTx could be raised at */
	uint16_t vendor, device; /* ids of a virtual function; used if it shows none itself */
	const struct ec_region *region;     /* EC_BAR_MAX of them, or NULL: sizes are guessed */
	const struct ec_emulated *emulated; /* NULL: it is the hardware's; else the topology does
					     * not count */
	const struct ec_decisions *rules;   /* NULL: the tables alone decide */
};

/** Who decided. Numbers from EC_FIRST_RULE on are rules: see ec_rules_origin(). */
enum ec_origin {
	EC_BY_TABLE,    /* the row or the capability's entry: the default */
	EC_BY_TOPOLOGY, /* the topology, the platform, or what must hold of any view */
	EC_ORIGINS
};

/** One register of the view. Together they cover it, by rising offset, none overlapping. */
struct ec_plan_reg {
	uint16_t offset; /* in the configuration space */
	uint16_t from;   /* where the hardware has it: elsewhere only in a moved capability */
	uint16_t span;   /* bytes; reg.len, but for hidden bytes that no row names */
	uint16_t cap;    /* 0: the header or a gap; else index in the chain + 1 */
	uint16_t origin; /* enum ec_origin, or a rule: who was the last to decide anything of it */
	bool gap;        /* claimed by no table */
	bool rest;       /* no row names it: a gap, or the rest of a capability */
	bool added;      /* the hardware has it nowhere: a rule added its capability */
	bool cut;        /* behind its capability's length, or only partly in it: dead for ever */
	bool capture;    /* captured whoever serves it: other values are made of it */
	/* the row, as it counts here; but who serves it by default no longer does */
	struct ec_reg reg;
	uint32_t
		served[EC_TREATMENTS]; /* who serves which bits: each of the register's is in one */
	uint32_t fixed;                /* bits that are constant for the guest, by value */
	uint32_t start;                /* bits that the guest's copy has by value at first */
	uint32_t value; /* in the shadow at first: what is not read from the hardware */
	uint32_t
		held; /* bits that the topology decided: only a rule that names them changes them */
	uint32_t permissive; /* bits that are passed only since a rule is permissive */
};

/** What became of a capability. */
struct ec_plan_cap {
	const struct ec_cap *cap;
	uint16_t length;   /* what is shown of it, if it is */
	uint16_t whole;    /* what it has in the hardware: what is behind its length is dead */
	uint8_t fault;     /* enum ec_cap_fault */
	uint8_t treatment; /* enum ec_treatment */
	uint8_t treat_all; /* by a rule, of all its registers; EC_TREATMENTS: nothing */
	bool dead;         /* no rule shows it: it cannot work, or is none */
	bool moved_away;   /* this is where the hardware has it: a rule moved it away, it is dead */
	bool permissive;   /* its bytes are passed only since a rule is permissive */
	uint16_t origin;   /* enum ec_origin, or a rule: who decided the treatment */
	uint16_t from;     /* where the hardware has it; 0: nowhere, a rule added it */
	const struct ec_setting *added; /* what it holds then */
};

struct ec_plan {
	struct ec_plan_options options;
	uint8_t header_type;
	bool express;         /* the hardware is PCI Express */
	uint8_t express_type; /* the hardware's, if it is */
	uint8_t lanes;        /* of its link; 0: not known */
	bool flit;            /* it can do Flit mode */
	struct ec_bar bar[EC_BAR_MAX];
	uint16_t bar_by[EC_BAR_MAX]; /* the rule that hides it; 0: none */
	struct ec_chain chain;
	struct ec_plan_cap cap[EC_CHAIN_MAX];
	struct ec_relinked link;
	uint16_t blame; /* after -EINVAL: whose decision cannot be, enum ec_origin or a rule */
	const struct ec_setting *blame_set; /* which of that rule's; NULL: not known */
	unsigned int n;
	struct ec_plan_reg reg[EC_CONFIG_SIZE];
	struct ec_layout layout;
	uint32_t shadow[EC_SHADOW_MAX];
	/* of rules: for each verb the decision that counts, where there is one; NULL: none */
	const struct ec_decision *last[EC_VERBS];
	uint32_t named[EC_CONFIG_DWORDS / 32]; /* a bit a dword: a range of a rule is about it */
	/* scratch of the compiler */
	bool hidden[EC_CHAIN_MAX];
	struct ec_dword_masks rule[EC_CONFIG_DWORDS];
	uint32_t word[EC_CONFIG_DWORDS];
	bool shown[EC_CONFIG_DWORDS];
};

/** ec_plan_at() - the register that covers byte @offset; NULL past the end of the view. */
struct ec_plan_reg *ec_plan_at(struct ec_plan *plan, uint32_t offset);

/**
 * ec_plan_row() - the register that was made from the row at @offset, counted from 0 of the
 * configuration space, of capability @cap: 0 for the header, else its index in the chain + 1.
 * Returns NULL if there is none: a capability may be too short to have it.
 */
struct ec_plan_reg *ec_plan_row(struct ec_plan *plan, unsigned int cap, uint32_t offset);

/**
 * ec_plan_attached() - the captured function as attach leaves it: reset, so that RW bits the
 * guest may change in the hardware are as at power-on.
 * @img: in: as captured; out: as attached.
 */
void ec_plan_attached(const struct ec_plan *plan, struct ec_image *img);

/**
 * ec_plan_semantics() - what the standard says of every bit of the function, for a device that
 * is played by an image. Its BARs are as large as the guest sees them.
 * @rw, @w1c: EC_CONFIG_SIZE bytes each, written whole. Bits in neither are RO.
 */
void ec_plan_semantics(const struct ec_plan *plan, uint8_t *rw, uint8_t *w1c);

#endif
