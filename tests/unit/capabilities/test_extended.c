/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every extended capability: how long it is, what is in it, what of it is the host's. */
#include <pci/header.h>
#include <string.h>

#include "capabilities/registry.h"
#include "core/bits.h"
#include "fixture.h"
#include "suites.h"

#define AT 0x200u
#define NONE 0xff /* no PCI Express capability tells a type */

/* One instance at AT; what is not said is 0. Lengths are those of the standard. */
struct instance {
	uint16_t id;
	uint8_t version, type, lanes;
	bool flit;
	uint32_t room; /* 0: to the end */
	struct {
		uint32_t offset, value;
	} dword[4];
	uint32_t length;
	enum ec_cap_fault fault;
};

/* clang-format off */
#define V(off, value) { off, value }
static const struct instance instances[] = {
	{ 0x01, 1, PCI_EXP_TYPE_ENDPOINT,  .length = 0x2c },
	{ 0x01, 1, PCI_EXP_TYPE_ENDPOINT,  .dword = { V(0x18, 0x800) }, .length = 0x2c },
	{ 0x01, 2, PCI_EXP_TYPE_ENDPOINT,  .dword = { V(0x18, 0x800) }, .length = 0x48 },
	{ 0x01, 2, PCI_EXP_TYPE_ROOT_PORT, .length = 0x38 },
	{ 0x01, 2, PCI_EXP_TYPE_ROOT_EC,   .length = 0x38 },
	{ 0x01, 2, PCI_EXP_TYPE_UPSTREAM,  .length = 0x2c },
	{ 0x01, 2, NONE,                   .length = 0x2c },
	{ 0x01, 3, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .length = 0x60 },
	{ 0x01, 2, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .length = 0x2c }, /* seen in pciutils' tests */
	{ 0x01, 3, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .room = 0x40, .length = 0x40, .fault = EC_CAP_OVERLAP },
	/* virtual channels: none more, seven more, a VC table, a port table of 256 phases a byte each */
	{ 0x02, 1, .length = 0x1c },
	{ 0x02, 1, .dword = { V(4, 7) }, .length = 0x70 },
	{ 0x02, 1, .dword = { V(8, 0x02000001) }, .length = 0x20 }, /* fixed arbitration has no table */
	{ 0x02, 1, .dword = { V(8, 0x08000002) }, .length = 0x80 + 16 },
	{ 0x02, 1, .dword = { V(8, 0x08000004) }, .length = 0x80 + 32 },
	{ 0x02, 1, .dword = { V(8, 0x08000008) }, .length = 0x80 + 64 },
	{ 0x02, 1, .dword = { V(4, 0xc00), V(0x10, 0x08000020) }, .length = 0x80 + 256 },
	{ 0x02, 1, .dword = { V(4, 0x001), V(0x1c, 0x08000010) }, .length = 0x80 + 16 },
	{ 0x02, 1, .dword = { V(4, 0x801), V(0x1c, 0x08000004) }, .length = 0x80 + 32 },
	{ 0x02, 1, .dword = { V(4, 0x000), V(0x1c, 0x08000004) }, .length = 0x1c }, /* there is no second */
	{ 0x02, 1, .dword = { V(8, 0xff000008) }, .length = 0xe00, .fault = EC_CAP_TRUNCATED },
	{ 0x08, 1, .dword = { V(4, 1) }, .length = 0x28 },
	{ 0x09, 1, .dword = { V(4, 2) }, .length = 0x34 },
	{ 0x03, 1, .length = 12 },
	{ 0x04, 1, .length = 16 },
	{ 0x05, 1, .dword = { V(4, 0x00000000) }, .length = 16 },
	{ 0x05, 1, .dword = { V(4, 0x01020302) }, .length = 64 },
	{ 0x05, 1, .dword = { V(4, 0x0000ff00) }, .length = 0xe00, .fault = EC_CAP_TRUNCATED },
	{ 0x06, 1, .length = 12 },
	{ 0x07, 1, .length = 8 },
	{ 0x07, 2, .length = 12 },
	{ 0x0a, 1, .length = 20 },
	{ 0x0b, 1, .dword = { V(4, 0x12300001) }, .length = 0x123 },
	{ 0x0b, 1, .dword = { V(4, 0xfff00001) }, .length = 0xe00, .fault = EC_CAP_TRUNCATED },
	{ 0x0b, 1, .dword = { V(4, 0x00700001) }, .length = 8, .fault = EC_CAP_SHORT },
	{ 0x0c, 1, .length = 8 },
	/* an egress vector: with its control alone, a bit a port, 256 as 0 */
	{ 0x0d, 1, .dword = { V(4, 0x0000ff5f) }, .length = 8 },
	{ 0x0d, 1, .dword = { V(4, 0x00000120) }, .length = 12 },
	{ 0x0d, 1, .dword = { V(4, 0x00002020) }, .length = 12 },
	{ 0x0d, 1, .dword = { V(4, 0x00002120) }, .length = 16 },
	{ 0x0d, 1, .dword = { V(4, 0x0000ff20) }, .length = 40 },
	{ 0x0d, 1, .dword = { V(4, 0x00000020) }, .length = 40 },
	{ 0x0e, 1, .length = 8 },
	{ 0x0f, 1, .length = 8 },
	{ 0x10, 1, .length = 64 },
	{ 0x12, 1, PCI_EXP_TYPE_ENDPOINT,    .length = 40 },
	{ 0x12, 1, PCI_EXP_TYPE_ROOT_INT_EP, .length = 40 },
	{ 0x12, 1, PCI_EXP_TYPE_ROOT_EC,     .length = 40 },
	{ 0x12, 1, PCI_EXP_TYPE_ROOT_PORT,   .length = 48 },
	{ 0x12, 1, PCI_EXP_TYPE_UPSTREAM,    .length = 48 },
	{ 0x12, 1, PCI_EXP_TYPE_DOWNSTREAM,  .length = 48 },
	{ 0x13, 1, .length = 16 },
	{ 0x15, 1, .dword = { V(8, 0x00000020) }, .length = 12 },
	{ 0x15, 1, .dword = { V(8, 0x000000c0) }, .length = 52 },
	{ 0x15, 1, .dword = { V(8, 0x000000e0) }, .length = 60 }, /* seven, which are not */
	{ 0x15, 1, .dword = { V(8, 0x00000000) }, .length = 12, .fault = EC_CAP_SHORT },
	{ 0x15, 1, .room = 0x10, .dword = { V(8, 0x00000040) }, .length = 16, .fault = EC_CAP_OVERLAP },
	{ 0x16, 1, .dword = { V(4, 0xffffffe0) }, .length = 17 },
	{ 0x16, 1, .dword = { V(4, 0x0000001f) }, .length = 48 },
	/* steering tags: nowhere, here, in MSI-X, reserved */
	{ 0x17, 1, .dword = { V(4, 0x07ff0000) }, .length = 12 },
	{ 0x17, 1, .dword = { V(4, 0x00000200) }, .length = 14 },
	{ 0x17, 1, .dword = { V(4, 0x003f0200) }, .length = 140 },
	{ 0x17, 1, .dword = { V(4, 0x003f0400) }, .length = 12 },
	{ 0x17, 1, .dword = { V(4, 0x003f0600) }, .length = 12 },
	{ 0x17, 1, .dword = { V(4, 0xffff0200) }, .length = 0xe00, .fault = EC_CAP_TRUNCATED },
	{ 0x18, 1, .length = 8 },
	{ 0x19, 1, .lanes = 1,  .length = 16 },
	{ 0x19, 1, .lanes = 2,  .length = 16 },
	{ 0x19, 1, .lanes = 16, .length = 44 },
	{ 0x19, 1, .lanes = 32, .length = 76 },
	{ 0x19, 1, .lanes = 16, .room = 0x10, .length = 16, .fault = EC_CAP_OVERLAP },
	{ 0x19, 1, .length = 76 }, /* of an unknown link the most, or what there is room for */
	{ 0x19, 1, .room = 0x30, .length = 0x30 },
	{ 0x1a, 1, .dword = { V(4, 0xffffffc0) }, .length = 16 },
	{ 0x1a, 1, .dword = { V(4, 0x0000003f) }, .length = 268 },
	{ 0x1b, 1, .length = 8 },
	{ 0x1c, 1, .length = 8 },
	/* DPC: of a switch; with root port extensions and a log of 0, 5, 9, 15 and 31 dwords */
	{ 0x1d, 1, .dword = { V(4, 0x00000f00) }, .length = 12 },
	{ 0x1d, 1, .dword = { V(4, 0x00000020) }, .length = 0x20 },
	{ 0x1d, 1, .dword = { V(4, 0x00000520) }, .length = 0x34 },
	{ 0x1d, 1, .dword = { V(4, 0x00000920) }, .length = 0x44 },
	{ 0x1d, 1, .dword = { V(4, 0x00000f20) }, .length = 0x5c },
	{ 0x1d, 1, .dword = { V(4, 0xffffff20) }, .length = 0x9c },
	{ 0x1e, 1, .length = 16 },
	{ 0x1e, 2, .length = 20 },
	{ 0x1f, 1, .length = 12 },
	{ 0x20, 1, .length = 28 },
	{ 0x21, 1, .length = 16 },
	{ 0x22, 1, .length = 12 },
	{ 0x23, 1, .dword = { V(4, 0x03808086) }, .length = 0x38 },
	{ 0x23, 1, .dword = { V(4, 0x00008086) }, .length = 10, .fault = EC_CAP_SHORT },
	{ 0x24, 1, .dword = { V(8, 0x00000060) }, .length = 28 },
	{ 0x25, 1, .length = 12 },
	{ 0x26, 1, .lanes = 1,  .length = 36 },
	{ 0x26, 1, .lanes = 16, .length = 48 },
	{ 0x27, 1, .lanes = 1,  .length = 12 },
	{ 0x27, 1, .lanes = 16, .length = 72 },
	{ 0x29, 1, .length = 16 },
	{ 0x2a, 1, .lanes = 4,  .length = 36 },
	{ 0x31, 1, .lanes = 8,  .length = 40 },
	{ 0x2e, 1, .length = 24 },
	{ 0x2f, 1, .length = 16 },
	/* IDE: nothing; link streams; selective ones with 0 and with 1 and 15 blocks; both; too many */
	{ 0x30, 1, .dword = { V(4, 0xfffffffc) }, .length = 12 },
	{ 0x30, 1, .dword = { V(4, 0x00000001) }, .length = 20 },
	{ 0x30, 1, .dword = { V(4, 0x0000e001) }, .length = 76 },
	{ 0x30, 1, .dword = { V(4, 0x00000002) }, .length = 32 },
	{ 0x30, 1, .dword = { V(4, 0x00010002), V(12, 0x1), V(44, 0xff) }, .length = 12 + 32 + 200 },
	{ 0x30, 1, .dword = { V(4, 0x00002003), V(28, 0x3) }, .length = 12 + 16 + 56 },
	{ 0x30, 1, .dword = { V(4, 0x00ff0002) }, .length = 0xe00, .fault = EC_CAP_TRUNCATED },
	{ 0x30, 1, .room = 0x20, .dword = { V(4, 0x00010002) }, .length = 0x20, .fault = EC_CAP_OVERLAP },
	{ 0x32, 1, .length = 60 },
	{ 0x34, 1, .length = 36 },
	{ 0x36, 1, .dword = { V(4, 0x00000018) }, .length = 24 },
	{ 0x36, 1, .dword = { V(4, 0x00000000) }, .length = 8, .fault = EC_CAP_SHORT },
	/* nobody says how long: nothing behind it is known not to be its own */
	{ 0x11, 1, .length = 0xe00 },
	{ 0x28, 1, .room = 0x44, .length = 0x44 },
	{ 0x3a, 1, .room = 0x44, .length = 0x44 },
};
/* clang-format on */

static struct fixture x;

static struct ec_cap_at set_up(const struct instance *in)
{
	fixture_init(&x, 4096, 0);
	for (unsigned int i = 0; i < 4 && in->dword[i].offset; i++)
		fixture_put(&x, AT + in->dword[i].offset, 4, in->dword[i].value);
	return (struct ec_cap_at){ .img = &x.img,
				   .offset = AT,
				   .room = (uint16_t)(in->room ? in->room : 0x1000 - AT),
				   .version = in->version,
				   .pcie_type_known = in->type != NONE,
				   .pcie_type = in->type,
				   .lanes = in->lanes,
				   .flit = in->flit };
}

START_TEST(length)
{
	const struct instance *in = instances + _i;
	const struct ec_cap *cap = ec_cap_find(in->id, true);
	struct ec_cap_at at = set_up(in);
	enum ec_cap_fault fault;
	uint32_t len = ec_cap_measure(cap, &at, 0x1000, &fault);

	ck_assert_msg(len == in->length && fault == in->fault, "%s: %u, fault %u; not %u, %u",
		      cap->name, len, fault, in->length, in->fault);
}
END_TEST

static uint32_t next_random(void)
{
	static uint32_t v = 0x9e3779b9;

	v ^= v << 13;
	v ^= v >> 17;
	return v ^= v << 5;
}

/* An instance whose every field holds anything, often an extreme. */
static struct ec_cap_at any_instance(uint32_t room)
{
	fixture_init(&x, 4096, 0);
	for (uint32_t off = AT; off < AT + room; off += 4) {
		uint32_t kind = next_random() % 4;

		fixture_put(&x, off, 4, kind ? kind == 1 ? 0xffffffffu : next_random() : 0);
	}
	return (struct ec_cap_at){ .img = &x.img,
				   .offset = AT,
				   .room = (uint16_t)room,
				   .header_type = next_random() & 1,
				   .version = next_random() & 15,
				   .pcie_type_known = next_random() & 1,
				   .pcie_type = next_random() & 15,
				   .lanes = (uint8_t)(next_random() % 33),
				   .flit = next_random() & 1 };
}

/* What makes a register one of the host's: a guest could change it, and hidden is what has it. */
static void check_owned(const struct ec_cap *cap, const struct ec_reg *r)
{
	ck_assert_msg(r->treatment != EC_PASS && !(r->split && r->second == EC_PASS),
		      "%s.%s is passed", cap->name, r->name);
	if (cap->treatment == EC_HIDE)
		ck_assert_msg(!((r->rw | r->w1c) & ~r->host), "%s.%s is not the host's", cap->name,
			      r->name);
}

/*
 * Whatever it holds, an instance lies in its room, and every register of a table lies within the
 * longest instance there can be.
 */
START_TEST(tables_fit)
{
	for (uint16_t id = 0; id <= 0x3a; id++) {
		const struct ec_cap *cap = ec_cap_find(id, true);
		uint32_t longest = 0, end = 4;

		for (unsigned int n = 0; n < 4000; n++) {
			struct ec_cap_at at = any_instance(n % 4 ? 0xe00 : next_random() % 0x100);
			struct ec_reg_table t = ec_cap_registers(cap, &at);
			uint32_t len = cap->length ? cap->length(&at) : cap->least;
			enum ec_cap_fault fault;

			ck_assert_uint_le(ec_cap_measure(cap, &at, 4096, &fault), at.room);
			longest = len > longest ? len : longest;
			for (unsigned int i = 0; i < t.n; i++)
				check_owned(cap, t.row + i);
			if (t.n && t.row[t.n - 1].offset + t.row[t.n - 1].len > end)
				end = t.row[t.n - 1].offset + t.row[t.n - 1].len;
		}
		ck_assert_msg(end <= longest, "%s: a register ends at %x, none is longer than %x",
			      cap->name, end, longest);
	}
}
END_TEST

/* What is probed is enough to tell the length, and whether it is to be hidden. */
START_TEST(probes_suffice)
{
	static struct ec_image seen;

	for (uint16_t id = 0; id <= 0x3a; id++) {
		const struct ec_cap *cap = ec_cap_find(id, true);

		for (unsigned int n = 0; n < 300; n++) {
			struct ec_cap_at whole = any_instance(n % 3 ? 0xe00 : 0x100), part = whole;
			uint32_t off, reads = 0;

			ec_image_clear(&seen);
			part.img = &seen;
			for (uint32_t d = 0; d < 32; d++)
				if (cap->probe & 1u << d || !d)
					ec_image_put(&seen, AT + 4 * d, x.img.byte + AT + 4 * d, 4);
			while (cap->missing && (off = cap->missing(&part)) && reads++ < 1024)
				ec_image_put(&seen, AT + off, x.img.byte + AT + off, 4);
			ck_assert_uint_lt(reads, 1024);
			if (cap->length)
				ck_assert_msg(cap->length(&part) == cap->length(&whole), "%s",
					      cap->name);
			if (cap->hide)
				ck_assert_msg(cap->hide(&part) == cap->hide(&whole), "%s",
					      cap->name);
			ck_assert_uint_eq(ec_cap_registers(cap, &part).n,
					  ec_cap_registers(cap, &whole).n);
		}
	}
}
END_TEST

/* Registers that no rule may ever pass, by their place in the standard. */
static const struct {
	uint16_t id;
	uint16_t offset;
	uint32_t bits;
} owned[] = {
	{ 0x01, 0x08, 0x00462030 },                         /* AER masks */
	{ 0x0d, 0x06, 0x7f },                               /* ACS Control */
	{ 0x0f, 0x06, 0x801f },                             /* ATS: enable, smallest unit */
	{ 0x10, 0x08, 0x1f },                               /* SR-IOV: VF enable, memory space */
	{ 0x10, 0x10, 0xffff },                             /* number of VFs */
	{ 0x10, 0x24, 0xfffffff0 },                         /* a VF BAR */
	{ 0x10, 0x38, 0xfffffff0 }, { 0x12, 0x06, 0x8000 }, /* Multicast enable */
	{ 0x12, 0x08, 0xfffff000 }, { 0x13, 0x04, 0x3 },    /* PRI: enable, reset */
	{ 0x13, 0x0c, 0xffffffff }, { 0x15, 0x08, 0x1f00 }, /* BAR size */
	{ 0x15, 0x30, 0x1f00 },     { 0x17, 0x08, 0x300 },  /* TPH requester enable */
	{ 0x18, 0x04, 0x1fff },                             /* LTR */
	{ 0x19, 0x04, 0x3 },                                /* perform equalization */
	{ 0x1b, 0x06, 0x7 },                                /* PASID */
	{ 0x1d, 0x06, 0x7b },                               /* DPC */
	{ 0x1e, 0x08, 0xf },                                /* L1SS */
	{ 0x1f, 0x08, 0x3 },                                /* PTM */
	{ 0x24, 0x08, 0x1f00 },     { 0x25, 0x04, 0x80000000 }, { 0x27, 0x08, 0xff7f },
	{ 0x29, 0x08, 0xfff },      { 0x2e, 0x08, 0x80000003 }, { 0x2e, 0x14, 0xffffffff },
	{ 0x2f, 0x08, 0x1ff },      { 0x30, 0x08, 0x4 },        { 0x34, 0x08, 0x7 },
};

START_TEST(owned_by_the_host)
{
	struct instance in = { .type = NONE, .dword = { V(4, 0) } };
	struct ec_cap_at at = set_up(&in);
	struct ec_reg_table t = ec_cap_registers(ec_cap_find(owned[_i].id, true), &at);
	uint32_t bits = 0;

	for (unsigned int i = 0; i < t.n; i++)
		if (t.row[i].offset == owned[_i].offset)
			bits = t.row[i].host;
	ck_assert_msg((bits & owned[_i].bits) == owned[_i].bits, "%x at %x", owned[_i].id,
		      owned[_i].offset);
}
END_TEST

/* Whoever shows it: the next function is the guest's, and of one alone there is none. */
START_TEST(ari_next_function)
{
	struct instance in = { .type = NONE };
	struct ec_cap_at at = set_up(&in);
	const struct ec_reg *cap = ec_cap_registers(ec_cap_find(0x0e, true), &at).row;

	ck_assert_uint_eq(cap->offset, 4);
	ck_assert_uint_eq(cap->clr & 0xff00, 0xff00);
	ck_assert_uint_eq(cap->set, 0);
}
END_TEST

/* Each of them is only ever accessed whole, and never read but for a guest. */
START_TEST(side_effects)
{
	static const struct {
		uint16_t id, offset;
	} exact[] = { { 0x21, 0x0c }, { 0x29, 0x08 }, { 0x2e, 0x10 }, { 0x2e, 0x14 } };
	unsigned int found = 0, all = 0;

	for (uint16_t id = 0; id <= 0x3a; id++) {
		struct instance in = { .type = NONE };
		struct ec_cap_at at = set_up(&in);
		struct ec_reg_table t = ec_cap_registers(ec_cap_find(id, true), &at);

		for (unsigned int i = 0; i < t.n; i++) {
			all += t.row[i].exact;
			for (unsigned int e = 0; e < EC_ARRAY_SIZE(exact); e++)
				found += t.row[i].exact && exact[e].id == id &&
					 exact[e].offset == t.row[i].offset;
		}
	}
	ck_assert_uint_eq(found, EC_ARRAY_SIZE(exact));
	ck_assert_uint_eq(all, found);
}
END_TEST

Suite *suite_capabilities_extended(void)
{
	Suite *s = suite_create("capabilities_extended");
	TCase *t = tcase_create("tables");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, length, 0, EC_ARRAY_SIZE(instances));
	tcase_add_test(t, tables_fit);
	tcase_add_test(t, probes_suffice);
	tcase_add_loop_test(t, owned_by_the_host, 0, EC_ARRAY_SIZE(owned));
	tcase_add_test(t, ari_next_function);
	tcase_add_test(t, side_effects);
	suite_add_tcase(s, t);
	return s;
}
