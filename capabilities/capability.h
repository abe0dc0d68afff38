/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capability: its registers, its length, and its default treatment; and one instance of it in a
 * captured function.
 */
#ifndef EC_CAPABILITIES_CAPABILITY_H
#define EC_CAPABILITIES_CAPABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/image.h"
#include "core/reg.h"

/** Sources of the tables' figures. */
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
	uint8_t lanes;     /* of its link, 1 to 32; 0: unknown */
	bool flit;         /* supports Flit mode */
	bool prefixes;     /* supports End-End TLP prefixes */
};

/** A capability id. */
struct ec_cap {
	uint16_t id;
	bool extended;
	uint8_t treatment; /* EC_HIDE, or the treatment of its bytes that no row covers */
	bool once;         /* a function has one: further instances are hidden */
	uint16_t least;    /* its minimum length; an instance with less room is hidden */
	const char *name;  /* short, unique among the standard or the extended ones */
	const char *title;
	const char *length_text; /* its length, in words */
	uint32_t probe;          /* bit n: the dword at +4n is needed for its length or kind */
	/* Offset of the first dword, not yet captured, that the length needs too; 0: none. */
	uint32_t (*missing)(const struct ec_cap_at *at);
	/* Length according to its own registers; NULL: least. May exceed the room. */
	uint32_t (*length)(const struct ec_cap_at *at);
	/* Registers, if all instances have the same; rows past an instance's length are ignored. */
	struct ec_reg_table rows;
	/* Registers, if they depend on the instance; NULL: rows. */
	struct ec_reg_table (*table)(const struct ec_cap_at *at);
	/* Why this instance cannot be shown, a constant text; NULL, also the function: it can. */
	const char *(*hide)(const struct ec_cap_at *at);
	const char *source;
};

/** Faults that ec_cap_measure() finds. */
enum ec_cap_fault {
	EC_CAP_OK,
	EC_CAP_OVERLAP,   /* longer by its registers than the room before the next capability */
	EC_CAP_TRUNCATED, /* longer than the captured configuration space */
	EC_CAP_SHORT,     /* its length field is less than its minimum length */
};

/**
 * ec_cap_measure() - length of an instance: the smaller of its own length and the room.
 * @img_end: end of the room if no other capability follows.
 * @fault: the reason for a cut, or EC_CAP_OK. Pure.
 */
uint32_t ec_cap_measure(const struct ec_cap *cap, const struct ec_cap_at *at, uint32_t img_end,
			enum ec_cap_fault *fault);

/** ec_cap_registers() - the registers of an instance; n is 0 if none are known. */
struct ec_reg_table ec_cap_registers(const struct ec_cap *cap, const struct ec_cap_at *at);

/** ec_length_room() - ec_cap.length of a capability whose length is unknown: all its room. */
uint32_t ec_length_room(const struct ec_cap_at *at);

#endif
