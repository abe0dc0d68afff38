/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ranges that a machine places: BARs on bus 0, and windows of root ports with BARs inside.
 */
#ifndef EC_MACHINE_WINDOWS_H
#define EC_MACHINE_WINDOWS_H

#include "machine/work.h"

/**
 * ec_machine_windows_list() - make a list of what is to be placed, with what is inside bridge
 * windows packed already: a BAR's address is its offset in the window. Sorted, largest first.
 * Returns as ec_machine_build() does: a size may be impossible.
 */
int ec_machine_windows_list(struct ec_machine_work *work);

/** ec_machine_window_kind() - the window of a port that @bar belongs in. Pure. */
enum ec_machine_window_kind ec_machine_window_kind(const struct ec_bar *bar);

/**
 * ec_machine_windows_relocate() - let hvmloader's rule say which items go above 4 GiB.
 * @room: bytes that it has below.
 */
void ec_machine_windows_relocate(struct ec_machine_work *work, uint64_t room);

/** What would help: text, a number if it is not 0, and text, or NULL. */
struct ec_machine_help {
	const char *before;
	unsigned int number;
	const char *after;
};

/** ec_machine_windows_refuse() - say in diag that @item has no room @where. Returns -ENOSPC. */
int ec_machine_windows_refuse(const struct ec_machine_work *work,
			      const struct ec_machine_window *item, const char *where,
			      struct ec_machine_help help);

#endif
