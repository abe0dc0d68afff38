/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that enumerate their functions by configuration accesses: a kernel that numbers buses, and
 * sizes and places BARs and windows as Linux does, and firmware without knowledge of bridges, as
 * hvmloader.
 */
#ifndef EC_TESTS_ENUMERATE_H
#define EC_TESTS_ENUMERATE_H

#include "access/access.h"
#include "machine/machine.h"

#define FOUND_MAX 64
#define FOUND_CAPS 16
#define FOUND_BARS 6

/** How a guest accesses configuration space. */
struct guest_config {
	uint64_t (*access)(void *ctx, const struct ec_access *a); /* returns what is read */
	void *ctx;
	bool ecam;         /* buses from @first_bus on are accessed by ECAM, */
	uint8_t first_bus; /* those below by CF8 */
};

/** A function as the guest found it. */
struct found {
	struct ec_sbdf at;
	int parent; /* index of the bridge that it is behind, -1: bus 0 */
	uint32_t id;
	uint16_t class;
	bool bridge;
	uint8_t secondary, subordinate;
	struct ec_machine_range window[EC_WINDOWS]; /* of a bridge, by its registers */
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
 * enumerate_probe() - does Linux accept that there is a PCI bus? It does if bus 0 has a host
 * bridge, a VGA card, or a function of Intel or Compaq. Source: Linux arch/x86/pci/direct.c
 * (pci_sanity_check).
 */
bool enumerate_probe(const struct guest_config *g);

/**
 * enumerate_linux() - as Linux does at boot: scan and number buses depth first, size BARs, place
 * them and windows in @root, the host bridge's windows, and enable everything. Fails the test if
 * there is no room.
 */
void enumerate_linux(const struct guest_config *g, const struct ec_machine_range *root,
		     struct enumerated *out);

/** enumerate_read_windows() - the windows of a bridge by its registers. Size 0: closed. */
void enumerate_read_windows(const struct guest_config *g, struct ec_sbdf at,
			    struct ec_machine_range window[EC_WINDOWS]);

/**
 * enumerate_hvmloader() - as hvmloader: treat every function of bus 0 as type 0, and place BARs
 * from
 * @memory and @io on. Returns how many it has placed.
 */
unsigned int enumerate_hvmloader(const struct guest_config *g, uint32_t memory, uint32_t io);

/** guest_config_read(), guest_config_write() - access a register as this guest does. */
uint32_t guest_config_read(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			   uint32_t len);
void guest_config_write(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			uint32_t len, uint32_t value);

#endif
