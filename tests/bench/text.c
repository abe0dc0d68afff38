/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/dump.h"
#include "fixture.h"

/* A conventional function with capabilities. */
static void make_small(struct fixture *f, unsigned int i)
{
	fixture_init(f, 256, PCI_HEADER_TYPE_NORMAL);
	fixture_put(f, 0x10, 4, 0xfe000000u + i * 0x1000);
	fixture_put(f, 0x14, 4, 0xe001);
	fixture_cap(f, 0x40, PCI_CAP_ID_PM);
	fixture_put(f, 0x42, 2, 0x0003);
	fixture_cap(f, 0x50, PCI_CAP_ID_MSI);
	fixture_put(f, 0x52, 2, 0x0080);
	fixture_cap(f, 0x70, PCI_CAP_ID_MSIX);
	fixture_put(f, 0x72, 2, 0x000f);
	fixture_put(f, 0x78, 4, 0x00000800);
	fixture_express(f, 0x80, 2, PCI_EXP_TYPE_LEG_END);
	/* values that drivers and firmware leave */
	for (uint32_t off = 0xc0; off < 0x100; off += 4)
		fixture_put(f, off, 4, (off + i) * 0x9e3779b1u);
}

static void make(struct fixture *f, unsigned int i)
{
	if (i % 2) {
		make_small(f, i);
	} else {
		fixture_nic(f);
		for (uint32_t off = 0x400; off < 0x500; off += 4)
			fixture_put(f, off, 4, (off + i) * 0x9e3779b1u);
	}
	fixture_put(f, PCI_VENDOR_ID, 4, i % 2 ? 0x10001af4 : 0x10d38086);
	fixture_put(f, PCI_SUBSYSTEM_ID, 2, i);
}

char *text_make(unsigned int n, size_t *len)
{
	char *text = NULL, row[EC_DUMP_ROW_MAX];
	FILE *f = open_memstream(&text, len);
	struct fixture x;

	for (unsigned int i = 0; f && i < n; i++) {
		make(&x, i);
		fprintf(f, "%02x:%02x.0 Ethernet controller: function %u of a benchmark (rev 03)\n",
			i / 32, i % 32, i);
		if (i % 4 == 0)
			fprintf(f, "\tRegion 0: Memory at 40f8000000 (64-bit, prefetchable) "
				   "[size=64M]\n"
				   "\tRegion 2: I/O ports at e000 [size=32]\n"
				   "\tRegion 3: Memory at fe900000 (32-bit, non-prefetchable) "
				   "[size=16K]\n");
		for (uint32_t off = 0; off < x.img.size; off += 16) {
			ec_dump_print_row(row, off, x.img.byte + off);
			fputs(row, f);
		}
		fputc('\n', f);
	}
	if (!f || fclose(f)) {
		perror("bench");
		exit(EXIT_FAILURE);
	}
	return text;
}
