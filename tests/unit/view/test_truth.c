/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every case of one bit: the standard's kind, the treatment, the bits of shadow and device, and
 * what the guest writes. The table of treatments is written by hand; the dword goes the whole path
 * of an access. Also: the arithmetic of hardware accesses.
 */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "core/bits.h"
#include "suites.h"

enum kind { RO, RW, RW1C, RSVDP, RSVDZ };

/*
 * The eight columns are the cases of
 *
 *	bit of the shadow	0000 1111
 *	bit of the device	0011 0011
 *	bit that is written	0101 0101
 *
 * and a row says, for each of them, what the bit is afterwards. "-": the hardware is not written;
 * "*": it may be written as anything. Where a bit is hidden its shadow is 0.
 */
struct truth {
	enum kind kind;
	enum ec_treatment who;
	const char *before; /* the guest reads, before the write */
	const char *after;  /* and after it */
	const char *device; /* the device's bit after it */
	const char *alone;  /* written to the hardware, where no other bit needs a write */
	const char *beside; /* written to the hardware, where a passed bit of its byte does */
};

/* clang-format off */
static const struct truth in_lane[] = {
	/*                       before      after       device      alone       beside */
	{ RO,    EC_HIDE,       "0000----", "0000----", "0011----", "--------", "****----" },
	{ RO,    EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "********" },
	{ RO,    EC_READ,       "00110011", "00110011", "00110011", "--------", "********" },
	{ RO,    EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "********" },
	{ RO,    EC_PASS,       "00110011", "00110011", "00110011", "--------", "********" },

	{ RW,    EC_HIDE,       "0000----", "0000----", "0011----", "--------", "0011----" },
	{ RW,    EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "00110011" },
	{ RW,    EC_READ,       "00110011", "00110011", "00110011", "--------", "00110011" },
	{ RW,    EC_EMULATE,    "00001111", "01010101", "00110011", "--------", "00110011" },
	{ RW,    EC_PASS,       "00110011", "01010101", "01010101", "01010101", "01010101" },

	{ RW1C,  EC_HIDE,       "0000----", "0000----", "0011----", "--------", "0000----" },
	{ RW1C,  EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "00000000" },
	{ RW1C,  EC_READ,       "00110011", "00110011", "00110011", "--------", "00000000" },
	{ RW1C,  EC_EMULATE,    "00001111", "00001010", "00110011", "--------", "00000000" },
	{ RW1C,  EC_PASS,       "00110011", "00100010", "00100010", "01010101", "01010101" },

	{ RSVDP, EC_HIDE,       "0000----", "0000----", "0011----", "--------", "0011----" },
	{ RSVDP, EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "00110011" },
	{ RSVDP, EC_READ,       "00110011", "00110011", "00110011", "--------", "00110011" },
	{ RSVDP, EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "00110011" },
	{ RSVDP, EC_PASS,       "00110011", "00110011", "00110011", "--------", "00110011" },

	{ RSVDZ, EC_HIDE,       "0000----", "0000----", "0011----", "--------", "0000----" },
	{ RSVDZ, EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "00000000" },
	{ RSVDZ, EC_READ,       "00110011", "00110011", "00110011", "--------", "00000000" },
	{ RSVDZ, EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "00000000" },
	{ RSVDZ, EC_PASS,       "00110011", "00110011", "00110011", "--------", "00000000" },
};

/* The guest writes another byte: the bit does not change, whatever its treatment. */
static const struct truth out_of_lane[] = {
	{ RO,    EC_HIDE,       "0000----", "0000----", "0011----", "--------", "--------" },
	{ RO,    EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "--------" },
	{ RO,    EC_READ,       "00110011", "00110011", "00110011", "--------", "--------" },
	{ RO,    EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "--------" },
	{ RO,    EC_PASS,       "00110011", "00110011", "00110011", "--------", "--------" },

	{ RW,    EC_HIDE,       "0000----", "0000----", "0011----", "--------", "--------" },
	{ RW,    EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "--------" },
	{ RW,    EC_READ,       "00110011", "00110011", "00110011", "--------", "--------" },
	{ RW,    EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "--------" },
	{ RW,    EC_PASS,       "00110011", "00110011", "00110011", "--------", "--------" },

	{ RW1C,  EC_HIDE,       "0000----", "0000----", "0011----", "--------", "--------" },
	{ RW1C,  EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "--------" },
	{ RW1C,  EC_READ,       "00110011", "00110011", "00110011", "--------", "--------" },
	{ RW1C,  EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "--------" },
	{ RW1C,  EC_PASS,       "00110011", "00110011", "00110011", "--------", "--------" },

	{ RSVDP, EC_HIDE,       "0000----", "0000----", "0011----", "--------", "--------" },
	{ RSVDP, EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "--------" },
	{ RSVDP, EC_READ,       "00110011", "00110011", "00110011", "--------", "--------" },
	{ RSVDP, EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "--------" },
	{ RSVDP, EC_PASS,       "00110011", "00110011", "00110011", "--------", "--------" },

	{ RSVDZ, EC_HIDE,       "0000----", "0000----", "0011----", "--------", "--------" },
	{ RSVDZ, EC_FREEZE,     "00001111", "00001111", "00110011", "--------", "--------" },
	{ RSVDZ, EC_READ,       "00110011", "00110011", "00110011", "--------", "--------" },
	{ RSVDZ, EC_EMULATE,    "00001111", "00001111", "00110011", "--------", "--------" },
	{ RSVDZ, EC_PASS,       "00110011", "00110011", "00110011", "--------", "--------" },
};

/* The bit is constant for the guest: it reads the shadow and drops writes, whatever its treatment. */
static const struct truth fixed[] = {
	{ RO,    EC_TREATMENTS, "00001111", "00001111", "00110011", "--------", "********" },
	{ RW,    EC_TREATMENTS, "00001111", "00001111", "00110011", "--------", "00110011" },
	{ RW1C,  EC_TREATMENTS, "00001111", "00001111", "00110011", "--------", "00000000" },
	{ RSVDP, EC_TREATMENTS, "00001111", "00001111", "00110011", "--------", "00110011" },
	{ RSVDZ, EC_TREATMENTS, "00001111", "00001111", "00110011", "--------", "00000000" },
};
/* clang-format on */

#define AT 0x44u

/** A device of one dword, at AT. */
struct one {
	uint32_t value, rw, w1c;
	uint32_t raw;     /* what was written */
	uint32_t written; /* and to which bits */
	unsigned int reads, writes;
	uint32_t last; /* lanes of the last access */
	unsigned int low_whole,
		low_other; /* writes of just bytes 0 and 1, others that touch them */
};

static int one_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct one *d = ctx;

	ck_assert_uint_ge(offset, AT);
	ck_assert_uint_le(offset + len, AT + 4);
	ck_assert_uint_eq(offset % len, 0);
	*value = (d->value >> (offset - AT) * 8) & (uint32_t)ec_ones(len);
	d->last = ec_lanes(offset - AT, len);
	d->reads++;
	return 0;
}

static int one_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct one *d = ctx;
	uint32_t lanes = ec_lanes(offset - AT, len), data;

	ck_assert_uint_ge(offset, AT);
	ck_assert_uint_le(offset + len, AT + 4);
	ck_assert_uint_eq(offset % len, 0);
	ck_assert_uint_eq(value & ~(uint32_t)ec_ones(len), 0);
	data = value << (offset - AT) * 8;
	d->raw |= data;
	d->written |= lanes;
	d->value = (d->value & ~(d->rw & lanes)) | (data & d->rw & lanes);
	d->value &= ~(data & d->w1c);
	d->last = lanes;
	d->low_whole += lanes == 0xffff;
	d->low_other += lanes != 0xffff && lanes & 0xffff;
	d->writes++;
	return 0;
}

static const struct ec_conf_ops one_ops = { .read = one_read, .write = one_write };

/** A function of one dword. */
struct dword {
	struct ec_layout layout;
	uint32_t shadow[EC_SHADOW_MAX];
	struct one device;
	struct ec_function fn;
	struct ec_bus_map guest;
};

static struct dword dword;

static void dword_make(struct dword *d, const struct ec_dword_masks *rule, uint32_t shadow,
		       struct one device)
{
	ec_bus_map_clear(&d->guest);
	memset(d->shadow, 0, sizeof(d->shadow));
	ec_layout_init(&d->layout, 256);
	ec_layout_set(&d->layout, d->shadow, AT / 4, rule, shadow);
	d->device = device;
	d->fn = (struct ec_function){
		.layout = &d->layout, .shadow = d->shadow, .hw = &one_ops, .hw_ctx = &d->device
	};
	ck_assert_int_eq(ec_bus_map_add(&d->guest, &d->fn), 0);
}

static uint64_t dword_access(struct dword *d, bool write, uint32_t offset, unsigned int length,
			     uint64_t data)
{
	struct ec_access a = { .write = write, .offset = offset, .length = length, .value = data };

	ec_access_handle(&d->guest, &a);
	return a.value;
}

/* The masks of @reg with treatment @t, and @passed passed. */
static struct ec_reg_masks serve(const struct ec_reg *reg, enum ec_treatment t, uint32_t passed,
				 uint32_t fix)
{
	uint32_t who[EC_TREATMENTS] = { 0 };

	who[t] = (uint32_t)ec_ones(reg->len) & ~passed;
	who[EC_PASS] |= passed;
	return ec_reg_serve(reg, who, fix);
}

/* The masks of a dword with bit @pos as in @t, and the bits @passed RW and passed. */
static struct ec_dword_masks rule_of(const struct truth *t, enum ec_treatment who, unsigned int pos,
				     uint32_t passed, struct one *device)
{
	uint32_t bit = 1u << pos, fix = t->who == EC_TREATMENTS ? bit : 0;
	struct ec_reg reg = { .len = 4,
			      .rw = passed | (t->kind == RW ? bit : 0),
			      .w1c = t->kind == RW1C ? bit : 0,
			      .rsvdp = t->kind == RSVDP ? bit : 0,
			      .rsvdz = t->kind == RSVDZ ? bit : 0 };
	struct ec_dword_masks rule = { .m = serve(&reg, who, passed, fix) };

	device->rw = reg.rw;
	device->w1c = reg.w1c;
	return rule;
}

/* One case of the table. */
struct one_case {
	const struct truth *t;
	enum ec_treatment treatment;
	unsigned int pos, column;
	bool lane;   /* the guest writes the byte that has the bit */
	bool beside; /* other bits of that byte are passed */
};

static void case_fails(const struct one_case *c, const char *text)
{
	ck_abort_msg("kind %d %s bit %u column %u: %s", c->t->kind,
		     c->t->who < EC_TREATMENTS ? ec_treatment_names[c->t->who] : "fixed", c->pos,
		     c->column, text);
}

static void expect(const struct one_case *c, const char *what, char want, bool got)
{
	char text[64];

	snprintf(text, sizeof(text), "%s is %d, not %c", what, got, want);
	if (want != '*' && want != (got ? '1' : '0'))
		case_fails(c, text);
}

static void check_case(const struct one_case *c)
{
	const struct truth *t = c->t;
	struct dword *d = &dword;
	unsigned int column = c->column, pos = c->pos;
	bool shadow = column & 4, had = column & 2, data = column & 1;
	uint32_t bit = 1u << pos, byte = (pos / 8 + (c->lane ? 0 : 1)) % 4;
	uint32_t passed = c->beside ? 0x01010101u << (pos + 1) % 8 : 0;
	struct one device = { .value = had ? bit : 0 };
	struct ec_dword_masks rule = rule_of(t, c->treatment, pos, passed, &device);
	uint32_t value = data ? bit : 0;
	char raw = c->beside ? t->beside[column] : t->alone[column];
	bool written;

	dword_make(d, &rule, shadow ? bit : 0, device);
	expect(c, "before", t->before[column], dword_access(d, false, AT, 4, 0) & bit);
	dword_access(d, true, AT + byte, 1, c->lane ? value >> byte * 8 : data ? 0xff : 0);
	written = d->device.written & bit;
	if (written != (raw != '-'))
		case_fails(c, written ? "written" : "not written");
	if (written)
		expect(c, "raw", raw, d->device.raw & bit);
	expect(c, "after", t->after[column], dword_access(d, false, AT, 4, 0) & bit);
	expect(c, "device", t->device[column], d->device.value & bit);
}

static void all_cases(const struct truth *t, enum ec_treatment treatment, bool lane)
{
	struct one_case c = { .t = t, .treatment = treatment, .lane = lane };

	for (c.pos = 0; c.pos < 32; c.pos++)
		for (c.column = 0; c.column < 8; c.column++) {
			if (t->before[c.column] == '-')
				continue;
			c.beside = false;
			check_case(&c);
			c.beside = true;
			check_case(&c);
		}
}

START_TEST(a_written_bit_is_as_the_table_says)
{
	all_cases(&in_lane[_i], in_lane[_i].who, true);
}
END_TEST

START_TEST(a_bit_outside_the_written_byte_is_as_the_table_says)
{
	all_cases(&out_of_lane[_i], out_of_lane[_i].who, false);
}
END_TEST

START_TEST(a_constant_bit_is_as_the_table_says)
{
	for (unsigned int who = 0; who < EC_TREATMENTS; who++)
		all_cases(&fixed[_i], (enum ec_treatment)who, true);
}
END_TEST

/* A partial write does nothing, a partial read works. */
START_TEST(an_exact_register_is_written_only_whole)
{
	struct ec_reg reg = { .len = 4, .rw = UINT32_MAX };
	struct ec_dword_masks rule = { .m = serve(&reg, EC_PASS, 0, 0), .exact = 0xf };
	struct one device = { .value = 0x11223344, .rw = UINT32_MAX };
	struct dword *d = &dword;

	for (unsigned int len = 1; len <= 8; len *= 2) {
		for (unsigned int at = AT - 4; at < AT + 4; at++) {
			bool whole = at <= AT && at + len >= AT + 4;
			uint32_t want = whole ? (uint32_t)(UINT64_MAX >> (AT - at) * 8) : 0;

			want = whole ? want & 0xa5a5a5a5 : device.value;
			dword_make(d, &rule, 0, device);
			dword_access(d, true, at, len, 0xa5a5a5a5a5a5a5a5);
			ck_assert_uint_eq(d->device.writes, whole);
			ck_assert_uint_eq(d->device.value, want);
			ck_assert(!whole || d->device.last == UINT32_MAX);
		}
	}
	dword_make(d, &rule, 0, device);
	ck_assert_uint_eq(dword_access(d, false, AT + 1, 1, 0), 0x33);
	ck_assert_uint_eq(d->device.reads, 1);
	ck_assert_uint_eq(d->device.last, UINT32_MAX);
}
END_TEST

/* Two registers of two bytes, the low one accessed only whole, written by one access. */
static const struct {
	uint32_t rw;                   /* of both */
	enum ec_treatment who, beside; /* who serves the low one and the high one */
	unsigned int at, len;
	unsigned int low_writes; /* to the hardware, of the low register and just of it */
	uint32_t device, guest;  /* afterwards; both were 0 */
} pairs[] = {
	/* clang-format off */
	{ 0xffffffff, EC_PASS,	  EC_EMULATE, 0, 4, 1, 0x0000ffff, 0xffffffff },
	{ 0xffffffff, EC_PASS,	  EC_EMULATE, 1, 2, 0, 0x00000000, 0x00ff0000 }, /* in part */
	{ 0xffffffff, EC_PASS,	  EC_EMULATE, 2, 2, 0, 0x00000000, 0xffff0000 },
	{ 0xffffffff, EC_PASS,	  EC_PASS,    0, 4, 1, 0xffffffff, 0xffffffff }, /* two accesses */
	{ 0xffffffff, EC_PASS,	  EC_PASS,    1, 2, 0, 0x00ff0000, 0x00ff0000 }, /* in part */
	{ 0xff00ff00, EC_PASS,	  EC_PASS,    0, 4, 1, 0xff00ff00, 0xff00ff00 },
	{ 0xffffff00, EC_PASS,	  EC_FREEZE,  0, 2, 1, 0x0000ff00, 0x0000ff00 },
	{ 0xffffffff, EC_EMULATE, EC_FREEZE,  0, 2, 0, 0x00000000, 0x0000ffff },
	{ 0xffffffff, EC_EMULATE, EC_FREEZE,  1, 1, 0, 0x00000000, 0x00000000 }, /* in part */
	/* clang-format on */
};

START_TEST(an_exact_register_is_accessed_apart_from_others)
{
	uint32_t rw = pairs[_i].rw;
	struct ec_reg low = { .len = 2, .rw = rw & 0xffff }, high = { .len = 2, .rw = rw >> 16 };
	struct ec_reg_masks l = serve(&low, pairs[_i].who, 0, 0);
	struct ec_reg_masks h = serve(&high, pairs[_i].beside, 0, 0);
	struct ec_dword_masks rule = { .m = { .live = l.live | h.live << 16,
					      .shadow_rw = l.shadow_rw | h.shadow_rw << 16,
					      .hw_rw = l.hw_rw | h.hw_rw << 16,
					      .keep = l.keep | h.keep << 16 },
				       .exact = 0x3 };
	struct one device = { .rw = rw };
	struct dword *d = &dword;

	dword_make(d, &rule, 0, device);
	dword_access(d, true, AT + pairs[_i].at, pairs[_i].len, UINT64_MAX);
	ck_assert_uint_eq(d->device.low_whole, pairs[_i].low_writes);
	ck_assert_uint_eq(d->device.low_other, 0);
	ck_assert_uint_eq(d->device.value, pairs[_i].device);
	ck_assert_uint_eq(dword_access(d, false, AT, 4, 0), pairs[_i].guest);
}
END_TEST

/* Invalid lengths, addresses without a function, and bytes past the end. */
START_TEST(accesses_outside_any_function_read_all_ones)
{
	static const uint32_t lengths[] = { 0, 3, 5, 6, 7, 9, 12, 16, 0x80000000, UINT32_MAX };
	struct ec_reg reg = { .len = 4, .rw = UINT32_MAX };
	struct ec_dword_masks rule = { .m = serve(&reg, EC_PASS, 0, 0) };
	struct one device = { .value = 0x11223344, .rw = UINT32_MAX };
	struct ec_access a;

	dword_make(&dword, &rule, 0, device);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(lengths) * 2; i++) {
		a = (struct ec_access){ .write = i % 2, .offset = AT, .length = lengths[i / 2] };
		ec_access_handle(&dword.guest, &a);
		ck_assert_uint_eq(a.verdict, EC_V_MALFORMED);
		ck_assert(a.write || a.value == UINT64_MAX || a.value == ec_ones(a.length));
	}
	for (unsigned int i = 1; i < 0x10000 * 2; i++) {
		a = (struct ec_access){ .at = { .bus = (uint8_t)(i >> 8), .devfn = (uint8_t)i },
					.write = i >> 16,
					.offset = AT,
					.length = 4 };
		if (!(uint16_t)i)
			a.at.segment = 1;
		ec_access_handle(&dword.guest, &a);
		ck_assert_uint_eq(a.verdict, EC_V_NO_FUNCTION);
		ck_assert(a.write || a.value == 0xffffffff);
	}
	ck_assert_uint_eq(dword_access(&dword, false, 254, 4, 0), 0xffff0000);
	ck_assert_uint_eq(dword_access(&dword, false, 256, 2, 0), 0xffff);
	ck_assert(dword_access(&dword, false, UINT32_MAX - 3, 8, 0) == UINT64_MAX);
	dword_access(&dword, true, UINT32_MAX - 3, 8, 0);
	ck_assert_uint_eq(dword.device.reads + dword.device.writes, 0);
}
END_TEST

/* clang-format off */
/* For bytes 0 to 3 (bit n for byte n): the fewest aligned accesses to exactly these bytes. */
static const struct {
	unsigned int n;
	struct ec_span run[2];
} runs_of[16] = {
	[0x1] = { 1, { { 0, 1 } } },		[0x2] = { 1, { { 1, 1 } } },
	[0x3] = { 1, { { 0, 2 } } },		[0x4] = { 1, { { 2, 1 } } },
	[0x5] = { 2, { { 0, 1 }, { 2, 1 } } },	[0x6] = { 2, { { 1, 1 }, { 2, 1 } } },
	[0x7] = { 2, { { 0, 2 }, { 2, 1 } } },	[0x8] = { 1, { { 3, 1 } } },
	[0x9] = { 2, { { 0, 1 }, { 3, 1 } } },	[0xa] = { 2, { { 1, 1 }, { 3, 1 } } },
	[0xb] = { 2, { { 0, 2 }, { 3, 1 } } },	[0xc] = { 1, { { 2, 2 } } },
	[0xd] = { 2, { { 0, 1 }, { 2, 2 } } },	[0xe] = { 2, { { 1, 1 }, { 2, 2 } } },
	[0xf] = { 1, { { 0, 4 } } },
};

/* The narrowest aligned access that covers them. */
static const struct ec_span covering[16] = {
	[0x1] = { 0, 1 }, [0x2] = { 1, 1 }, [0x3] = { 0, 2 }, [0x4] = { 2, 1 }, [0x5] = { 0, 4 },
	[0x6] = { 0, 4 }, [0x7] = { 0, 4 }, [0x8] = { 3, 1 }, [0x9] = { 0, 4 }, [0xa] = { 0, 4 },
	[0xb] = { 0, 4 }, [0xc] = { 2, 2 }, [0xd] = { 0, 4 }, [0xe] = { 0, 4 }, [0xf] = { 0, 4 },
};
/* clang-format on */

START_TEST(written_bytes_become_the_runs_of_the_table)
{
	struct ec_span run[3] = { { 0xaa, 0xaa }, { 0xaa, 0xaa }, { 0xaa, 0xaa } };
	unsigned int bytes = (unsigned int)_i, n = ec_spans(bytes, run);

	ck_assert_uint_eq(n, runs_of[bytes].n);
	for (unsigned int i = 0; i < n; i++) {
		ck_assert_uint_eq(run[i].first, runs_of[bytes].run[i].first);
		ck_assert_uint_eq(run[i].len, runs_of[bytes].run[i].len);
	}
	if (bytes) {
		run[0] = ec_span_covering(bytes);
		ck_assert_uint_eq(run[0].first, covering[bytes].first);
		ck_assert_uint_eq(run[0].len, covering[bytes].len);
	}
}
END_TEST

/* Bytes are all RW and passed, or not at all. */
START_TEST(a_write_makes_exactly_the_accesses_of_its_runs)
{
	uint32_t mask = 0;
	struct ec_reg reg = { .len = 4 };
	struct one device = { .value = 0 };
	struct ec_dword_masks rule;

	for (unsigned int i = 0; i < 4; i++)
		mask |= _i >> i & 1 ? 0xffu << i * 8 : 0;
	reg.rw = device.rw = mask;
	rule = (struct ec_dword_masks){ .m = serve(&reg, EC_PASS, 0, 0) };
	dword_make(&dword, &rule, 0, device);
	dword_access(&dword, true, AT, 4, 0xc3c3c3c3);
	ck_assert_uint_eq(dword.device.written, mask);
	ck_assert_uint_eq(dword.device.writes, runs_of[_i].n);
	ck_assert_uint_eq(dword.device.value, 0xc3c3c3c3 & mask);
}
END_TEST

Suite *suite_view_truth(void)
{
	Suite *s = suite_create("view_truth");
	TCase *tc = tcase_create("bit");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_written_bit_is_as_the_table_says, 0, EC_ARRAY_SIZE(in_lane));
	tcase_add_loop_test(tc, a_bit_outside_the_written_byte_is_as_the_table_says, 0,
			    EC_ARRAY_SIZE(out_of_lane));
	tcase_add_loop_test(tc, a_constant_bit_is_as_the_table_says, 0, EC_ARRAY_SIZE(fixed));
	tcase_add_test(tc, an_exact_register_is_written_only_whole);
	tcase_add_loop_test(tc, an_exact_register_is_accessed_apart_from_others, 0,
			    EC_ARRAY_SIZE(pairs));
	tcase_add_test(tc, accesses_outside_any_function_read_all_ones);
	tcase_add_loop_test(tc, written_bytes_become_the_runs_of_the_table, 0,
			    EC_ARRAY_SIZE(runs_of));
	tcase_add_loop_test(tc, a_write_makes_exactly_the_accesses_of_its_runs, 0,
			    EC_ARRAY_SIZE(runs_of));
	suite_add_tcase(s, tc);
	return s;
}
