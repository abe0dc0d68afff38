/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0030, Integrity and Data Encryption: eight bytes per link stream, then the selective streams,
 * whose lengths depend on their numbers of address blocks. host: keys and stream ids are the
 * host's.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
#define STATUS (EC_IDE_STS_STATE | EC_IDE_STS_IDE_FAIL)
#define HEAD \
	{ 0x04, 4, EC_FREEZE, "CAP", SRC }, \
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(EC_IDE_CTRL_FLOW_THROUGH), .rsvdp = EC_OTHERS32(EC_IDE_CTRL_FLOW_THROUGH), SRC }
#define LINK(n) \
	{ 0x0c + 8 * n, 4, EC_READ, "LINK" #n "_CTRL", EC_HOST_RW(EC_OTHERS32(EC_IDE_LINK_CTRL_RSVD)), .rsvdp = EC_IDE_LINK_CTRL_RSVD, SRC }, \
	{ 0x10 + 8 * n, 4, EC_READ, "LINK" #n "_STATUS", EC_HOST_W1C(EC_IDE_STS_IDE_FAIL), .rsvdz = EC_OTHERS32(STATUS), SRC }
#define BLOCK(at, n) \
	{ at + 12 * n,     4, EC_READ, "SEL0_ADDR" #n "_LO", EC_HOST_RW(EC_OTHERS32(EC_IDE_ADDR_LO_RSVD)), .rsvdp = EC_IDE_ADDR_LO_RSVD, SRC }, \
	{ at + 12 * n + 4, 4, EC_READ, "SEL0_ADDR" #n "_LIMIT", EC_HOST_RW(EC_ALL32), SRC }, \
	{ at + 12 * n + 8, 4, EC_READ, "SEL0_ADDR" #n "_BASE", EC_HOST_RW(EC_ALL32), SRC }
#define BLOCKS(at) \
	BLOCK(at, 0), BLOCK(at, 1), BLOCK(at, 2), BLOCK(at, 3), BLOCK(at, 4), BLOCK(at, 5), BLOCK(at, 6), \
	BLOCK(at, 7), BLOCK(at, 8), BLOCK(at, 9), BLOCK(at, 10), BLOCK(at, 11), BLOCK(at, 12), BLOCK(at, 13), \
	BLOCK(at, 14)
/* The first selective stream, after @n link streams; later ones belong to the body. */
#define SELECTIVE(n) \
	{ 0x0c + 8 * n, 4, EC_FREEZE, "SEL0_CAP", SRC }, \
	{ 0x10 + 8 * n, 4, EC_READ,   "SEL0_CTRL", EC_HOST_RW(EC_ALL32), SRC }, \
	{ 0x14 + 8 * n, 4, EC_READ,   "SEL0_STATUS", EC_HOST_W1C(EC_IDE_STS_IDE_FAIL), .rsvdz = EC_OTHERS32(STATUS), SRC }, \
	{ 0x18 + 8 * n, 4, EC_READ,   "SEL0_RID1", EC_HOST_RW(EC_IDE_RID1_LIMIT), .rsvdp = EC_OTHERS32(EC_IDE_RID1_LIMIT), SRC }, \
	{ 0x1c + 8 * n, 4, EC_READ,   "SEL0_RID2", EC_HOST_RW(EC_OTHERS32(EC_IDE_RID2_RSVD)), .rsvdp = EC_IDE_RID2_RSVD, SRC }, \
	BLOCKS(0x20 + 8 * n)

static const struct ec_reg links0[] = { HEAD, SELECTIVE(0) };
static const struct ec_reg links1[] = { HEAD, LINK(0), SELECTIVE(1) };
static const struct ec_reg links2[] = { HEAD, LINK(0), LINK(1), SELECTIVE(2) };
static const struct ec_reg links3[] = { HEAD, LINK(0), LINK(1), LINK(2), SELECTIVE(3) };
static const struct ec_reg links4[] = { HEAD, LINK(0), LINK(1), LINK(2), LINK(3), SELECTIVE(4) };
static const struct ec_reg links5[] = { HEAD, LINK(0), LINK(1), LINK(2), LINK(3), LINK(4), SELECTIVE(5) };
static const struct ec_reg links6[] = { HEAD, LINK(0), LINK(1), LINK(2), LINK(3), LINK(4), LINK(5), SELECTIVE(6) };
static const struct ec_reg links7[] = {
	HEAD, LINK(0), LINK(1), LINK(2), LINK(3), LINK(4), LINK(5), LINK(6), SELECTIVE(7)
};
static const struct ec_reg links8[] = { HEAD, EC_TIMES_8(LINK), SELECTIVE(8) };
/* clang-format on */

static const struct ec_reg *const by_links[] = { links0, links1, links2, links3, links4,
						 links5, links6, links7, links8 };

static uint32_t links(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, 4, 4);

	return cap & 0x1 ? (cap >> 13 & 7) + 1 : 0;
}

static uint32_t selectives(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, 4, 4);

	return cap & 0x2 ? (cap >> 16 & 0xff) + 1 : 0;
}

/* Bytes of the selective stream at @off. */
static uint32_t stream_bytes(const struct ec_cap_at *at, uint32_t off)
{
	return 20 + 12 * (ec_at_get(at, off, 4) & 0xf);
}

/* A stream without room counts without address blocks. */
static uint32_t length(const struct ec_cap_at *at)
{
	uint32_t off = 12 + 8 * links(at), left = selectives(at);

	for (; left && off + 4 <= at->room; left--)
		off += stream_bytes(at, off);
	return off + 20 * left;
}

static uint32_t missing(const struct ec_cap_at *at)
{
	uint32_t off = 12 + 8 * links(at);

	for (uint32_t i = selectives(at); i && off + 4 <= at->room; i--) {
		if (!ec_image_has(at->img, at->offset + off, 4))
			return off;
		off += stream_bytes(at, off);
	}
	return 0;
}

static struct ec_reg_table table(const struct ec_cap_at *at)
{
	uint32_t n = links(at), first = 12 + 8 * n;

	return (struct ec_reg_table){
		by_links[n],
		2 + 2 * n + (selectives(at) ? 5 + 3 * (ec_at_get(at, first, 4) & 0xf) : 0)
	};
}

const struct ec_cap ec_cap_ide = {
	EC_EXT(0x30, "IDE", "Integrity and Data Encryption", EC_HIDE, 12,
	       "12 + 8 x link streams + (20 + 12 x address blocks) each selective stream",
	       EC_SRC_PCIUTILS),
	.probe = 1u << 1,
	.missing = missing,
	.length = length,
	.table = table,
};
