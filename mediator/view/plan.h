/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: everything that is decided about the view of one captured function. It lists the
 * registers with their treatments, and holds the layout and the initial shadow compiled from them.
 * build.c makes it. A plan is large: allocate one and use it again.
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

/** Bits of a register that an emulated function hardwires. */
struct ec_hardwired {
	uint16_t offset; /* in the configuration space */
	uint32_t bits;
};

/**
 * A function without hardware. All its capabilities are shown, and the guest owns their registers
 * as the rows of the tables say. The image holds the values after a reset.
 */
struct ec_emulated {
	const struct ec_hardwired *row; /* RW and RW1C bits that are RO, with the image's value */
	unsigned int n;
	struct ec_reg_table own; /* registers in no capability, from 0x40 on; offsets in the
				  * configuration space */
};

/** Parameters of a plan. All 0: a bypassed single function with its own ids. */
struct ec_plan_options {
	enum ec_topology topology;
	bool live;          /* bits that the guest reads from the hardware need no captured value */
	bool capturing;     /* no bit needs one: the plan is made to find out what to capture */
	bool multifunction; /* the header type has the multi-function bit */
	bool no_intx;       /* the guest has no interrupt controller for INTx */
	uint16_t vendor, device; /* ids of a virtual function, used if its own read all ones */
	const struct ec_region *region;     /* EC_BAR_MAX of them, or NULL: sizes are guessed */
	const struct ec_emulated *emulated; /* NULL: a function of the host; else the topology is
					     * ignored */
	const struct ec_decisions *rules;   /* NULL: the tables alone decide */
};

/** The origin of a decision. Numbers from EC_FIRST_RULE on are rules: see ec_rules_origin(). */
enum ec_origin {
	EC_BY_TABLE,    /* the row or the capability's entry: the default */
	EC_BY_TOPOLOGY, /* the topology, the platform, or what must hold for any view */
	EC_BY_FUNCTION, /* the function's own values, with which it cannot work: ec_plan_why() */
	EC_ORIGINS
};

/** One register of the view. They are sorted by offset, cover the view and do not overlap. */
struct ec_plan_reg {
	uint16_t offset; /* in the configuration space */
	uint16_t from;   /* its offset in the hardware; differs only in a moved capability */
	uint16_t span;   /* bytes; reg.len, except for hidden bytes that no row names */
	uint16_t cap;    /* 0: the header or a gap; else index in the chain + 1 */
	uint16_t origin; /* enum ec_origin, or a rule: the last decision about any of its bits */
	bool gap;        /* claimed by no table */
	bool rest;       /* no row names it: a gap, or the rest of a capability */
	bool added;      /* a rule added its capability: the hardware does not have it */
	bool cut;        /* past its capability's length, or only partly in it: always hidden */
	bool capture;    /* captured whatever its treatment: other values derive from it */
	/* the row, as corrected for this function; its default treatment no longer counts */
	struct ec_reg reg;
	uint32_t served[EC_TREATMENTS]; /* bits of each treatment: each bit is in exactly one */
	uint32_t fixed;                 /* bits that are constant for the guest, as in value */
	uint32_t start;                 /* bits of the shadow that start as in value */
	uint32_t value; /* initial shadow: of bits that are not read from the hardware */
	uint32_t
		held; /* bits that the topology decided: only a rule that names them changes them */
	uint32_t permissive; /* bits that are passed only because a rule is permissive */
};

/** What is decided about a capability. */
struct ec_plan_cap {
	const struct ec_cap *cap;
	uint16_t length;   /* bytes that are shown, if it is shown */
	uint16_t whole;    /* bytes that it has in the hardware: those past length are hidden */
	uint8_t fault;     /* enum ec_cap_fault */
	uint8_t treatment; /* enum ec_treatment */
	uint8_t treat_all; /* treatment that a rule gives all its registers; EC_TREATMENTS: none */
	bool dead;         /* no rule can show it: it cannot work, or is not a capability */
	bool moved_away;   /* a rule moved it away: this is its place in the hardware, hidden */
	bool permissive;   /* its bytes are passed only because a rule is permissive */
	uint16_t origin;   /* enum ec_origin, or a rule: the decision about the treatment */
	uint16_t from;     /* its offset in the hardware; 0: a rule added it */
	const char *why;   /* why its own values hide it, a constant text; NULL: they do not */
	const struct ec_setting *added; /* its contents, if a rule added it */
};

struct ec_plan {
	struct ec_plan_options options;
	uint8_t header_type;
	bool express;         /* the hardware is PCI Express */
	uint8_t express_type; /* the hardware's PCI_EXP_TYPE_*, if express */
	uint8_t lanes;        /* of the link; 0: not known */
	bool flit;            /* Flit mode is supported */
	bool prefixes;        /* End-End TLP prefixes are supported */
	struct ec_bar bar[EC_BAR_MAX];
	uint16_t bar_by[EC_BAR_MAX]; /* origin of the rule that hides it; 0: none */
	struct ec_chain chain;
	struct ec_plan_cap cap[EC_CHAIN_MAX];
	struct ec_relinked link;
	uint16_t blame;                     /* after -EINVAL: origin of the refused decision */
	const struct ec_setting *blame_set; /* the setting of that rule; NULL: not known */
	unsigned int n;
	struct ec_plan_reg reg[EC_CONFIG_SIZE];
	struct ec_layout layout;
	uint32_t shadow[EC_SHADOW_MAX];
	/* rules: for each verb the last decision; NULL: none */
	const struct ec_decision *last[EC_VERBS];
	uint32_t named[EC_CONFIG_DWORDS / 32]; /* a bit per dword: a range of a rule names it */
	/* scratch of the compiler */
	bool hidden[EC_CHAIN_MAX];
	struct ec_dword_masks rule[EC_CONFIG_DWORDS];
	uint32_t word[EC_CONFIG_DWORDS];
	bool shown[EC_CONFIG_DWORDS];
};

/** ec_plan_at() - the register that covers byte @offset; NULL past the end of the view. */
struct ec_plan_reg *ec_plan_at(struct ec_plan *plan, uint32_t offset);

/**
 * ec_plan_row() - the register that a row of a table describes.
 * @cap: 0 for the header, else the capability's index in the chain + 1. @offset: in the
 * configuration space. Returns NULL if there is none: a capability may be too short to have it.
 */
struct ec_plan_reg *ec_plan_row(struct ec_plan *plan, unsigned int cap, uint32_t offset);

/**
 * ec_plan_why() - why the function's own values hide register @r: "its length is less than ...".
 * Only for a register with origin EC_BY_FUNCTION. Returns a constant text.
 */
const char *ec_plan_why(const struct ec_plan *plan, const struct ec_plan_reg *r);

/**
 * ec_plan_attached() - put the image of a function into the state after attach.
 * An attach resets the function, so RW bits that the guest may change in the hardware have their
 * values at power-on, and RW1C bits that it may clear there are 0. @img: in: as captured; out: as
 * attached.
 */
void ec_plan_attached(const struct ec_plan *plan, struct ec_image *img);

/**
 * ec_plan_semantics() - the RW and RW1C bits of a function, for a device that an image plays.
 * BARs have the sizes that the guest sees. @rw, @w1c: EC_CONFIG_SIZE bytes each, written whole.
 * Bits in neither are RO.
 */
void ec_plan_semantics(const struct ec_plan *plan, uint8_t *rw, uint8_t *w1c);

#endif
