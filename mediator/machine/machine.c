/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/machine.h"

#include <errno.h>
#include <string.h>

#include "core/bits.h"
#include "machine/addresses.h"

#define MIB 0x100000ull
/* hvmloader takes every function of this class for PIIX4's, and stops where it is not */
#define CLASS_BRIDGE_OTHER 0x0680u
#define NOBODY EC_MACHINE_MAX

const char *const ec_machine_kind_names[EC_MACHINE_KINDS] = {
	[EC_MACHINE_HVM] = "hvm",
	[EC_MACHINE_PVH] = "pvh",
};

/* Whose the slots are that are not ours. */
static const char *const owners[EC_MACHINE_KINDS] = {
	[EC_MACHINE_HVM] = "of the guest is the device model's",
	[EC_MACHINE_PVH] = "of the guest is the host bridge's",
};

int ec_machine_kind_parse(const char *name)
{
	for (int k = 0; k < EC_MACHINE_KINDS; k++)
		if (!strcmp(name, ec_machine_kind_names[k]))
			return k;
	return -EINVAL;
}

void ec_machine_defaults(enum ec_machine_kind kind, struct ec_machine_limits *limits)
{
	bool hvm = kind == EC_MACHINE_HVM;

	*limits = (struct ec_machine_limits){
		.kind = kind,
		/* a device model fills bus 0 from its start */
		.taken = hvm ? 0xffff : 1,
		.ecam = !hvm,
		.address_bits = 40,
		/* a VGA card's and the Xen platform's 16 MiB each, disks and network cards */
		.model_mmio = hvm ? 64 * MIB : 0,
		.model_io = hvm ? 0x400 : 0,
	};
}

static bool is_behind(const struct ec_machine_function *fn)
{
	return fn->topology == EC_FLATTENED && fn->express;
}

/* What decides who comes first: kept, asked for, any. */
static unsigned int rank(const struct ec_machine_function *fn)
{
	return fn->has_previous_slot ? 0 : fn->has_slot ? 1 : 2;
}

static bool comes_before(const struct ec_machine_function *a, const struct ec_machine_function *b)
{
	if (rank(a) != rank(b))
		return rank(a) < rank(b);
	return ec_sbdf_compare(a->host, b->host) < 0;
}

static int check_function(const struct ec_machine_limits *limits,
			  const struct ec_machine_function *fn, struct ec_diag *diag)
{
	char name[EC_SBDF_MAX];

	ec_sbdf_print(fn->host, false, name);
	if (fn->topology != EC_BYPASSED && fn->topology != EC_FLATTENED) {
		ec_diag_set(diag, 0, "%s: a guest's topology is bypassed or flattened", name);
		return -EINVAL;
	}
	if ((fn->has_slot && fn->slot >= EC_MACHINE_SLOTS) ||
	    (fn->has_previous_slot && fn->kept >= EC_MACHINE_SLOTS)) {
		ec_diag_set(diag, 0, "%s: slots are 00 to 1f", name);
		return -EINVAL;
	}
	if (limits->kind == EC_MACHINE_HVM && !is_behind(fn) && fn->class == CLASS_BRIDGE_OTHER) {
		ec_diag_set(diag, 0, "%s: a function of class 0680 on bus 0 stops hvmloader", name);
		return -EPERM;
	}
	return 0;
}

/* Fills plan->order: who is placed when, whatever the order of the list. Below 2^16 steps. */
static void sort_functions(const struct ec_machine_function *fn, struct ec_machine_plan *plan)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		unsigned int j = i;

		for (; j && comes_before(fn + i, fn + plan->order[j - 1]); j--)
			plan->order[j] = plan->order[j - 1];
		plan->order[j] = (uint16_t)i;
	}
}

static int check_functions(const struct ec_machine_limits *limits,
			   const struct ec_machine_function *fn, const struct ec_machine_plan *plan,
			   struct ec_diag *diag)
{
	int rc = 0;

	for (unsigned int i = 0; i < plan->n && !rc; i++)
		rc = check_function(limits, fn + plan->order[i], diag);
	return rc;
}

/* Who has the slots of bus 0 while they are given out. */
struct slots {
	const struct ec_machine_limits *limits;
	const struct ec_machine_function *fn;
	struct ec_machine_plan *plan;
	uint16_t first[EC_MACHINE_SLOTS]; /* that came to the slot, or NOBODY */
	struct ec_diag *diag;
};

/* Functions of the host's slot that are behind one port. */
static bool is_group(const struct ec_machine_function *a, const struct ec_machine_function *b)
{
	return is_behind(a) && is_behind(b) && !a->is_vf && !b->is_vf &&
	       a->host.segment == b->host.segment && a->host.bus == b->host.bus &&
	       ec_sbdf_device(a->host) == ec_sbdf_device(b->host);
}

static int refuse_slot(const struct slots *s, const struct ec_machine_function *fn,
		       unsigned int slot, const char *why, const struct ec_machine_function *other)
{
	char name[EC_SBDF_MAX], by[EC_SBDF_MAX] = "";

	if (other)
		ec_sbdf_print(other->host, false, by);
	ec_diag_set(s->diag, 0, "%s: slot %02x %s%s", ec_sbdf_print(fn->host, false, name), slot,
		    why, by);
	return -EBUSY;
}

/* The slot that @fn must have: -EBUSY with a message if it cannot. */
static int take_named(const struct slots *s, const struct ec_machine_function *fn,
		      unsigned int slot)
{
	if (s->limits->taken >> slot & 1)
		return refuse_slot(s, fn, slot, owners[s->limits->kind], NULL);
	if (s->first[slot] != NOBODY)
		return refuse_slot(s, fn, slot, "is taken by ", s->fn + s->first[slot]);
	if (s->limits->spare >> slot & 1 && !is_behind(fn))
		return refuse_slot(s, fn, slot, "has a port", NULL);
	return (int)slot;
}

/* A spare port first, for those who want one; then the lowest slot that is free. */
static int take_lowest(const struct slots *s, const struct ec_machine_function *fn)
{
	char name[EC_SBDF_MAX];

	for (int spare = is_behind(fn); spare >= 0; spare--)
		for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++)
			if (!(s->limits->taken >> slot & 1) && s->first[slot] == NOBODY &&
			    (int)(s->limits->spare >> slot & 1) == spare)
				return (int)slot;
	ec_diag_set(s->diag, 0, "%s: the guest has no slot left on bus 0",
		    ec_sbdf_print(fn->host, false, name));
	return -EBUSY;
}

/* The slot of @fn's group, if another of it has one already. @wanted: a slot, or -1. */
static int join(const struct slots *s, const struct ec_machine_function *fn, int wanted)
{
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		if (s->first[slot] == NOBODY || !is_group(s->fn + s->first[slot], fn))
			continue;
		if (wanted >= 0 && (unsigned int)wanted != slot)
			return refuse_slot(s, fn, (unsigned int)wanted,
					   "cannot be: it is behind one port with ",
					   s->fn + s->first[slot]);
		return (int)slot;
	}
	return -ENOENT;
}

static int place_functions(struct slots *s)
{
	for (unsigned int i = 0; i < EC_MACHINE_SLOTS; i++)
		s->first[i] = NOBODY;
	for (unsigned int i = 0; i < s->plan->n; i++) {
		unsigned int index = s->plan->order[i];
		const struct ec_machine_function *fn = s->fn + index;
		struct ec_machine_place *place = s->plan->place + index;
		int wanted = fn->has_slot ? fn->slot : fn->has_previous_slot ? fn->kept : -1;
		int slot = join(s, fn, wanted);

		if (slot == -ENOENT) {
			slot = wanted >= 0 ? take_named(s, fn, (unsigned int)wanted)
					   : take_lowest(s, fn);
			if (slot >= 0)
				s->first[slot] = (uint16_t)index;
		}
		if (slot < 0)
			return slot;
		*place =
			(struct ec_machine_place){ .slot = (uint8_t)slot, .behind = is_behind(fn) };
		place->guest.devfn = (uint8_t)(slot << 3);
		if (place->behind)
			place->guest.devfn = fn->is_vf ? 0 : (uint8_t)(fn->host.devfn & 7);
	}
	return 0;
}

/* Ports by rising slot, with their buses: as a kernel that numbers them anew would. */
static void number_ports(const struct slots *s)
{
	struct ec_machine_plan *plan = s->plan;

	plan->ports = 0;
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		struct ec_machine_port *port = plan->port + plan->ports;
		bool spare = s->limits->spare >> slot & 1;
		uint32_t functions = 0;

		if (!spare && (s->first[slot] == NOBODY || !is_behind(s->fn + s->first[slot])))
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

static int check_limits(const struct ec_machine_limits *l, unsigned int n, struct ec_diag *diag)
{
	const struct {
		bool bad;
		const char *why;
	} checks[] = {
		{ (unsigned int)l->kind >= EC_MACHINE_KINDS, "there is no such kind of guest" },
		{ (unsigned int)l->bridge >= EC_BRIDGE_KINDS, "there is no such host bridge" },
		{ l->kind == EC_MACHINE_HVM && l->bridge != EC_BRIDGE_PLAIN,
		  "the guest's host bridge is the device model's: none of another kind can be" },
		{ n > EC_MACHINE_MAX, "a guest has at most 256 functions" },
		{ l->ecam_buses > EC_MACHINE_BUSES, "an ECAM window has at most 256 buses" },
		{ l->hole && (l->hole < 256 || l->hole > 3840),
		  "the hole below 4 GiB is 256 to 3840 MiB" },
		{ l->memory >> 52 != 0, "no guest has so much memory" },
		{ l->model_mmio > 1ull << 32 || l->model_io > 0x10000,
		  "the device model's functions need too much" },
		{ (l->taken & l->spare) != 0, "a spare port in a slot that is not ours" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(checks); i++)
		if (checks[i].bad) {
			ec_diag_set(diag, 0, "%s", checks[i].why);
			return -EINVAL;
		}
	return 0;
}

static int check_unique(const struct ec_machine_function *fn, unsigned int n, struct ec_diag *diag)
{
	char name[EC_SBDF_MAX];

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++)
			if (!ec_sbdf_compare(fn[i].host, fn[j].host)) {
				ec_diag_set(diag, 0, "%s: it is listed twice",
					    ec_sbdf_print(fn[i].host, false, name));
				return -EINVAL;
			}
	return 0;
}

int ec_machine_build(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		     unsigned int n, struct ec_machine_plan *plan, struct ec_diag *diag)
{
	struct slots s = { .limits = limits, .fn = fn, .plan = plan, .diag = diag };
	struct ec_machine_map map = { .limits = limits, .fn = fn, .plan = plan, .diag = diag };
	int rc = check_limits(limits, n, diag);

	if (rc)
		return rc;
	plan->n = n;
	rc = check_unique(fn, n, diag);
	if (rc)
		return rc;
	sort_functions(fn, plan);
	rc = check_functions(limits, fn, plan, diag);
	if (!rc)
		rc = place_functions(&s);
	if (rc)
		return rc;
	number_ports(&s);
	return ec_machine_map(&map);
}
