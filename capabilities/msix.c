/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x11, MSI-X. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_XEN_PT

/* clang-format off */
/* host: Xen enables MSI-X, with vectors of the host */
#define FLAGS_RW (PCI_MSIX_ENABLE | PCI_MSIX_MASK)

static const struct ec_reg msix_rows[] = {
	{ 0x02, 2, EC_EMULATE, "FLAGS", EC_HOST_RW(FLAGS_RW), .rsvdp = EC_OTHERS16(FLAGS_RW | PCI_MSIX_TABSIZE), .effect = EC_FX_MSIX, SRC },
	{ 0x04, 4, EC_FREEZE,  "TABLE", SRC },
	{ 0x08, 4, EC_FREEZE,  "PBA", SRC },
};
/* clang-format on */

const struct ec_cap ec_cap_msix = {
	.id = PCI_CAP_ID_MSIX,
	.treatment = EC_EMULATE,
	.once = true,
	.least = 12,
	.name = "MSI-X",
	.title = "MSI-X",
	.length_text = "12",
	.rows = EC_ROWS(msix_rows),
	.source = EC_SRC_PCIUTILS,
};
