/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ACPI tables that report a guest's ECAM window and root bridge: MCFG, and an SSDT that is made
 * from a template of this folder by putting in the machine's numbers. Pure.
 *
 * HVM: hvmloader takes them as a file (xl's acpi_firmware=). The root bridge is in hvmloader's own
 * DSDT; the SSDT adds _OSC to it. PVH: pvh.h writes them into the guest's memory, and the SSDT
 * declares the root bridge.
 */
#ifndef EC_ACPI_TABLES_H
#define EC_ACPI_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acpi/offsets.h"
#include "core/diag.h"

/** Room for both tables of either kind of guest. */
#define EC_ACPI_MAX 1024u

/** The OEM id of tables that are made here. */
#define EC_ACPI_OEM "ECAMD\0"

enum ec_acpi_kind { EC_ACPI_HVM, EC_ACPI_PVH };

/** Addresses or ports from @first to @last. Both 0: none. */
struct ec_acpi_window {
	uint64_t first, last;
};

/** What the tables report. */
struct ec_acpi_machine {
	enum ec_acpi_kind kind;
	uint64_t ecam; /* guest address of bus 0, whether bus 0 is in the window or not */
	uint8_t first_bus, last_bus; /* in the window */
	/* buses and windows of the root bridge: PVH only, hvmloader has its own */
	uint8_t root_first, root_last;
	struct ec_acpi_window io, mem32, mem64;
};

/**
 * ec_acpi_default() - a machine with an ECAM window of @buses buses, 1 to 256, that start with 0.
 * @bus0: HVM: bus 0 is in the window; otherwise only CF8 reaches it, where the device model's
 * functions answer. PVH: bus 0 is always in it.
 * The caller adds windows of the root bridge. Nothing is checked: see ec_acpi_check().
 */
struct ec_acpi_machine ec_acpi_default(enum ec_acpi_kind kind, uint64_t ecam, unsigned int buses,
				       bool bus0);

/** ec_acpi_ecam() - the addresses of the ECAM window's buses. */
struct ec_acpi_window ec_acpi_ecam(const struct ec_acpi_machine *m);

/**
 * ec_acpi_check() - is this machine possible?
 * Returns 0, or -EINVAL with the reason in *@diag: a window is misaligned, overlaps another one or
 * covers what every guest of the kind has there. The guest's RAM is not known here.
 */
int ec_acpi_check(const struct ec_acpi_machine *m, struct ec_diag *diag);

/** ec_acpi_sum() - the sum of @len bytes; 0 for a whole table whose checksum is right. */
uint8_t ec_acpi_sum(const void *p, size_t len);

/**
 * ec_acpi_header() - write the header of a table of @len bytes to @out.
 * @signature has 4 characters, @id 8. The checksum is 0: call ec_acpi_seal() when the table is
 * complete.
 */
void ec_acpi_header(uint8_t *out, const char *signature, uint8_t revision, const char *id,
		    uint32_t len);

/** ec_acpi_seal() - set the checksum of the table at @table, whose length is in its header. */
void ec_acpi_seal(uint8_t *table);

/**
 * ec_acpi_mcfg() - write the table MCFG of a machine that ec_acpi_check() has accepted.
 * The base is that of bus 0 even if the window starts with bus 1.
 * Source: PCI Firmware Specification 3.3, 4.1.2.
 */
void ec_acpi_mcfg(const struct ec_acpi_machine *m, uint8_t out[EC_ACPI_MCFG]);

/**
 * ec_acpi_ssdt() - write the SSDT of a machine that ec_acpi_check() has accepted.
 * Returns its length; -ENOSPC if it exceeds @size; -EPROTO, with a name in *@diag, if the template
 * does not have a number of the machine exactly once.
 */
int ec_acpi_ssdt(const struct ec_acpi_machine *m, uint8_t *out, size_t size, struct ec_diag *diag);

/**
 * ec_acpi_tables() - check the machine, then write its SSDT and, directly after it, its MCFG.
 * For HVM that is the file for acpi_firmware=: hvmloader copies table after table by the lengths in
 * their headers. Returns the length of both, or a negative errno as the functions above do.
 * Source: Xen tools/libacpi/build.c (construct_passthrough_tables).
 */
int ec_acpi_tables(const struct ec_acpi_machine *m, uint8_t *out, size_t size,
		   struct ec_diag *diag);

#endif
