/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ranges that a machine places: BARs on bus 0, and windows of root ports with BARs inside.
 */
#ifndef EC_MACHINE_WINDOWS_H
#define EC_MACHINE_WINDOWS_H

#include "machine/work.h"

/**
 * ec_machine_windows_list() - list in @work what has to be placed, largest first. BARs behind a
 * root port are packed into its windows: their address is an offset in the window so far. Returns
 * as ec_machine_build() does: a size may be impossible.
 */
int ec_machine_windows_list(struct ec_machine_work *work);

/** ec_machine_window_kind() - the window of a root port that @bar belongs in. Pure. */
enum ec_machine_window_kind ec_machine_window_kind(const struct ec_bar *bar);

/**
 * ec_machine_windows_relocate() - move 64-bit BARs of bus 0 above 4 GiB, by hvmloader's rule: the
 * largest first, until the rest fits.
 * @room: bytes below 4 GiB.
 */
void ec_machine_windows_relocate(struct ec_machine_work *work, uint64_t room);

/** What would help: text, a number if it is not 0, and text or NULL. */
struct ec_machine_help {
	const char *before;
	unsigned int number;
	const char *after;
};

/** ec_machine_windows_refuse() - report in diag that @w does not fit @where. Returns -ENOSPC. */
int ec_machine_windows_refuse(const struct ec_machine_work *work, const struct ec_machine_window *w,
			      const char *where, struct ec_machine_help help);

#endif
