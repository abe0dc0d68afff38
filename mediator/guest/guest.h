/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that is served: its ioreq server, the functions that it finds, and what of its address
 * spaces belongs to ecamd. The parts that are pointers belong to the file of their name.
 */
#ifndef EC_GUEST_GUEST_H
#define EC_GUEST_GUEST_H

#include "access/access.h"
#include "core/backends.h"
#include "core/diag.h"
#include "guest/budget.h"
#include "guest/p2m.h"
#include "guest/pirqs.h"
#include "machine/machine.h"

struct ec_device;

/** Latches that the guest reads back; see requests.c. */
struct ec_latch {
	uint32_t config_address; /* CF8 */
	uint8_t reset_control;   /* CF9, of a guest with a device model */
	bool reboot;             /* the guest wants a reset, when its request ends */
};

struct ec_guest {
	const struct ec_backends *backends;
	uint32_t domid;
	char name[EC_GUEST_NAME_MAX];
	struct ec_guest_info info;
	bool dead; /* dying or gone: no call to Xen names it any more */
	bool gone;
	bool lost; /* a device became gone since the last request ended */
	struct ec_server *server;
	int fd; /* of the server's events, -1: not watched */
	struct ec_bus_map functions;
	struct ec_function bridge; /* the host bridge of a guest without a device model */
	struct ec_p2m p2m;
	struct ec_pirqs pirqs; /* of all its devices */
	struct ec_latch latch;
	struct ec_ecam_window *window;
	struct ec_downstream_ports *ports;
	struct ec_debt debt; /* privileged calls that its requests have caused */
	bool waits;          /* its requests are not served until it has paid off enough */
	uint64_t request;    /* number of the request that is being served, or of the last one */
	bool repeats;        /* that request has repetitions */
	unsigned int n;
	struct ec_device *device[EC_MACHINE_MAX];
};

/** The guest that @server serves; its requests go to a handler of this type. */
typedef void ec_guest_handler(void *guest, struct ec_ioreq *q);

/**
 * ec_guest_open() - create and enable the guest's ioreq server, and watch its events.
 * @handler: is called with @g for each request. @g->info must be filled.
 * Returns 0 or a negative errno with @diag; then ec_guest_close() releases what was created.
 */
int ec_guest_open(struct ec_guest *g, ec_guest_handler *handler, struct ec_diag *diag);

/** ec_guest_close() - destroy the server; outstanding requests are answered with all ones. */
void ec_guest_close(struct ec_guest *g);

/**
 * ec_guest_claim() - let Xen send accesses to the range [@first, @last] to ecamd, or, if @add is
 * false, no longer. Returns 0 or a negative errno of the server's range().
 */
int ec_guest_claim(struct ec_guest *g, enum ec_range_kind kind, uint64_t first, uint64_t last,
		   bool add);

#endif
