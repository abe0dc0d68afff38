/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest's write means beyond bits. An effect looks at a dword before and after the write,
 * may take back bits that it owns, and says what the service has to do. Pure.
 */
#ifndef EC_ACCESS_EFFECT_H
#define EC_ACCESS_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/layout.h"

enum ec_action_kind {
	EC_ACT_MAP_BAR,    /* index, space, address, size: the guest decodes the BAR there */
	EC_ACT_UNMAP_BAR,  /* index, space, address, size: and no longer there */
	EC_ACT_INTX,       /* value: 1 INTx may be raised, 0 it may not */
	EC_ACT_MSI_ENABLE, /* address, value: the message's data */
	EC_ACT_MSI_UPDATE, /* the same, while enabled */
	EC_ACT_MSI_DISABLE,
	EC_ACT_MSIX_ENABLE, /* value: 1 all vectors masked, 0 not */
	EC_ACT_MSIX_MASK,   /* the same, while enabled */
	EC_ACT_MSIX_DISABLE,
	EC_ACT_POWER_STATE,  /* value: 0 to 3, D0 to D3hot */
	EC_ACT_FLR,          /* reset this function */
	EC_ACT_BUS_NUMBERS,  /* value: primary, secondary << 8, subordinate << 16 */
	EC_ACT_BUS_RESET,    /* value: 1 the secondary bus enters reset, 0 it leaves it */
	EC_ACT_SLOT_CONTROL, /* value: the register */
	EC_ACT_ROOT_CONTROL, /* value: the register */
	EC_ACT_VPD,          /* value: the address register, bit 15 set for a write */
	EC_ACT_CONTAIN,      /* value: 1 the port is to contain what is behind it, 0 to let go */
	EC_ACT_ECAM,         /* address, size: the guest's firmware wants its ECAM window there */
	EC_ACTIONS
};

/** Which members of an action mean something. */
enum { EC_ARG_INDEX = 1, EC_ARG_ADDRESS = 2, EC_ARG_SIZE = 4, EC_ARG_VALUE = 8 };

struct ec_action {
	uint8_t kind;  /* enum ec_action_kind */
	uint8_t index; /* BAR 0 to 5, 6 the ROM */
	uint32_t value;
	uint64_t address;
	uint64_t size; /* bytes */
};

/** Name of each kind, and its EC_ARG_*. */
extern const struct ec_action_info {
	const char *name;
	uint8_t args;
} ec_action_info[EC_ACTIONS];

/** Most actions that one access of 8 bytes can cause. */
#define EC_ACTIONS_MAX 24

struct ec_action_list {
	unsigned int n;
	struct ec_action action[EC_ACTIONS_MAX];
};

/** A write to a dword with an effect. */
struct ec_effect_write {
	const struct ec_layout *layout;
	const uint32_t *shadow;         /* before the write */
	uint32_t dword;                 /* 0 to 1023 */
	uint32_t old;                   /* shadow word of the dword before */
	uint32_t now;                   /* and after; the effect may take bits back */
	uint32_t data;                  /* what the guest wrote, 0 outside its lanes */
	struct ec_action_list *actions; /* appended to; full: nothing more is added */
};

/**
 * ec_effect_run() - run effect @effect of a dword on a write.
 * Returns false if it took bits back: the write is refused, in part or whole. Pure.
 */
bool ec_effect_run(enum ec_effect effect, struct ec_effect_write *w);

/**
 * ec_effect_reset() - what a reset of the function ends: BARs that decode, interrupts.
 * @shadow: before the reset; not changed, the caller puts the first one in its place.
 * @actions: appended to: unmap_bar, msi_disable, msix_disable. Pure.
 */
void ec_effect_reset(const struct ec_layout *layout, const uint32_t *shadow,
		     struct ec_action_list *actions);

#endif
