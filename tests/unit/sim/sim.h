/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fixture of the played Xen's own tests: two guests, a network card, and the backends. */
#ifndef EC_TESTS_UNIT_SIM_SIM_H
#define EC_TESTS_UNIT_SIM_SIM_H

#include <check.h>

#include "fakexen.h"

/** The guests, called "three" and "four" (D3, D4), and a domain that does not exist. */
#define D3 3u
#define D4 4u
#define D9 9u

/** The played Xen, and what guest_info() reports of D3, which a test may change. */
extern struct fakexen *xen;
extern struct ec_guest_info *info;

/** fixture_nic, bound to "e1000e", and an address without a function. */
static const struct ec_sbdf nic = { 0, 1, 0 }, nowhere = { 0, 2, 0 };

static const struct ec_priv_ops *const priv = &fakexen_priv_ops;
static const struct ec_server_ops *const server = &fakexen_server_ops;
static const struct ec_store_ops *const store = &fakexen_store_ops;
static const struct ec_device_ops *const device = &fakexen_device_ops;

/** sim_tcase() - a test case with this fixture, which the caller fills and adds to its suite. */
TCase *sim_tcase(const char *name);

#endif
