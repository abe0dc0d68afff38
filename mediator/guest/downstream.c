/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/downstream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emulated/function.h"
#include "emulated/placeholder.h"
#include "emulated/root_port_config.h"
#include "emulated/root_port_events.h"
#include "guest/actions.h"
#include "guest/log.h"

/** Xen sends no access to a function to ecamd. */
#define NOWHERE UINT32_MAX

/* Answers as function 0 behind a port whose function 0 the guest was not given. */
struct placeholder {
	struct ec_function function;
	uint32_t *first; /* its shadow after a reset */
	uint32_t sent;   /* as of struct ec_downstream */
};

/* An interrupt message. */
struct message {
	uint64_t address;
	uint32_t data;
};

struct ec_downstream_ports {
	struct ec_root_ports ports;
	struct placeholder *placeholder[EC_ROOT_PORTS_MAX];
	uint32_t spare; /* see ec_downstream_spare() */
	uint32_t waits; /* slots whose root port has a message to send */
	struct message message[EC_ROOT_PORTS_MAX];
	bool moved; /* functions are at other addresses than those Xen knows */
};

struct ec_downstream {
	struct ec_downstream_link link;
	bool found;    /* the guest could find it behind its port */
	uint32_t sent; /* bus and devfn for which Xen sends accesses to ecamd, or NOWHERE */
};

/* What making an emulated function takes. */
struct work {
	struct ec_plan plan;
	struct ec_image image;
};

struct ec_downstream_ports *ec_downstream_ports_new(struct ec_guest *g)
{
	struct ec_downstream_ports *p = calloc(1, sizeof(*p));

	if (p)
		p->ports.guest = &g->functions;
	return p;
}

static void free_placeholder(struct placeholder *s)
{
	if (s) {
		ec_function_free(&s->function);
		free(s->first);
	}
	free(s);
}

void ec_downstream_ports_free(struct ec_downstream_ports *p)
{
	if (!p)
		return;
	for (unsigned int slot = 0; slot < EC_ROOT_PORTS_MAX; slot++)
		free_placeholder(p->placeholder[slot]);
	ec_root_ports_clear(&p->ports);
	free(p);
}

struct ec_downstream *ec_downstream_new(void)
{
	struct ec_downstream *ds = calloc(1, sizeof(*ds));

	if (ds)
		ds->sent = NOWHERE;
	return ds;
}

void ec_downstream_set_link(struct ec_device *d, const struct ec_downstream_link *link)
{
	d->downstream->link = *link;
}

struct ec_root_port *ec_downstream_port_at(const struct ec_guest *g, struct ec_sbdf at)
{
	return ec_root_ports_at(&g->ports->ports, at);
}

uint32_t ec_downstream_spare(const struct ec_guest *g)
{
	return g->ports->spare;
}

static struct ec_root_port *port_of(const struct ec_device *d)
{
	return d->guest->ports->ports.port[d->place.slot];
}

/* Does the guest have function @devfn behind the port in @slot? A placeholder does not count. */
static bool has_function(const struct ec_guest *g, unsigned int slot, uint8_t devfn)
{
	const struct ec_root_port *p = g->ports->ports.port[slot];
	const struct placeholder *s = g->ports->placeholder[slot];

	return p->behind.function[devfn] && (!s || p->behind.function[devfn] != &s->function);
}

/* Another function behind the port in @slot than @but; NULL: there is none. */
static struct ec_device *neighbour(const struct ec_guest *g, unsigned int slot,
				   const struct ec_device *but)
{
	for (unsigned int i = 0; i < g->n; i++)
		if (g->device[i] != but && g->device[i]->place.downstream &&
		    g->device[i]->place.slot == slot)
			return g->device[i];
	return NULL;
}

/* Bus and devfn for which Xen should send accesses to @fn, function @devfn behind the port. */
static uint32_t wanted(const struct ec_guest *g, unsigned int slot, uint8_t devfn,
		       const struct ec_function *fn)
{
	const struct ec_root_port *p = g->ports->ports.port[slot];

	if (!p || !ec_root_port_bus(p) || p->behind.function[devfn] != fn)
		return NOWHERE;
	return (uint32_t)ec_root_port_bus(p) << 8 | devfn;
}

/*
 * Releases *@sent, or claims @want if @add, where they differ. A guest without a server sends
 * nothing. What Xen does not release is still sent to ecamd, and is tried again.
 */
static int send(struct ec_guest *g, uint32_t *sent, uint32_t want, bool add)
{
	uint32_t at = add ? want : *sent;
	int rc = 0;

	if (*sent == want || at == NOWHERE || (add && *sent != NOWHERE))
		return 0;
	if (!g->dead)
		rc = ec_guest_claim(g, EC_RANGE_PCI, at, at, add);
	if (!rc)
		*sent = add ? want : NOWHERE;
	return rc;
}

/* To be called for all that was, then for all that is: one bus may get another's number. */
static void send_all(struct ec_guest *g, bool add)
{
	for (unsigned int i = 0; i < g->n; i++) {
		struct ec_device *d = g->device[i];
		int rc;

		if (!d->place.downstream)
			continue;
		rc = send(g, &d->downstream->sent,
			  wanted(g, d->place.slot, d->function.at.devfn, &d->function), add);
		if (rc)
			ec_complain(d, "accesses to it are not sent to ecamd: %s", strerror(-rc));
	}
	for (unsigned int slot = 0; slot < EC_ROOT_PORTS_MAX; slot++) {
		struct placeholder *s = g->ports->placeholder[slot];
		struct ec_device *d = s ? neighbour(g, slot, NULL) : NULL;
		int rc = s ? send(g, &s->sent, wanted(g, slot, 0, &s->function), add) : 0;

		/* a guest that finds no function 0 does not look for the others */
		if (rc && d)
			ec_complain(d, "accesses to the placeholder of function 0 are not sent: %s",
				    strerror(-rc));
	}
}

static void update_ranges(struct ec_guest *g)
{
	g->ports->moved = false;
	send_all(g, false);
	send_all(g, true);
}

static void carry_out(struct ec_guest *g, struct ec_root_port *port,
		      const struct ec_root_port_event *event)
{
	unsigned int slot = port->function.at.devfn >> 3;
	const struct placeholder *s = g->ports->placeholder[slot];

	for (unsigned int i = 0; i < g->n && event->reset; i++)
		if (g->device[i]->place.downstream && port_of(g->device[i]) == port)
			ec_actions_guest_reset(g->device[i]);
	if (event->reset && s)
		memcpy(s->function.shadow, s->first, s->function.layout->words * sizeof(*s->first));
	g->ports->moved |= event->moved;
	if (!event->inject)
		return;
	g->ports->message[slot] = (struct message){ event->address, event->data };
	g->ports->waits |= 1u << slot;
}

/* A root port always sends the same message, so the last one of a request is enough. */
static void send_messages(struct ec_guest *g)
{
	uint32_t waits = g->ports->waits;

	g->ports->waits = 0;
	for (unsigned int slot = 0; waits >> slot && !g->dead; slot++) {
		const struct message *m = g->ports->message + slot;

		/* one that Xen refuses is lost, as on hardware */
		if (waits >> slot & 1)
			ec_server_inject_msi(g->backends, g->server, m->address, m->data);
		if (slot == EC_ROOT_PORTS_MAX - 1)
			break;
	}
}

void ec_downstream_flush(struct ec_guest *g)
{
	if (g->ports->waits)
		send_messages(g);
	if (g->ports->moved)
		update_ranges(g);
}

void ec_downstream_written(struct ec_guest *g, struct ec_root_port *port, const struct ec_access *a)
{
	struct ec_root_port_event event;

	ec_root_ports_written(&g->ports->ports, port, &a->actions, &event);
	carry_out(g, port, &event);
}

static void report_presence(struct ec_guest *g, struct ec_root_port *port, bool present)
{
	struct ec_root_port_event event;

	ec_root_port_presence(&g->ports->ports, port, present, &event);
	carry_out(g, port, &event);
	send_messages(g);
}

static int make_port(struct ec_device *d, const struct ec_root_port_config *config, struct work *w,
		     struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	uint32_t at = (uint32_t)config->slot << 3;
	int rc = ec_root_ports_add(&g->ports->ports, config, &w->plan, &w->image, diag);

	if (rc)
		return rc;
	rc = ec_guest_claim(g, EC_RANGE_PCI, at, at, true);
	if (rc) {
		ec_root_ports_remove(&g->ports->ports, config->slot);
		ec_diag_set(diag, 0, "its root port in slot %02x: %s", config->slot, strerror(-rc));
	}
	return rc;
}

int ec_downstream_add_port(struct ec_device *d, uint16_t physical_slot, struct ec_diag *diag)
{
	struct ec_root_port_config config = {
		.slot = d->place.slot,
		.physical_slot = physical_slot,
		.present = true,
		/* hvmloader takes every function of bus 0 for one of type 0 */
		.veiled = d->guest->info.device_model,
		.payload = d->downstream->link.payload,
		.link = d->downstream->link.link,
	};
	struct work *w = malloc(sizeof(*w));
	int rc = 0;

	if (!w) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	if (!port_of(d))
		rc = make_port(d, &config, w, diag);
	else if (!neighbour(d->guest, d->place.slot, d))
		/* the new card may have another link than the last one */
		ec_root_port_refit(port_of(d), &config, &w->image);
	free(w);
	return rc;
}

void ec_downstream_drop_port(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	uint8_t slot = d->place.slot;
	uint32_t at = (uint32_t)slot << 3, bit = 1u << slot;
	bool known;

	if (!port_of(d) || neighbour(g, slot, d))
		return;
	/* the guest has found the port, with this function or with an earlier one behind it */
	known = d->downstream->found || g->ports->spare & bit;
	if (known && g->info.started && !g->dead) {
		g->ports->spare |= bit;
		return;
	}
	g->ports->spare &= ~bit;
	if (!g->dead)
		ec_guest_claim(g, EC_RANGE_PCI, at, at, false);
	ec_root_ports_remove(&g->ports->ports, slot);
}

static int make_placeholder_function(struct placeholder *s, const struct ec_downstream_link *link,
				     struct work *w, struct ec_diag *diag)
{
	const struct ec_root_port_config config = { .payload = link->payload, .link = link->link };
	const struct ec_plan_options options = { .emulated = ec_placeholder_emulated(),
						 .multifunction = true,
						 .no_intx = true };
	size_t bytes;
	int rc;

	ec_placeholder_image(&config, &w->image);
	rc = ec_emulated_make(&s->function, &w->image, &options, &w->plan, diag);
	if (rc)
		return rc;
	bytes = s->function.layout->words * sizeof(*s->first);
	s->first = malloc(bytes);
	if (!s->first)
		return -ENOMEM;
	memcpy(s->first, s->function.shadow, bytes);
	return 0;
}

/* It shows the link of @like, a function behind the same port. */
static int make_placeholder(struct ec_device *like, struct ec_diag *diag)
{
	struct ec_downstream_ports *p = like->guest->ports;
	struct placeholder *s = calloc(1, sizeof(*s));
	struct work *w = malloc(sizeof(*w));
	uint8_t slot = like->place.slot;
	int rc = s && w ? 0 : -ENOMEM;

	if (!rc)
		rc = make_placeholder_function(s, &like->downstream->link, w, diag);
	free(w);
	if (!rc)
		rc = ec_root_port_attach(p->ports.port[slot], &s->function);
	if (rc) {
		free_placeholder(s);
		return rc;
	}
	s->sent = NOWHERE;
	p->placeholder[slot] = s;
	return 0;
}

static void drop_placeholder(struct ec_guest *g, unsigned int slot)
{
	struct placeholder *s = g->ports->placeholder[slot];

	if (!s)
		return;
	ec_root_port_detach(g->ports->ports.port[slot], 0);
	send(g, &s->sent, NOWHERE, false);
	g->ports->placeholder[slot] = NULL;
	free_placeholder(s);
}

/*
 * A guest looks for further functions of a slot only if it finds function 0. @like: a function that
 * is behind the port, NULL: there is none.
 */
static int update_placeholder(struct ec_guest *g, unsigned int slot, struct ec_device *like,
			      struct ec_diag *diag)
{
	if (!like || has_function(g, slot, 0))
		drop_placeholder(g, slot);
	else if (!g->ports->placeholder[slot])
		return make_placeholder(like, diag);
	return 0;
}

int ec_downstream_serve(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	uint8_t slot = d->place.slot, devfn = d->function.at.devfn;
	int rc;

	if (!devfn)
		drop_placeholder(g, slot);
	rc = ec_root_port_attach(port_of(d), &d->function);
	if (!rc)
		rc = update_placeholder(g, slot, d, diag);
	if (rc) {
		ec_diag_set(diag, 0, "behind the root port in slot %02x: %s", slot, strerror(-rc));
		ec_downstream_unserve(d);
		return rc;
	}
	report_presence(g, port_of(d), true);
	update_ranges(g);
	rc = send(g, &d->downstream->sent, wanted(g, slot, devfn, &d->function), true);
	if (rc) {
		ec_diag_set(diag, 0, "accesses to it are not sent: %s", strerror(-rc));
		ec_downstream_unserve(d);
	}
	d->downstream->found = !rc;
	return rc;
}

void ec_downstream_unserve(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	uint8_t slot = d->place.slot, devfn = d->function.at.devfn;
	struct ec_device *other = neighbour(g, slot, d);
	struct ec_diag diag = { 0 };

	if (port_of(d)->behind.function[devfn] == &d->function)
		ec_root_port_detach(port_of(d), devfn);
	send(g, &d->downstream->sent, NOWHERE, false);
	if (update_placeholder(g, slot, other, &diag))
		ec_log(d, "no placeholder takes its place as function 0: %s", diag.text);
	if (!other)
		report_presence(g, port_of(d), false);
	update_ranges(g);
}

struct ec_sbdf ec_downstream_address(const struct ec_device *d)
{
	struct ec_sbdf at = d->function.at;
	const struct ec_root_port *p = d->place.downstream ? port_of(d) : NULL;

	if (p && ec_root_port_bus(p))
		at.bus = ec_root_port_bus(p);
	return at;
}
