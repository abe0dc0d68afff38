/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended capabilities: those that a guest reads, and a row each for those that it does not. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* Uncorrectable errors that pci_regs.h names, and correctable ones. */
#define UNCOR 0x03fff030u
#define COR 0x0000f1c1u

/* clang-format off */
static const struct ec_reg aer_rows[] = {
	{ 0x04, 4, EC_READ,   "UNCOR_STATUS", .w1c = UNCOR, .rsvdz = ~UNCOR & ~1u, .host = UNCOR, LNX },
	{ 0x08, 4, EC_READ,   "UNCOR_MASK", .rw = UNCOR, .rsvdp = ~UNCOR & ~1u, .host = UNCOR, LNX },
	{ 0x0c, 4, EC_READ,   "UNCOR_SEVER", .rw = UNCOR, .rsvdp = ~UNCOR & ~1u, .host = UNCOR, LNX },
	{ 0x10, 4, EC_READ,   "COR_STATUS", .w1c = COR, .rsvdz = ~COR, .host = COR, LNX },
	{ 0x14, 4, EC_READ,   "COR_MASK", .rw = COR, .rsvdp = ~COR, .host = COR, LNX },
	{ 0x18, 4, EC_READ,   "CAP", .rw = 0x540, .host = 0x540, LNX },
	{ 0x1c, 4, EC_READ,   "HEADER_LOG0", LNX },
	{ 0x20, 4, EC_READ,   "HEADER_LOG1", LNX },
	{ 0x24, 4, EC_READ,   "HEADER_LOG2", LNX },
	{ 0x28, 4, EC_READ,   "HEADER_LOG3", LNX },
	{ 0x2c, 4, EC_READ,   "ROOT_COMMAND", .rw = 0x7, .rsvdp = 0xfffffff8u, .host = 0x7, LNX },
	{ 0x30, 4, EC_READ,   "ROOT_STATUS", .w1c = 0x7f, .rsvdz = 0x07ffff80u, .host = 0x7f, LNX },
	{ 0x34, 4, EC_READ,   "ROOT_ERR_SRC", LNX },
	{ 0x38, 4, EC_READ,   "PREFIX_LOG0", .source = EC_SRC_XEN_PT },
	{ 0x3c, 4, EC_READ,   "PREFIX_LOG1", .source = EC_SRC_XEN_PT },
	{ 0x40, 4, EC_READ,   "PREFIX_LOG2", .source = EC_SRC_XEN_PT },
	{ 0x44, 4, EC_READ,   "PREFIX_LOG3", .source = EC_SRC_XEN_PT },
};

static const struct ec_reg vc_rows[] = {
	{ 0x04, 4, EC_FREEZE, "PORT_CAP1", LNX },
	{ 0x08, 4, EC_FREEZE, "PORT_CAP2", LNX },
	{ 0x0c, 2, EC_READ,   "PORT_CTRL", .rw = 0x000f, .rsvdp = 0xfff0, .host = 0x000f, LNX },
	{ 0x0e, 2, EC_READ,   "PORT_STATUS", .rsvdz = 0xfffe, LNX },
	{ 0x10, 4, EC_FREEZE, "RES0_CAP", LNX },
	{ 0x14, 4, EC_READ,   "RES0_CTRL", .rw = 0x870f00ffu, .rsvdp = 0x78f0ff00u, .host = 0x870f00ffu, LNX },
	{ 0x18, 2, EC_FREEZE, "RES0_RSVD", .rsvdp = 0xffff, LNX },
	{ 0x1a, 2, EC_READ,   "RES0_STATUS", .rsvdz = 0xfffc, LNX },
};

static const struct ec_reg dsn_rows[] = {
	{ 0x04, 4, EC_FREEZE, "SERIAL_LO", SRC },
	{ 0x08, 4, EC_FREEZE, "SERIAL_HI", SRC },
};

/* Reading the read mailbox, or writing it, takes a dword of the response away. */
static const struct ec_reg doe_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTL", .rw = 0x80000003u, .host = 0x80000003u, LNX },
	{ 0x0c, 4, EC_READ,   "STATUS", .w1c = 0x2, .host = 0x2, LNX },
	{ 0x10, 4, EC_READ,   "WRITE_MAILBOX", .rw = 0xffffffffu, .host = 0xffffffffu, .exact = true, LNX },
	{ 0x14, 4, EC_READ,   "READ_MAILBOX", .rw = 0xffffffffu, .host = 0xffffffffu, .exact = true, LNX },
};

static const struct ec_reg power_rows[] = {
	{ 0x04, 4, EC_READ,   "DSR", .rw = 0xff, .rsvdp = 0xffffff00u, LNX },
	{ 0x08, 4, EC_READ,   "DATA", LNX },
	{ 0x0c, 4, EC_FREEZE, "BUDGET_CAP", LNX },
};
/* clang-format on */

static struct ec_reg_table aer_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(aer_rows);
}

static struct ec_reg_table vc_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(vc_rows);
}

static struct ec_reg_table dsn_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(dsn_rows);
}

static struct ec_reg_table doe_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(doe_rows);
}

static struct ec_reg_table power_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(power_rows);
}

/* Root registers of root ports and event collectors; a TLP prefix log where CAP bit 11 says so. */
static uint32_t aer_length(const struct ec_cap_at *at)
{
	if (at->version > 1 && ec_at_get(at, 0x18, 4) & 0x800)
		return 0x48;
	if (at->pcie_type_known &&
	    (at->pcie_type == PCI_EXP_TYPE_ROOT_PORT || at->pcie_type == PCI_EXP_TYPE_ROOT_EC))
		return 0x38;
	return 0x2c;
}

/* Phases of the largest arbitration table that a capability byte offers. */
static uint32_t phases(uint32_t caps)
{
	if (caps & 0x20)
		return 256;
	if (caps & 0x18)
		return 128;
	if (caps & 0x04)
		return 64;
	return caps & 0x02 ? 32 : 0;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The registers of VC0 and the extended VCs, and the arbitration tables wherever they are. */
static uint32_t vc_length(const struct ec_cap_at *at)
{
	uint32_t cap1 = ec_at_get(at, 4, 4), cap2 = ec_at_get(at, 8, 4);
	uint32_t vcs = 1 + (cap1 & 7), entry_bits = 1u << (cap1 >> 10 & 3);
	uint32_t len = 0x10 + 12 * vcs;

	if (cap2 >> 24)
		len = later(len, (cap2 >> 24) * 16 + phases(cap2 & 0xff) / 2);
	for (uint32_t i = 0; i < vcs; i++) {
		uint32_t cap = ec_at_get(at, 0x10 + 12 * i, 4);

		if (cap >> 24)
			len = later(len, (cap >> 24) * 16 + phases(cap & 0xff) * entry_bits / 8);
	}
	return len;
}

/* clang-format off */
#define EXT(n, nm, ttl, t, l, rl, src) \
	.id = n, .extended = true, .treatment = t, .least = l, .name = nm, .title = ttl, .rule = rl, .source = src

const struct ec_cap ec_cap_aer = {
	EXT(0x01, "AER", "Advanced Error Reporting", EC_READ, 0x2c,
	    "44; of a root port or event collector 56; with TLP prefix log 72", EC_SRC_LINUX),
	.probe = 1u << 6, .length = aer_length, .table = aer_table };
const struct ec_cap ec_cap_vc = {
	EXT(0x02, "VC", "Virtual Channel", EC_READ, 0x1c,
	    "16 + 12 x virtual channels, and the arbitration tables", EC_SRC_LINUX),
	.probe = 0x02492496u, .length = vc_length, .table = vc_table };
const struct ec_cap ec_cap_dsn = {
	EXT(0x03, "DSN", "Device Serial Number", EC_FREEZE, 12, "12", EC_SRC_VFIO),
	.table = dsn_table };
const struct ec_cap ec_cap_power = {
	EXT(0x04, "PB", "Power Budgeting", EC_READ, 16, "16", EC_SRC_LINUX),
	.table = power_table };

/* Nothing of these is shown; what is told is the least length that public headers agree on. */
#define HIDDEN(n, nm, l, ttl, src) { EXT(n, nm, ttl, EC_HIDE, l, "at least " #l, src) }
const struct ec_cap ec_caps_hidden_ext[] = {
	HIDDEN(0x00, "NULL",      4, "Null Capability", EC_SRC_PCIUTILS),
	HIDDEN(0x05, "RCLINK",   16, "Root Complex Link Declaration", EC_SRC_PCIUTILS),
	HIDDEN(0x06, "RCILINK",  12, "Root Complex Internal Link Control", EC_SRC_PCIUTILS),
	HIDDEN(0x07, "RCEC",      8, "Root Complex Event Collector Endpoint Association", EC_SRC_PCIUTILS),
	HIDDEN(0x08, "MFVC",     16, "Multi-Function Virtual Channel", EC_SRC_PCIUTILS),
	HIDDEN(0x09, "VC2",      28, "Virtual Channel (with MFVC)", EC_SRC_PCIUTILS),
	HIDDEN(0x0a, "RCRB",     20, "Root Complex Register Block Header", EC_SRC_PCIUTILS),
	HIDDEN(0x0c, "CAC",       8, "Configuration Access Correlation", EC_SRC_LINUX),
	HIDDEN(0x0d, "ACS",       8, "Access Control Services", EC_SRC_PCIUTILS),
	HIDDEN(0x0e, "ARI",       8, "Alternative Routing-ID Interpretation", EC_SRC_PCIUTILS),
	HIDDEN(0x0f, "ATS",       8, "Address Translation Service", EC_SRC_PCIUTILS),
	HIDDEN(0x10, "SR-IOV",   64, "Single Root I/O Virtualization", EC_SRC_PCIUTILS),
	HIDDEN(0x11, "MR-IOV",    4, "Multi-Root I/O Virtualization", EC_SRC_PCIUTILS),
	HIDDEN(0x12, "MCAST",    40, "Multicast", EC_SRC_PCIUTILS),
	HIDDEN(0x13, "PRI",      16, "Page Request Interface", EC_SRC_PCIUTILS),
	HIDDEN(0x14, "AMD",       4, "Reserved for AMD", EC_SRC_LINUX),
	HIDDEN(0x15, "REBAR",    12, "Resizable BAR", EC_SRC_PCIUTILS),
	HIDDEN(0x16, "DPA",      17, "Dynamic Power Allocation", EC_SRC_PCIUTILS),
	HIDDEN(0x17, "TPH",      12, "TPH Requester", EC_SRC_PCIUTILS),
	HIDDEN(0x18, "LTR",       8, "Latency Tolerance Reporting", EC_SRC_PCIUTILS),
	HIDDEN(0x19, "SECPCI",   12, "Secondary PCI Express", EC_SRC_PCIUTILS),
	HIDDEN(0x1a, "PMUX",     16, "Protocol Multiplexing", EC_SRC_PCIUTILS),
	HIDDEN(0x1b, "PASID",     8, "Process Address Space ID", EC_SRC_PCIUTILS),
	HIDDEN(0x1c, "LNR",       8, "LN Requester", EC_SRC_PCIUTILS),
	HIDDEN(0x1d, "DPC",      12, "Downstream Port Containment", EC_SRC_PCIUTILS),
	HIDDEN(0x1e, "L1SS",     16, "L1 PM Substates", EC_SRC_PCIUTILS),
	HIDDEN(0x1f, "PTM",      12, "Precision Time Measurement", EC_SRC_PCIUTILS),
	HIDDEN(0x20, "M-PCIE",   28, "PCI Express over M-PHY", EC_SRC_PCIUTILS),
	HIDDEN(0x21, "FRS",      16, "FRS Queueing", EC_SRC_PCIUTILS),
	HIDDEN(0x22, "RTR",      12, "Readiness Time Reporting", EC_SRC_PCIUTILS),
	HIDDEN(0x24, "VF-REBAR", 12, "VF Resizable BAR", EC_SRC_PCIUTILS),
	HIDDEN(0x25, "DLF",      12, "Data Link Feature", EC_SRC_PCIUTILS),
	HIDDEN(0x26, "16GT",     32, "Physical Layer 16.0 GT/s", EC_SRC_PCIUTILS),
	HIDDEN(0x27, "LMR",       8, "Lane Margining at the Receiver", EC_SRC_PCIUTILS),
	HIDDEN(0x28, "HIER-ID",  20, "Hierarchy ID", EC_SRC_PCIUTILS),
	HIDDEN(0x29, "NPEM",     16, "Native PCIe Enclosure Management", EC_SRC_PCIUTILS),
	HIDDEN(0x2a, "32GT",     32, "Physical Layer 32.0 GT/s", EC_SRC_PCIUTILS),
	HIDDEN(0x2b, "ALT-PROT", 12, "Alternate Protocol", EC_SRC_PCIUTILS),
	HIDDEN(0x2c, "SFI",      16, "System Firmware Intermediary", EC_SRC_PCIUTILS),
	HIDDEN(0x2d, "SF",        4, "Shadow Functions", "name only: no public header has it"),
	{ EXT(0x2e, "DOE", "Data Object Exchange", EC_HIDE, 24, "at least 24", EC_SRC_PCIUTILS), .table = doe_table },
	HIDDEN(0x2f, "DEV3",     16, "Device 3", EC_SRC_PCIUTILS),
	HIDDEN(0x30, "IDE",      12, "Integrity and Data Encryption", EC_SRC_PCIUTILS),
	HIDDEN(0x31, "64GT",     16, "Physical Layer 64.0 GT/s", EC_SRC_PCIUTILS),
	HIDDEN(0x32, "FLIT-LOG",  4, "Flit Logging", EC_SRC_PCIUTILS),
	HIDDEN(0x33, "FLIT-PM",   4, "Flit Performance Measurement", EC_SRC_PCIUTILS),
	HIDDEN(0x34, "FLIT-EI",  28, "Flit Error Injection", EC_SRC_PCIUTILS),
	HIDDEN(0x35, "SVC",       4, "Streamlined Virtual Channel", EC_SRC_PCIUTILS),
	HIDDEN(0x36, "MMIO-RBL",  8, "MMIO Register Block Locator", EC_SRC_PCIUTILS),
	HIDDEN(0x37, "NOP-FLIT",  4, "NOP Flit", EC_SRC_PCIUTILS),
	HIDDEN(0x38, "SIOV",      4, "Scalable I/O Virtualization", EC_SRC_PCIUTILS),
	HIDDEN(0x39, "128GT",     4, "Physical Layer 128.0 GT/s", EC_SRC_PCIUTILS),
	HIDDEN(0x3a, "CAPT-D",    4, "Captured Data", EC_SRC_PCIUTILS),
};
/* clang-format on */
const unsigned int ec_caps_hidden_ext_n = EC_ARRAY_SIZE(ec_caps_hidden_ext);
