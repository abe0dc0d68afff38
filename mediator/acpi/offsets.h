/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offsets and lengths, in bytes, of ACPI tables and of a PVH guest's start information.
 * Source: ACPI specification 6.5, 5.2; PCI Firmware Specification 3.3, 4.1.2 (MCFG);
 * xen/include/public/arch-x86/hvm/start_info.h.
 */
#ifndef EC_ACPI_OFFSETS_H
#define EC_ACPI_OFFSETS_H

/** The header of every table but the RSDP. */
enum {
	EC_ACPI_SIGNATURE = 0, /* EC_ACPI_SIGNATURE_LEN characters */
	EC_ACPI_LENGTH = 4,
	EC_ACPI_REVISION = 8,
	EC_ACPI_CHECKSUM = 9,
	EC_ACPI_OEM_ID = 10,
	EC_ACPI_TABLE_ID = 16,
	EC_ACPI_OEM_REVISION = 24,
	EC_ACPI_COMPILER = 28,
	EC_ACPI_COMPILER_REVISION = 32,
	EC_ACPI_HEADER = 36,

	EC_ACPI_SIGNATURE_LEN = 4,
	EC_ACPI_OEM_ID_LEN = 6,
	EC_ACPI_TABLE_ID_LEN = 8,
};

#define EC_ACPI_SIG_DSDT "DSDT"
#define EC_ACPI_SIG_FADT "FACP"
#define EC_ACPI_SIG_MADT "APIC"
#define EC_ACPI_SIG_MCFG "MCFG"
#define EC_ACPI_SIG_RSDP "RSD PTR " /* EC_ACPI_RSDP_SIGNATURE_LEN characters */
#define EC_ACPI_SIG_RSDT "RSDT"
#define EC_ACPI_SIG_SSDT "SSDT"
#define EC_ACPI_SIG_XSDT "XSDT"

/** The RSDP. It has two checksums: of its first 20 bytes, and of all. */
enum {
	EC_ACPI_RSDP_CHECKSUM = 8,
	EC_ACPI_RSDP_REVISION = 15,
	EC_ACPI_RSDP_RSDT = 16,
	EC_ACPI_RSDP_LENGTH = 20,
	EC_ACPI_RSDP_XSDT = 24,
	EC_ACPI_RSDP_CHECKSUM_ALL = 32,
	EC_ACPI_RSDP = 36,

	EC_ACPI_RSDP_SIGNATURE_LEN = 8,
	EC_ACPI_RSDP_FIRST = 20, /* length of the part with a checksum of its own */
};

/** Bytes of an entry of RSDT and XSDT. */
enum { EC_ACPI_RSDT_ENTRY = 4, EC_ACPI_XSDT_ENTRY = 8 };

/** The FADT: the DSDT's address in 4 bytes, and in 8 from revision 2 on. */
enum { EC_ACPI_FADT_DSDT = 40, EC_ACPI_FADT_X_DSDT = 140 };

/** MCFG with one window. */
enum {
	EC_ACPI_MCFG_BASE = 44, /* of bus 0, 8 bytes */
	EC_ACPI_MCFG_SEGMENT = 52,
	EC_ACPI_MCFG_FIRST_BUS = 54,
	EC_ACPI_MCFG_LAST_BUS = 55,
	EC_ACPI_MCFG = 60,
};

/** struct hvm_start_info. */
enum {
	EC_START_MAGIC = 0,
	EC_START_VERSION = 4,
	EC_START_RSDP = 32,
	EC_START_MEMMAP = 40,
	EC_START_MEMMAP_ENTRIES = 48,
	EC_START_INFO = 56,
};
#define EC_START_MAGIC_VALUE 0x336ec578u

/** An entry of its memory map, and the types of memory for ACPI. */
enum {
	EC_MEMMAP_ADDR = 0,
	EC_MEMMAP_SIZE = 8,
	EC_MEMMAP_TYPE = 16,
	EC_MEMMAP_ENTRY = 24,

	EC_MEMMAP_TYPE_ACPI = 3,
	EC_MEMMAP_TYPE_NVS = 4,
};

#endif
