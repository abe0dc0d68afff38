/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest with root ports: machines as ec_machine_build() plans them, with functions made by hand
 * behind the ports, and the service played that carries out what ports ask for.
 */
#ifndef EC_TESTS_PORTED_H
#define EC_TESTS_PORTED_H

#include "fixture.h"
#include "host/conf_dump.h"
#include "machine.h"
#include "port.h"

#define PORTED_MAX 12

struct ported {
	struct ec_guest guest;
	struct ec_ports ports;
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
	} function[PORTED_MAX], placeholder[EC_MACHINE_SLOTS];
	struct ec_port_event event; /* of the last write to a port */
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
 * @shape: 0 to 3 choose its BARs and its link. Its device id is 0x100 and its number.
 */
void ported_card(struct ported *p, const char *host, unsigned int shape);

/** ported_build() - plan the machine and make it. @veiled: its ports are. */
void ported_build(struct ported *p, bool veiled);

/** ported_port() - the port in slot @slot; fails the test if there is none. */
struct ec_port *ported_port(const struct ported *p, unsigned int slot);

/** ported_access() - the guest accesses @len bytes at @offset; returns what it reads. */
uint64_t ported_access(struct ported *p, struct ec_sbdf at, uint32_t offset, uint32_t len,
		       bool write, uint64_t value);

/** ported_read(), ported_write() - the same of bus:devfn. */
uint32_t ported_read(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		     uint32_t len);
void ported_write(struct ported *p, unsigned int bus, unsigned int devfn, uint32_t offset,
		  uint32_t len, uint32_t value);

#endif
