/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules: a match and settings. Policy files (the site's decisions), quirk files (properties of
 * devices) and the options of an attach all become rules. Pure data, made by policy/parse.h from
 * JSON; ecamd-policy(5) describes the language.
 */
#ifndef EC_POLICY_RULE_H
#define EC_POLICY_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/chain.h"
#include "core/reg.h"
#include "core/sbdf.h"

/** A reference to capabilities: "MSI-X", "VNDR#2", "std:0x05", "ext:0x0b#1". */
struct ec_cap_ref {
	uint16_t id;
	bool extended;
	uint16_t instance; /* from 1, in the order of the chain; 0: all */
};

/** Where a guest finds the function. */
enum ec_bus_kind {
	EC_BUS_ROOT,         /* on bus 0, beside the root ports */
	EC_BUS_PORT,         /* behind an emulated root port */
	EC_BUS_CONVENTIONAL, /* on bus 0, and not PCI Express */
	EC_BUS_KINDS
};

/** "root", "port", "conventional". */
extern const char *const ec_bus_kind_names[EC_BUS_KINDS];

/** The properties of a function that rules match. */
struct ec_subject {
	struct ec_sbdf bdf; /* the host's */
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint32_t class_code; /* 24 bits */
	uint8_t revision;
	int pcie_type; /* PCI_EXP_TYPE_*, the hardware's; -1: it is not PCI Express */
	bool vf;       /* an SR-IOV virtual function */
	enum ec_bus_kind bus;
	const struct ec_chain *chain; /* the hardware's */
	const char *guest_name;       /* NULL: not known, so no rule that asks for it matches */
	const char *guest_uuid;       /* lower case, 36 characters; NULL: not known */
};

/** Matching numbers: from low to high, or value under mask. */
struct ec_number_match {
	uint32_t low, high; /* both included; only if mask is 0 */
	uint32_t value, mask;
};

/** Numbers that a rule can match; the index in ec_match.numbers. */
enum ec_match_number {
	EC_MATCH_VENDOR,
	EC_MATCH_DEVICE,
	EC_MATCH_SUBSYSTEM_VENDOR,
	EC_MATCH_SUBSYSTEM_DEVICE,
	EC_MATCH_CLASS,
	EC_MATCH_REVISION,
	EC_MATCH_PCIE_TYPE, /* a function that is not PCI Express has EC_PCIE_NONE */
	EC_MATCH_NUMBERS
};

/** "pcie_type": "none". The others are PCI_EXP_TYPE_*. */
#define EC_PCIE_NONE 0x100u

/** The functions that a rule is for: all members that are asked must hold, and one element of a
 * list. */
struct ec_match {
	struct {
		unsigned int n; /* 0: not asked */
		const struct ec_number_match *any;
	} numbers[EC_MATCH_NUMBERS];
	struct {
		unsigned int n;
		const char *const *any; /* globs (fnmatch) over SSSS:BB:DD.F, lower case */
	} bdf, guest;                   /* guest: globs over the name, or a uuid */
	struct {
		unsigned int n;
		const struct ec_cap_ref *all; /* the function must have all of them */
	} has_cap;
	uint8_t vf;  /* 0: not asked; 1: no; 2: yes */
	uint8_t bus; /* bit n: enum ec_bus_kind n matches; 0: not asked */
};

/** What a setting decides, and which members of ec_setting it uses. */
enum ec_verb {
	/* treatment of bits, from general to specific */
	EC_SET_PERMISSIVE, /* number: 0, 1 */
	EC_SET_GAPS,       /* treatment; bytes that no capability claims */
	EC_SET_BODIES,     /* treatment; bytes of capabilities that no register names */
	EC_SET_UNKNOWN,    /* treatment; capabilities of ids that are not known */
	EC_SET_KEEP_ONLY,  /* refs: all others are hidden */
	EC_SET_CAPABILITY, /* cap; treatment, or EC_SHOW */
	EC_SET_RANGE,      /* [cap,] offset, length, bits: some bytes */
	EC_SET_REGISTER,   /* [cap,] name, bits: a register by its name */
	/* which capabilities there are */
	EC_SET_ADD,  /* cap, offset (0: where there is room), number: version, bytes */
	EC_SET_MOVE, /* cap, offset */
	EC_SET_LINK, /* cap, offset */
	EC_SET_SIZE, /* cap, length */
	/* PCI Express, and the function's place */
	EC_SET_EXPRESS_TYPE,    /* number: PCI_EXP_TYPE_*, or EC_AUTO: by the topology */
	EC_SET_EXPRESS_VERSION, /* number: 1, 2 */
	EC_SET_LINK_SHOWN,      /* number: enum ec_link_shown; width, speed */
	EC_SET_TOPOLOGY,        /* number: enum ec_topology */
	EC_SET_SLOT,            /* number: 0 to 31 */
	EC_SET_MULTIFUNCTION,   /* number: 0, 1, or EC_AUTO: as the guest's slot has it */
	EC_SET_VF_IDS,          /* number: 0, 1: ids made up from the physical function's */
	EC_SET_VF_MEMORY,       /* number: 0, 1: memory enable can be set */
	/* the guest's machine */
	EC_SET_ECAM,       /* number: guest address of its ECAM window, or EC_NO_ECAM */
	EC_SET_ECAM_BUSES, /* number: 1 to 256 */
	EC_SET_ECAM_BUS0,  /* number: 0, 1: it contains bus 0 even if there is a device model */
	EC_SET_BRIDGE,     /* number: enum ec_host_bridge_kind */
	/* interrupts */
	EC_SET_MSI_VECTORS,  /* number: 1, 2, 4 ... 32 at most */
	EC_SET_MSI_MASKABLE, /* number: 0, 1; 1 only if the hardware has it */
	EC_SET_MSI_DISABLE,  /* number: 0, 1 */
	EC_SET_MSIX_VECTORS, /* number: 1 to 2048 at most */
	EC_SET_MSIX_DISABLE, /* number: 0, 1 */
	EC_SET_MSIX_PBA,     /* number: offset in its BAR, bits 2:0 clear */
	EC_SET_INTX_DISABLE, /* number: 0, 1 */
	/* memory */
	EC_SET_BAR_HIDE, /* offset: 0 to 5; number: 0, 1 */
	EC_SET_REBAR,    /* number: 0 hidden, 1 with its current size only */
	EC_SET_ROM,      /* number: 0 none, 1 the host's */
	/* reset, power, errors, serial number */
	EC_SET_RESET_METHODS,    /* number: bit n: enum ec_reset_method n may be used */
	EC_SET_RESET_FORBID,     /* number: bit n: enum ec_reset_method n may not be used */
	EC_SET_PM_D3,            /* number: enum ec_pm_d3 */
	EC_SET_PM_NO_SOFT_RESET, /* number: 0, 1 */
	EC_SET_PM_PME,           /* number: 0 not supported, 1 as the hardware says */
	EC_SET_AER_UNCOR_MASK,   /* number: 32 bits, at power-on */
	EC_SET_AER_COR_MASK,     /* number: 32 bits, at power-on */
	EC_SET_DSN, /* number: the serial number; 0: zero; treatment EC_SHOW: the host's */
	EC_SET_VPD, /* number: enum ec_vpd */
	EC_VERBS
};

/** Besides the treatments: shown as by the tables, even if hidden by default. */
#define EC_SHOW EC_TREATMENTS

/** As the topology and the slot require. */
#define EC_AUTO UINT32_MAX

/** The number of EC_SET_ECAM if the guest has no ECAM window. */
#define EC_NO_ECAM UINT64_MAX

enum ec_link_shown {
	EC_LINK_AUTO,     /* by the topology */
	EC_LINK_HIDE,     /* link registers read 0 */
	EC_LINK_EXPLICIT, /* width and speed count */
};

/** Power states other than D0. */
enum ec_pm_d3 {
	EC_PM_FORBID,  /* none */
	EC_PM_EMULATE, /* emulated in the view */
	EC_PM_ALLOW,   /* the hardware's, if it has them */
};

/** Vital Product Data. */
enum ec_vpd {
	EC_VPD_HIDE,
	EC_VPD_READ,  /* the guest can read the device's */
	EC_VPD_WRITE, /* and write it, which is permanent */
};

/** Reset methods, named as in the kernel (ABI sysfs-bus-pci, reset_method). */
enum ec_reset_method {
	EC_RESET_DEVICE_SPECIFIC,
	EC_RESET_ACPI,
	EC_RESET_FLR,
	EC_RESET_AF_FLR,
	EC_RESET_PM,
	EC_RESET_BUS,
	EC_RESET_CXL_BUS,
	EC_RESET_METHODS
};

extern const char *const ec_reset_method_names[EC_RESET_METHODS];

/** Which members of a setting for bits count. */
enum {
	EC_BITS_TREAT = 1, /* treatment counts */
	EC_BITS_VALUE = 2, /* value counts: bits are constant */
	EC_BITS_W1C = 4,   /* w1c counts: bits that are cleared by writing 1 */
};

/** One decision. */
struct ec_setting {
	uint8_t verb;      /* enum ec_verb */
	uint8_t treatment; /* enum ec_treatment, or EC_SHOW */
	uint8_t bits;      /* EC_BITS_* */
	uint8_t width, speed;
	bool in_cap; /* range or register: cap counts, and offset is from its start */
	struct ec_cap_ref cap;
	uint16_t offset, length;
	uint32_t mask;  /* bits of a register or of a range of 1, 2 or 4 bytes; else all ones */
	uint32_t value; /* under mask */
	uint32_t w1c;
	uint64_t number;
	const char *name; /* of a register, as `ecamctl show` prints it */
	const struct ec_cap_ref *refs;
	const uint8_t *bytes;      /* after the header of an added capability */
	uint16_t n;                /* of refs, or of bytes */
	const char *path;          /* in the rule: "set.capabilities.AER" */
	unsigned int line, column; /* in the file, from 1; 0: not asked for */
};

/** Origin of a rule; later layers win. */
enum ec_layer { EC_LAYER_QUIRKS, EC_LAYER_POLICY, EC_LAYER_ATTACH, EC_LAYERS };

/** One rule. What it points to is owned by its set of rules. */
struct ec_rule {
	const char *file; /* its path as it was given, or "attach" */
	const char *name; /* from the file, or "rule N", counted from 1 */
	uint8_t layer;    /* enum ec_layer */
	bool final;       /* later rules of files are ignored for functions that it matches */
	struct ec_match match;
	unsigned int line, column; /* in the file, from 1; 0: not asked for */
	unsigned int n;
	const struct ec_setting *setting;
};

/** A setting that counts for a function, and its origin. */
struct ec_decision {
	const struct ec_setting *set;
	uint16_t origin; /* EC_FIRST_RULE + the rule's index in its set */
};

/** The origin of the first rule; see enum ec_origin in view/plan.h for those below. */
#define EC_FIRST_RULE 16u

/** The most rules in a set: origins have 16 bits. */
#define EC_RULES_MAX (UINT16_MAX - EC_FIRST_RULE)

/** The decisions for one function, in the order of the cascade; of two that conflict, the later
 * counts. */
struct ec_decisions {
	unsigned int n, room;
	struct ec_decision *decision;
};

/**
 * ec_decisions_last() - the last decision of @verb; NULL: none.
 * @offset: the BAR for EC_SET_BAR_HIDE, else 0. @d may be NULL.
 */
const struct ec_decision *ec_decisions_last(const struct ec_decisions *d, enum ec_verb verb,
					    unsigned int offset);

/**
 * ec_setting_same() - do both settings decide the same property of a function?
 * Settings for bits do if they name common bits in the same way: by register or by range.
 */
bool ec_setting_same(const struct ec_setting *a, const struct ec_setting *b);

/** ec_setting_equal() - do both give that property the same value? ec_setting_same() must hold. */
bool ec_setting_equal(const struct ec_setting *a, const struct ec_setting *b);

#endif
