/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/sim.h"

#include "fixture.h"

struct fakexen *xen;
struct ec_guest_info *info;

static void setup(void)
{
	struct fixture x;

	fixture_nic(&x);
	xen = fakexen_new();
	info = fakexen_guest(xen, D3, "three");
	fakexen_guest(xen, D4, "four");
	fakexen_device(xen, nic, "e1000e", &x.img);
}

static void teardown(void)
{
	fakexen_free(xen);
}

TCase *sim_tcase(const char *name)
{
	TCase *t = tcase_create(name);

	tcase_add_checked_fixture(t, setup, teardown);
	return t;
}
