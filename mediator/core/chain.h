/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two capability chains of a function: walking them in a captured image, and relinking them
 * when some are hidden. Pure; bounded by the number of places that a capability can be at.
 * Source: pciutils header.h (PCI_CAPABILITY_LIST, PCI_CAP_LIST_NEXT, PCI_EXT_CAP_*).
 */
#ifndef EC_CORE_CHAIN_H
#define EC_CORE_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/image.h"

/** Places for a standard (0x40 to 0xfc) and for an extended (0x100 to 0xffc) capability. */
#define EC_CHAIN_STD_MAX 48
#define EC_CHAIN_EXT_MAX 960
#define EC_CHAIN_MAX (EC_CHAIN_STD_MAX + EC_CHAIN_EXT_MAX)

/** One capability as it was found. */
struct ec_link {
	uint16_t offset;
	uint16_t id;
	uint16_t room;   /* bytes to the next higher capability of its chain, or the chain's end */
	uint16_t next;   /* where its next pointer leads, 0: nowhere; after a cut, 0 */
	uint8_t version; /* extended only */
	bool extended;
};

/** Why a walk ended before its chain did. */
enum ec_chain_fault {
	EC_CHAIN_OK,
	EC_CHAIN_LOW,     /* the pointer leads into the header, or below 0x100 */
	EC_CHAIN_LOOP,    /* it leads to a capability that was already found */
	EC_CHAIN_OUTSIDE, /* it leads to bytes that were not captured */
	EC_CHAIN_ONES,    /* what it leads to reads all ones */
	EC_CHAIN_EMPTY,   /* what it leads to reads 0 (extended only) */
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
 * The standard chain is walked where STATUS says that there is one, the extended one where the
 * image holds 0x100. At the first bad pointer a chain ends, and the cut says why. A dword 0 at
 * 0x100 is an empty chain; null capabilities (id 0 with a next pointer) are found like others.
 * @out: written whole.
 */
void ec_chain_walk(const struct ec_image *img, struct ec_chain *out);

/**
 * ec_chain_insert() - put a capability that no pointer leads to into its chain.
 * @at: the index that it gets: up to n_std for a standard one, from there to n for an extended
 *      one. @link: its offset, which no other capability has, id, version and kind.
 * @size: of the configuration space. The rooms of its chain are measured anew.
 */
void ec_chain_insert(struct ec_chain *chain, unsigned int at, const struct ec_link *link,
		     uint32_t size);

/** The pointers of a chain that leaves some capabilities out. */
struct ec_relinked {
	uint8_t first_std; /* for the header's capability pointer, 0: no list */
	bool stub;         /* 0x100 is hidden: it keeps id 0, version 0 and this next */
	uint16_t stub_next;
	uint16_t next[EC_CHAIN_MAX]; /* per link; meaningful for shown ones */
};

/**
 * ec_chain_relink() - link the shown capabilities past the hidden ones.
 * @hidden: one flag a link of @chain. @out: written whole.
 * With every extended capability hidden the stub's next is 0: an empty chain.
 */
void ec_chain_relink(const struct ec_chain *chain, const bool *hidden, struct ec_relinked *out);

#endif
