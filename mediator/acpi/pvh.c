/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "acpi/pvh.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/bits.h"

#define PAGE 4096u
#define GIB4 (1ull << 32)

/* Linux accepts no larger memory map: its boot_params have 128 entries. */
#define MAP_MAX 128u
/* The toolstack reserves 64 bytes for the RSDP. */
#define RSDP_ROOM 64u
#define TABLE_MAX 0x10000u
#define ENTRIES_MAX 32u
/* SSDT and MCFG */
#define OUR_ENTRIES 2u
/* The table id of an earlier insertion. */
#define OUR_ID "ECAMDPVH"
#define ALIGNMENT 16u
/* The part of the FADT that is read. */
#define FADT_READ (EC_ACPI_FADT_X_DSDT + 8)

/* Entries of an RSDT or an XSDT, ours aside. */
struct root {
	const char *signature;
	unsigned int width;
	unsigned int n, fadts, madts;
	uint64_t entry[ENTRIES_MAX];
};

struct walk {
	const struct ec_acpi_memory *mem;
	struct ec_diag *diag;
	struct ec_acpi_insertion *in;
	uint64_t room; /* guest address of in->room */
	bool again;    /* the page has tables of an earlier insertion */
	struct root xsdt, rsdt;
	uint8_t page[PAGE];  /* the page of the RSDP */
	uint8_t piece[PAGE]; /* what was read last */
};

#define REFUSE(w, ...) (ec_diag_set((w)->diag, 0, __VA_ARGS__), -EINVAL)

static int get(struct walk *w, const char *what, uint64_t gpa, void *buf, size_t len)
{
	int rc = gpa > UINT64_MAX - len ? -EFAULT : w->mem->copy(w->mem->ctx, gpa, buf, len, false);

	if (rc)
		ec_diag_set(w->diag, 0, "the guest's %s at %#" PRIx64 " cannot be read: %s", what,
			    gpa, strerror(-rc));
	return rc;
}

static bool overlaps(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

/* Does it overlap the page that the tables are written to? */
static bool in_page(const struct walk *w, uint64_t gpa, uint64_t len)
{
	return overlaps(gpa, len, w->in->rsdp, PAGE);
}

/* The RSDP and its page. */
static int read_rsdp(struct walk *w, uint64_t rsdp)
{
	uint8_t *page = w->page;
	int rc;

	if (!rsdp || rsdp % PAGE || rsdp > GIB4 - PAGE)
		return REFUSE(w,
			      "the guest's RSDP is at %#" PRIx64
			      ", not at the start of a page below 4 GiB",
			      rsdp);
	rc = get(w, "RSDP", rsdp, page, PAGE);
	if (rc)
		return rc;
	if (memcmp(page, EC_ACPI_SIG_RSDP, EC_ACPI_RSDP_SIGNATURE_LEN))
		return REFUSE(w, "there is no RSDP in the guest at %#" PRIx64, rsdp);
	if (page[EC_ACPI_RSDP_REVISION] != 2 ||
	    ec_get_le(page + EC_ACPI_RSDP_LENGTH, 4) != EC_ACPI_RSDP)
		return REFUSE(w, "the guest's RSDP is of revision %u and length %u, not 2 and %u",
			      page[EC_ACPI_RSDP_REVISION],
			      (uint32_t)ec_get_le(page + EC_ACPI_RSDP_LENGTH, 4), EC_ACPI_RSDP);
	if (ec_acpi_sum(page, EC_ACPI_RSDP_FIRST) || ec_acpi_sum(page, EC_ACPI_RSDP))
		return REFUSE(w, "the guest's RSDP has a wrong checksum");
	w->in->rsdp = rsdp;
	w->room = rsdp + EC_ACPI_ROOM_AT;
	return 0;
}

/* The rest of the page is empty, except for tables of an earlier insertion. */
static int check_room(struct walk *w)
{
	const uint8_t *room = w->page + EC_ACPI_ROOM_AT;
	uint32_t end = PAGE;

	w->again = !memcmp(room, EC_ACPI_SIG_XSDT, EC_ACPI_SIGNATURE_LEN) &&
		   !memcmp(room + EC_ACPI_OEM_ID, EC_ACPI_OEM, EC_ACPI_OEM_ID_LEN) &&
		   !memcmp(room + EC_ACPI_TABLE_ID, OUR_ID, EC_ACPI_TABLE_ID_LEN);
	if (w->again)
		end = EC_ACPI_ROOM_AT;
	for (uint32_t i = RSDP_ROOM; i < end; i++)
		if (w->page[i])
			return REFUSE(
				w, "the page of the guest's RSDP is not empty: %02x at %#" PRIx64,
				w->page[i], w->in->rsdp + i);
	return 0;
}

/* Finds the RSDP's entry of the memory map, which will be extended to the page. */
static int read_map_entry(struct walk *w, const uint8_t *e, uint64_t gpa)
{
	uint64_t rsdp = w->in->rsdp, addr = ec_get_le(e + EC_MEMMAP_ADDR, 8),
		 size = ec_get_le(e + EC_MEMMAP_SIZE, 8);
	uint32_t type = (uint32_t)ec_get_le(e + EC_MEMMAP_TYPE, 4);

	if (size > UINT64_MAX - addr)
		return REFUSE(w, "the guest's memory map has an entry with no end");
	if (!in_page(w, addr, size))
		return 0;
	if (w->in->extent || addr != rsdp || size < EC_ACPI_RSDP || size > PAGE ||
	    (type != EC_MEMMAP_TYPE_ACPI && type != EC_MEMMAP_TYPE_NVS))
		return REFUSE(w,
			      "the guest's memory map has %#" PRIx64 "-%#" PRIx64
			      " of type %u at the RSDP",
			      addr, addr + size, type);
	w->in->extent = gpa + EC_MEMMAP_SIZE;
	return 0;
}

static int read_map(struct walk *w, uint64_t map, uint32_t n)
{
	uint8_t *buf = w->piece;
	int rc;

	if (!map || !n || n > MAP_MAX || map > UINT64_MAX - n * EC_MEMMAP_ENTRY)
		return REFUSE(w, "the guest has a memory map of %u entries at %#" PRIx64, n, map);
	if (in_page(w, map, n * EC_MEMMAP_ENTRY))
		return REFUSE(w, "the guest's memory map is in the page of the RSDP");
	rc = get(w, "memory map", map, buf, n * EC_MEMMAP_ENTRY);
	for (uint32_t i = 0; !rc && i < n; i++)
		rc = read_map_entry(w, buf + i * EC_MEMMAP_ENTRY, map + i * EC_MEMMAP_ENTRY);
	if (!rc && !w->in->extent)
		return REFUSE(w, "the guest's memory map has no entry for the RSDP at %#" PRIx64,
			      w->in->rsdp);
	return rc;
}

static int read_start(struct walk *w, uint64_t start)
{
	uint8_t s[EC_START_INFO];
	int rc = get(w, "start information", start, s, sizeof(s));

	if (rc)
		return rc;
	if (ec_get_le(s + EC_START_MAGIC, 4) != EC_START_MAGIC_VALUE)
		return REFUSE(w, "there is no start information in the guest at %#" PRIx64, start);
	if (ec_get_le(s + EC_START_VERSION, 4) != 1)
		return REFUSE(w, "the guest's start information is of version %u, not 1",
			      (unsigned int)ec_get_le(s + EC_START_VERSION, 4));
	rc = read_rsdp(w, ec_get_le(s + EC_START_RSDP, 8));
	if (!rc && in_page(w, start, EC_START_INFO))
		return REFUSE(w, "the guest's start information is in the page of the RSDP");
	if (!rc)
		rc = check_room(w);
	if (!rc)
		rc = read_map(w, ec_get_le(s + EC_START_MEMMAP, 8),
			      (uint32_t)ec_get_le(s + EC_START_MEMMAP_ENTRIES, 4));
	return rc;
}

/* Reads and checks the header of the table at @gpa; @signature NULL: of any table. */
static int read_header(struct walk *w, const char *signature, uint64_t gpa, uint8_t *header,
		       uint32_t *len)
{
	const char *name = signature ? signature : "table";
	int rc;

	if (gpa > GIB4 - TABLE_MAX)
		return REFUSE(w, "the guest's %s is at %#" PRIx64, name, gpa);
	rc = get(w, name, gpa, header, EC_ACPI_HEADER);
	if (rc)
		return rc;
	if (signature && memcmp(header, signature, EC_ACPI_SIGNATURE_LEN))
		return REFUSE(w, "there is no %s in the guest at %#" PRIx64, name, gpa);
	*len = (uint32_t)ec_get_le(header + EC_ACPI_LENGTH, 4);
	if (*len < EC_ACPI_HEADER || *len > TABLE_MAX)
		return REFUSE(w, "the guest's %s at %#" PRIx64 " has a length of %u", name, gpa,
			      *len);
	return 0;
}

/* The same of a table of the toolstack, which must not overlap the page. */
static int read_other(struct walk *w, const char *signature, uint64_t gpa, uint8_t *header,
		      uint32_t *len)
{
	int rc = read_header(w, signature, gpa, header, len);

	if (!rc && in_page(w, gpa, *len))
		return REFUSE(w,
			      "the guest's %.4s at %#" PRIx64 " reaches into the page of the RSDP",
			      (const char *)header, gpa);
	return rc;
}

static int check_sum(struct walk *w, const char *name, uint64_t gpa, uint32_t len)
{
	uint8_t sum = 0;

	for (uint32_t at = 0; at < len; at += PAGE) {
		uint32_t n = len - at < PAGE ? len - at : PAGE;
		int rc = get(w, name, gpa + at, w->piece, n);

		if (rc)
			return rc;
		sum = (uint8_t)(sum + ec_acpi_sum(w->piece, n));
	}
	if (sum)
		return REFUSE(w, "the guest's %s has a wrong checksum", name);
	return 0;
}

/* Reads the entries of an RSDT or XSDT, ours of an earlier insertion aside. */
static int read_root(struct walk *w, struct root *r, uint64_t gpa)
{
	uint8_t header[EC_ACPI_HEADER];
	bool ours = w->again && gpa >= w->room && gpa < w->room + EC_ACPI_ROOM;
	uint32_t len, n;
	int rc = ours ? read_header(w, r->signature, gpa, header, &len)
		      : read_other(w, r->signature, gpa, header, &len);

	if (rc)
		return rc;
	n = (len - EC_ACPI_HEADER) / r->width;
	if ((len - EC_ACPI_HEADER) % r->width || n > ENTRIES_MAX + OUR_ENTRIES)
		return REFUSE(w, "the guest's %s has a length of %u", r->signature, len);
	rc = check_sum(w, r->signature, gpa, len);
	if (rc)
		return rc;
	/* the table is less than a page, and check_sum() has left it in w->piece */
	for (uint32_t i = 0; i < n; i++) {
		uint64_t e = ec_get_le(w->piece + EC_ACPI_HEADER + i * r->width, r->width);

		if (w->again && e >= w->room && e < w->room + EC_ACPI_ROOM)
			continue;
		if (r->n == ENTRIES_MAX)
			return REFUSE(w, "the guest's %s has more than %u entries", r->signature,
				      ENTRIES_MAX);
		r->entry[r->n++] = e;
	}
	return 0;
}

/*
 * The revision of the DSDT decides for all tables whether integers have 32 or 64 bits; a window may
 * need 64.
 */
static int check_fadt(struct walk *w, uint64_t gpa, uint32_t len)
{
	uint8_t fadt[FADT_READ] = { 0 }, header[EC_ACPI_HEADER];
	uint64_t dsdt;
	uint32_t dsdt_len;
	int rc = check_sum(w, "FADT", gpa, len);

	if (!rc)
		rc = get(w, "FADT", gpa, fadt, len < FADT_READ ? len : FADT_READ);
	if (rc)
		return rc;
	dsdt = ec_get_le(fadt + EC_ACPI_FADT_X_DSDT, 8);
	if (!dsdt)
		dsdt = ec_get_le(fadt + EC_ACPI_FADT_DSDT, 4);
	rc = read_other(w, EC_ACPI_SIG_DSDT, dsdt, header, &dsdt_len);
	if (!rc && header[EC_ACPI_REVISION] < 2)
		return REFUSE(w, "the guest's DSDT is of revision %u, with integers of 32 bits",
			      header[EC_ACPI_REVISION]);
	return rc;
}

static bool is(const uint8_t *header, const char *signature)
{
	return !memcmp(header + EC_ACPI_SIGNATURE, signature, EC_ACPI_SIGNATURE_LEN);
}

static int check_table(struct walk *w, struct root *r, uint64_t gpa)
{
	uint8_t header[EC_ACPI_HEADER];
	uint32_t len;
	int rc = read_other(w, NULL, gpa, header, &len);

	if (rc)
		return rc;
	if (is(header, EC_ACPI_SIG_MCFG))
		return REFUSE(w, "the guest has a table MCFG already, at %#" PRIx64, gpa);
	if (is(header, EC_ACPI_SIG_FADT)) {
		r->fadts++;
		return check_fadt(w, gpa, len);
	}
	if (!is(header, EC_ACPI_SIG_MADT))
		return 0;
	r->madts++;
	return check_sum(w, "MADT", gpa, len);
}

/*
 * RSDT and XSDT are kept as they are, each by itself: the toolstack's RSDT names an older FADT, for
 * systems that do not read the XSDT.
 */
static int read_tables(struct walk *w, struct root *r, uint64_t gpa)
{
	int rc = read_root(w, r, gpa);

	for (unsigned int i = 0; !rc && i < r->n; i++)
		rc = check_table(w, r, r->entry[i]);
	if (!rc && (r->fadts != 1 || r->madts != 1))
		return REFUSE(w, "the guest's %s has %u FADTs and %u MADTs, not one each",
			      r->signature, r->fadts, r->madts);
	return rc;
}

/* Writes a root table to the room, with our entries after the others. */
static uint32_t put_root(struct walk *w, const struct root *r, uint32_t at, uint64_t ssdt,
			 uint64_t mcfg)
{
	uint8_t *table = w->in->room + at;
	uint32_t len = EC_ACPI_HEADER + (r->n + OUR_ENTRIES) * r->width;
	uint8_t *e = table + EC_ACPI_HEADER;

	ec_acpi_header(table, r->signature, 1, OUR_ID, len);
	for (unsigned int i = 0; i < r->n; i++, e += r->width)
		ec_put_le(e, r->width, r->entry[i]);
	ec_put_le(e, r->width, ssdt);
	ec_put_le(e + r->width, r->width, mcfg);
	ec_acpi_seal(table);
	return len;
}

static uint32_t align(uint32_t at)
{
	return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Computes everything to write, except for the memory map. */
static int compose(struct walk *w, const struct ec_acpi_machine *m)
{
	struct ec_acpi_insertion *in = w->in;
	uint8_t *rsdp = in->pointers;
	uint32_t rsdt = align(EC_ACPI_HEADER + (w->xsdt.n + OUR_ENTRIES) * EC_ACPI_XSDT_ENTRY);
	uint32_t ssdt =
		align(rsdt + EC_ACPI_HEADER + (w->rsdt.n + OUR_ENTRIES) * EC_ACPI_RSDT_ENTRY);
	uint32_t mcfg;
	int len = ec_acpi_ssdt(m, in->room + ssdt, EC_ACPI_ROOM - ssdt, w->diag);

	if (len < 0)
		return len;
	mcfg = align(ssdt + (uint32_t)len);
	if (mcfg + EC_ACPI_MCFG > EC_ACPI_ROOM) {
		ec_diag_set(w->diag, 0,
			    "there is no room for MCFG in the page of the guest's RSDP");
		return -ENOSPC;
	}
	ec_acpi_mcfg(m, in->room + mcfg);
	in->used = mcfg + EC_ACPI_MCFG;
	put_root(w, &w->xsdt, 0, w->room + ssdt, w->room + mcfg);
	put_root(w, &w->rsdt, rsdt, w->room + ssdt, w->room + mcfg);
	memcpy(rsdp, w->page, EC_ACPI_RSDP);
	ec_put_le(rsdp + EC_ACPI_RSDP_XSDT, 8, w->room);
	ec_put_le(rsdp + EC_ACPI_RSDP_RSDT, 4, w->room + rsdt);
	rsdp[EC_ACPI_RSDP_CHECKSUM] = rsdp[EC_ACPI_RSDP_CHECKSUM_ALL] = 0;
	rsdp[EC_ACPI_RSDP_CHECKSUM] = (uint8_t)-ec_acpi_sum(rsdp, EC_ACPI_RSDP_FIRST);
	rsdp[EC_ACPI_RSDP_CHECKSUM_ALL] = (uint8_t)-ec_acpi_sum(rsdp, EC_ACPI_RSDP);
	return 0;
}

int ec_acpi_pvh_plan(const struct ec_acpi_machine *m, uint64_t start_info,
		     const struct ec_acpi_memory *mem, struct ec_acpi_insertion *out,
		     struct ec_diag *diag)
{
	struct ec_acpi_insertion in = { 0 };
	struct walk w = { .mem = mem, .diag = diag, .in = &in };
	int rc = ec_acpi_check(m, diag);

	w.xsdt = (struct root){ .signature = EC_ACPI_SIG_XSDT, .width = EC_ACPI_XSDT_ENTRY };
	w.rsdt = (struct root){ .signature = EC_ACPI_SIG_RSDT, .width = EC_ACPI_RSDT_ENTRY };
	if (!rc && m->kind != EC_ACPI_PVH)
		rc = REFUSE(&w, "an HVM guest gets its tables from hvmloader");
	if (!rc)
		rc = read_start(&w, start_info);
	if (!rc)
		rc = read_tables(&w, &w.xsdt, ec_get_le(w.page + EC_ACPI_RSDP_XSDT, 8));
	if (!rc)
		rc = read_tables(&w, &w.rsdt, ec_get_le(w.page + EC_ACPI_RSDP_RSDT, 4));
	if (!rc)
		rc = compose(&w, m);
	if (rc)
		return rc;
	in.again = w.again;
	*out = in;
	return 0;
}

int ec_acpi_pvh_write(const struct ec_acpi_insertion *in, const struct ec_acpi_memory *mem,
		      struct ec_diag *diag)
{
	uint8_t extent[8], room[EC_ACPI_ROOM], pointers[EC_ACPI_RSDP];
	const struct {
		const char *what;
		uint64_t gpa;
		void *buf;
		size_t len;
	} writes[] = {
		{ "the tables", in->rsdp + EC_ACPI_ROOM_AT, room, sizeof(room) },
		{ "the memory map", in->extent, extent, sizeof(extent) },
		{ "the RSDP", in->rsdp, pointers, sizeof(pointers) },
	};

	ec_put_le(extent, sizeof(extent), PAGE);
	memcpy(room, in->room, sizeof(room));
	memcpy(pointers, in->pointers, sizeof(pointers));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(writes); i++) {
		int rc = mem->copy(mem->ctx, writes[i].gpa, writes[i].buf, writes[i].len, true);

		if (!rc)
			continue;
		ec_diag_set(diag, 0, "%s could not be written to the guest at %#" PRIx64 ": %s",
			    writes[i].what, writes[i].gpa, strerror(-rc));
		return rc;
	}
	return 0;
}
