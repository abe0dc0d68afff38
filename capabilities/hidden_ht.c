/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x08, HyperTransport: the type in bits 15:11 of the command selects one of a dozen layouts. */
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

#define TYPE_HI PCI_HT_CMD_TYP_HI /* bits 15:13 */
#define TYPE PCI_HT_CMD_TYP       /* bits 15:11 */
#define TYPE_AM (PCI_HT_CMD_TYP | PCI_HT_AM_CMD_MT)
#define TYPE_MSIM (PCI_HT_CMD_TYP | PCI_HT_MSIM_CMD_FIXD)

/* The first one whose type is in the bits of @mask. Length 0: all its room. */
static const struct layout {
	uint16_t mask, type;
	uint8_t length;
	struct ec_reg_table table;
} layouts[] = {
	{ TYPE_HI,   PCI_HT_CMD_TYP_HI_PRI, PCI_HT_PRI_SIZEOF,  EC_ROWS(primary) },
	{ TYPE_HI,   PCI_HT_CMD_TYP_HI_SEC, PCI_HT_SEC_SIZEOF,  EC_ROWS(secondary) },
	{ TYPE,      PCI_HT_CMD_TYP_SW,     PCI_HT_SW_SIZEOF,   EC_ROWS(sw) },
	{ TYPE,      PCI_HT_CMD_TYP_IDC,    PCI_HT_IDC_SIZEOF,  EC_ROWS(idc) },
	{ TYPE,      PCI_HT_CMD_TYP_RID,    PCI_HT_RID_SIZEOF,  EC_ROWS(command) },
	{ TYPE,      PCI_HT_CMD_TYP_UIDC,   PCI_HT_UIDC_SIZEOF, EC_ROWS(uidc) },
	{ TYPE,      PCI_HT_CMD_TYP_ECSA,   PCI_HT_ECSA_SIZEOF, EC_ROWS(ecsa) },
	{ TYPE_AM,   PCI_HT_CMD_TYP_AM,     PCI_HT_AM40_SIZEOF, EC_ROWS(am40) },
	{ TYPE,      PCI_HT_CMD_TYP_AM,     PCI_HT_AM64_SIZEOF, EC_ROWS(am64) },
	{ TYPE_MSIM, PCI_HT_CMD_TYP_MSIM | PCI_HT_MSIM_CMD_FIXD, 4, EC_ROWS(command) },
	{ TYPE,      PCI_HT_CMD_TYP_MSIM,   PCI_HT_MSIM_SIZEOF, EC_ROWS(msim) },
	{ TYPE,      PCI_HT_CMD_TYP_DR,     PCI_HT_DR_SIZEOF,   EC_ROWS(dr) },
	{ TYPE,      PCI_HT_CMD_TYP_VCS,    PCI_HT_VCS_SIZEOF,  EC_ROWS(vcs) },
	{ TYPE,      PCI_HT_CMD_TYP_RM,     PCI_HT_RM_SIZEOF,   EC_ROWS(rm) },
	{ 0,         0,                     0,                  EC_ROWS(command) }, /* in no public header */
};
/* clang-format on */

static const struct layout *layout_of(const struct ec_cap_at *at)
{
	uint32_t cmd = ec_at_get(at, PCI_HT_CMD, 2);
	const struct layout *l = layouts;

	/* the last one matches any type */
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
