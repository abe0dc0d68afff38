/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two capability chains of a function: walking them in a captured image, and relinking them
 * around hidden capabilities. Pure; bounded by the number of offsets that can hold a capability.
 * Source: pciutils header.h (PCI_CAPABILITY_LIST, PCI_CAP_LIST_NEXT, PCI_EXT_CAP_*).
 */
#ifndef EC_CORE_CHAIN_H
#define EC_CORE_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/image.h"

/** Offsets of a standard (40 to fc) and of an extended (100 to ffc) capability. */
#define EC_CHAIN_STD_MAX 48
#define EC_CHAIN_EXT_MAX 960
#define EC_CHAIN_MAX (EC_CHAIN_STD_MAX + EC_CHAIN_EXT_MAX)

/** One capability of a chain. */
struct ec_link {
	uint16_t offset;
	uint16_t id;
	uint16_t room;   /* bytes to the next higher capability of its chain, or the chain's end */
	uint16_t next;   /* offset of the next one; 0: none, or the chain is cut here */
	uint8_t version; /* extended only */
	bool extended;
};

/** Why a walk ended before its chain did. */
enum ec_chain_fault {
	EC_CHAIN_OK,
	EC_CHAIN_LOW,     /* the pointer leads into the header, or below 100 */
	EC_CHAIN_LOOP,    /* it leads to a capability that was already found */
	EC_CHAIN_OUTSIDE, /* it leads to bytes that were not captured */
	EC_CHAIN_ONES,    /* its target reads all ones */
	EC_CHAIN_EMPTY,   /* its target reads 0 (extended only) */
	EC_CHAIN_FAULTS
};

/** Where a chain was cut. */
struct ec_chain_cut {
	uint8_t fault; /* enum ec_chain_fault */
	uint16_t at;   /* offset of the bad pointer's register */
	uint16_t to;   /* where it leads */
};

/** Both chains, each in the order of its links; standard ones first. */
struct ec_chain {
	unsigned int n;     /* capabilities found */
	unsigned int n_std; /* of them standard */
	struct ec_chain_cut std_cut, ext_cut;
	struct ec_link link[EC_CHAIN_MAX];
};

/** Texts for enum ec_chain_fault, to complete "the pointer at X to Y …". */
extern const char *const ec_chain_fault_text[EC_CHAIN_FAULTS];

/**
 * ec_chain_walk() - find every capability of @img.
 * The standard chain is walked if STATUS says that there is one, the extended one if the image has
 * a dword at 100. A chain ends at the first bad pointer, which its cut describes. A dword 0 at 100
 * is an empty chain; null capabilities (id 0 with a next pointer) are found like others.
 * @out: all but unused links is written.
 */
void ec_chain_walk(const struct ec_image *img, struct ec_chain *out);

/**
 * ec_chain_insert() - add a capability to its chain.
 * @at: its index: 0 to n_std for a standard one, n_std to n for an extended one.
 * @link: id, version and kind, and an offset that no other capability has; room and next are set.
 * @size: bytes of the configuration space. The chain's other rooms are measured anew.
 */
void ec_chain_insert(struct ec_chain *chain, unsigned int at, const struct ec_link *link,
		     uint32_t size);

/** The pointers of a chain that leaves some capabilities out. */
struct ec_relinked {
	uint8_t first_std; /* for the header's capability pointer; 0: no list */
	bool stub;         /* the capability at 100 is hidden: id 0, version 0, next stub_next */
	uint16_t stub_next;
	uint16_t next[EC_CHAIN_MAX]; /* per link of the chain; valid for shown ones */
};

/**
 * ec_chain_relink() - link the shown capabilities past the hidden ones.
 * @hidden: one flag per link of @chain. @out: all of it is written.
 * If every extended capability is hidden, the stub's next is 0: an empty chain.
 */
void ec_chain_relink(const struct ec_chain *chain, const bool *hidden, struct ec_relinked *out);

#endif
