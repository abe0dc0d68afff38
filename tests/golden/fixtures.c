/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the dumps of tests/data: build/fixtures DIRECTORY. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/registry.h"
#include "core/bits.h"
#include "core/dump.h"
#include "devices.h"
#include "fixture.h"
#include "qemu.h"
#include "tables.h"

/* The last ids, of all that the registry knows and one more. */
#define LAST_CAP 0x16
#define LAST_EXT_CAP 0x3b

/* Start of the capability chains. */
#define CAPS 0x40
#define EXT_CAPS 0x100

/* Capabilities of the disk. */
enum {
	DISK_MSIX = CAPS,
	DISK_PM = 0x60,
	DISK_EXP = 0x80,
	DISK_ARI = EXT_CAPS,
	DISK_LTR = 0x110,
	DISK_L1SS = 0x120,
};

static void print_rows(FILE *f, const struct ec_image *img)
{
	char row[EC_DUMP_ROW_MAX];

	for (uint32_t off = 0; off < img->size; off += 16) {
		ec_dump_print_row(row, off, img->byte + off);
		fputs(row, f);
	}
	fputc('\n', f);
}

/* A network card and an NVMe disk, with the sizes of their BARs, like `lspci -vvvxxxx`. */
static void write_demo(FILE *f)
{
	struct fixture x;

	fixture_nic(&x);
	fixture_put(&x, PCI_VENDOR_ID, 4, 0x10d38086);
	fprintf(f, "02:00.0 Ethernet controller: a network card (rev 03)\n"
		   "\tRegion 0: Memory at 40f8000000 (64-bit, prefetchable) [size=64M]\n"
		   "\tRegion 2: I/O ports at e000 [size=32]\n"
		   "\tRegion 3: Memory at fe900000 (32-bit, non-prefetchable) [size=16K]\n"
		   "\tExpansion ROM at fe800000 [disabled] [size=512K]\n"
		   "\tCapabilities: [40] Power Management version 3\n");
	print_rows(f, &x.img);

	fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
	fixture_put(&x, PCI_VENDOR_ID, 4, 0x00101b36);
	fixture_put(&x, PCI_CLASS_REVISION, 4, 0x01080200);
	fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xfd800000 | PCI_BASE_ADDRESS_MEM_TYPE_64);
	fixture_cap(&x, DISK_MSIX, PCI_CAP_ID_MSIX);
	fixture_put(&x, DISK_MSIX + PCI_CAP_FLAGS, 2, 0x0020); /* 33 vectors */
	fixture_put(&x, DISK_MSIX + PCI_MSIX_TABLE, 4, 0x00002000);
	fixture_put(&x, DISK_MSIX + PCI_MSIX_PBA, 4, 0x00003000);
	fixture_cap(&x, DISK_PM, PCI_CAP_ID_PM);
	fixture_put(&x, DISK_PM + PCI_CAP_FLAGS, 2, 3);
	fixture_put(&x, DISK_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RST);
	fixture_express(&x, DISK_EXP, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_ext(&x, DISK_ARI, PCI_EXT_CAP_ID_ARI, 1);
	fixture_ext(&x, DISK_LTR, PCI_EXT_CAP_ID_LTR, 1);
	fixture_put(&x, DISK_LTR + PCI_LTR_MAX_SNOOP, 4, 0x10031003);
	fixture_ext(&x, DISK_L1SS, PCI_EXT_CAP_ID_L1PM, 1);
	fprintf(f, "03:00.0 Non-Volatile memory controller: a disk (rev 00)\n"
		   "\tRegion 0: Memory at fd800000 (64-bit, non-prefetchable) [size=16K]\n");
	print_rows(f, &x.img);
}

/* Every function of the sparse text, with rows added up to 256 or 4096 bytes. */
static void write_qemu(FILE *f)
{
	struct ec_dump_reader r = { .text = qemu_dump, .len = strlen(qemu_dump) };
	static struct ec_dump_function fn;
	struct ec_diag diag;
	size_t start = 0;
	int rc;

	while ((rc = ec_dump_next(&r, &fn, &diag)) > 0) {
		const char *text = qemu_dump + start, *rows = strstr(text, "\n00: ");

		fprintf(f, "%.*s\n", (int)(rows - text), text);
		start = r.pos;
		fn.image.size = fn.image.size > 256 ? EC_CONFIG_SIZE : 256;
		print_rows(f, &fn.image);
	}
	if (rc) {
		fprintf(stderr, "qemu.h:%u: %s\n", diag.line, diag.text);
		exit(EXIT_FAILURE);
	}
}

/* All standard capabilities, three to a function, with a pattern as body. */
static void write_standard(FILE *f)
{
	struct fixture x = { 0 };
	unsigned int dev = 0;

	for (uint8_t id = 1; id <= LAST_CAP; id++) {
		unsigned int place = (id - 1u) % 3;
		uint32_t at = CAPS + place * 0x40;

		if (place == 0) {
			fixture_init(&x, 256, PCI_HEADER_TYPE_NORMAL);
			fixture_fill(&x, CAPS, 256 - CAPS, 0xa5);
			fprintf(f, "00:%02x.0 standard capabilities from %02x\n", ++dev, id);
		}
		fixture_fill(&x, at, 0x40, (uint8_t)(0x11 * (place + 1)));
		fixture_cap(&x, at, id);
		if (id == PCI_CAP_ID_EXP)
			fixture_put(&x, at + PCI_EXP_FLAGS, 2, PCI_EXP_TYPE_ROOT_INT_EP << 4 | 2);
		if (id == PCI_CAP_ID_MSIX) /* its table is in BAR 2 */
			fixture_put(&x, PCI_BASE_ADDRESS_2, 4, 0xc0000000);
		if (place == 2 || id == LAST_CAP)
			print_rows(f, &x.img);
	}
}

/* All extended capabilities, each with 48 bytes of a pattern. */
static void write_extended(FILE *f)
{
	struct fixture x;

	fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
	fixture_express(&x, CAPS, 2, PCI_EXP_TYPE_ENDPOINT);
	for (uint16_t id = LAST_EXT_CAP; id > 0; id--) {
		uint32_t at = EXT_CAPS + (uint32_t)(LAST_EXT_CAP - id) * 0x30;

		fixture_fill(&x, at, 0x30, 0x5a);
		fixture_ext(&x, at, id, 1);
	}
	fprintf(f, "00:01.0 every extended capability, the last one first\n");
	print_rows(f, &x.img);
}

static void put_caps(struct fixture *x, const struct tables_cap *cap)
{
	uint32_t at = EXT_CAPS;

	for (;; cap++) {
		fixture_ext(x, at, cap->id, cap->version);
		for (uint32_t i = 0; i < EC_ARRAY_SIZE(cap->dword); i++)
			if (!cap->length || 4 + 4 * i < cap->length)
				fixture_put(x, at + 4 + 4 * i, 4, cap->dword[i]);
		if (!cap->length)
			return;
		at += cap->length;
	}
}

#define MEM64_PREFETCH (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

/* Every known register of extended capabilities. */
static void write_tables(FILE *f)
{
	struct fixture x;

	fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
	fixture_express(&x, CAPS, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xe0000000 | MEM64_PREFETCH);
	fixture_put(&x, PCI_BASE_ADDRESS_2, 4, 0xf0000000 | MEM64_PREFETCH);
	put_caps(&x, tables_endpoint);
	fprintf(f, "01:00.0 an endpoint\n"
		   "\tRegion 0: Memory at e0000000 (64-bit, prefetchable) [size=8G]\n"
		   "\tRegion 2: Memory at f0000000 (64-bit, prefetchable) [size=16M]\n");
	print_rows(f, &x.img);

	fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_BRIDGE);
	fixture_put(&x, PCI_CLASS_DEVICE, 2, PCI_CLASS_BRIDGE_PCI);
	fixture_express(&x, CAPS, 2, PCI_EXP_TYPE_ROOT_PORT);
	put_caps(&x, tables_port);
	fprintf(f, "00:02.0 a root port\n");
	print_rows(f, &x.img);

	fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
	fixture_express(&x, CAPS, 2, PCI_EXP_TYPE_ROOT_INT_EP);
	put_caps(&x, tables_root);
	fprintf(f, "00:03.0 of a root complex, with lengths that there is no room for\n");
	print_rows(f, &x.img);
}

/* Devices of the kinds that example policies are for. */
static void write_devices(FILE *f)
{
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(devices); i++) {
		const struct device *d = devices + i;
		struct fixture x;

		fixture_init(&x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
		fixture_put(&x, PCI_VENDOR_ID, 4, d->ids);
		fixture_put(&x, PCI_CLASS_REVISION, 4, d->class_revision);
		fixture_put(&x, PCI_SUBSYSTEM_VENDOR_ID, 4, d->subsystem);
		for (const struct device_cap *c = d->std; c->offset; c++)
			fixture_cap(&x, c->offset, (uint8_t)c->id);
		if (d->express)
			fixture_express(&x, d->express, d->version, d->type);
		for (const struct device_cap *c = d->ext; c->offset; c++)
			fixture_ext(&x, c->offset, c->id, c->version);
		for (const struct device_put *p = d->put; p->offset; p++)
			fixture_put(&x, p->offset, p->len, p->value);
		fputs(d->title, f);
		print_rows(f, &x.img);
	}
}

/* A function for each fault of a chain. */
static void write_broken(FILE *f)
{
	struct fixture x;

	fixture_nic(&x);
	/* the last capabilities of both chains lead back */
	fixture_put(&x, NIC_VPD + PCI_CAP_LIST_NEXT, 1, NIC_MSI);
	fixture_put(&x, NIC_VSEC, 4, 0x1401000b);
	fprintf(f, "00:01.0 both chains loop\n");
	print_rows(f, &x.img);

	fixture_nic(&x);
	fixture_put(&x, NIC_PM + PCI_CAP_LIST_NEXT, 1, PCI_BASE_ADDRESS_4);
	fixture_put(&x, NIC_AER, 4, 0x08010001);
	fprintf(f, "00:02.0 pointers into the header and below 100\n");
	print_rows(f, &x.img);

	fixture_nic(&x);
	fixture_fill(&x, NIC_MSIX, 4, 0xff);
	fixture_fill(&x, NIC_ARI, 4, 0xff);
	fprintf(f, "00:03.0 pointers to all ones\n");
	print_rows(f, &x.img);

	fixture_nic(&x);
	fixture_fill(&x, EXT_CAPS, EC_CONFIG_SIZE - EXT_CAPS, 0xff);
	fprintf(f, "00:04.0 no extended space: it reads all ones\n");
	print_rows(f, &x.img);

	fixture_init(&x, 64, PCI_HEADER_TYPE_NORMAL);
	fixture_put(&x, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	fixture_put(&x, PCI_CAPABILITY_LIST, 1, CAPS);
	fprintf(f, "00:05.0 64 bytes: the chain was not captured\n");
	print_rows(f, &x.img);

	fixture_init(&x, 256, PCI_HEADER_TYPE_NORMAL);
	fixture_fill(&x, 0, 256, 0xff);
	fprintf(f, "00:06.0 gone\n");
	print_rows(f, &x.img);

	fixture_init(&x, 256, PCI_HEADER_TYPE_CARDBUS);
	fprintf(f, "00:07.0 a CardBus bridge\n");
	print_rows(f, &x.img);

	fixture_nic(&x);
	/* PCI Express starts inside MSI */
	fixture_put(&x, NIC_MSI + PCI_CAP_LIST_NEXT, 1, NIC_MSI + 8);
	memmove(x.img.byte + NIC_MSI + 8, x.img.byte + NIC_EXP, NIC_MSIX - NIC_EXP);
	/* the length of VSEC exceeds its room */
	fixture_put(&x, NIC_VSEC + PCI_EVNDR_HEADER, 4, 0xfff10042);
	fprintf(f, "00:08.0 overlapping and too long\n");
	print_rows(f, &x.img);
}

static const struct {
	const char *name;
	void (*write)(FILE *f);
} files[] = {
	{ "demo.lspci", write_demo },         { "qemu.lspci", write_qemu },
	{ "standard.lspci", write_standard }, { "extended.lspci", write_extended },
	{ "broken.lspci", write_broken },     { "tables.lspci", write_tables },
	{ "devices.lspci", write_devices },
};

int main(int argc, char **argv)
{
	char path[4096];

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(files); i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", argv[1], files[i].name);
		f = fopen(path, "we");
		if (!f) {
			perror(path);
			return EXIT_FAILURE;
		}
		files[i].write(f);
		if (fclose(f)) {
			perror(path);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
