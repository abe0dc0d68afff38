/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The service: guests, and the functions of the host that they have. It owns no event loop and
 * includes no library: whoever runs it hands it its ports, and tells it when a descriptor has
 * something.
 */
#ifndef EC_SUPERVISOR_SERVICE_H
#define EC_SUPERVISOR_SERVICE_H

#include "control/attach_spec.h"
#include "core/diag.h"
#include "core/host_ops.h"
#include "core/xen_ops.h"
#include "machine/machine.h"
#include "policy/parse.h"

struct ec_service;

/** What the service works through. The structs and contexts must outlive it. */
struct ec_service_ports {
	const struct ec_priv_ops *priv;
	void *priv_ctx;
	const struct ec_server_ops *server;
	void *server_ctx;
	const struct ec_store_ops *store;
	void *store_ctx;
	const struct ec_device_ops *device;
	void *device_ctx;
	const struct ec_facts_ops *facts;
	void *facts_ctx;
	void (*log)(const char *text); /* a line for the log, without its end */
	/* Watch descriptor @fd from now on, or no longer: a guest's ioreq server. */
	int (*watch)(void *ctx, int fd, bool add);
	void *watch_ctx;
	/*
	 * Add the rules of the installation and of the site; asked at each attach. NULL: there are
	 * none. Returns 0 or a negative errno with the file and the reason in @diag.
	 */
	int (*rules)(void *ctx, struct ec_rules *out, struct ec_diag *diag);
	void *rules_ctx;
	uint64_t spin_ns; /* how long to look for a guest's next access before sleeping */
};

/** One function that a guest has. */
struct ec_function_status {
	struct ec_sbdf host, guest;
	uint64_t reads, writes;                   /* accesses of the guest */
	uint64_t hardware_reads, hardware_writes; /* that reached the device for them */
	uint64_t permissive_writes; /* of them those that only a permissive rule let through */
};

/** A guest that has functions. */
struct ec_guest_status {
	char name[EC_GUEST_NAME_MAX];
	uint32_t domid;
	bool device_model; /* HVM beside a device model; false: PVH */
	bool has_ecam;
	uint64_t ecam; /* guest address of the window */
	unsigned int functions;
};

/** ec_service_new() - a service without guests. @ports: copied. NULL: out of memory. */
struct ec_service *ec_service_new(const struct ec_service_ports *ports);

/** ec_service_free() - detach everything, and free it. NULL is allowed. */
void ec_service_free(struct ec_service *s);

/**
 * ec_service_attach() - give the function @spec->host to the guest @guest (a name or a number).
 * All or nothing: a step that fails undoes those before it, and @diag says which and why.
 * @g, @f: filled on success. Returns 0 or a negative errno. Takes as long as a reset takes.
 */
int ec_service_attach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_guest_status *g, struct ec_function_status *f,
		      struct ec_diag *diag);

/**
 * ec_service_detach() - take it back, reset it and give it to its driver.
 * Returns 0; -ENOENT: the guest has no such function; or what went wrong on the way: the guest
 * does not see the function any more in any case, but Xen may still count it as the guest's.
 */
int ec_service_detach(struct ec_service *s, const char *guest, struct ec_sbdf host,
		      struct ec_diag *diag);

/** ec_service_guests() - how many guests are served: that have functions, or ports that they know.
 */
unsigned int ec_service_guests(const struct ec_service *s);

/** ec_service_guest() - guest @i of them. */
void ec_service_guest(const struct ec_service *s, unsigned int i, struct ec_guest_status *out);

/** ec_service_function() - function @i of guest @guest. */
void ec_service_function(const struct ec_service *s, unsigned int guest, unsigned int i,
			 struct ec_function_status *out);

/**
 * ec_service_machine() - what the planner is told of guest @guest's machine.
 * @fn: has room for EC_MACHINE_MAX; *@n are written, each with the slot that it has as the one that
 * is kept, so that ec_machine_build() gives the machine as it is. Returns 0, or -ENOENT with @diag:
 * the guest has no functions.
 */
int ec_service_machine(const struct ec_service *s, const char *guest,
		       struct ec_machine_limits *limits, struct ec_machine_function *fn,
		       unsigned int *n, struct ec_diag *diag);

/** ec_service_ready() - descriptor @fd, that watch() announced, has something. */
void ec_service_ready(struct ec_service *s, int fd);

/**
 * ec_service_reap() - a domain may have died: drop the guests that are dying, and give back the
 * functions of those that are gone. Returns how many guests still are on their way out: call
 * again soon while there are any.
 */
unsigned int ec_service_reap(struct ec_service *s);

#endif
