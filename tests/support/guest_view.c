/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest_view.h"

#include <check.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "core/dump.h"

void guest_view_read(const struct guest_config *g, struct ec_sbdf at, struct ec_image *img)
{
	static const uint8_t zero[EC_CONFIG_SIZE];
	uint32_t size = 256;

	if (g->ecam && at.bus >= g->first_bus && guest_config_read(g, at, 0x100, 4) != 0xffffffff)
		size = EC_CONFIG_SIZE;
	ec_image_clear(img);
	ec_image_put(img, 0, zero, size);
	for (uint32_t off = 0; off < size; off += 4)
		ec_put_le(img->byte + off, 4, guest_config_read(g, at, off, 4));
}

char *guest_view_text(const struct guest_config *g, const struct enumerated *e)
{
	char *text = NULL, row[EC_DUMP_ROW_MAX], at[EC_SBDF_MAX];
	struct ec_image img;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(f);
	for (unsigned int i = 0; i < e->n; i++) {
		fprintf(f, "%s guest\n", ec_sbdf_print(e->found[i].at, false, at));
		guest_view_read(g, e->found[i].at, &img);
		for (uint32_t off = 0; off < img.size; off += 16) {
			ec_dump_print_row(row, off, img.byte + off);
			fputs(row, f);
		}
		fputc('\n', f);
	}
	fclose(f);
	return text;
}

/* Bytes that the guest writes, as offsets from the header or a capability. */
struct written {
	uint8_t first, last;
};

static void forget(bool *ours, unsigned int base, const struct written *w, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int at = base + w[i].first; at <= base + w[i].last && at < 256; at++)
			ours[at] = false;
}

/* Marks which of the first 256 bytes a guest does not write. */
static void mark(const struct ec_image *img, bool ours[256])
{
	static const struct written normal[] = { { PCI_COMMAND, PCI_COMMAND + 1 },
						 { PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_5 + 3 },
						 { PCI_ROM_ADDRESS, PCI_ROM_ADDRESS + 3 },
						 { PCI_INTERRUPT_LINE, PCI_INTERRUPT_LINE } };
	static const struct written bridge[] = { { PCI_COMMAND, PCI_COMMAND + 1 },
						 { PCI_IO_BASE, PCI_IO_LIMIT },
						 { PCI_MEMORY_BASE, PCI_IO_LIMIT_UPPER16 + 1 },
						 { PCI_INTERRUPT_LINE, PCI_INTERRUPT_LINE } };
	static const struct written msi[] = { { PCI_MSI_FLAGS, PCI_MSI_MASK_BIT_64 + 7 } },
				    msi32[] = { { PCI_MSI_FLAGS, PCI_MSI_DATA_32 + 5 } };
	static const struct written msix[] = { { PCI_CAP_FLAGS + 1, PCI_CAP_FLAGS + 1 } };
	bool is_bridge = (ec_image_get(img, PCI_HEADER_TYPE, 1) & 0x7f) == PCI_HEADER_TYPE_BRIDGE;
	uint32_t at;

	memset(ours, true, 256);
	forget(ours, 0, is_bridge ? bridge : normal, EC_ARRAY_SIZE(normal));
	if (!(ec_image_get(img, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return;
	for (at = ec_image_get(img, PCI_CAPABILITY_LIST, 1); at;
	     at = ec_image_get(img, at + 1, 1)) {
		uint32_t id = ec_image_get(img, at, 1);
		bool wide = ec_image_get(img, at + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_64BIT;

		if (id == PCI_CAP_ID_MSI)
			forget(ours, at, wide ? msi : msi32, 1);
		if (id == PCI_CAP_ID_MSIX)
			forget(ours, at, msix, 1);
	}
}

uint32_t guest_view_differs(const struct ec_image *a, const struct ec_image *b)
{
	uint32_t size = a->size < b->size ? a->size : b->size;
	bool ours[256];

	mark(a, ours);
	for (uint32_t at = 0; at < size; at++)
		if ((at >= 256 || ours[at]) && a->byte[at] != b->byte[at])
			return at;
	return EC_CONFIG_SIZE;
}
