/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captured functions made by hand: an image is built register by register; capabilities are linked
 * in the order in which they are added.
 */
#ifndef EC_TESTS_FIXTURE_H
#define EC_TESTS_FIXTURE_H

#include <stdint.h>

#include "core/image.h"

struct fixture {
	struct ec_image img;
	uint32_t last_std; /* where the next standard pointer goes */
	uint32_t last_ext; /* offset of the last extended capability, 0: none yet */
};

/**
 * fixture_init() - a function without capabilities: ids, class 020000, header @type.
 * @size: 64, 256 or 4096 bytes, all captured.
 */
void fixture_init(struct fixture *f, uint32_t size, uint8_t type);

/** fixture_put() - the little-endian @len (1, 2 or 4) bytes at @offset. */
void fixture_put(struct fixture *f, uint32_t offset, unsigned int len, uint32_t value);

/** fixture_get() - the reverse. */
uint32_t fixture_get(const struct fixture *f, uint32_t offset, unsigned int len);

/** fixture_fill() - @len bytes of @byte at @offset. */
void fixture_fill(struct fixture *f, uint32_t offset, uint32_t len, uint8_t byte);

/** fixture_cap() - a standard capability, linked after the last one; sets STATUS. */
void fixture_cap(struct fixture *f, uint32_t offset, uint8_t id);

/** fixture_ext() - an extended capability, linked after the last one; the first is at 0x100. */
void fixture_ext(struct fixture *f, uint32_t offset, uint16_t id, uint8_t version);

/**
 * fixture_express() - a PCI Express capability with device and link registers.
 * @version: 0 to 2. @type: PCI_EXP_TYPE_*. The link is x4 at 8 GT/s; the function can FLR.
 */
void fixture_express(struct fixture *f, uint32_t offset, uint8_t version, uint8_t type);

/** Where fixture_nic() has its capabilities, and two dwords that are in none. */
enum {
	NIC_PM = 0x40,
	NIC_MSI = 0x50,
	NIC_EXP = 0x70,
	NIC_MSIX = 0xb0,
	NIC_GAP = 0xc0,
	NIC_VPD = 0xe0,
	NIC_AER = 0x100,
	NIC_DSN = 0x140,
	NIC_ARI = 0x150,
	NIC_SRIOV = 0x160,
	NIC_VSEC = 0x1c0,
	NIC_EXT_GAP = 0x800,
};

/**
 * fixture_nic() - an endpoint of 4 KiB like a network card: PM at 40, MSI (64-bit,
 * maskable, 8 vectors) at 50, PCI Express v2 at 70, MSI-X at b0, VPD at e0; AER at 100, DSN at
 * 140, ARI at 150, SR-IOV at 160, VSEC at 1c0; BAR 0 64-bit, BAR 2 I/O, BAR 3 32-bit.
 */
void fixture_nic(struct fixture *f);

#endif
