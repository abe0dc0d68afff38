/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x08, HyperTransport: a dozen layouts, by the type in bits 15:11 of the command. Hidden. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define COMMAND                                                                                    \
	{                                                                                          \
		0x02, 2, EC_FREEZE, "COMMAND", SRC                                                 \
	}

/* clang-format off */
static const struct ec_reg primary[] = {
	COMMAND,
	{ 0x04, 2, EC_FREEZE, "LCTR0", SRC },
	{ 0x06, 2, EC_FREEZE, "LCNF0", SRC },
	{ 0x08, 2, EC_FREEZE, "LCTR1", SRC },
	{ 0x0a, 2, EC_FREEZE, "LCNF1", SRC },
	{ 0x0c, 1, EC_FREEZE, "RID", SRC },
	{ 0x0d, 1, EC_FREEZE, "LFRER0", SRC },
	{ 0x0e, 2, EC_FREEZE, "LFCAP0", SRC },
	{ 0x10, 1, EC_FREEZE, "FTR", SRC },
	{ 0x11, 1, EC_FREEZE, "LFRER1", SRC },
	{ 0x12, 2, EC_FREEZE, "LFCAP1", SRC },
	{ 0x14, 2, EC_FREEZE, "ES", SRC },
	{ 0x16, 2, EC_FREEZE, "EH", SRC },
	{ 0x18, 1, EC_FREEZE, "MBU", SRC },
	{ 0x19, 1, EC_FREEZE, "MLU", SRC },
	{ 0x1a, 1, EC_FREEZE, "BN", SRC },
};

static const struct ec_reg secondary[] = {
	COMMAND,
	{ 0x04, 2, EC_FREEZE, "LCTR", SRC },
	{ 0x06, 2, EC_FREEZE, "LCNF", SRC },
	{ 0x08, 1, EC_FREEZE, "RID", SRC },
	{ 0x09, 1, EC_FREEZE, "LFRER", SRC },
	{ 0x0a, 2, EC_FREEZE, "LFCAP", SRC },
	{ 0x0c, 2, EC_FREEZE, "FTR", SRC },
	{ 0x10, 2, EC_FREEZE, "ES", SRC },
	{ 0x12, 2, EC_FREEZE, "EH", SRC },
	{ 0x14, 1, EC_FREEZE, "MBU", SRC },
	{ 0x15, 1, EC_FREEZE, "MLU", SRC },
};

static const struct ec_reg sw[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "PMASK", SRC },
	{ 0x08, 4, EC_FREEZE, "SWINF", SRC },
	{ 0x0c, 4, EC_FREEZE, "PCD", .exact = true, SRC },
	{ 0x10, 4, EC_FREEZE, "BLRD", .exact = true, SRC },
	{ 0x14, 4, EC_FREEZE, "SBD", .exact = true, SRC },
};

static const struct ec_reg idc[] = {
	{ 0x02, 1, EC_FREEZE, "INDEX", SRC },
	{ 0x03, 1, EC_FREEZE, "COMMAND", SRC },
	{ 0x04, 4, EC_FREEZE, "DATA", .exact = true, SRC },
};

static const struct ec_reg uidc[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "CS", SRC },
	{ 0x08, 4, EC_FREEZE, "CE", SRC },
};

static const struct ec_reg ecsa[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "ADDR", SRC },
	{ 0x08, 4, EC_FREEZE, "DATA", .exact = true, SRC },
};

static const struct ec_reg am40[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "SBNPW", SRC },
	{ 0x08, 4, EC_FREEZE, "SBPW", SRC },
};

static const struct ec_reg am64[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "INDEX", SRC },
	{ 0x08, 4, EC_FREEZE, "DATA_LO", .exact = true, SRC },
	{ 0x0c, 4, EC_FREEZE, "DATA_HI", .exact = true, SRC },
};

static const struct ec_reg msim[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "ADDR_LO", SRC },
	{ 0x08, 4, EC_FREEZE, "ADDR_HI", SRC },
};

static const struct ec_reg dr[] = {
	COMMAND,
	{ 0x04, 4, EC_FREEZE, "EN", SRC },
	{ 0x08, 4, EC_FREEZE, "DATA", .exact = true, SRC },
};

static const struct ec_reg vcs[] = {
	COMMAND,
	{ 0x04, 1, EC_FREEZE, "SUP", SRC },
	{ 0x05, 1, EC_FREEZE, "L1EN", SRC },
	{ 0x06, 1, EC_FREEZE, "L0EN", SRC },
	{ 0x08, 1, EC_FREEZE, "SBD", SRC },
	{ 0x09, 1, EC_FREEZE, "SINT", SRC },
	{ 0x0a, 1, EC_FREEZE, "SSUP", SRC },
	{ 0x0c, 1, EC_FREEZE, "NFCBD", SRC },
	{ 0x0d, 1, EC_FREEZE, "NFCINT", SRC },
};

static const struct ec_reg rm[] = {
	COMMAND,
	{ 0x04, 1, EC_FREEZE, "CTR0", SRC },
	{ 0x05, 1, EC_FREEZE, "STS0", SRC },
	{ 0x06, 1, EC_FREEZE, "CTR1", SRC },
	{ 0x07, 1, EC_FREEZE, "STS1", SRC },
	{ 0x08, 2, EC_FREEZE, "CNT0", SRC },
	{ 0x0a, 2, EC_FREEZE, "CNT1", SRC },
};

static const struct ec_reg command[] = { COMMAND };

/* The type is in bits 15:13 where @mask is e000, in 15:11 otherwise. Length 0: all its room. */
static const struct layout {
	uint16_t mask, type;
	uint8_t length;
	struct ec_reg_table table;
} layouts[] = {
	{ 0xe000, 0x0000, PCI_HT_PRI_SIZEOF,  { primary, EC_ARRAY_SIZE(primary) } },
	{ 0xe000, 0x2000, PCI_HT_SEC_SIZEOF,  { secondary, EC_ARRAY_SIZE(secondary) } },
	{ 0xf800, 0x4000, PCI_HT_SW_SIZEOF,   { sw, EC_ARRAY_SIZE(sw) } },
	{ 0xf800, 0x8000, PCI_HT_IDC_SIZEOF,  { idc, EC_ARRAY_SIZE(idc) } },
	{ 0xf800, 0x8800, PCI_HT_RID_SIZEOF,  { command, EC_ARRAY_SIZE(command) } },
	{ 0xf800, 0x9000, PCI_HT_UIDC_SIZEOF, { uidc, EC_ARRAY_SIZE(uidc) } },
	{ 0xf800, 0x9800, PCI_HT_ECSA_SIZEOF, { ecsa, EC_ARRAY_SIZE(ecsa) } },
	{ 0xfe00, 0xa000, PCI_HT_AM40_SIZEOF, { am40, EC_ARRAY_SIZE(am40) } },
	{ 0xf800, 0xa000, PCI_HT_AM64_SIZEOF, { am64, EC_ARRAY_SIZE(am64) } },
	{ 0xf802, 0xa802, 4,                  { command, EC_ARRAY_SIZE(command) } }, /* fixed address */
	{ 0xf800, 0xa800, PCI_HT_MSIM_SIZEOF, { msim, EC_ARRAY_SIZE(msim) } },
	{ 0xf800, 0xb000, PCI_HT_DR_SIZEOF,   { dr, EC_ARRAY_SIZE(dr) } },
	{ 0xf800, 0xb800, PCI_HT_VCS_SIZEOF,  { vcs, EC_ARRAY_SIZE(vcs) } },
	{ 0xf800, 0xc000, PCI_HT_RM_SIZEOF,   { rm, EC_ARRAY_SIZE(rm) } },
	{ 0x0000, 0x0000, 0,                  { command, EC_ARRAY_SIZE(command) } }, /* of no public header */
};
/* clang-format on */

static const struct layout *layout_of(const struct ec_cap_at *at)
{
	uint32_t cmd = ec_at_get(at, PCI_HT_CMD, 2);
	const struct layout *l = layouts;

	/* the last one fits any */
	while ((cmd & l->mask) != l->type)
		l++;
	return l;
}

static uint32_t length(const struct ec_cap_at *at)
{
	const struct layout *l = layout_of(at);

	if (!l->length)
		return at->room;
	/* a window of 40-bit mapping takes 8 bytes */
	if (l->table.row == am40)
		return l->length + 8 * (ec_at_get(at, PCI_HT_CMD, 2) & PCI_HT_AM_CMD_NDMA);
	return l->length;
}

static struct ec_reg_table table(const struct ec_cap_at *at)
{
	return layout_of(at)->table;
}

const struct ec_cap ec_cap_ht = {
	.id = PCI_CAP_ID_HT,
	.treatment = EC_HIDE,
	.least = 4,
	.name = "HT",
	.title = "HyperTransport",
	.length_text = "by the type in bits 15:11 of +2: 4 to 132; of another all its room",
	.length = length,
	.table = table,
	.source = EC_SRC_PCIUTILS,
};
