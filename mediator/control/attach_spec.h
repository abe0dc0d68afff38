/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attach specifications: BDF[@SLOT][,KEY=VALUE...], the form of xl's PCI_SPEC_STRING
 * (xl-pci-configuration(5)).
 */
#ifndef EC_CONTROL_ATTACH_SPEC_H
#define EC_CONTROL_ATTACH_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/sbdf.h"

/** Most bytes of a specification with its terminating 0; a longer one is refused. */
#define EC_ATTACH_SPEC_MAX 128

/** Settings of a specification; its text has no room for more. */
#define EC_ATTACH_SETS_MAX 24

/** Whether the guest gets an ECAM window, and where. */
enum ec_ecam_choice {
	EC_ECAM_DEFAULT, /* the service decides */
	EC_ECAM_NONE,
	EC_ECAM_AT, /* at ecam_base */
};

/** A specification that is only a BDF has 0 in all members except host. */
struct ec_attach_spec {
	struct ec_sbdf host;
	bool has_slot; /* the guest's device number was given */
	uint8_t slot;  /* 0 to 31 */
	enum ec_ecam_choice ecam;
	uint64_t ecam_base; /* guest physical address of bus 0, a multiple of 1 MiB */
	bool no_reset;      /* do not reset the function */
	uint8_t n_sets;     /* keys that become settings of the attach's rule */
	struct {
		uint8_t key, value; /* offsets in text */
	} set[EC_ATTACH_SETS_MAX];
	char text[EC_ATTACH_SPEC_MAX]; /* read it with ec_attach_spec_key() and _value() */
};

/**
 * ec_attach_spec_parse() - parse a specification.
 * @text: terminated. BDF is "[SSSS:]BB:DD.F", SLOT hexadecimal, 0 to 1f. The keys, each at most
 *      once, are ecam=ADDRESS|none (64 bits, hexadecimal, a multiple of 1 MiB),
 *      reset=auto|none, and the settings permissive, rom, rebar, topology, multifunction, buses,
 *      bus0, bridge and hide (any number of times). Values of settings are not checked here:
 *      ec_rules_add_set() does it.
 * @out: written on success only. @diag: names the wrong part on failure; may be NULL.
 * Returns 0 or -EINVAL. Pure; the service checks later whether the slot is free.
 */
int ec_attach_spec_parse(const char *text, struct ec_attach_spec *out, struct ec_diag *diag);

/**
 * ec_attach_spec_print() - the reverse: ec_attach_spec_parse() reads the same from @out.
 * Returns 0; -ENOSPC: the text is too long, for example because a slot was added. Pure.
 */
int ec_attach_spec_print(const struct ec_attach_spec *s, char out[EC_ATTACH_SPEC_MAX]);

/** ec_attach_spec_has() - does one of its sets have the key @key? */
bool ec_attach_spec_has(const struct ec_attach_spec *s, const char *key);

/** ec_attach_spec_key() - the key of set @i, below n_sets: "hide". Owned by @s. */
const char *ec_attach_spec_key(const struct ec_attach_spec *s, unsigned int i);

/** ec_attach_spec_value() - the value of set @i, below n_sets: "MSI-X". Owned by @s. */
const char *ec_attach_spec_value(const struct ec_attach_spec *s, unsigned int i);

#endif
