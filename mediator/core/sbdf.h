/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address of a PCI function: segment, bus, device, function.
 * Linux numbers segments above 0xffff for Intel VMD, so a segment has 32 bits here; Xen's
 * interfaces take 16, which is checked where an address is handed to Xen (core/ecam.h).
 */
#ifndef EC_CORE_SBDF_H
#define EC_CORE_SBDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ec_sbdf {
	uint32_t segment;
	uint8_t bus;
	uint8_t devfn; /* device in bits 7:3, function in bits 2:0 */
};

/** Room for the longest printed form, "ffffffff:ff:1f.7", and its 0. */
#define EC_SBDF_MAX 17

/** ec_sbdf_device() - device number, 0 to 31. */
static inline unsigned int ec_sbdf_device(struct ec_sbdf s)
{
	return s.devfn >> 3;
}

/** ec_sbdf_function() - function number, 0 to 7. */
static inline unsigned int ec_sbdf_function(struct ec_sbdf s)
{
	return s.devfn & 7;
}

/** ec_sbdf_compare() - order by segment, bus, device, function: <0, 0 or >0, as for qsort(3). */
int ec_sbdf_compare(struct ec_sbdf a, struct ec_sbdf b);

/**
 * ec_sbdf_scan() - read "[SSSS:]BB:DD.F" at the start of a text.
 * @text, @len: the text; need not be terminated.
 * @out: the address, written on success only.
 * Digits are hexadecimal of either case; the segment has 4 to 8 of them, bus and device two,
 * the function one. Returns the number of characters read, or 0 if the text does not start with
 * an address. Pure. Form: lspci(8) and xl-pci-configuration(5).
 */
size_t ec_sbdf_scan(const char *text, size_t len, struct ec_sbdf *out);

/**
 * ec_sbdf_parse() - the whole of a terminated text as an address.
 * Returns 0, or -EINVAL when it is anything else, then *@out is untouched. Pure.
 */
int ec_sbdf_parse(const char *text, struct ec_sbdf *out);

/**
 * ec_sbdf_print() - write the address into @out.
 * @full: true: always with the segment; false: as lspci does, only if it is not 0.
 * Returns @out. Pure.
 */
char *ec_sbdf_print(struct ec_sbdf s, bool full, char out[EC_SBDF_MAX]);

#endif
