/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Effects: what a guest's write means beyond bits. An effect sees a dword before and after the
 * write, may take back bits that it owns, and returns actions for the service. It never accesses
 * hardware. All pure.
 */
#ifndef EC_ACCESS_EFFECT_H
#define EC_ACCESS_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/layout.h"

/** What an effect asks the service to do. */
enum ec_action_kind {
	EC_ACT_MAP_BAR,    /* index, address, size: the guest's BAR decodes there */
	EC_ACT_UNMAP_BAR,  /* index, address, size: it no longer does */
	EC_ACT_INTX,       /* value: 1 INTx may be raised, 0 it may not */
	EC_ACT_MSI_ENABLE, /* address, value: the message's data */
	EC_ACT_MSI_UPDATE, /* the same, while enabled */
	EC_ACT_MSI_DISABLE,
	EC_ACT_MSIX_ENABLE, /* value: 1 all vectors are masked, 0 not */
	EC_ACT_MSIX_MASK,   /* the same, while enabled */
	EC_ACT_MSIX_DISABLE,
	EC_ACT_POWER_STATE,  /* value: 0 to 3, D0 to D3hot */
	EC_ACT_FLR,          /* reset this function */
	EC_ACT_BUS_NUMBERS,  /* value: primary, secondary << 8, subordinate << 16 */
	EC_ACT_BUS_RESET,    /* value: 1 the secondary bus enters reset, 0 it leaves it */
	EC_ACT_SLOT_CONTROL, /* value: the register */
	EC_ACT_ROOT_CONTROL, /* value: the register */
	EC_ACT_VPD,          /* value: the address register, bit 15 set for a write */
	EC_ACT_CONTAIN,      /* value: 1 the root port starts containment (DPC), 0 it ends it */
	EC_ACT_ECAM,         /* address, size: the firmware places the ECAM window there */
	EC_ACTIONS
};

/** The members of an action that are used. */
enum { EC_ARG_INDEX = 1, EC_ARG_ADDRESS = 2, EC_ARG_SIZE = 4, EC_ARG_VALUE = 8 };

/** An action. Its kind says which members are used. */
struct ec_action {
	uint8_t kind;  /* enum ec_action_kind */
	uint8_t index; /* BAR 0 to 5; 6: the ROM */
	uint32_t value;
	uint64_t address;
	uint64_t size; /* bytes */
};

/** Name and EC_ARG_* of each kind. */
extern const struct ec_action_info {
	const char *name;
	uint8_t args;
} ec_action_info[EC_ACTIONS];

/** Most actions that one access of 8 bytes can cause. */
#define EC_ACTIONS_MAX 24

/** Actions in the order in which the service carries them out. */
struct ec_action_list {
	unsigned int n;
	struct ec_action action[EC_ACTIONS_MAX];
};

/** A write to a dword with an effect. */
struct ec_effect_write {
	const struct ec_layout *layout;
	const uint32_t *shadow;         /* before the write */
	uint32_t dword;                 /* 0 to 1023 */
	uint32_t old;                   /* the dword's shadow word before the write */
	uint32_t now;                   /* and after it; the effect may change it */
	uint32_t data;                  /* what the guest wrote; 0 outside its lanes */
	struct ec_action_list *actions; /* appended to until it is full */
};

/**
 * ec_effect_run() - run the effect of a dword on a write.
 * Returns false if it took bits back: all or part of the write is refused.
 */
bool ec_effect_run(enum ec_effect effect, struct ec_effect_write *w);

/**
 * ec_effect_reset() - append the actions by which a function reset ends BARs and interrupts.
 * @shadow: before the reset; not changed. The caller replaces it by the one of the attach.
 * @actions: appended to: unmap_bar, msi_disable, msix_disable.
 */
void ec_effect_reset(const struct ec_layout *layout, const uint32_t *shadow,
		     struct ec_action_list *actions);

#endif
