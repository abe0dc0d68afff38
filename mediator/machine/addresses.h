/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a planned machine, after its functions have their places.
 */
#ifndef EC_MACHINE_ADDRESSES_H
#define EC_MACHINE_ADDRESSES_H

#include "machine/work.h"

/**
 * ec_machine_addresses_place() - place ECAM window, BARs and windows as ec_machine_build() says.
 * @work: the plan has functions, root ports and buses. Returns as ec_machine_build() does.
 */
int ec_machine_addresses_place(struct ec_machine_work *work);

#endif
