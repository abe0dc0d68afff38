/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bar.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"

#define ROM_MIN (2u << 10)
#define ROM_MAX (16u << 20)
#define IO_MIN 4u
#define IO_MAX 256u
#define MEM_MIN 16u
/* the largest power of two that a 32-bit BAR can decode */
#define DWORD_MAX (1u << 31)
#define PAGE 4096u

const char *const ec_bar_kind_names[] = {
	[EC_BAR_NONE] = "none",    [EC_BAR_IO] = "I/O",       [EC_BAR_MEM32] = "32-bit",
	[EC_BAR_MEM64] = "64-bit", [EC_BAR_UPPER] = "64-bit", [EC_BAR_EXPROM] = "ROM",
};

uint32_t ec_bar_offset(unsigned int index, unsigned int type)
{
	if (index == EC_BAR_ROM)
		return type == PCI_HEADER_TYPE_BRIDGE ? PCI_ROM_ADDRESS1 : PCI_ROM_ADDRESS;
	if (index > 5 || (type == PCI_HEADER_TYPE_BRIDGE && index > 1))
		return 0;
	return PCI_BASE_ADDRESS_0 + index * 4;
}

/* Sizes of a kind of register in bytes. */
struct sizes {
	uint64_t least, most; /* it can decode; another size counts as unknown */
	uint64_t guess;       /* at most */
};

/* The size to use for @bar: that of @region, or a guess. */
static void set_size(struct ec_bar *bar, const struct ec_region *region, uint64_t known,
		     struct sizes can)
{
	uint64_t size = known, least = can.least;

	if (ec_low_bit(known) != known || known < least || known > can.most) {
		bar->guessed = true;
		size = bar->addr ? ec_low_bit(bar->addr) : PAGE;
		if (size > can.guess)
			size = can.guess;
		while (region->most && size > region->most && size > least)
			size >>= 1;
	}
	bar->size = size < least ? least : size;
}

static void decode_rom(uint32_t value, const struct ec_region *region, struct ec_bar *bar)
{
	bar->addr = value & EC_BAR_ROM_MASK;
	if (!bar->addr && !region->size)
		return;
	bar->kind = EC_BAR_EXPROM;
	set_size(bar, region, region->size, (struct sizes){ ROM_MIN, ROM_MAX, ROM_MAX });
}

/* @high: the next register, if it can be the upper half; else NULL. */
static void decode_one(uint32_t value, const uint32_t *high, const struct ec_region *region,
		       struct ec_bar *bar)
{
	uint64_t known = region->size, most = DWORD_MAX;
	uint32_t type;

	if (!value && !known)
		return;
	if (!value)
		value = region->flags;
	/* the size is that of a BAR of the other kind */
	else if ((value ^ region->flags) & PCI_BASE_ADDRESS_SPACE_IO)
		known = 0;
	if (value & PCI_BASE_ADDRESS_SPACE_IO) {
		bar->kind = EC_BAR_IO;
		bar->flags = PCI_BASE_ADDRESS_SPACE_IO;
		bar->addr = value & EC_BAR_IO_MASK;
		set_size(bar, region, known, (struct sizes){ IO_MIN, most, IO_MAX });
		return;
	}
	type = value & PCI_BASE_ADDRESS_MEM_TYPE_MASK;
	bar->kind = EC_BAR_MEM32;
	bar->addr = value & EC_BAR_MEM_MASK;
	if (type == PCI_BASE_ADDRESS_MEM_TYPE_64 && high) {
		bar->kind = EC_BAR_MEM64;
		bar->addr |= (uint64_t)*high << 32;
		most = UINT64_MAX;
	} else if (type != PCI_BASE_ADDRESS_MEM_TYPE_1M) {
		/* a 64-bit BAR without an upper half, or a reserved type, decodes 32 bits */
		type = PCI_BASE_ADDRESS_MEM_TYPE_32;
	}
	bar->flags = type | (value & PCI_BASE_ADDRESS_MEM_PREFETCH);
	set_size(bar, region, known,
		 (struct sizes){ MEM_MIN, most, bar->kind == EC_BAR_MEM64 ? most : DWORD_MAX });
}

/*
 * An IDE controller in compatibility mode has no BARs 0 to 3, but fixed ports: BARs 0 and 1 belong
 * to the first channel, with bit 0 of the interface byte for native mode; 2 and 3 to the second,
 * with bit 2 (PCI IDE Controller Specification 1.0, 2.0 and 5.0).
 */
static bool is_compatible_ide(const struct ec_image *img, unsigned int index)
{
	uint32_t class_prog =
		ec_image_get(img, PCI_CLASS_PROG, 1) | ec_image_get(img, PCI_CLASS_DEVICE, 2) << 8;

	return class_prog >> 8 == PCI_CLASS_STORAGE_IDE && index < 4 &&
	       !(class_prog & (index < 2 ? 1 : 4));
}

void ec_bar_decode(const struct ec_image *img, const struct ec_region *region, unsigned int type,
		   struct ec_bar bars[EC_BAR_MAX])
{
	static const struct ec_region unknown[EC_BAR_MAX];
	unsigned int n = type == PCI_HEADER_TYPE_BRIDGE ? 2 : 6;

	if (!region)
		region = unknown;
	memset(bars, 0, EC_BAR_MAX * sizeof(*bars));
	for (unsigned int i = 0; i < n; i++) {
		uint32_t off = ec_bar_offset(i, type);
		uint32_t high = ec_image_get(img, off + 4, 4);

		if (is_compatible_ide(img, i) && !ec_image_get(img, off, 4))
			continue;
		decode_one(ec_image_get(img, off, 4), i + 1 < n ? &high : NULL, region + i,
			   bars + i);
		if (bars[i].kind == EC_BAR_MEM64) {
			bars[i + 1] = bars[i];
			bars[++i].kind = EC_BAR_UPPER;
		}
	}
	decode_rom(ec_image_get(img, ec_bar_offset(EC_BAR_ROM, type), 4), region + EC_BAR_ROM,
		   bars + EC_BAR_ROM);
}

uint32_t ec_bar_writable(const struct ec_bar *bar)
{
	uint64_t mask = ~(bar->size - 1);

	switch (bar->kind) {
	case EC_BAR_IO:
	case EC_BAR_MEM32:
	case EC_BAR_MEM64:
		return (uint32_t)mask & (bar->kind == EC_BAR_IO ? EC_BAR_IO_MASK : EC_BAR_MEM_MASK);
	case EC_BAR_UPPER:
		return (uint32_t)(mask >> 32);
	case EC_BAR_EXPROM:
		return (uint32_t)mask & EC_BAR_ROM_MASK;
	default:
		return 0;
	}
}
