/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function is attached with, as users write it: BDF[@SLOT][,KEY=VALUE...], the form of
 * xl's PCI_SPEC_STRING (xl-pci-configuration(5)).
 */
#ifndef EC_CONTROL_ATTACH_SPEC_H
#define EC_CONTROL_ATTACH_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/sbdf.h"

/** Bytes of a specification with its terminating 0; a longer one is refused. */
#define EC_ATTACH_SPEC_MAX 128

/** Settings of a specification that are for its rule: more do not fit its text. */
#define EC_ATTACH_SETS_MAX 24

/** Whether the guest gets a window onto its extended configuration space, and where. */
enum ec_ecam_choice {
	EC_ECAM_DEFAULT, /* as the service decides */
	EC_ECAM_NONE,
	EC_ECAM_AT, /* at ecam_base */
};

/** All 0 but host is what a BDF alone says. */
struct ec_attach_spec {
	struct ec_sbdf host;
	bool has_slot; /* the guest's device number was given */
	uint8_t slot;  /* 0 to 31 */
	enum ec_ecam_choice ecam;
	uint64_t ecam_base; /* guest physical address of bus 0, a multiple of 1 MiB */
	bool no_reset;      /* do not reset the function */
	uint8_t n_sets;     /* keys that decide what the guest sees */
	struct {
		uint8_t key, value; /* where they start in text */
	} set[EC_ATTACH_SETS_MAX];
	char text[EC_ATTACH_SPEC_MAX]; /* only meant for ec_attach_spec_key() and _value() */
};

/**
 * ec_attach_spec_parse() - read a specification.
 * @text: terminated. BDF is "[SSSS:]BB:DD.F", SLOT hexadecimal, 0 to 1f. Keys, each at most once:
 *      ecam=ADDRESS|none (64 bits, "0x..." or decimal, a multiple of 1 MiB) and reset=auto|none.
 *      permissive, rom, rebar, topology, multifunction, buses, bus0, bridge and hide, that any
 *      number of times, are kept with their values as they are: ec_rules_add_set() makes a rule of
 *      each, and says if a value is wrong.
 * @out: written on success only. @diag: says on failure which part is wrong; may be NULL.
 * Returns 0 or -EINVAL. Pure; whether the guest has room there is the service's to say.
 */
int ec_attach_spec_parse(const char *text, struct ec_attach_spec *out, struct ec_diag *diag);

/**
 * ec_attach_spec_print() - write it down, so that ec_attach_spec_parse() reads the same from @out.
 * Returns 0; -ENOSPC: its text is too long, which a slot that was added to a long one makes it.
 * Pure.
 */
int ec_attach_spec_print(const struct ec_attach_spec *s, char out[EC_ATTACH_SPEC_MAX]);

/** ec_attach_spec_key() - the key of set @i, below n_sets: "hide". Owned by @s. */
const char *ec_attach_spec_key(const struct ec_attach_spec *s, unsigned int i);

/** ec_attach_spec_value() - the value of set @i, below n_sets: "MSI-X". Owned by @s. */
const char *ec_attach_spec_value(const struct ec_attach_spec *s, unsigned int i);

#endif
