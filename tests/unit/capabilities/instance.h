/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One instance of a capability, at INSTANCE_AT of a captured function of 4 KiB. */
#ifndef EC_TESTS_INSTANCE_H
#define EC_TESTS_INSTANCE_H

#include "capabilities/capability.h"

#define INSTANCE_AT 0x200u
#define INSTANCE_ROOM (0x1000u - INSTANCE_AT)
/** .type of an instance in a function without a PCI Express capability. */
#define INSTANCE_NO_TYPE 0xff
#define INSTANCE_STD_IDS 0x16u
#define INSTANCE_EXT_IDS 0x3bu

/** Members that are not set are 0. */
struct instance {
	const char *name; /* of the capability */
	uint8_t version, type, lanes, header;
	bool flit, prefixes;
	uint16_t flags; /* the word after the header of a standard capability */
	uint32_t room;  /* 0: INSTANCE_ROOM */
	struct {
		uint32_t offset, value;
	} dword[4]; /* to the first with offset 0 */
	uint32_t length;
	enum ec_cap_fault fault;
};

/** instance_at() - writes @in into a cleared image, valid until the next call. */
struct ec_cap_at instance_at(const struct instance *in);

/** instance_random() - an instance with random fields, often all zeros or ones. */
struct ec_cap_at instance_random(uint32_t room);

/** instance_random_number() - the next of a fixed sequence. */
uint32_t instance_random_number(void);

/** instance_cap() - the capability of that name; the test fails if there is none. */
const struct ec_cap *instance_cap(const char *name, bool extended);

/** instance_row() - the row of that name in the table of an empty instance. */
const struct ec_reg *instance_row(const struct ec_cap *cap, const char *name);

#endif
