/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's whole machine as ec_machine_build() plans it: cards on bus 0 and behind root ports, and
 * the part of the service that carries out events of root ports. Bus 0 also has a host bridge (PVH)
 * or the functions of a device model (HVM), those of QEMU in a guest of xl.
 */
#ifndef EC_TESTS_PORTED_H
#define EC_TESTS_PORTED_H

#include "emulated/root_port_events.h"
#include "fixture.h"
#include "host/conf_dump.h"
#include "machine/machine.h"

#define PORTED_MAX 12
/** Shapes of cards: 0 to 3 differ in BARs, link and interrupts; this one is conventional. */
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
		struct ec_image host;                /* the host's configuration space, */
		struct ec_region region[EC_BAR_MAX]; /* and sizes of its BARs */
	} function[PORTED_MAX], placeholder[EC_MACHINE_SLOTS], bridge, model_function[PORTED_MODEL];
	struct ec_bus_map model; /* functions of the device model */
	/* actions of all accesses, up to PORTED_LOG */
	unsigned int actions;
	struct ported_action {
		struct ec_sbdf at;
		struct ec_action action;
	} action[PORTED_LOG];
	struct ec_root_port_event event; /* of the last write to a root port */
	struct ec_access last;
	/* scratch */
	struct ec_plan plan;
	struct ec_image img;
};

/** ported_new() - a guest of @kind without cards; never NULL. Free it with ported_free(). */
struct ported *ported_new(enum ec_machine_kind kind);

/** ported_free() - free the guest and all of its functions. */
void ported_free(struct ported *p);

/**
 * ported_card() - add a card at host address @host: an endpoint with three BARs, flattened.
 * @shape: 0 has MSI, 1 MSI-X, 2 both, 3 neither. Its device id is 0x100 plus its number.
 */
void ported_card(struct ported *p, const char *host, unsigned int shape);

/** ported_add() - the same for any topology. @shape: may be PORTED_CONVENTIONAL. */
void ported_add(struct ported *p, const char *host, unsigned int shape, enum ec_topology topology);

/** ported_host() - the host's functions as `lspci -vxxxx` lists them; the caller frees it. */
char *ported_host(const struct ported *p);

/** ported_build() - plan the machine and make it. @veiled: its root ports have a veil. */
void ported_build(struct ported *p, bool veiled);

/** ported_port() - the root port in @slot; fails the test if there is none. */
struct ec_root_port *ported_port(const struct ported *p, unsigned int slot);

/** ported_is_model() - does the device model answer at @at? */
bool ported_is_model(const struct ported *p, struct ec_sbdf at);

/** ported_access() - the guest makes access @a; returns what it reads. @ctx: a struct ported. */
uint64_t ported_access(void *ctx, const struct ec_access *a);

/** ported_at() - the function @devfn of @bus. */
static inline struct ec_sbdf ported_at(unsigned int bus, unsigned int devfn)
{
	return (struct ec_sbdf){ .bus = (uint8_t)bus, .devfn = (uint8_t)devfn };
}

/** ported_read(), ported_write() - the guest accesses @len bytes; wide: up to 8. */
uint32_t ported_read(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len);
uint64_t ported_read_wide(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len);
void ported_write(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len,
		  uint64_t value);

#endif
