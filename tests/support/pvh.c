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
	uint8_t *p = pvh_at(g, PVH_RSDP, 36);

	p[8] = p[32] = 0;
	p[8] = (uint8_t)-ec_acpi_sum(p, 20);
	p[32] = (uint8_t)-ec_acpi_sum(p, 36);
}

void pvh_seal(struct pvh *g, uint64_t gpa)
{
	uint8_t *p = pvh_at(g, gpa, pvh_get(g, gpa + 4, 4));

	/* a length that reaches beyond the memory has no sum */
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

	pvh_put(g, PVH_START, 4, 0x336ec578);
	pvh_put(g, PVH_START + 4, 4, 1);
	pvh_put(g, PVH_START + 32, 8, PVH_RSDP);
	pvh_put(g, PVH_START + 40, 8, PVH_MAP);
	pvh_put(g, PVH_START + 48, 4, EC_ARRAY_SIZE(map));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(map); i++) {
		pvh_put(g, PVH_MAP + i * 24, 8, map[i].addr);
		pvh_put(g, PVH_MAP + i * 24 + 8, 8, map[i].size);
		pvh_put(g, PVH_MAP + i * 24 + 16, 4, map[i].type);
	}
}

void pvh_setup(struct pvh *g)
{
	memset(g, 0, sizeof(*g));
	put_start(g);
	pvh_table(g, PVH_DSDT, "DSDT", 5, 0x6c9b);
	pvh_table(g, PVH_FADT_OLD, "FACP", 1, 116);
	pvh_put(g, PVH_FADT_OLD + 40, 4, PVH_DSDT);
	pvh_table(g, PVH_FADT, "FACP", 5, 268);
	pvh_put(g, PVH_FADT + 40, 4, PVH_DSDT);
	pvh_put(g, PVH_FADT + 140, 8, PVH_DSDT);
	pvh_table(g, PVH_MADT, "APIC", 2, 0x34);
	pvh_table(g, PVH_XSDT, "XSDT", 1, 36 + 2 * 8);
	pvh_put(g, PVH_XSDT + 36, 8, PVH_FADT);
	pvh_put(g, PVH_XSDT + 44, 8, PVH_MADT);
	pvh_table(g, PVH_RSDT, "RSDT", 1, 36 + 2 * 4);
	pvh_put(g, PVH_RSDT + 36, 4, PVH_FADT_OLD);
	pvh_put(g, PVH_RSDT + 40, 4, PVH_MADT);
	memcpy(pvh_at(g, PVH_RSDP, 36), "RSD PTR ", 8);
	pvh_put(g, PVH_RSDP + 15, 1, 2);
	pvh_put(g, PVH_RSDP + 16, 4, PVH_RSDT);
	pvh_put(g, PVH_RSDP + 20, 4, 36);
	pvh_put(g, PVH_RSDP + 24, 8, PVH_XSDT);
	pvh_seal_all(g);
}
