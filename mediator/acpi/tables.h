/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ACPI tables that tell a guest of its ECAM window and its root bridge: MCFG, and an SSDT made
 * from a template of mediator/acpi by putting in the machine's numbers.
 *
 * HVM: hvmloader takes them as a file (xl's acpi_firmware=). The root bridge is in hvmloader's own
 * DSDT; the SSDT gives it _OSC. PVH: they are written into the guest's memory (acpi_guest.h), and
 * the SSDT is the root bridge.
 */
#ifndef EC_ACPI_TABLES_H
#define EC_ACPI_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"

/** Bytes of the header that every table but the RSDP starts with; those of MCFG with one window. */
#define EC_ACPI_HEADER 36u
#define EC_ACPI_MCFG 60u
/** Room for both tables of either kind of guest. */
#define EC_ACPI_MAX 1024u

/** Who made a table; @table_id has 8 characters. */
#define EC_ACPI_OEM "ECAMD\0"

enum ec_acpi_kind { EC_ACPI_HVM, EC_ACPI_PVH };

/** Addresses or ports from @first to @last. Both 0: none. */
struct ec_acpi_window {
	uint64_t first, last;
};

/** What the tables tell of. */
struct ec_acpi_machine {
	enum ec_acpi_kind kind;
	uint64_t ecam; /* guest address of bus 0's megabyte, whether that is in the window or not */
	uint8_t first_bus, last_bus; /* that are in the window */
	/* of the root bridge: PVH alone, hvmloader has its own */
	uint8_t root_first, root_last; /* its buses */
	struct ec_acpi_window io, mem32, mem64;
};

/**
 * ec_acpi_default() - a machine with an ECAM window of @buses buses from 0 on, 1 to 256.
 * @bus0: HVM: bus 0 is in the window. Without it CF8 alone reaches bus 0, where the device model's
 * functions answer. PVH: bus 0 is always in it.
 * Windows of the root bridge are for the caller to add. Pure; what is wrong ec_acpi_check() tells.
 */
struct ec_acpi_machine ec_acpi_default(enum ec_acpi_kind kind, uint64_t ecam, unsigned int buses,
				       bool bus0);

/** ec_acpi_ecam() - the addresses of the ECAM window's buses. Pure. */
struct ec_acpi_window ec_acpi_ecam(const struct ec_acpi_machine *m);

/**
 * ec_acpi_check() - can there be such a machine?
 * Returns 0, or -EINVAL with the reason in *@diag: what is misaligned, overlaps or is taken by
 * something that every guest of the kind has. Whether the guest has RAM there is not known here.
 * Pure.
 */
int ec_acpi_check(const struct ec_acpi_machine *m, struct ec_diag *diag);

/** ec_acpi_sum() - the sum of @len bytes; 0 over a whole table, if it is a good one. Pure. */
uint8_t ec_acpi_sum(const void *p, size_t len);

/**
 * ec_acpi_header() - start a table, of @len bytes in all, at @out.
 * @signature has 4 characters, @id 8. The checksum is 0: call ec_acpi_seal() when the table is
 * whole. Pure.
 */
void ec_acpi_header(uint8_t *out, const char *signature, uint8_t revision, const char *id,
		    uint32_t len);

/** ec_acpi_seal() - put in the checksum of the table at @table, whose length its header tells. */
void ec_acpi_seal(uint8_t *table);

/**
 * ec_acpi_mcfg() - the table MCFG of a machine that ec_acpi_check() has passed. Pure.
 * Source: PCI Firmware Specification, "MCFG table"; the base is that of bus 0 wherever the window
 * starts.
 */
void ec_acpi_mcfg(const struct ec_acpi_machine *m, uint8_t out[EC_ACPI_MCFG]);

/**
 * ec_acpi_ssdt() - the SSDT of a machine that ec_acpi_check() has passed.
 * Returns its length; -ENOSPC if that is more than @size; -EPROTO, with the name of what is
 * missing in *@diag, if the template is not what is expected here. Pure.
 */
int ec_acpi_ssdt(const struct ec_acpi_machine *m, uint8_t *out, size_t size, struct ec_diag *diag);

/**
 * ec_acpi_tables() - check the machine, then write SSDT and MCFG, one behind the other.
 * For HVM that is the file of acpi_firmware=: hvmloader goes from table to table by the lengths in
 * their headers and copies each. Returns the length of both, or a negative errno as the functions
 * above do. Pure.
 * Source: Xen tools/libacpi/build.c (construct_passthrough_tables).
 */
int ec_acpi_tables(const struct ec_acpi_machine *m, uint8_t *out, size_t size,
		   struct ec_diag *diag);

#endif
