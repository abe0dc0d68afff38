/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of every capability: its registers, its length, and what a guest sees of it
 * unless a rule says otherwise. One table a capability, one array of them all.
 */
#ifndef EC_CAPABILITIES_REGISTRY_H
#define EC_CAPABILITIES_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/image.h"
#include "core/reg.h"

/** Where the tables' figures come from. */
#define EC_SRC_PCIUTILS "pciutils header.h"
#define EC_SRC_LINUX "Linux pci_regs.h"
#define EC_SRC_VFIO "Linux vfio_pci_config.c"
#define EC_SRC_XEN_PT "QEMU xen_pt_config_init.c"
#define EC_SRC_XEN "Xen drivers/vpci"
#define EC_SRC_QEMU "QEMU pcie_regs.h"
#define EC_SRC_Q35 "QEMU xen-pt, Q35 series"
#define EC_SRC_LSPCI "pciutils ls-ecaps.c"
#define EC_SRC_STANDARD "PCI Express Base Specification"

/** One instance of a capability in a captured function. */
struct ec_cap_at {
	const struct ec_image *img;
	uint16_t offset;
	uint16_t room;       /* bytes to the next capability of the physical list, or the end */
	uint8_t header_type; /* 0 or 1 */
	uint8_t version;     /* extended only */
	bool pcie_type_known;
	uint8_t pcie_type; /* of the function: PCI_EXP_TYPE_*; only if known */
	uint8_t lanes;     /* of its link, 1 to 32; 0: not known */
	bool flit;         /* it can do Flit mode */
};

/** What is known of one capability id. */
struct ec_cap {
	uint16_t id;
	bool extended;
	uint8_t treatment; /* of the capability: EC_HIDE, or what its body gets where no row says */
	bool once;         /* a function has one: further instances are hidden */
	uint16_t least;    /* bytes it has at least; one with less room is not shown */
	const char *name;  /* short, unique within its kind */
	const char *title;
	const char *rule; /* its length, in words */
	uint32_t probe;   /* bit n: the dword at +4n tells its length or kind */
	/* Offset of the first dword not captured that the length needs, too; 0: there is none. */
	uint32_t (*missing)(const struct ec_cap_at *at);
	/* Bytes it has by its own registers; NULL: least. May exceed the room. */
	uint32_t (*length)(const struct ec_cap_at *at);
	/* Its registers, if all instances have the same; those past its length do not count. */
	struct ec_reg_table rows;
	/* Its registers, if they depend on the instance; NULL: rows. */
	struct ec_reg_table (*table)(const struct ec_cap_at *at);
	/* Is this instance to be hidden though the capability is not? NULL: no. */
	bool (*hide)(const struct ec_cap_at *at);
	const char *source;
};

/** ec_cap_count() - number of known capabilities, standard and extended. */
unsigned int ec_cap_count(void);

/** ec_cap_get() - known capability @i, standard ones first, by rising id. NULL past the last. */
const struct ec_cap *ec_cap_get(unsigned int i);

/**
 * ec_cap_find() - what is known of a capability id.
 * Never NULL: an unknown id gives an entry without registers that is hidden as far as it can
 * reach.
 */
const struct ec_cap *ec_cap_find(uint16_t id, bool extended);

/** What ec_cap_measure() finds wrong. */
enum ec_cap_fault {
	EC_CAP_OK,
	EC_CAP_OVERLAP,   /* longer by its registers than there is room before the next one */
	EC_CAP_TRUNCATED, /* longer than the captured configuration space */
	EC_CAP_SHORT,     /* shorter by its own length field than it can be */
};

/**
 * ec_cap_measure() - length of an instance: min(its rule, the room).
 * @img_end: where the room ends if no other capability follows.
 * @fault: what cut it, EC_CAP_OK if nothing. Pure.
 */
uint32_t ec_cap_measure(const struct ec_cap *cap, const struct ec_cap_at *at, uint32_t img_end,
			enum ec_cap_fault *fault);

/** ec_cap_registers() - the registers of an instance; n is 0 if none are known. */
struct ec_reg_table ec_cap_registers(const struct ec_cap *cap, const struct ec_cap_at *at);

/** ec_header_registers() - the registers of a header. @type: 0 or 1; others give none. */
struct ec_reg_table ec_header_registers(unsigned int type);

/**
 * ec_cap_header_registers() - the id and next pointer that every capability starts with:
 * CAP_ID and CAP_NEXT, one byte each; of an extended one two bytes each.
 */
struct ec_reg_table ec_cap_header_registers(bool extended);

/**
 * ec_express_length() - bytes of a PCI Express capability.
 * @version: 0 counts as 1. @type: PCI_EXP_TYPE_*. @slot: slot implemented.
 * Source: Linux vfio_pci_config.c and pciutils header.h.
 */
uint32_t ec_express_length(unsigned int version, unsigned int type, bool slot);

/**
 * ec_rebar_single() - one BAR of a Resizable BAR capability, as if it had no size but its own.
 * @cap, @ctrl: in: the BAR's registers as captured; out: with the current size alone.
 * Returns false, and changes nothing, if the control register tells no size that there is.
 */
bool ec_rebar_single(uint32_t *cap, uint32_t *ctrl);

/** ec_rebar_count() - BARs of the Resizable BAR capability at @at; 0 if it is not well formed. */
unsigned int ec_rebar_count(const struct ec_cap_at *at);

#endif
