/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a PVH guest as the toolstack leaves it: its start information with the memory map,
 * and the ACPI tables of Xen 4.17.
 */
#ifndef EC_TESTS_PVH_H
#define EC_TESTS_PVH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acpi/pvh.h"

/** Guest addresses of what it has; the RSDP's page is the last. */
#define PVH_START 0x4a00000ull
#define PVH_MAP (PVH_START + 0x38)
#define PVH_MAP_RSDP (PVH_MAP + 2 * 24) /* the memory map's entry of the RSDP */
#define PVH_ACPI 0xfc000000ull
#define PVH_DSDT 0xfc001040ull
#define PVH_FADT_OLD 0xfc007ce0ull
#define PVH_FADT 0xfc007d60ull
#define PVH_MADT 0xfc007e70ull
#define PVH_XSDT 0xfc007f50ull
#define PVH_RSDT 0xfc007f90ull
#define PVH_RSDP 0xfc008000ull
#define PVH_ROOM (PVH_RSDP + EC_ACPI_ROOM_AT)

/** What was done to it, and what is to fail: the read or write of that number, from 1. */
struct pvh {
	unsigned int reads, writes, fail_read, fail_write;
	uint64_t written[8]; /* guest addresses, by the number of the write from 0 */
	uint8_t low[4096], start[4096], acpi[9 * 4096];
};

/** pvh_setup() - a fresh guest. */
void pvh_setup(struct pvh *g);

/** pvh_memory() - it as a callback. */
struct ec_acpi_memory pvh_memory(struct pvh *g);

/** pvh_at() - its bytes at @gpa; NULL if there are not @len. */
uint8_t *pvh_at(struct pvh *g, uint64_t gpa, size_t len);

/** pvh_get(), pvh_put() - a little-endian number of @len bytes, which must be there. */
uint64_t pvh_get(struct pvh *g, uint64_t gpa, unsigned int len);
void pvh_put(struct pvh *g, uint64_t gpa, unsigned int len, uint64_t v);

/** pvh_table() - the header of a table, its checksum still missing. */
void pvh_table(struct pvh *g, uint64_t gpa, const char *signature, uint8_t revision, uint32_t len);

/** pvh_seal() - put in the checksums of a table, of all that have one, or of the RSDP. */
void pvh_seal(struct pvh *g, uint64_t gpa);
void pvh_seal_all(struct pvh *g);
void pvh_seal_rsdp(struct pvh *g);

#endif
