/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"

void fixture_init(struct fixture *f, uint32_t size, uint8_t type)
{
	static const uint8_t zero[EC_CONFIG_SIZE];

	memset(f, 0, sizeof(*f));
	ec_image_put(&f->img, 0, zero, size);
	f->last_std = PCI_CAPABILITY_LIST;
	fixture_put(f, PCI_VENDOR_ID, 4, 0x00011234);
	fixture_put(f, PCI_COMMAND, 2, 0x0507);
	fixture_put(f, PCI_STATUS, 2, 0x0008);
	fixture_put(f, PCI_CLASS_REVISION, 4, 0x02000003);
	fixture_put(f, PCI_CACHE_LINE_SIZE, 1, 0x10);
	fixture_put(f, PCI_HEADER_TYPE, 1, type);
	fixture_put(f, PCI_INTERRUPT_LINE, 2, 0x010b);
}

void fixture_put(struct fixture *f, uint32_t offset, unsigned int len, uint32_t value)
{
	ec_put_le(f->img.byte + offset, len, value);
}

uint32_t fixture_get(const struct fixture *f, uint32_t offset, unsigned int len)
{
	return ec_image_get(&f->img, offset, len);
}

void fixture_fill(struct fixture *f, uint32_t offset, uint32_t len, uint8_t byte)
{
	memset(f->img.byte + offset, byte, len);
}

void fixture_cap(struct fixture *f, uint32_t offset, uint8_t id)
{
	fixture_put(f, f->last_std, 1, offset);
	fixture_put(f, offset, 2, id);
	fixture_put(f, PCI_STATUS, 1, fixture_get(f, PCI_STATUS, 1) | PCI_STATUS_CAP_LIST);
	f->last_std = offset + PCI_CAP_LIST_NEXT;
}

void fixture_ext(struct fixture *f, uint32_t offset, uint16_t id, uint8_t version)
{
	if (f->last_ext)
		fixture_put(f, f->last_ext, 4,
			    (fixture_get(f, f->last_ext, 4) & 0xfffff) | offset << 20);
	fixture_put(f, offset, 4, id | (uint32_t)version << 16);
	f->last_ext = offset;
}

void fixture_express(struct fixture *f, uint32_t offset, uint8_t version, uint8_t type)
{
	fixture_cap(f, offset, PCI_CAP_ID_EXP);
	fixture_put(f, offset + 0x02, 2, version | (uint32_t)type << 4 | 0x0200);
	fixture_put(f, offset + 0x04, 4, 0x10008fda); /* FLR, phantom functions, 512 bytes */
	fixture_put(f, offset + 0x08, 2, 0x5937);
	fixture_put(f, offset + 0x0a, 2, 0x0019);
	if (type == PCI_EXP_TYPE_ROOT_INT_EP && version < 2)
		return;
	fixture_put(f, offset + 0x0c, 4, 0x0047dc43); /* x4 at 8 GT/s */
	fixture_put(f, offset + 0x10, 2, 0x0040);
	fixture_put(f, offset + 0x12, 2, 0x1042); /* x4 at 5 GT/s */
	if (version < 2)
		return;
	fixture_put(f, offset + 0x24, 4, 0x0000081f);
	fixture_put(f, offset + 0x28, 2, 0x0406);
	fixture_put(f, offset + 0x2c, 4, 0x0000000e);
	fixture_put(f, offset + 0x30, 2, 0x0003);
	fixture_put(f, offset + 0x32, 2, 0x001e);
}

static void nic_extended(struct fixture *f)
{
	fixture_ext(f, 0x100, PCI_EXT_CAP_ID_AER, 2);
	fixture_put(f, 0x104, 4, 0x00100000);
	fixture_put(f, 0x10c, 4, 0x00462030);
	fixture_put(f, 0x114, 4, 0x00002000);
	fixture_put(f, 0x118, 4, 0x000000a0);
	fixture_ext(f, 0x140, PCI_EXT_CAP_ID_DSN, 1);
	fixture_put(f, 0x144, 4, 0x89abcdef);
	fixture_put(f, 0x148, 4, 0x01234567);
	fixture_ext(f, 0x150, PCI_EXT_CAP_ID_ARI, 1);
	fixture_put(f, 0x154, 4, 0x00000100);
	fixture_ext(f, 0x160, PCI_EXT_CAP_ID_SRIOV, 1);
	fixture_put(f, 0x16c, 4, 0x00080008);
	fixture_put(f, 0x184, 4, 0xfebc000c);
	fixture_ext(f, 0x1c0, PCI_EXT_CAP_ID_VNDR, 1);
	fixture_put(f, 0x1c4, 4, 0x01810042);
	fixture_put(f, 0x1c8, 4, 0xcafef00d);
}

void fixture_nic(struct fixture *f)
{
	fixture_init(f, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL | 0x80);
	fixture_put(f, 0x10, 4, 0xf800000c);
	fixture_put(f, 0x14, 4, 0x00000040);
	fixture_put(f, 0x18, 4, 0x0000e001);
	fixture_put(f, 0x1c, 4, 0xfe900000);
	fixture_put(f, 0x2c, 4, 0x00a01234);
	fixture_put(f, 0x30, 4, 0xfe800000);
	fixture_cap(f, 0x40, PCI_CAP_ID_PM);
	fixture_put(f, 0x42, 2, 0xffcb);
	fixture_put(f, 0x44, 2, 0x2100);
	fixture_put(f, 0x47, 1, 0x64);
	fixture_cap(f, 0x50, PCI_CAP_ID_MSI);
	fixture_put(f, 0x52, 2, 0x0187);
	fixture_put(f, 0x54, 4, 0xfee01000);
	fixture_put(f, 0x5c, 2, 0x4041);
	fixture_put(f, 0x60, 4, 0x000000fe);
	fixture_put(f, 0x64, 4, 0x00000010);
	fixture_express(f, 0x70, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_cap(f, 0xb0, PCI_CAP_ID_MSIX);
	fixture_put(f, 0xb2, 2, 0x803f);
	fixture_put(f, 0xb4, 4, 0x00000003);
	fixture_put(f, 0xb8, 4, 0x00002003);
	fixture_put(f, 0xc0, 4, 0x11223344); /* in no capability */
	fixture_cap(f, 0xe0, PCI_CAP_ID_VPD);
	fixture_put(f, 0xe4, 4, 0x55667788);
	nic_extended(f);
	fixture_put(f, 0x800, 4, 0x99aabbcc); /* in no extended capability */
}
