/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that find their functions: a kernel that numbers buses, sizes and places BARs and windows
 * as Linux does, and a firmware that knows no bridges, as hvmloader. They see nothing but
 * configuration accesses.
 */
#ifndef EC_TESTS_ENUMERATE_H
#define EC_TESTS_ENUMERATE_H

#include "core/sbdf.h"
#include "machine/machine.h"

#define FOUND_MAX 64
#define FOUND_CAPS 16
#define FOUND_BARS 6

/** How a guest's accesses reach whoever is tested. */
struct guest_config {
	uint64_t (*access)(void *ctx, struct ec_sbdf at, uint32_t offset, uint32_t len, bool write,
			   uint64_t value);
	void *ctx;
	bool ecam;         /* registers are accessed by ECAM from the bus @first_bus on */
	uint8_t first_bus; /* what is before is accessed by CF8 */
};

/** A function as the guest found it. */
struct found {
	struct ec_sbdf at;
	int parent; /* index of the bridge that it is behind, -1: bus 0 */
	uint32_t id;
	uint16_t class;
	bool bridge;
	uint8_t secondary, subordinate;
	struct ec_machine_range window[EC_WINDOWS]; /* of a bridge, as its registers say */
	struct {
		bool io, wide, prefetch;
		uint64_t size, address;
	} bar[FOUND_BARS];
	unsigned int std_n, ext_n;
	uint16_t std[FOUND_CAPS], ext[FOUND_CAPS]; /* ids, in the order of the lists */
};

struct enumerated {
	unsigned int n;
	struct found found[FOUND_MAX];
	uint8_t last_bus;
};

/**
 * enumerate_probe() - is there a PCI bus? Linux believes it who finds a host bridge, a VGA card or
 * something of Intel's or Compaq's on bus 0 by CF8, and otherwise looks no further. Source: Linux
 * arch/x86/pci/direct.c (pci_sanity_check).
 */
bool enumerate_probe(const struct guest_config *g);

/**
 * enumerate_linux() - as Linux does at boot: everything is found, numbered depth first, sized,
 * placed in @root, the host bridge's windows, and turned on. Fails the test where no room is left.
 */
void enumerate_linux(const struct guest_config *g, const struct ec_machine_range *root,
		     struct enumerated *out);

/** enumerate_read_windows() - a bridge's windows as its registers have them. Size 0: closed. */
void enumerate_read_windows(const struct guest_config *g, struct ec_sbdf at,
			    struct ec_machine_range window[EC_WINDOWS]);

/**
 * enumerate_hvmloader() - as hvmloader: every function of bus 0 is taken for one of type 0, BARs
 * are placed from @memory and @io on. Returns how many it placed.
 */
unsigned int enumerate_hvmloader(const struct guest_config *g, uint32_t memory, uint32_t io);

/** guest_config_read(), guest_config_write() - one register, as this guest accesses it. */
uint32_t guest_config_read(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			   uint32_t len);
void guest_config_write(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			uint32_t len, uint32_t value);

#endif
