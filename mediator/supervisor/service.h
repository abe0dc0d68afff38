/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The service: guests, and the functions of the host that they have. It owns no event loop and
 * includes no library: the program that runs it gives it backends, and calls it when a descriptor
 * is ready.
 */
#ifndef EC_SUPERVISOR_SERVICE_H
#define EC_SUPERVISOR_SERVICE_H

#include "control/attach_spec.h"
#include "core/backends.h"
#include "core/diag.h"
#include "machine/machine.h"

struct ec_service;

/** One function that a guest has. */
struct ec_function_status {
	struct ec_sbdf host, guest;
	uint64_t reads, writes;                   /* accesses of the guest */
	uint64_t hardware_reads, hardware_writes; /* of these, those that reached the device */
	uint64_t permissive_writes; /* of these, those that only a permissive rule allows */
};

/** A guest that has functions. */
struct ec_guest_status {
	char name[EC_GUEST_NAME_MAX];
	uint32_t domid;
	bool device_model; /* HVM beside a device model; false: PVH */
	bool has_ecam;
	uint64_t ecam; /* guest address of bus 0 in the window */
	unsigned int functions;
	unsigned int held; /* see struct ec_held_status */
	uint64_t delays;   /* how often its accesses were delayed: too many privileged calls */
};

/** A function that no guest finds, of which something could not be undone: it is held. */
struct ec_held_status {
	struct ec_sbdf host;
	char why[EC_DIAG_MAX];
};

/** What an attach has made. */
struct ec_service_attached {
	struct ec_guest_status guest;
	struct ec_function_status function;
};

/** ec_service_new() - a service without guests. @backends: copied. NULL: out of memory. */
struct ec_service *ec_service_new(const struct ec_backends *backends);

/** ec_service_free() - detach everything, and free it. NULL is allowed. */
void ec_service_free(struct ec_service *s);

/** ec_service_backends() - the service's copy of its backends. */
const struct ec_backends *ec_service_backends(const struct ec_service *s);

/**
 * ec_service_attach() - give the function @spec->host to the guest @guest (a name or a number).
 * All or nothing: a step that fails undoes those before it, and @diag says which and why.
 * @out: filled on success. Returns 0 or a negative errno. Takes as long as a reset takes.
 */
int ec_service_attach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_service_attached *out, struct ec_diag *diag);

/**
 * ec_service_detach() - take @spec->host back, reset it and give it to its driver.
 * @spec: of the rest only no_reset counts: the function goes back as it is. For a held function
 * this tries again at once what could not be undone. Returns 0; -ENOENT: the guest has no such
 * function; or the first failure with @diag. The guest does not find the function any more in any
 * case, but it may be held.
 */
int ec_service_detach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_diag *diag);

/** ec_service_guests() - how many guests are served: with functions, or root ports that they know.
 */
unsigned int ec_service_guests(const struct ec_service *s);

/** ec_service_guest() - guest @i of them. */
void ec_service_guest(const struct ec_service *s, unsigned int i, struct ec_guest_status *out);

/** ec_service_function() - function @i of guest @guest. */
void ec_service_function(const struct ec_service *s, unsigned int guest, unsigned int i,
			 struct ec_function_status *out);

/** ec_service_held() - held function @i that guest @guest had. */
void ec_service_held(const struct ec_service *s, unsigned int guest, unsigned int i,
		     struct ec_held_status *out);

/** What the planner needs to plan a guest's machine as it is. */
struct ec_service_machine {
	struct ec_machine_limits limits;
	unsigned int n;
	struct ec_machine_function
		fn[EC_MACHINE_MAX]; /* n of them, with the slots that they have */
};

/**
 * ec_service_machine() - the machine of guest @guest.
 * Returns 0, or -ENOENT with @diag: ecamd serves no such guest.
 */
int ec_service_machine(const struct ec_service *s, const char *guest,
		       struct ec_service_machine *out, struct ec_diag *diag);

/** ec_service_serves() - does it serve domain @domid, which is not dying? */
bool ec_service_serves(const struct ec_service *s, uint32_t domid);

/** What became of a guest that is served. */
enum ec_old_domain { EC_OLD_GONE, EC_OLD_DYING, EC_OLD_LIVES };

/**
 * ec_service_old_domain() - what became of the guest with UUID @uuid that is served, other than
 * domain @but? *@domid: its number, unless it is gone or there was none.
 */
enum ec_old_domain ec_service_old_domain(struct ec_service *s, const char *uuid, uint32_t but,
					 uint32_t *domid);

/**
 * ec_service_host_event() - the kernel reports what happened to a function. One that a guest has
 * and that loses its stub driver, or is removed, is taken from the guest at once: the guest reads
 * all ones, its root port reports an empty slot, and mappings and permissions end.
 */
void ec_service_host_event(struct ec_service *s, const struct ec_host_event *event);

/** ec_service_ready() - descriptor @fd, which watch() announced, is readable. */
void ec_service_ready(struct ec_service *s, int fd);

/**
 * ec_service_reap() - a domain may have died: stop serving guests that are dying, and detach the
 * functions of those that are gone. Never waits.
 */
void ec_service_reap(struct ec_service *s);

/** ec_service_retry() - reap, and try at once to undo what is left of held functions. */
void ec_service_retry(struct ec_service *s);

/**
 * ec_service_tick() - to be called some times a second while it returns other than 0, and every few
 * seconds otherwise: reap, and try again to undo what is left of held functions.
 * Returns how many guests are dying or wait for their budget, and functions are held.
 */
unsigned int ec_service_tick(struct ec_service *s);

#endif
