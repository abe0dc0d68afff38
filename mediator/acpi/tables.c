/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "acpi/tables.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "acpi/aml.h"
#include "core/bits.h"

#define MIB (1ull << 20)
#define GIB4 (1ull << 32)
#define PAGE 4096u

/* offsets in a table's header */
enum { LENGTH = 4, REVISION = 8, CHECKSUM = 9, OEM = 10, TABLE_ID = 16, OEM_REVISION = 24 };
enum { COMPILER = 28, COMPILER_REVISION = 32 };

#define FOR(kind) (1u << (kind))
#define BOTH (FOR(EC_ACPI_HVM) | FOR(EC_ACPI_PVH))

/*
 * What a guest has below 4 GiB, wherever its RAM ends.
 * Source: Xen tools/firmware/hvmloader/config.h, xen/include/public/hvm/e820.h, tools/libs/light
 * (libxl_x86_acpi.c), tools/libs/guest (xg_dom_x86.c).
 */
/* clang-format off */
static const struct taken {
	uint64_t first, last;
	unsigned int kinds;
	const char *name;
} taken_memory[] = {
	{ 0x00000000, 0x000fffff, BOTH,             "the memory below 1 MiB" },
	{ 0xfc000000, 0xfdffffff, FOR(EC_ACPI_HVM), "hvmloader's own memory" },
	{ 0xfc000000, 0xfc0fffff, FOR(EC_ACPI_PVH), "the tables that the toolstack makes" },
	{ 0xfec00000, 0xfec00fff, BOTH,             "the I/O APIC" },
	{ 0xfed00000, 0xfed003ff, FOR(EC_ACPI_HVM), "the HPET" },
	{ 0xfed40000, 0xfed44fff, FOR(EC_ACPI_HVM), "the TPM" },
	{ 0xfee00000, 0xfeefffff, BOTH,             "the local APICs" },
	{ 0xfeff0000, 0xfeffffff, BOTH,             "Xen's special pages" },
	{ 0xff000000, 0xffffffff, FOR(EC_ACPI_HVM), "the firmware" },
}, taken_ports[] = {
	{ 0x0cf8, 0x0cff, FOR(EC_ACPI_PVH), "CONFIG_ADDRESS and CONFIG_DATA" },
	{ 0xaf00, 0xaf1f, FOR(EC_ACPI_PVH), "the map of online processors" },
	{ 0xafe0, 0xafe3, FOR(EC_ACPI_PVH), "the GPE block" },
	{ 0xb000, 0xb00f, FOR(EC_ACPI_PVH), "the ACPI timer and events" },
};

/*
 * The placeholders, as the templates have them: an address space descriptor's granularity,
 * minimum, maximum, translation and length; a fixed window's base and length; an integer of one
 * byte behind its name. Each is in its template once.
 */
enum shape { SPACE, FIXED, BUS_BASE };
enum number { ECAM, BUSES, BASE_BUS, IO, MEM32, MEM64 };
static const struct hole {
	const char *name;
	uint64_t first, last;
	unsigned int kinds;
	uint8_t shape, width;
} holes[] = {
	[ECAM]     = { "ECAM._CRS", 0xeca00000, 0xfb5fffff, BOTH, FIXED, 4 },
	[BUSES]    = { "BUSR", 0x4c, 0xeb, FOR(EC_ACPI_PVH), SPACE, 2 },
	[BASE_BUS] = { "_BBN", 0xeb, 0xeb, FOR(EC_ACPI_PVH), BUS_BASE, 1 },
	[IO]       = { "PIOR", 0xe400, 0xec1f, FOR(EC_ACPI_PVH), SPACE, 2 },
	[MEM32]    = { "M32R", 0xec320000, 0xec352ebf, FOR(EC_ACPI_PVH), SPACE, 4 },
	[MEM64]    = { "M64R", 0xec6400000000, 0xed5063ffffff, FOR(EC_ACPI_PVH), SPACE, 8 },
};
/* clang-format on */

/* bytes of the longest placeholder */
#define HOLE_MAX 40

struct ec_acpi_machine ec_acpi_default(enum ec_acpi_kind kind, uint64_t ecam, unsigned int buses,
				       bool bus0)
{
	struct ec_acpi_machine m = { .kind = kind, .ecam = ecam };

	/* no such number of buses: a window that ec_acpi_check() refuses */
	m.first_bus = (kind == EC_ACPI_HVM && !bus0) || !buses || buses > 256;
	m.last_bus = buses && buses <= 256 ? (uint8_t)(buses - 1) : 0;
	if (kind == EC_ACPI_PVH)
		m.root_last = m.last_bus;
	return m;
}

struct ec_acpi_window ec_acpi_ecam(const struct ec_acpi_machine *m)
{
	return (struct ec_acpi_window){ m->ecam + m->first_bus * MIB,
					m->ecam + (m->last_bus + 1) * MIB - 1 };
}

static bool is_none(struct ec_acpi_window w)
{
	return !w.first && !w.last;
}

static bool meets(struct ec_acpi_window a, struct ec_acpi_window b)
{
	return a.first <= b.last && b.first <= a.last;
}

/* Is @w free of what every guest of the kind has? */
static int check_free(const struct ec_acpi_machine *m, const char *name, struct ec_acpi_window w,
		      const struct taken *t, size_t n, struct ec_diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		if (!(t[i].kinds & FOR(m->kind)) ||
		    !meets(w, (struct ec_acpi_window){ t[i].first, t[i].last }))
			continue;
		ec_diag_set(diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", covers %s at %#" PRIx64,
			    name, w.first, w.last, t[i].name, t[i].first);
		return -EINVAL;
	}
	return 0;
}

static int check_ecam(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	if (m->kind != EC_ACPI_HVM && m->kind != EC_ACPI_PVH) {
		ec_diag_set(diag, 0, "there is no such kind of guest");
		return -EINVAL;
	}
	if (m->first_bus > m->last_bus) {
		ec_diag_set(diag, 0, "the ECAM window has no bus from %u to %u", m->first_bus,
			    m->last_bus);
		return -EINVAL;
	}
	if (m->ecam % MIB) {
		ec_diag_set(diag, 0,
			    "the ECAM window's address %#" PRIx64 " is no multiple of 1 MiB",
			    m->ecam);
		return -EINVAL;
	}
	/* Linux believes no MCFG above that of a machine whose firmware tells no date */
	if (m->ecam >= GIB4 || ec_acpi_ecam(m).last >= GIB4) {
		ec_diag_set(diag, 0, "the ECAM window at %#" PRIx64 " ends above 4 GiB", m->ecam);
		return -EINVAL;
	}
	return check_free(m, "ECAM window", ec_acpi_ecam(m), taken_memory,
			  EC_ARRAY_SIZE(taken_memory), diag);
}

/* One window of a root bridge, in units of @unit from @low to @high. */
static int check_window(const char *name, struct ec_acpi_window w, uint64_t low, uint64_t high,
			uint64_t unit, struct ec_diag *diag)
{
	const char *what = NULL;

	if (w.first > w.last)
		what = "ends before it starts";
	else if (w.first < low || w.last > high)
		what = "is not where such a window can be";
	else if (w.first % unit || (w.last + 1) % unit)
		what = "does not start and end at a boundary of 4 KiB";
	if (!what)
		return 0;
	ec_diag_set(diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", %s", name, w.first, w.last, what);
	return -EINVAL;
}

static int check_mem32(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	static const char name[] = "32-bit window";
	int rc = check_window(name, m->mem32, 0, GIB4 - 1, PAGE, diag);

	if (!rc)
		rc = check_free(m, name, m->mem32, taken_memory, EC_ARRAY_SIZE(taken_memory), diag);
	if (!rc && meets(m->mem32, ec_acpi_ecam(m))) {
		ec_diag_set(diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", covers the ECAM window",
			    name, m->mem32.first, m->mem32.last);
		rc = -EINVAL;
	}
	return rc;
}

static int check_root(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	int rc = 0;

	if (m->root_first > m->root_last) {
		ec_diag_set(diag, 0, "the root bridge has no bus from %u to %u", m->root_first,
			    m->root_last);
		return -EINVAL;
	}
	if (m->first_bus > m->root_first || m->last_bus < m->root_last) {
		ec_diag_set(diag, 0,
			    "the root bridge has buses %u to %u, the ECAM window but %u to %u",
			    m->root_first, m->root_last, m->first_bus, m->last_bus);
		return -EINVAL;
	}
	if (!is_none(m->io))
		rc = check_window("I/O window", m->io, 0x1000, 0xffff, 1, diag);
	if (!rc && !is_none(m->io))
		rc = check_free(m, "I/O window", m->io, taken_ports, EC_ARRAY_SIZE(taken_ports),
				diag);
	if (!rc && !is_none(m->mem32))
		rc = check_mem32(m, diag);
	if (!rc && !is_none(m->mem64))
		rc = check_window("64-bit window", m->mem64, GIB4, (1ull << 52) - 1, PAGE, diag);
	return rc;
}

int ec_acpi_check(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	int rc = check_ecam(m, diag);

	if (rc)
		return rc;
	if (m->kind == EC_ACPI_PVH)
		return check_root(m, diag);
	if (m->root_first || m->root_last || !is_none(m->io) || !is_none(m->mem32) ||
	    !is_none(m->mem64)) {
		ec_diag_set(
			diag, 0,
			"the root bridge of an HVM guest is hvmloader's, with its own buses and "
			"windows");
		return -EINVAL;
	}
	return 0;
}

uint8_t ec_acpi_sum(const void *p, size_t len)
{
	const uint8_t *b = p;
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *b++);
	return sum;
}

void ec_acpi_header(uint8_t *out, const char *signature, uint8_t revision, const char *id,
		    uint32_t len)
{
	memset(out, 0, EC_ACPI_HEADER);
	memcpy(out, signature, 4);
	ec_put_le(out + LENGTH, 4, len);
	out[REVISION] = revision;
	memcpy(out + OEM, EC_ACPI_OEM, 6);
	memcpy(out + TABLE_ID, id, 8);
	ec_put_le(out + OEM_REVISION, 4, 1);
	memcpy(out + COMPILER, "ECAM", 4);
	ec_put_le(out + COMPILER_REVISION, 4, 1);
}

void ec_acpi_seal(uint8_t *table)
{
	table[CHECKSUM] = 0;
	table[CHECKSUM] = (uint8_t)-ec_acpi_sum(table, ec_get_le(table + LENGTH, 4));
}

void ec_acpi_mcfg(const struct ec_acpi_machine *m, uint8_t out[EC_ACPI_MCFG])
{
	ec_acpi_header(out, "MCFG", 1, "ECAMDWIN", EC_ACPI_MCFG);
	memset(out + EC_ACPI_HEADER, 0, EC_ACPI_MCFG - EC_ACPI_HEADER);
	/* 8 reserved bytes; then address, segment 0, buses, 4 reserved bytes */
	ec_put_le(out + 44, 8, m->ecam);
	out[54] = m->first_bus;
	out[55] = m->last_bus;
	ec_acpi_seal(out);
}

static struct ec_acpi_window number(const struct ec_acpi_machine *m, enum number i)
{
	switch (i) {
	case ECAM:
		return ec_acpi_ecam(m);
	case BUSES:
		return (struct ec_acpi_window){ m->root_first, m->root_last };
	case BASE_BUS:
		return (struct ec_acpi_window){ m->root_first, m->root_first };
	case IO:
		return m->io;
	case MEM32:
		return m->mem32;
	default:
		return m->mem64;
	}
}

/* The bytes of a placeholder, or of what comes in its place. */
static size_t spell(const struct hole *h, struct ec_acpi_window w, bool none, uint8_t *out)
{
	unsigned int width = h->width;
	uint64_t len = none ? 0 : w.last - w.first + 1;

	memset(out, 0, HOLE_MAX);
	switch (h->shape) {
	case SPACE:
		ec_put_le(out + width, width, w.first);
		ec_put_le(out + 2 * width, width, w.last);
		ec_put_le(out + 4 * width, width, len);
		return 5 * width;
	case FIXED:
		ec_put_le(out, width, w.first);
		ec_put_le(out + width, width, len);
		return 2 * width;
	default:
		/* the byte constant behind the name */
		memcpy(out, "_BBN\x0a", 5);
		out[5] = (uint8_t)w.first;
		return 6;
	}
}

/* Where in the template the @n bytes are, once; -ENOENT or -EEXIST. */
static int find_once(const uint8_t *aml, size_t len, const uint8_t *what, size_t n)
{
	int at = -ENOENT;

	for (size_t i = EC_ACPI_HEADER; i + n <= len; i++) {
		if (memcmp(aml + i, what, n))
			continue;
		if (at >= 0)
			return -EEXIST;
		at = (int)i;
	}
	return at;
}

int ec_acpi_ssdt(const struct ec_acpi_machine *m, uint8_t *out, size_t size, struct ec_diag *diag)
{
	bool pvh = m->kind == EC_ACPI_PVH;
	const uint8_t *aml = pvh ? ec_acpi_aml_pvh : ec_acpi_aml_hvm;
	unsigned int len = pvh ? ec_acpi_aml_pvh_len : ec_acpi_aml_hvm_len;
	uint8_t old[HOLE_MAX], new[HOLE_MAX];

	if (len > size) {
		ec_diag_set(diag, 0, "the SSDT has %u bytes, and there is room for %zu", len, size);
		return -ENOSPC;
	}
	memcpy(out, aml, len);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(holes); i++) {
		const struct hole *h = holes + i;
		struct ec_acpi_window w = number(m, i);
		size_t n = spell(h, (struct ec_acpi_window){ h->first, h->last }, false, old);
		int at;

		if (!(h->kinds & FOR(m->kind)))
			continue;
		at = find_once(aml, len, old, n);
		if (at < 0) {
			ec_diag_set(diag, 0, "the template has no place for %s, or several",
				    h->name);
			return -EPROTO;
		}
		/* a range of buses from 0 to 0 is one */
		spell(h, w, i >= IO && is_none(w), new);
		memcpy(out + at, new, n);
	}
	ec_acpi_seal(out);
	return (int)len;
}

int ec_acpi_tables(const struct ec_acpi_machine *m, uint8_t *out, size_t size, struct ec_diag *diag)
{
	int rc = ec_acpi_check(m, diag);

	if (!rc)
		rc = ec_acpi_ssdt(m, out, size, diag);
	if (rc < 0)
		return rc;
	if (size - (size_t)rc < EC_ACPI_MCFG) {
		ec_diag_set(diag, 0, "there is no room for MCFG in %zu bytes", size);
		return -ENOSPC;
	}
	ec_acpi_mcfg(m, out + rc);
	return rc + (int)EC_ACPI_MCFG;
}
