/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "capabilities/header.h"
#include "capabilities/registry.h"
#include "core/bits.h"
#include "fixture.h"
#include "suites.h"

/* What every table must be, whoever wrote it. @end: bytes that its rows may take. */
static void check_table(const char *name, struct ec_reg_table t, uint32_t from, uint32_t end)
{
	uint32_t pos = from;

	for (unsigned int i = 0; i < t.n; i++) {
		const struct ec_reg *r = t.row + i;
		uint32_t width = (uint32_t)ec_ones(r->len);
		uint32_t all = r->rw | r->w1c | r->rsvdp | r->rsvdz;
		uint32_t who[EC_TREATMENTS], fixed;

		ck_assert_msg(r->len == 1 || r->len == 2 || r->len == 4, "%s.%s", name, r->name);
		ck_assert_msg(r->offset % r->len == 0, "%s.%s unaligned", name, r->name);
		ck_assert_msg(r->offset >= pos, "%s.%s overlaps", name, r->name);
		pos = r->offset + r->len;
		ck_assert_msg(pos <= end, "%s.%s past the end", name, r->name);
		ck_assert_msg(r->source && *r->source, "%s.%s has no source", name, r->name);
		/* disjoint kinds: their sum is their union */
		ck_assert_msg((uint64_t)r->rw + r->w1c + r->rsvdp + r->rsvdz == all, "%s.%s kinds",
			      name, r->name);
		ck_assert_msg(
			!((all | r->reset | r->split | r->host | r->clr | r->set | r->fx) & ~width),
			"%s.%s bits past its width", name, r->name);
		ck_assert_msg(!(r->reset & ~r->rw), "%s.%s resets bits that are not RW", name,
			      r->name);
		ck_assert_msg(!(r->clr & r->set), "%s.%s clears and sets", name, r->name);
		ck_assert_msg(!r->fx || r->effect, "%s.%s: bits of no effect", name, r->name);
		/* a host's bit is never passed by default */
		ec_reg_defaults(r, who, &fixed);
		ck_assert_msg(!(r->host & who[EC_PASS]), "%s.%s", name, r->name);
		ck_assert_uint_eq(fixed, r->clr | r->set);
		for (unsigned int j = 0; j < i; j++)
			ck_assert_msg(strcmp(r->name, t.row[j].name) != 0, "%s.%s twice", name,
				      r->name);
	}
}

/* An effect and an exact register share their dword with no other of their kind. */
static void check_dwords(const char *name, struct ec_reg_table t)
{
	for (unsigned int i = 1; i < t.n; i++) {
		const struct ec_reg *a = t.row + i - 1, *b = t.row + i;

		if (a->offset / 4 != b->offset / 4)
			continue;
		ck_assert_msg(!a->effect || !b->effect || a->effect == b->effect, "%s.%s", name,
			      b->name);
		ck_assert_msg(!a->exact || !b->exact, "%s.%s", name, b->name);
	}
}

START_TEST(headers)
{
	for (unsigned int type = 0; type < 2; type++) {
		struct ec_reg_table t = ec_header_registers(type);
		uint32_t bytes = 0;

		check_table("header", t, 0, 64);
		check_dwords("header", t);
		for (unsigned int i = 0; i < t.n; i++)
			bytes += t.row[i].len;
		ck_assert_uint_eq(bytes, 64);
	}
	ck_assert_uint_eq(ec_header_registers(2).n, 0);
}
END_TEST

/* All tables that a capability can have: whatever its registers hold. Each is looked at once. */
START_TEST(tables)
{
	struct ec_reg_table t, before = { 0 };
	struct fixture x;
	const struct ec_cap *cap;

	fixture_init(&x, 4096, 0);
	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++)
		for (uint32_t flags = 0; flags < 0x10000; flags += 0x7f)
			for (uint8_t type = 0; type < 2; type++) {
				struct ec_cap_at at = { .img = &x.img,
							.offset = 0x200,
							.room = 0xe00,
							.header_type = type };

				fixture_put(&x, 0x202, 2, flags);
				fixture_put(&x, 0x204, 4, flags * 0x10001);
				t = ec_cap_registers(cap, &at);
				if (t.row == before.row && t.n == before.n)
					continue;
				before = t;
				check_table(cap->name, t, cap->extended ? 4 : 2,
					    cap->extended ? 0x120 : 0x100);
				check_dwords(cap->name, t);
			}
}
END_TEST

START_TEST(registry)
{
	unsigned int std = 0, ext = 0;
	const struct ec_cap *cap, *before = NULL;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		*(cap->extended ? &ext : &std) += 1;
		ck_assert(ec_cap_find(cap->id, cap->extended) == cap);
		ck_assert(cap->name && cap->title && cap->length_text && cap->source &&
			  *cap->source);
		ck_assert(cap->least >= (cap->extended ? 4 : 2));
		ck_assert(!before || before->extended < cap->extended || before->id < cap->id);
		before = cap;
	}
	/* 0x00 to 0x15, and 0x0000 to 0x003a */
	ck_assert_uint_eq(std, 0x16);
	ck_assert_uint_eq(ext, 0x3b);
	ck_assert_uint_eq(ec_cap_count(), std + ext);
	for (uint16_t id = 0; id <= 0x15; id++)
		ck_assert_uint_eq(ec_cap_find(id, false)->id, id);
	for (uint16_t id = 0; id <= 0x3a; id++)
		ck_assert_uint_eq(ec_cap_find(id, true)->id, id);
}
END_TEST

START_TEST(unknown_is_hidden)
{
	struct fixture x;
	struct ec_cap_at at = { .img = &x.img, .offset = 0x40, .room = 0x77 };
	enum ec_cap_fault fault;
	const struct ec_cap *cap = ec_cap_find(0x16, false);

	fixture_init(&x, 4096, 0);
	ck_assert_uint_eq(cap->treatment, EC_HIDE);
	ck_assert_uint_eq(ec_cap_measure(cap, &at, 256, &fault), 0x77);
	ck_assert_uint_eq(ec_cap_registers(cap, &at).n, 0);
	ck_assert_uint_eq(ec_cap_find(0x3b, true)->treatment, EC_HIDE);
	ck_assert_uint_eq(ec_cap_find(0xffff, true)->treatment, EC_HIDE);
}
END_TEST

/* id, header type, the dwords at +0, +4 and +8 (the id's bytes do not count), length */
static const struct {
	uint16_t id;
	bool ext;
	uint8_t type;
	uint32_t dword[3];
	uint32_t length;
	bool is_short;
} lengths[] = {
	{ 0x01, false, 0, { 0 }, 8 },
	{ 0x02, false, 0, { 0 }, 12 },
	{ 0x03, false, 0, { 0 }, 8 },
	{ 0x04, false, 0, { 0 }, 4 },
	{ 0x05, false, 0, { 0x00000000 }, 10 },
	{ 0x05, false, 0, { 0x00800000 }, 14 },
	{ 0x05, false, 0, { 0x01000000 }, 20 },
	{ 0x05, false, 0, { 0x01800000 }, 24 },
	{ 0x07, false, 0, { 0x00000000 }, 8 },
	{ 0x07, false, 0, { 0x10000000 }, 24 },
	{ 0x07, false, 1, { 0x00000000 }, 16 },
	{ 0x08, false, 0, { 0x00000000 }, 28 },    /* slave */
	{ 0x08, false, 0, { 0x20000000 }, 24 },    /* host */
	{ 0x08, false, 0, { 0x40000000 }, 24 },    /* switch */
	{ 0x08, false, 0, { 0x80000000 }, 8 },     /* interrupt discovery */
	{ 0x08, false, 0, { 0x88000000 }, 4 },     /* revision id */
	{ 0x08, false, 0, { 0x90000000 }, 12 },    /* unit id clumping */
	{ 0x08, false, 0, { 0x98000000 }, 12 },    /* extended configuration */
	{ 0x08, false, 0, { 0xa0030000 }, 36 },    /* 40-bit mapping, three windows */
	{ 0x08, false, 0, { 0xa2000000 }, 16 },    /* 64-bit mapping */
	{ 0x08, false, 0, { 0xa8000000 }, 12 },    /* MSI mapping */
	{ 0x08, false, 0, { 0xa8020000 }, 4 },     /* at a fixed address */
	{ 0x08, false, 0, { 0xb0000000 }, 12 },    /* direct route */
	{ 0x08, false, 0, { 0xb8000000 }, 16 },    /* VC set */
	{ 0x08, false, 0, { 0xc0000000 }, 12 },    /* retry mode */
	{ 0x08, false, 0, { 0xd0000000 }, 0xe00 }, /* not in a public header */
	{ 0x09, false, 0, { 0x00140000 }, 0x14 },
	{ 0x09, false, 0, { 0x00010000 }, 3, true }, /* cannot be less than its own length byte */
	{ 0x0c, false, 0, { 0 }, 8 },
	{ 0x0d, false, 1, { 0 }, 8 },
	{ 0x10, false, 0, { 0x00010000 }, 0x14 },
	{ 0x10, false, 0, { 0x00910000 }, 0x0c },
	{ 0x10, false, 1, { 0x00410000 }, 0x24 },
	{ 0x10, false, 1, { 0x01610000 }, 0x1c },
	{ 0x10, false, 1, { 0x00610000 }, 0x14 },
	{ 0x10, false, 0, { 0x00020000 }, 0x3c },
	{ 0x10, false, 0, { 0x00120000 }, 0x3c },
	{ 0x10, false, 0, { 0x00920000 }, 0x2c },
	{ 0x10, false, 1, { 0x01420000 }, 0x3c },
	{ 0x10, false, 0, { 0x00000000 }, 0x14 }, /* version 0 counts as 1 */
	{ 0x11, false, 0, { 0 }, 12 },
	{ 0x12, false, 0, { 0, 0x00000048 }, 8 },
	{ 0x12, false, 0, { 0, 0x0000000f }, 16 },
	{ 0x13, false, 0, { 0 }, 6 },
	{ 0x15, false, 1, { 0 }, 36 },
	{ 0x14, false, 0, { 0x00000000 }, 4 },
	{ 0x14, false, 1, { 0x00000000 }, 8 },
	{ 0x14, false, 0, { 0x00010000, 0x00000002 }, 16 }, /* one entry of 4 + 8 */
	{ 0x14, false, 0, { 0x00020000, 0x00000000, 0x00000004 }, 28 },
};

START_TEST(length)
{
	struct fixture x;
	struct ec_cap_at at = { .img = &x.img,
				.offset = 0x200,
				.room = 0xe00,
				.header_type = lengths[_i].type,
				.version = 1 };
	const struct ec_cap *cap = ec_cap_find(lengths[_i].id, lengths[_i].ext);
	enum ec_cap_fault fault;

	fixture_init(&x, 4096, 0);
	for (uint32_t d = 0; d < 3; d++)
		fixture_put(&x, 0x200 + d * 4, 4, lengths[_i].dword[d]);
	ck_assert_msg(ec_cap_measure(cap, &at, 0x1000, &fault) == lengths[_i].length,
		      "%s: %u, not %u", cap->name, ec_cap_measure(cap, &at, 0x1000, &fault),
		      lengths[_i].length);
	ck_assert_uint_eq(fault, lengths[_i].is_short ? EC_CAP_SHORT : EC_CAP_OK);
}
END_TEST

START_TEST(cut_by_room)
{
	struct fixture x;
	struct ec_cap_at at = { .img = &x.img, .offset = 0xf0, .room = 6 };
	enum ec_cap_fault fault;

	fixture_init(&x, 256, 0);
	ck_assert_uint_eq(ec_cap_measure(ec_cap_find(1, false), &at, 256, &fault), 6);
	ck_assert_uint_eq(fault, EC_CAP_OVERLAP);
	at.offset = 0xfa;
	ck_assert_uint_eq(ec_cap_measure(ec_cap_find(1, false), &at, 256, &fault), 6);
	ck_assert_uint_eq(fault, EC_CAP_TRUNCATED);
}
END_TEST

/* Shown to a guest by default: these, and nothing else. */
START_TEST(shown)
{
	static const struct {
		uint16_t id;
		bool ext;
	} wanted[] = {
		{ 0x01, false }, { 0x03, false }, { 0x05, false }, { 0x09, false }, { 0x10, false },
		{ 0x11, false }, { 0x12, false }, { 0x13, false }, { 0x01, true },  { 0x02, true },
		{ 0x03, true },  { 0x04, true },  { 0x0b, true },  { 0x15, true },  { 0x23, true },
	};
	const struct ec_cap *cap;
	unsigned int n = 0;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		bool want = false;

		for (unsigned int w = 0; w < EC_ARRAY_SIZE(wanted); w++)
			want = want || (wanted[w].id == cap->id && wanted[w].ext == cap->extended);
		ck_assert_msg(want == (cap->treatment != EC_HIDE), "%s", cap->name);
		if (cap->extended && want)
			ck_assert_uint_ne(cap->treatment, EC_PASS);
		n += want;
	}
	ck_assert_uint_eq(n, EC_ARRAY_SIZE(wanted));
}
END_TEST

Suite *suite_capabilities_registry(void)
{
	Suite *s = suite_create("capabilities_registry");
	TCase *t = tcase_create("capabilities");

	tcase_add_test(t, headers);
	tcase_add_test(t, tables);
	tcase_add_test(t, registry);
	tcase_add_test(t, unknown_is_hidden);
	tcase_add_loop_test(t, length, 0, EC_ARRAY_SIZE(lengths));
	tcase_add_test(t, cut_by_room);
	tcase_add_test(t, shown);
	suite_add_tcase(s, t);
	return s;
}
