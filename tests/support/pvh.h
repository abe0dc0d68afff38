/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a PVH guest as the toolstack leaves it: its start information with the memory map,
 * and the ACPI tables of Xen 4.17. And a fixture that inserts tables into it.
 */
#ifndef EC_TESTS_PVH_H
#define EC_TESTS_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acpi/pvh.h"

/** Guest addresses of what it has; the RSDP's page is the last. */
#define PVH_START 0x4a00000ull
#define PVH_MAP (PVH_START + EC_START_INFO)
#define PVH_MAP_ENTRY(i) (PVH_MAP + (i)*EC_MEMMAP_ENTRY)
#define PVH_MAP_RSDP PVH_MAP_ENTRY(2)
#define PVH_ACPI 0xfc000000ull
#define PVH_DSDT 0xfc001040ull
#define PVH_FADT_OLD 0xfc007ce0ull
#define PVH_FADT 0xfc007d60ull
#define PVH_MADT 0xfc007e70ull
#define PVH_XSDT 0xfc007f50ull
#define PVH_RSDT 0xfc007f90ull
#define PVH_RSDP 0xfc008000ull
#define PVH_ROOM (PVH_RSDP + EC_ACPI_ROOM_AT)
/** Guest address of entry @i of the XSDT, or RSDT, at @at. */
#define PVH_XSDT_ENTRY(at, i) ((at) + EC_ACPI_HEADER + (i)*EC_ACPI_XSDT_ENTRY)
#define PVH_RSDT_ENTRY(at, i) ((at) + EC_ACPI_HEADER + (i)*EC_ACPI_RSDT_ENTRY)
/** Bytes of its MADT, with one processor. */
#define PVH_MADT_LEN 0x34u

/** The guest, what was done to it, and which read or write fails, counted from 1. */
struct pvh {
	unsigned int reads, writes, fail_read, fail_write;
	uint64_t written[8]; /* guest addresses, by the number of the write from 0 */
	uint8_t low[4096], start[4096], acpi[9 * 4096];
};

/** pvh_setup() - a fresh guest. */
void pvh_setup(struct pvh *g);

/** pvh_memory() - its memory as a callback. */
struct ec_acpi_memory pvh_memory(struct pvh *g);

/** A guest, and the machine whose tables it gets. */
struct pvh_insertion {
	struct pvh g;
	struct ec_acpi_memory memory;
	struct ec_acpi_machine m;
	struct ec_acpi_insertion in;
	struct ec_diag diag;
};

/** pvh_insertion_setup() - a fresh guest, and a machine with ECAM, 32-bit and 64-bit window. */
void pvh_insertion_setup(struct pvh_insertion *p);

/** pvh_plan() - ec_acpi_pvh_plan() from PVH_START on. */
int pvh_plan(struct pvh_insertion *p);

/** pvh_insert() - plan and write; both must succeed. */
void pvh_insert(struct pvh_insertion *p);

/** pvh_at() - the @len bytes at @gpa; NULL if it does not have all of them. */
uint8_t *pvh_at(struct pvh *g, uint64_t gpa, size_t len);

/** pvh_get(), pvh_put() - a little-endian number of @len bytes, which must exist. */
uint64_t pvh_get(struct pvh *g, uint64_t gpa, unsigned int len);
void pvh_put(struct pvh *g, uint64_t gpa, unsigned int len, uint64_t v);

/** pvh_table() - write the header of a table without its checksum. */
void pvh_table(struct pvh *g, uint64_t gpa, const char *signature, uint8_t revision, uint32_t len);

/** pvh_seal() - set the checksum of a table, of all tables, or of the RSDP. */
void pvh_seal(struct pvh *g, uint64_t gpa);
void pvh_seal_all(struct pvh *g);
void pvh_seal_rsdp(struct pvh *g);

#endif
