/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ECAM window of a planned machine.
 */
#ifndef EC_MACHINE_ECAM_WINDOW_H
#define EC_MACHINE_ECAM_WINDOW_H

#include "machine/work.h"

/**
 * ec_machine_ecam_place() - place the ECAM window and check that it holds all buses.
 * @work: the plan has functions, root ports and buses. Starts work->fixed.
 * Returns as ec_machine_build() does.
 */
int ec_machine_ecam_place(struct ec_machine_work *work);

#endif
