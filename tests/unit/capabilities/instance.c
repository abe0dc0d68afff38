/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capabilities/instance.h"

#include <check.h>
#include <pci/header.h>
#include <string.h>

#include "capabilities/registry.h"
#include "fixture.h"

static struct fixture x;

struct ec_cap_at instance_at(const struct instance *in)
{
	fixture_init(&x, 4096, 0);
	fixture_put(&x, INSTANCE_AT + PCI_CAP_FLAGS, 2, in->flags);
	for (unsigned int i = 0; i < 4 && in->dword[i].offset; i++)
		fixture_put(&x, INSTANCE_AT + in->dword[i].offset, 4, in->dword[i].value);
	return (struct ec_cap_at){ .img = &x.img,
				   .offset = INSTANCE_AT,
				   .room = (uint16_t)(in->room ? in->room : INSTANCE_ROOM),
				   .header_type = in->header,
				   .version = in->version,
				   .pcie_type_known = in->type != INSTANCE_NO_TYPE,
				   .pcie_type = in->type,
				   .lanes = in->lanes,
				   .flit = in->flit,
				   .prefixes = in->prefixes };
}

/* Xorshift: the same numbers on each run. */
uint32_t instance_random_number(void)
{
	static uint32_t v = 0x9e3779b9;

	v ^= v << 13;
	v ^= v >> 17;
	return v ^= v << 5;
}

struct ec_cap_at instance_random(uint32_t room)
{
	fixture_init(&x, 4096, 0);
	for (uint32_t off = INSTANCE_AT; off < INSTANCE_AT + room; off += 4) {
		uint32_t kind = instance_random_number() % 4;

		fixture_put(&x, off, 4,
			    kind ? kind == 1 ? UINT32_MAX : instance_random_number() : 0);
	}
	return (struct ec_cap_at){ .img = &x.img,
				   .offset = INSTANCE_AT,
				   .room = (uint16_t)room,
				   .header_type = instance_random_number() & 1,
				   .version = instance_random_number() & 15,
				   .pcie_type_known = instance_random_number() & 1,
				   .pcie_type = instance_random_number() & 15,
				   .lanes = (uint8_t)(instance_random_number() % 33),
				   .flit = instance_random_number() & 1,
				   .prefixes = instance_random_number() & 1 };
}

const struct ec_cap *instance_cap(const char *name, bool extended)
{
	const struct ec_cap *cap;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++)
		if (cap->extended == extended && !strcmp(cap->name, name))
			return cap;
	ck_abort_msg("no capability %s", name);
}

const struct ec_reg *instance_row(const struct ec_cap *cap, const char *name)
{
	struct instance in = { .type = INSTANCE_NO_TYPE };
	struct ec_cap_at at = instance_at(&in);
	struct ec_reg_table t = ec_cap_registers(cap, &at);

	for (unsigned int i = 0; i < t.n; i++)
		if (!strcmp(t.row[i].name, name))
			return t.row + i;
	ck_abort_msg("%s has no register %s", cap->name, name);
}
