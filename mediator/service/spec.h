/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function is attached with, as users write it: BDF[@SLOT][,KEY=VALUE...], the form of
 * xl's PCI_SPEC_STRING (xl-pci-configuration(5)).
 */
#ifndef EC_SERVICE_SPEC_H
#define EC_SERVICE_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/sbdf.h"

/** Bytes of a specification with its terminating 0; a longer one is refused. */
#define EC_ATTACH_SPEC_MAX 128

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
};

/**
 * ec_attach_spec_parse() - read a specification.
 * @text: terminated. BDF is "[SSSS:]BB:DD.F", SLOT hexadecimal, 0 to 1f. Keys, each at most once:
 *      ecam=ADDRESS|none (64 bits, "0x..." or decimal, a multiple of 1 MiB) and reset=auto|none.
 * @out: written on success only. @diag: says on failure which part is wrong; may be NULL.
 * Returns 0 or -EINVAL. Pure; whether the guest has room there is the service's to say.
 */
int ec_attach_spec_parse(const char *text, struct ec_attach_spec *out, struct ec_diag *diag);

#endif
