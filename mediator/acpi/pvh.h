/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of acpi.h put into the memory of a PVH guest that has not started yet: the toolstack
 * has made it tables without a PCI root bridge, and takes none from elsewhere.
 *
 * The RSDP has a page of its own; SSDT and MCFG go into its upper half, with copies of XSDT and
 * RSDT that name them too. The lower half stays as it is: the toolstack's DSDT may set a bit in
 * every eighth byte of the 1 KiB behind MADT's first processor.
 *
 * First everything is read and what is to be written computed, then it is written. What is read is
 * a guest's: nothing in it leads to an unbounded loop, nor outside the buffers here.
 */
#ifndef EC_ACPI_PVH_H
#define EC_ACPI_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acpi/tables.h"

/** Where in the RSDP's page the tables go, and how much room there is. */
#define EC_ACPI_ROOM_AT 0x800u
#define EC_ACPI_ROOM 0x800u
#define EC_ACPI_RSDP 36u

/** The memory of a guest. */
struct ec_acpi_memory {
	/* Copies guest memory from or, if @write, to @gpa: at most a page of bytes, which may lie
	 * in two pages. 0, or a negative errno: nothing is there. */
	int (*copy)(void *ctx, uint64_t gpa, void *buf, size_t len, bool write);
	void *ctx;
};

/** What is to be written. */
struct ec_acpi_insertion {
	uint64_t rsdp;                  /* guest address; a multiple of 4096 */
	uint64_t extent;                /* guest address of the page's size in the memory map */
	bool again;                     /* tables of an earlier insertion are replaced */
	uint32_t used;                  /* bytes of @room that hold tables */
	uint8_t room[EC_ACPI_ROOM];     /* XSDT, RSDT, SSDT, MCFG, then 0 */
	uint8_t pointers[EC_ACPI_RSDP]; /* the new RSDP */
};

/**
 * ec_acpi_guest_plan() - read a guest's tables and compute what is to be written.
 * @m: the machine, of kind PVH. @start_info: guest address of its struct hvm_start_info, that the
 * first virtual CPU has in its register RBX until it runs. @out: written on success.
 * Returns 0; -EINVAL with the reason in *@diag, where the machine or anything in the guest is not
 * as expected; -ENOSPC: the tables do not fit; another negative errno of the callback. A guest
 * that has had tables before gets new ones in their place. Side effects: reads by the callback, at
 * most some thousand.
 * Source: xen/include/public/arch-x86/hvm/start_info.h; ACPI specification (RSDP, RSDT, XSDT,
 * FADT, MADT); Xen tools/libs/light/libxl_x86_acpi.c for where things are.
 */
int ec_acpi_guest_plan(const struct ec_acpi_machine *m, uint64_t start_info,
		       const struct ec_acpi_memory *mem, struct ec_acpi_insertion *out,
		       struct ec_diag *diag);

/**
 * ec_acpi_guest_write() - write what was computed: the tables, the memory map, the RSDP last.
 * Returns 0, or the callback's negative errno with what could not be written in *@diag. The guest's
 * tables are then still the old ones, unless it was the RSDP itself. Side effects: three writes.
 */
int ec_acpi_guest_write(const struct ec_acpi_insertion *in, const struct ec_acpi_memory *mem,
			struct ec_diag *diag);

#endif
