/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the tables of tables.h to the memory of a PVH guest that has not started yet. The
 * toolstack's own tables have no PCI root bridge, and it accepts no others.
 *
 * The RSDP has a page of its own. SSDT and MCFG go to the upper half of that page, with copies of
 * XSDT and RSDT that name them too. The lower half stays as it is: the toolstack's DSDT may set
 * bits up to 0x430 bytes after the start of the MADT, which ends where the page starts, or before.
 *
 * First everything is read and the result computed, then it is written. The guest may have changed
 * what is read: no loop and no index depends on it unchecked; a table has at most 64 KiB, a list at
 * most 32 entries.
 */
#ifndef EC_ACPI_PVH_H
#define EC_ACPI_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acpi/tables.h"

/** Where in the page of the RSDP the tables go, and how many bytes they may have. */
#define EC_ACPI_ROOM_AT 0x800u
#define EC_ACPI_ROOM 0x800u

/** The memory of a guest. */
struct ec_acpi_memory {
	/* Copies at most 4096 bytes from or, if @write, to guest address @gpa; they may be in two
	 * pages. Returns 0, or a negative errno if there is no memory. */
	int (*copy)(void *ctx, uint64_t gpa, void *buf, size_t len, bool write);
	void *ctx;
};

/** What ec_acpi_pvh_write() writes. */
struct ec_acpi_insertion {
	uint64_t rsdp;                  /* guest address; a multiple of 4096 */
	uint64_t extent;                /* guest address of its size in the memory map */
	bool again;                     /* tables of an earlier insertion are replaced */
	uint32_t used;                  /* bytes of @room that hold tables */
	uint8_t room[EC_ACPI_ROOM];     /* XSDT, RSDT, SSDT, MCFG, then 0 */
	uint8_t pointers[EC_ACPI_RSDP]; /* the new RSDP */
};

/**
 * ec_acpi_pvh_plan() - read a guest's tables and compute what to write.
 * @m: the machine, of kind PVH. @start_info: guest address of struct hvm_start_info, which is in
 * RBX of the first virtual CPU until it runs. @out: written on success. Tables of an earlier
 * insertion are replaced. Returns 0; -EINVAL, with the reason in *@diag, if the machine or the
 * guest's memory is not as expected; -ENOSPC if the tables do not fit; or the callback's errno. At
 * most some thousand reads. Source: Xen tools/libs/light/libxl_x86_acpi.c for the toolstack's
 * layout.
 */
int ec_acpi_pvh_plan(const struct ec_acpi_machine *m, uint64_t start_info,
		     const struct ec_acpi_memory *mem, struct ec_acpi_insertion *out,
		     struct ec_diag *diag);

/**
 * ec_acpi_pvh_write() - write what ec_acpi_pvh_plan() has computed: tables, memory map, then RSDP.
 * Three writes. Returns 0, or the callback's errno with the reason in *@diag; the old tables are
 * still valid then, unless the write of the RSDP failed half-way.
 */
int ec_acpi_pvh_write(const struct ec_acpi_insertion *in, const struct ec_acpi_memory *mem,
		      struct ec_diag *diag);

#endif
