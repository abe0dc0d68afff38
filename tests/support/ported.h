/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's whole machine: as ec_machine_build() plans it, with functions made by hand on bus 0 and
 * behind root ports, and the service played that carries out what ports ask for. Bus 0 begins with
 * a host bridge (PVH) or with the functions of a device model (HVM), which is played too: QEMU's of
 * a guest of xl.
 */
#ifndef EC_TESTS_PORTED_H
#define EC_TESTS_PORTED_H

#include "emulated/root_port_events.h"
#include "fixture.h"
#include "host/conf_dump.h"
#include "machine/machine.h"

#define PORTED_MAX 12
/** Kinds of cards: 0 to 3 by their BARs and links, and one without PCI Express. */
#define PORTED_CONVENTIONAL 4u
#define PORTED_MODEL 6
/** Offsets of capabilities of a card. */
enum {
	PORTED_PM = 0x40,
	PORTED_MSI = 0x50,
	PORTED_EXP = 0x70,
	PORTED_MSIX = 0xb0,
	PORTED_AER = 0x100,
	PORTED_DSN = 0x200,
};
#define PORTED_LOG 64

struct ported {
	struct ec_bus_map guest;
	struct ec_root_ports ports;
	struct ec_machine_limits limits;
	struct ec_machine_plan machine;
	unsigned int n;
	struct ec_machine_function fn[PORTED_MAX];
	struct ported_function {
		struct ec_function function;
		struct ec_conf_dump device;
		struct ec_layout layout;
		struct ec_express_link link; /* as the guest sees it */
		uint8_t payload;
		uint32_t shadow[EC_SHADOW_MAX], first[EC_SHADOW_MAX];
		unsigned int resets;
		struct ec_image host;                /* as the host has it, */
		struct ec_region region[EC_BAR_MAX]; /* with its BARs' sizes */
	} function[PORTED_MAX], placeholder[EC_MACHINE_SLOTS], bridge, model_function[PORTED_MODEL];
	struct ec_bus_map model; /* what the device model answers */
	/* what accesses asked for, and of whom; those past the end are not kept */
	unsigned int actions;
	struct ported_action {
		struct ec_sbdf at;
		struct ec_action action;
	} action[PORTED_LOG];
	struct ec_root_port_event event; /* of the last write to a port */
	struct ec_access last;
	/* scratch */
	struct ec_plan plan;
	struct ec_image img;
};

/** ported_new() - a guest of that kind, without functions; never NULL. ported_free() it. */
struct ported *ported_new(enum ec_machine_kind kind);

/** ported_free() - free it and all that it has. */
void ported_free(struct ported *p);

/**
 * ported_card() - the host's function at @host: an endpoint with three BARs, to be flattened.
 * @shape: 0 to 3 choose its BARs, its link, and its interrupts: 0 has MSI, 1 MSI-X, 2 both, 3
 * neither. Its device id is 0x100 and its number.
 */
void ported_card(struct ported *p, const char *host, unsigned int shape);

/** ported_add() - the same for any topology. @shape: may be PORTED_CONVENTIONAL. */
void ported_add(struct ported *p, const char *host, unsigned int shape, enum ec_topology topology);

/** ported_host() - the host's functions as `lspci -vxxxx` would list them; to be freed. */
char *ported_host(const struct ported *p);

/** ported_build() - plan the machine and make it. @veiled: its ports are. */
void ported_build(struct ported *p, bool veiled);

/** ported_port() - the port in slot @slot; fails the test if there is none. */
struct ec_root_port *ported_port(const struct ported *p, unsigned int slot);

/** ported_is_model() - does the device model answer at @at? */
bool ported_is_model(const struct ported *p, struct ec_sbdf at);

/** ported_access() - the guest accesses @len bytes at @offset; returns what it reads. */
uint64_t ported_access(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len,
		       bool write, uint64_t value);

/** ported_read(), ported_write() - the same of bus:devfn. */
uint32_t ported_read(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		     uint32_t len);
void ported_write(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		  uint32_t len, uint32_t value);

#endif
