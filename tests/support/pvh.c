/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pvh.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "core/bits.h"

uint8_t *pvh_at(struct pvh *g, uint64_t gpa, size_t len)
{
	const struct {
		uint64_t gpa;
		uint8_t *p;
		size_t len;
	} ram[] = {
		{ 0, g->low, sizeof(g->low) },
		{ PVH_START, g->start, sizeof(g->start) },
		{ PVH_ACPI, g->acpi, sizeof(g->acpi) },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ram); i++)
		if (len <= ram[i].len && gpa >= ram[i].gpa && gpa - ram[i].gpa <= ram[i].len - len)
			return ram[i].p + (gpa - ram[i].gpa);
	return NULL;
}

static int copy(void *ctx, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct pvh *g = ctx;
	uint8_t *p = pvh_at(g, gpa, len);

	ck_assert_uint_le(len, 4096);
	if (!p)
		return -EFAULT;
	if (!write) {
		if (++g->reads == g->fail_read)
			return -EIO;
		memcpy(buf, p, len);
		return 0;
	}
	if (g->writes + 1 == g->fail_write)
		return -EPERM;
	g->written[g->writes++ % EC_ARRAY_SIZE(g->written)] = gpa;
	memcpy(p, buf, len);
	return 0;
}

struct ec_acpi_memory pvh_memory(struct pvh *g)
{
	return (struct ec_acpi_memory){ .copy = copy, .ctx = g };
}

uint64_t pvh_get(struct pvh *g, uint64_t gpa, unsigned int len)
{
	uint8_t *p = pvh_at(g, gpa, len);

	ck_assert_ptr_nonnull(p);
	return ec_get_le(p, len);
}

void pvh_put(struct pvh *g, uint64_t gpa, unsigned int len, uint64_t v)
{
	uint8_t *p = pvh_at(g, gpa, len);

	ck_assert_ptr_nonnull(p);
	ec_put_le(p, len, v);
}

void pvh_table(struct pvh *g, uint64_t gpa, const char *signature, uint8_t revision, uint32_t len)
{
	uint8_t *p = pvh_at(g, gpa, len);

	ck_assert_ptr_nonnull(p);
	ec_acpi_header(p, signature, revision, "HVM\0\0\0\0\0", len);
}

void pvh_seal_rsdp(struct pvh *g)
{
	uint8_t *p = pvh_at(g, PVH_RSDP, EC_ACPI_RSDP);

	p[EC_ACPI_RSDP_CHECKSUM] = p[EC_ACPI_RSDP_CHECKSUM_ALL] = 0;
	p[EC_ACPI_RSDP_CHECKSUM] = (uint8_t)-ec_acpi_sum(p, EC_ACPI_RSDP_FIRST);
	p[EC_ACPI_RSDP_CHECKSUM_ALL] = (uint8_t)-ec_acpi_sum(p, EC_ACPI_RSDP);
}

void pvh_seal(struct pvh *g, uint64_t gpa)
{
	uint8_t *p = pvh_at(g, gpa, pvh_get(g, gpa + EC_ACPI_LENGTH, 4));

	/* a table that reaches past the memory gets no checksum */
	if (p)
		ec_acpi_seal(p);
}

void pvh_seal_all(struct pvh *g)
{
	static const uint64_t all[] = { PVH_FADT, PVH_FADT_OLD, PVH_MADT, PVH_XSDT, PVH_RSDT };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(all); i++)
		pvh_seal(g, all[i]);
	pvh_seal_rsdp(g);
}

static void put_start(struct pvh *g)
{
	static const struct {
		uint64_t addr, size;
		uint32_t type;
	} map[] = {
		{ 0, 0x10000000, 1 },    { 0xfeff8000, 0x8000, 2 },        { PVH_RSDP, 0x40, 3 },
		{ PVH_ACPI, 0x1000, 3 }, { PVH_ACPI + 0x1000, 0x7000, 3 },
	};

	pvh_put(g, PVH_START + EC_START_MAGIC, 4, EC_START_MAGIC_VALUE);
	pvh_put(g, PVH_START + EC_START_VERSION, 4, 1);
	pvh_put(g, PVH_START + EC_START_RSDP, 8, PVH_RSDP);
	pvh_put(g, PVH_START + EC_START_MEMMAP, 8, PVH_MAP);
	pvh_put(g, PVH_START + EC_START_MEMMAP_ENTRIES, 4, EC_ARRAY_SIZE(map));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(map); i++) {
		pvh_put(g, PVH_MAP_ENTRY(i) + EC_MEMMAP_ADDR, 8, map[i].addr);
		pvh_put(g, PVH_MAP_ENTRY(i) + EC_MEMMAP_SIZE, 8, map[i].size);
		pvh_put(g, PVH_MAP_ENTRY(i) + EC_MEMMAP_TYPE, 4, map[i].type);
	}
}

/* Lengths and revisions are those of Xen 4.17's tables. */
void pvh_setup(struct pvh *g)
{
	memset(g, 0, sizeof(*g));
	put_start(g);
	pvh_table(g, PVH_DSDT, EC_ACPI_SIG_DSDT, 5, 0x6c9b);
	pvh_table(g, PVH_FADT_OLD, EC_ACPI_SIG_FADT, 1, 116);
	pvh_put(g, PVH_FADT_OLD + EC_ACPI_FADT_DSDT, 4, PVH_DSDT);
	pvh_table(g, PVH_FADT, EC_ACPI_SIG_FADT, 5, 268);
	pvh_put(g, PVH_FADT + EC_ACPI_FADT_DSDT, 4, PVH_DSDT);
	pvh_put(g, PVH_FADT + EC_ACPI_FADT_X_DSDT, 8, PVH_DSDT);
	pvh_table(g, PVH_MADT, EC_ACPI_SIG_MADT, 2, PVH_MADT_LEN);
	pvh_table(g, PVH_XSDT, EC_ACPI_SIG_XSDT, 1, EC_ACPI_HEADER + 2 * EC_ACPI_XSDT_ENTRY);
	pvh_put(g, PVH_XSDT_ENTRY(PVH_XSDT, 0), EC_ACPI_XSDT_ENTRY, PVH_FADT);
	pvh_put(g, PVH_XSDT_ENTRY(PVH_XSDT, 1), EC_ACPI_XSDT_ENTRY, PVH_MADT);
	pvh_table(g, PVH_RSDT, EC_ACPI_SIG_RSDT, 1, EC_ACPI_HEADER + 2 * EC_ACPI_RSDT_ENTRY);
	pvh_put(g, PVH_RSDT_ENTRY(PVH_RSDT, 0), EC_ACPI_RSDT_ENTRY, PVH_FADT_OLD);
	pvh_put(g, PVH_RSDT_ENTRY(PVH_RSDT, 1), EC_ACPI_RSDT_ENTRY, PVH_MADT);
	memcpy(pvh_at(g, PVH_RSDP, EC_ACPI_RSDP), EC_ACPI_SIG_RSDP, EC_ACPI_RSDP_SIGNATURE_LEN);
	pvh_put(g, PVH_RSDP + EC_ACPI_RSDP_REVISION, 1, 2);
	pvh_put(g, PVH_RSDP + EC_ACPI_RSDP_RSDT, 4, PVH_RSDT);
	pvh_put(g, PVH_RSDP + EC_ACPI_RSDP_LENGTH, 4, EC_ACPI_RSDP);
	pvh_put(g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, PVH_XSDT);
	pvh_seal_all(g);
}

void pvh_insertion_setup(struct pvh_insertion *p)
{
	pvh_setup(&p->g);
	p->memory = pvh_memory(&p->g);
	p->m = ec_acpi_default(EC_ACPI_PVH, 0xfd000000, 4, true);
	p->m.mem32 = (struct ec_acpi_window){ 0xfe000000, 0xfebfffff };
	p->m.mem64 = (struct ec_acpi_window){ 0x4000000000, 0x4fffffffff };
}

int pvh_plan(struct pvh_insertion *p)
{
	return ec_acpi_pvh_plan(&p->m, PVH_START, &p->memory, &p->in, &p->diag);
}

void pvh_insert(struct pvh_insertion *p)
{
	int rc = pvh_plan(p);

	ck_assert_msg(rc == 0, "%s", p->diag.text);
	ck_assert_int_eq(ec_acpi_pvh_write(&p->in, &p->memory, &p->diag), 0);
}
