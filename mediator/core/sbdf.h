/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address of a PCI function: segment, bus, device, function.
 * A segment has 32 bits, because Linux numbers those of Intel VMD from 10000 on. Xen's interfaces
 * take 16; whatever passes an address to Xen checks that.
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

/** Bytes of the longest printed form, "ffffffff:ff:1f.7", with its 0. */
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

/** The highest segment that Xen's interfaces take. */
#define EC_SEGMENT_XEN_MAX 0xffffu

/** ec_sbdf_fits_xen() - whether Xen's interfaces can name the function. */
static inline bool ec_sbdf_fits_xen(struct ec_sbdf s)
{
	return s.segment <= EC_SEGMENT_XEN_MAX;
}

/** ec_sbdf_compare() - compare segment, bus, device, function: <0, 0 or >0, as for qsort(3). */
int ec_sbdf_compare(struct ec_sbdf a, struct ec_sbdf b);

/**
 * ec_sbdf_scan() - read "[SSSS:]BB:DD.F" at the start of a text.
 * @text, @len: the text; need not be terminated. @out: written on success only.
 * Digits are hexadecimal in either case: 4 to 8 for the segment, two for bus and device, one for
 * the function. Returns the number of characters read, or 0 if the text does not start with an
 * address. Pure. Source: lspci(8), xl-pci-configuration(5).
 */
size_t ec_sbdf_scan(const char *text, size_t len, struct ec_sbdf *out);

/**
 * ec_sbdf_parse() - read a terminated text that is an address and nothing else.
 * Returns 0, or -EINVAL with *@out unchanged. Pure.
 */
int ec_sbdf_parse(const char *text, struct ec_sbdf *out);

/**
 * ec_sbdf_print() - write the address into @out.
 * @full: with the segment always; else, as lspci does, only if it is not 0.
 * Returns @out. Pure.
 */
char *ec_sbdf_print(struct ec_sbdf s, bool full, char out[EC_SBDF_MAX]);

#endif
