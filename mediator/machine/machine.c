/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/machine.h"

#include <errno.h>
#include <string.h>

#include "core/bits.h"
#include "machine/addresses.h"
#include "machine/slots.h"

#define MIB 0x100000ull
#define IO_PORTS 0x10000u
/* IDE, network cards and the Xen platform device have at most 256 I/O ports each. */
#define MODEL_IO 0x400u
/* hvmloader takes each function of this class for PIIX4's and asserts that it is: hvmloader/pci.c
 */
#define CLASS_BRIDGE_OTHER 0x0680u

const char *const ec_machine_kind_names[EC_MACHINE_KINDS] = {
	[EC_MACHINE_HVM] = "hvm",
	[EC_MACHINE_PVH] = "pvh",
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
		/* a device model uses the lower slots */
		.taken = hvm ? 0xffff : 1,
		.ecam = !hvm,
		.address_bits = 40,
		/*
		 * The device model's functions are not known one by one. This is what they usually
		 * need: 16 MiB each for VGA and the Xen platform device, and disks and network
		 * cards.
		 */
		.model_mmio = hvm ? 64 * MIB : 0,
		.model_io = hvm ? MODEL_IO : 0,
	};
}

/* Order of placing: a previous slot, a requested slot, any slot. */
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
	    (fn->has_previous_slot && fn->previous_slot >= EC_MACHINE_SLOTS)) {
		ec_diag_set(diag, 0, "%s: slots are 00 to 1f", name);
		return -EINVAL;
	}
	if (limits->kind == EC_MACHINE_HVM && !ec_machine_is_behind(fn) &&
	    fn->class == CLASS_BRIDGE_OTHER) {
		ec_diag_set(diag, 0, "%s: a function of class 0680 on bus 0 stops hvmloader", name);
		return -EPERM;
	}
	return 0;
}

/* Fills work->order, which does not depend on the order of the input. Less than 2^16 steps. */
static void sort_functions(struct ec_machine_work *work)
{
	const struct ec_machine_function *fn = work->fn;

	for (unsigned int i = 0; i < work->plan->n; i++) {
		unsigned int j = i;

		for (; j && comes_before(fn + i, fn + work->order[j - 1]); j--)
			work->order[j] = work->order[j - 1];
		work->order[j] = (uint16_t)i;
	}
}

static int check_functions(const struct ec_machine_work *work)
{
	int rc = 0;

	for (unsigned int i = 0; i < work->plan->n && !rc; i++)
		rc = check_function(work->limits, work->fn + work->order[i], work->diag);
	return rc;
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
		  "the device model has the guest's host bridge: another kind is not possible" },
		{ n > EC_MACHINE_MAX, "a guest has at most 256 functions" },
		{ l->ecam_buses > EC_MACHINE_BUSES, "an ECAM window has at most 256 buses" },
		{ l->hole && (l->hole < 256 || l->hole > 3840),
		  "the hole below 4 GiB is 256 to 3840 MiB" },
		{ l->memory >> 52 != 0, "a guest has less than 4 PiB of memory" },
		{ l->model_mmio > 1ull << 32 || l->model_io > IO_PORTS,
		  "the device model's functions need too many addresses" },
		{ (l->taken & l->spare) != 0,
		  "a spare root port in a slot of the device model or host bridge" },
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
	struct ec_machine_work work = { .limits = limits, .fn = fn, .plan = plan, .diag = diag };
	int rc = check_limits(limits, n, diag);

	if (rc)
		return rc;
	plan->n = n;
	rc = check_unique(fn, n, diag);
	if (rc)
		return rc;
	sort_functions(&work);
	rc = check_functions(&work);
	if (!rc)
		rc = ec_machine_slots_place(&work);
	if (!rc)
		rc = ec_machine_addresses_place(&work);
	return rc;
}
