/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/downstream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emulated/placeholder.h"
#include "guest/guest.h"

#define PORTS(g) (&(g)->service->ports)

static struct ec_root_port *port_of(const struct ec_device *d)
{
	return d->guest->ports.port[d->slot];
}

/* Has the guest function @devfn of what is behind the port in @slot? */
static bool has_function(const struct ec_guest *g, unsigned int slot, uint8_t devfn)
{
	const struct ec_root_port *p = g->ports.port[slot];
	const struct ec_placeholder *s = g->placeholder[slot];

	return p->behind.function[devfn] && (!s || p->behind.function[devfn] != &s->function);
}

/* Another function behind the port in @slot than @but; NULL: there is none. */
static struct ec_device *neighbour(const struct ec_guest *g, unsigned int slot,
				   const struct ec_device *but)
{
	for (unsigned int i = 0; i < g->n; i++)
		if (g->device[i] != but && g->device[i]->behind && g->device[i]->slot == slot)
			return g->device[i];
	return NULL;
}

/* Where Xen is to send accesses for function @devfn behind the port in @slot. */
static uint32_t wanted(const struct ec_guest *g, unsigned int slot, uint8_t devfn,
		       const struct ec_function *fn)
{
	const struct ec_root_port *p = g->ports.port[slot];

	if (!p || !ec_root_port_bus(p) || p->behind.function[devfn] != fn)
		return EC_SENT_NOWHERE;
	return (uint32_t)ec_root_port_bus(p) << 8 | devfn;
}

/*
 * Gives up, or takes, where @sent and @want differ. A guest without a server sends nothing. What
 * Xen does not let go of is still ours, and is tried again.
 */
static int send(struct ec_guest *g, uint32_t *sent, uint32_t want, bool add)
{
	uint32_t at = add ? want : *sent;
	int rc = 0;

	if (*sent == want || at == EC_SENT_NOWHERE || (add && *sent != EC_SENT_NOWHERE))
		return 0;
	if (!g->dead)
		rc = PORTS(g)->server->range(g->server, EC_RANGE_PCI, at, at, add);
	if (!rc)
		*sent = add ? want : EC_SENT_NOWHERE;
	return rc;
}

/* First all that was, then all that is: one bus may get another's number. */
static void send_all(struct ec_guest *g, bool add)
{
	for (unsigned int i = 0; i < g->n; i++) {
		struct ec_device *d = g->device[i];
		int rc;

		if (!d->behind)
			continue;
		rc = send(g, &d->sent, wanted(g, d->slot, d->function.at.devfn, &d->function), add);
		if (rc)
			ec_complain(d, "accesses to it are not sent to ecamd: %s", strerror(-rc));
	}
	for (unsigned int slot = 0; slot < EC_ROOT_PORTS_MAX; slot++) {
		struct ec_placeholder *s = g->placeholder[slot];
		struct ec_device *d = s ? neighbour(g, slot, NULL) : NULL;
		int rc = s ? send(g, &s->sent, wanted(g, slot, 0, &s->function), add) : 0;

		/* without it a guest does not look for the others */
		if (rc && d)
			ec_complain(d, "accesses to what stands in for function 0 are not sent: %s",
				    strerror(-rc));
	}
}

void ec_downstream_update_ranges(struct ec_guest *g)
{
	g->moved = false;
	send_all(g, false);
	send_all(g, true);
}

static void carry_out(struct ec_guest *g, struct ec_root_port *port,
		      const struct ec_root_port_event *event)
{
	const struct ec_placeholder *s = g->placeholder[port->function.at.devfn >> 3];

	for (unsigned int i = 0; i < g->n && event->reset; i++)
		if (g->device[i]->behind && port_of(g->device[i]) == port)
			ec_device_guest_reset(g->device[i]);
	if (event->reset && s)
		memcpy(s->function.shadow, s->first, s->function.layout->words * sizeof(*s->first));
	g->moved |= event->moved;
	/* a message that Xen does not take goes nowhere, as on hardware */
	if (event->inject && !g->dead)
		PORTS(g)->server->inject_msi(g->server, event->address, event->data);
}

void ec_downstream_written(struct ec_guest *g, struct ec_root_port *port, const struct ec_access *a)
{
	struct ec_root_port_event event;

	ec_root_ports_written(&g->ports, port, &a->actions, &event);
	carry_out(g, port, &event);
}

static void tell_presence(struct ec_guest *g, struct ec_root_port *port, bool present)
{
	struct ec_root_port_event event;

	ec_root_port_presence(&g->ports, port, present, &event);
	carry_out(g, port, &event);
}

static int make_port(struct ec_device *d, const struct ec_machine_port *planned,
		     struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	struct ec_root_port_config config = {
		.slot = planned->slot,
		.physical_slot = planned->physical_slot,
		.present = true,
		/* hvmloader takes every function of bus 0 for one of type 0 */
		.veiled = g->info.device_model,
		.payload = d->payload,
		.link = d->link,
	};
	uint32_t at = (uint32_t)planned->slot << 3;
	int rc = ec_root_ports_add(&g->ports, &config, g->service->plan, g->service->image, diag);

	if (rc)
		return rc;
	rc = PORTS(g)->server->range(g->server, EC_RANGE_PCI, at, at, true);
	if (rc) {
		ec_root_ports_remove(&g->ports, planned->slot);
		ec_diag_set(diag, 0, "its root port in slot %02x: %s", planned->slot,
			    strerror(-rc));
	}
	return rc;
}

int ec_downstream_port(struct ec_device *d, const struct ec_machine_port *port,
		       struct ec_diag *diag)
{
	const struct ec_root_port_config config = { .slot = port->slot,
						    .physical_slot = port->physical_slot,
						    .payload = d->payload,
						    .link = d->link };
	struct ec_root_port *p = d->guest->ports.port[port->slot];

	if (!p)
		return make_port(d, port, diag);
	/* another card may come than went */
	if (!neighbour(d->guest, port->slot, d))
		ec_root_port_refit(p, &config, d->guest->service->image);
	return 0;
}

void ec_downstream_leave(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	uint32_t at = (uint32_t)d->slot << 3;
	bool known;

	if (!port_of(d) || neighbour(g, d->slot, d))
		return;
	/* the guest has found the port: with this function behind it, or with another before */
	known = d->shown || g->limits.spare >> d->slot & 1;
	if (known && g->info.started && !g->dead) {
		g->limits.spare |= 1u << d->slot;
		return;
	}
	g->limits.spare &= ~(1u << d->slot);
	if (!g->dead)
		PORTS(g)->server->range(g->server, EC_RANGE_PCI, at, at, false);
	ec_root_ports_remove(&g->ports, d->slot);
}

static void free_placeholder(struct ec_placeholder *s)
{
	if (s) {
		free((void *)(uintptr_t)s->function.layout);
		free(s->function.shadow);
		free(s->first);
	}
	free(s);
}

/* @like: a function behind the port, whose link and payload it shows. */
static int make_placeholder(struct ec_guest *g, unsigned int slot, const struct ec_device *like,
			    struct ec_diag *diag)
{
	struct ec_root_port_config config = { .payload = like->payload, .link = like->link };
	struct ec_plan_options options = { .emulated = ec_placeholder_emulated(),
					   .multifunction = true,
					   .no_intx = true };
	struct ec_placeholder *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return -ENOMEM;
	s->sent = EC_SENT_NOWHERE;
	ec_placeholder_image(&config, g->service->image);
	rc = ec_guest_emulate(g->service, &options, &s->function, diag);
	if (!rc) {
		size_t bytes = s->function.layout->words * sizeof(*s->first);

		s->first = malloc(bytes);
		rc = s->first ? 0 : -ENOMEM;
		if (!rc)
			memcpy(s->first, s->function.shadow, bytes);
	}
	if (!rc)
		rc = ec_root_port_attach(g->ports.port[slot], &s->function);
	if (rc) {
		free_placeholder(s);
		return rc;
	}
	g->placeholder[slot] = s;
	return 0;
}

static void drop_placeholder(struct ec_guest *g, unsigned int slot)
{
	struct ec_placeholder *s = g->placeholder[slot];

	if (!s)
		return;
	ec_root_port_detach(g->ports.port[slot], 0);
	send(g, &s->sent, EC_SENT_NOWHERE, false);
	g->placeholder[slot] = NULL;
	free_placeholder(s);
}

/* Where a guest would look for other functions there must be one. */
static int settle_slot(struct ec_guest *g, unsigned int slot, const struct ec_device *like,
		       struct ec_diag *diag)
{
	if (!like || has_function(g, slot, 0))
		drop_placeholder(g, slot);
	else if (!g->placeholder[slot])
		return make_placeholder(g, slot, like, diag);
	return 0;
}

int ec_downstream_serve(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	int rc;

	/* its place may be stood in for */
	if (!d->function.at.devfn)
		drop_placeholder(g, d->slot);
	rc = ec_root_port_attach(port_of(d), &d->function);
	if (!rc)
		rc = settle_slot(g, d->slot, d, diag);
	if (rc) {
		ec_diag_set(diag, 0, "behind the root port in slot %02x: %s", d->slot,
			    strerror(-rc));
		ec_downstream_unserve(d);
		return rc;
	}
	tell_presence(g, port_of(d), true);
	ec_downstream_update_ranges(g);
	rc = send(g, &d->sent, wanted(g, d->slot, d->function.at.devfn, &d->function), true);
	if (rc) {
		ec_diag_set(diag, 0, "accesses to it are not sent: %s", strerror(-rc));
		ec_downstream_unserve(d);
	}
	d->shown = !rc;
	return rc;
}

void ec_downstream_unserve(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	struct ec_diag diag = { 0 };

	if (port_of(d)->behind.function[d->function.at.devfn] == &d->function)
		ec_root_port_detach(port_of(d), d->function.at.devfn);
	send(g, &d->sent, EC_SENT_NOWHERE, false);
	if (settle_slot(g, d->slot, neighbour(g, d->slot, d), &diag))
		ec_log(d, "nothing stands in for it as function 0: %s", diag.text);
	if (!neighbour(g, d->slot, d))
		tell_presence(g, port_of(d), false);
	ec_downstream_update_ranges(g);
}

struct ec_sbdf ec_downstream_at(const struct ec_device *d)
{
	struct ec_sbdf at = d->status.guest;
	const struct ec_root_port *p = d->behind ? port_of(d) : NULL;

	if (p && ec_root_port_bus(p))
		at.bus = ec_root_port_bus(p);
	return at;
}

void ec_downstream_clear(struct ec_guest *g)
{
	for (unsigned int slot = 0; slot < EC_ROOT_PORTS_MAX; slot++) {
		free_placeholder(g->placeholder[slot]);
		g->placeholder[slot] = NULL;
	}
	ec_root_ports_clear(&g->ports);
}
