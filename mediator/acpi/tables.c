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
/* Below these ports are those of the chip set (ISA). */
#define IO_FIRST 0x1000u
#define IO_LAST 0xffffu
/* x86 has 52 bits of physical addresses at most. */
#define ADDRESS_LAST ((1ull << 52) - 1)

#define FOR(kind) (1u << (kind))
#define BOTH (FOR(EC_ACPI_HVM) | FOR(EC_ACPI_PVH))

/*
 * What a guest has below 4 GiB, independent of where its RAM ends.
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
 * The numbers of a machine that a template has, with the values that the .asl file gives them. A
 * value is found by its bytes, so it must be in its template exactly once. How it is encoded:
 *	SPACE	an address space descriptor: granularity, minimum, maximum, translation, length
 *	FIXED	a fixed memory descriptor: base, length
 *	BUS	an integer of one byte, after its name
 * Source: ACPI specification 6.5, 6.4 (resource descriptors) and 20.2 (AML).
 */
enum encoding { SPACE, FIXED, BUS };
enum number { ECAM, BUSES, BASE_BUS, IO, MEM32, MEM64 };
static const struct number_in_template {
	const char *name;
	uint64_t first, last;
	unsigned int kinds;
	uint8_t encoding, width;
} numbers[] = {
	[ECAM]     = { "ECAM._CRS", 0xeca00000, 0xfb5fffff, BOTH, FIXED, 4 },
	[BUSES]    = { "BUSR", 0x4c, 0xeb, FOR(EC_ACPI_PVH), SPACE, 2 },
	[BASE_BUS] = { "_BBN", 0xeb, 0xeb, FOR(EC_ACPI_PVH), BUS, 1 },
	[IO]       = { "PIOR", 0xe400, 0xec1f, FOR(EC_ACPI_PVH), SPACE, 2 },
	[MEM32]    = { "M32R", 0xec320000, 0xec352ebf, FOR(EC_ACPI_PVH), SPACE, 4 },
	[MEM64]    = { "M64R", 0xec6400000000, 0xed5063ffffff, FOR(EC_ACPI_PVH), SPACE, 8 },
};
/* clang-format on */

/* bytes of the longest: a SPACE of five numbers of 8 bytes */
#define ENCODED_MAX 40
/* an integer of one byte in AML: ByteConst's prefix, then the byte */
#define AML_BBN "_BBN\x0a"

struct ec_acpi_machine ec_acpi_default(enum ec_acpi_kind kind, uint64_t ecam, unsigned int buses,
				       bool bus0)
{
	struct ec_acpi_machine m = { .kind = kind, .ecam = ecam };

	/* an impossible number of buses gives a window that ec_acpi_check() refuses */
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

static bool overlaps(struct ec_acpi_window a, struct ec_acpi_window b)
{
	return a.first <= b.last && b.first <= a.last;
}

/* A window of a machine that is checked, and where the reason for refusing it goes. */
struct claim {
	const struct ec_acpi_machine *m;
	const char *name;
	struct ec_acpi_window window;
	struct ec_diag *diag;
};

/* Does it overlap something that every guest of the kind has? */
static int check_free(const struct claim *c, const struct taken *t, size_t n)
{
	struct ec_acpi_window w = c->window;

	for (size_t i = 0; i < n; i++) {
		if (!(t[i].kinds & FOR(c->m->kind)) ||
		    !overlaps(w, (struct ec_acpi_window){ t[i].first, t[i].last }))
			continue;
		ec_diag_set(c->diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", covers %s at %#" PRIx64,
			    c->name, w.first, w.last, t[i].name, t[i].first);
		return -EINVAL;
	}
	return 0;
}

static int check_free_memory(const struct claim *c)
{
	return check_free(c, taken_memory, EC_ARRAY_SIZE(taken_memory));
}

static int check_ecam(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	const struct claim ecam = { m, "ECAM window", ec_acpi_ecam(m), diag };

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
	/*
	 * Linux ignores an MCFG entry above 4 GiB unless DMI reports a year from 2010 on:
	 * arch/x86/pci/mmconfig-shared.c, acpi_mcfg_check_entry().
	 */
	if (m->ecam >= GIB4 || ecam.window.last >= GIB4) {
		ec_diag_set(diag, 0, "the ECAM window at %#" PRIx64 " ends above 4 GiB", m->ecam);
		return -EINVAL;
	}
	return check_free_memory(&ecam);
}

/* A window of the root bridge starts and ends within @range, at multiples of @unit. */
static int check_window(const struct claim *c, struct ec_acpi_window range, uint64_t unit)
{
	struct ec_acpi_window w = c->window;
	const char *what = NULL;

	if (w.first > w.last)
		what = "ends before it starts";
	else if (w.first < range.first || w.last > range.last)
		what = "is not where such a window can be";
	else if (w.first % unit || (w.last + 1) % unit)
		what = "does not start and end at a boundary of 4 KiB";
	if (!what)
		return 0;
	ec_diag_set(c->diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", %s", c->name, w.first, w.last,
		    what);
	return -EINVAL;
}

static int check_io(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	static const struct ec_acpi_window range = { IO_FIRST, IO_LAST };
	const struct claim io = { m, "I/O window", m->io, diag };
	int rc = check_window(&io, range, 1);

	return rc ? rc : check_free(&io, taken_ports, EC_ARRAY_SIZE(taken_ports));
}

static int check_mem32(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	static const struct ec_acpi_window range = { 0, GIB4 - 1 };
	const struct claim mem32 = { m, "32-bit window", m->mem32, diag };
	int rc = check_window(&mem32, range, PAGE);

	if (!rc)
		rc = check_free_memory(&mem32);
	if (!rc && overlaps(m->mem32, ec_acpi_ecam(m))) {
		ec_diag_set(diag, 0, "the %s, %#" PRIx64 "-%#" PRIx64 ", covers the ECAM window",
			    mem32.name, m->mem32.first, m->mem32.last);
		rc = -EINVAL;
	}
	return rc;
}

static int check_mem64(const struct ec_acpi_machine *m, struct ec_diag *diag)
{
	static const struct ec_acpi_window range = { GIB4, ADDRESS_LAST };
	const struct claim mem64 = { m, "64-bit window", m->mem64, diag };

	return check_window(&mem64, range, PAGE);
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
			    "the root bridge has buses %u to %u, the ECAM window only %u to %u",
			    m->root_first, m->root_last, m->first_bus, m->last_bus);
		return -EINVAL;
	}
	if (!is_none(m->io))
		rc = check_io(m, diag);
	if (!rc && !is_none(m->mem32))
		rc = check_mem32(m, diag);
	if (!rc && !is_none(m->mem64))
		rc = check_mem64(m, diag);
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
	memcpy(out + EC_ACPI_SIGNATURE, signature, EC_ACPI_SIGNATURE_LEN);
	ec_put_le(out + EC_ACPI_LENGTH, 4, len);
	out[EC_ACPI_REVISION] = revision;
	memcpy(out + EC_ACPI_OEM_ID, EC_ACPI_OEM, EC_ACPI_OEM_ID_LEN);
	memcpy(out + EC_ACPI_TABLE_ID, id, EC_ACPI_TABLE_ID_LEN);
	ec_put_le(out + EC_ACPI_OEM_REVISION, 4, 1);
	memcpy(out + EC_ACPI_COMPILER, "ECAM", 4);
	ec_put_le(out + EC_ACPI_COMPILER_REVISION, 4, 1);
}

void ec_acpi_seal(uint8_t *table)
{
	uint8_t *sum = table + EC_ACPI_CHECKSUM;

	*sum = 0;
	*sum = (uint8_t)-ec_acpi_sum(table, ec_get_le(table + EC_ACPI_LENGTH, 4));
}

void ec_acpi_mcfg(const struct ec_acpi_machine *m, uint8_t out[EC_ACPI_MCFG])
{
	memset(out, 0, EC_ACPI_MCFG);
	ec_acpi_header(out, EC_ACPI_SIG_MCFG, 1, "ECAMDWIN", EC_ACPI_MCFG);
	ec_put_le(out + EC_ACPI_MCFG_BASE, 8, m->ecam);
	out[EC_ACPI_MCFG_FIRST_BUS] = m->first_bus;
	out[EC_ACPI_MCFG_LAST_BUS] = m->last_bus;
	ec_acpi_seal(out);
}

static struct ec_acpi_window value_of(const struct ec_acpi_machine *m, enum number i)
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

/*
 * Writes the bytes of a number; returns how many. @none: a window that does not exist has length 0
 * and stays in the SSDT, whose _CRS leaves it out. Cutting a descriptor out of a table would change
 * the lengths of everything that contains it.
 */
static size_t encode(const struct number_in_template *h, struct ec_acpi_window w, bool none,
		     uint8_t *out)
{
	unsigned int width = h->width;
	uint64_t len = none ? 0 : w.last - w.first + 1;

	memset(out, 0, ENCODED_MAX);
	switch (h->encoding) {
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
		memcpy(out, AML_BBN, sizeof(AML_BBN) - 1);
		out[sizeof(AML_BBN) - 1] = (uint8_t)w.first;
		return sizeof(AML_BBN);
	}
}

/* The offset of @n bytes that the template has once; -ENOENT or -EEXIST. */
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
	uint8_t old[ENCODED_MAX], new[ENCODED_MAX];

	if (len > size) {
		ec_diag_set(diag, 0, "the SSDT has %u bytes, but only %zu fit", len, size);
		return -ENOSPC;
	}
	memcpy(out, aml, len);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(numbers); i++) {
		const struct number_in_template *h = numbers + i;
		struct ec_acpi_window w = value_of(m, i);
		size_t n = encode(h, (struct ec_acpi_window){ h->first, h->last }, false, old);
		int at;

		if (!(h->kinds & FOR(m->kind)))
			continue;
		at = find_once(aml, len, old, n);
		if (at < 0) {
			ec_diag_set(diag, 0, "the template does not have %s exactly once", h->name);
			return -EPROTO;
		}
		/* buses 0 to 0 are one bus, not none */
		encode(h, w, i >= IO && is_none(w), new);
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
