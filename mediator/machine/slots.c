/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/slots.h"

#include <errno.h>

#define NONE EC_MACHINE_MAX

/* Owners of the slots that ecamd cannot use. */
static const char *const owners[EC_MACHINE_KINDS] = {
	[EC_MACHINE_HVM] = "of the guest is the device model's",
	[EC_MACHINE_PVH] = "of the guest is the host bridge's",
};

bool ec_machine_is_behind(const struct ec_machine_function *fn)
{
	return fn->topology == EC_FLATTENED && fn->express;
}

/* The slots of bus 0 while they are given out. */
struct slots {
	struct ec_machine_work *work;
	uint16_t first[EC_MACHINE_SLOTS]; /* index of the first function in the slot, or NONE */
};

/* Are both behind one root port, as functions of one slot of the host? */
static bool is_group(const struct ec_machine_function *a, const struct ec_machine_function *b)
{
	return ec_machine_is_behind(a) && ec_machine_is_behind(b) && !a->is_vf && !b->is_vf &&
	       a->host.segment == b->host.segment && a->host.bus == b->host.bus &&
	       ec_sbdf_device(a->host) == ec_sbdf_device(b->host);
}

static int refuse_slot(const struct slots *s, const struct ec_machine_function *fn,
		       unsigned int slot, const char *why, const struct ec_machine_function *other)
{
	char name[EC_SBDF_MAX], by[EC_SBDF_MAX] = "";

	if (other)
		ec_sbdf_print(other->host, false, by);
	ec_diag_set(s->work->diag, 0, "%s: slot %02x %s%s", ec_sbdf_print(fn->host, false, name),
		    slot, why, by);
	return -EBUSY;
}

/* Returns @slot, which @fn must have, or -EBUSY with a message. */
static int take_named(const struct slots *s, const struct ec_machine_function *fn,
		      unsigned int slot)
{
	if (s->work->limits->taken >> slot & 1)
		return refuse_slot(s, fn, slot, owners[s->work->limits->kind], NULL);
	if (s->first[slot] != NONE)
		return refuse_slot(s, fn, slot, "is taken by ", s->work->fn + s->first[slot]);
	if (s->work->limits->spare >> slot & 1 && !ec_machine_is_behind(fn))
		return refuse_slot(s, fn, slot, "has a root port", NULL);
	return (int)slot;
}

/* The lowest spare root port if @fn can be behind it, else the lowest free slot. */
static int take_lowest(const struct slots *s, const struct ec_machine_function *fn)
{
	char name[EC_SBDF_MAX];

	for (int spare = ec_machine_is_behind(fn); spare >= 0; spare--)
		for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++)
			if (!(s->work->limits->taken >> slot & 1) && s->first[slot] == NONE &&
			    (int)(s->work->limits->spare >> slot & 1) == spare)
				return (int)slot;
	ec_diag_set(s->work->diag, 0, "%s: the guest has no slot left on bus 0",
		    ec_sbdf_print(fn->host, false, name));
	return -EBUSY;
}

/*
 * The slot of @fn's root port if another function has it already, else -ENOENT. @wanted: a slot, or
 * -1.
 */
static int join(const struct slots *s, const struct ec_machine_function *fn, int wanted)
{
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		if (s->first[slot] == NONE || !is_group(s->work->fn + s->first[slot], fn))
			continue;
		if (wanted >= 0 && (unsigned int)wanted != slot)
			return refuse_slot(s, fn, (unsigned int)wanted,
					   "is not possible: it is behind one root port with ",
					   s->work->fn + s->first[slot]);
		return (int)slot;
	}
	return -ENOENT;
}

static int place_functions(struct slots *s)
{
	for (unsigned int i = 0; i < EC_MACHINE_SLOTS; i++)
		s->first[i] = NONE;
	for (unsigned int i = 0; i < s->work->plan->n; i++) {
		unsigned int index = s->work->order[i];
		const struct ec_machine_function *fn = s->work->fn + index;
		struct ec_machine_place *place = s->work->plan->place + index;
		int wanted = fn->has_slot            ? fn->slot
			     : fn->has_previous_slot ? fn->previous_slot
						     : -1;
		int slot = join(s, fn, wanted);

		if (slot == -ENOENT) {
			slot = wanted >= 0 ? take_named(s, fn, (unsigned int)wanted)
					   : take_lowest(s, fn);
			if (slot >= 0)
				s->first[slot] = (uint16_t)index;
		}
		if (slot < 0)
			return slot;
		*place = (struct ec_machine_place){ .slot = (uint8_t)slot,
						    .behind = ec_machine_is_behind(fn) };
		place->guest.devfn = (uint8_t)(slot << 3);
		if (place->behind)
			place->guest.devfn = fn->is_vf ? 0 : (uint8_t)(fn->host.devfn & 7);
	}
	return 0;
}

/* Root ports and their buses by rising slot, as a kernel numbers them. */
static void number_ports(const struct slots *s)
{
	struct ec_machine_plan *plan = s->work->plan;

	plan->ports = 0;
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		struct ec_machine_port *port = plan->port + plan->ports;
		bool spare = s->work->limits->spare >> slot & 1;
		uint32_t functions = 0;

		if (!spare &&
		    (s->first[slot] == NONE || !ec_machine_is_behind(s->work->fn + s->first[slot])))
			continue;
		*port = (struct ec_machine_port){
			.slot = (uint8_t)slot,
			.bus = (uint8_t)(plan->ports + 1),
			.physical_slot = (uint16_t)(EC_MACHINE_PHYSICAL_SLOT + slot),
		};
		for (unsigned int i = 0; i < plan->n; i++) {
			struct ec_machine_place *place = plan->place + i;

			if (place->slot != slot)
				continue;
			place->guest.bus = port->bus;
			place->port = (uint8_t)plan->ports;
			port->functions++;
			functions |= 1u << place->guest.devfn;
		}
		port->placeholder = functions && !(functions & 1);
		plan->ports++;
	}
}

int ec_machine_slots_place(struct ec_machine_work *work)
{
	struct slots s = { .work = work };
	int rc = place_functions(&s);

	if (!rc)
		number_ports(&s);
	return rc;
}
