/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot: synthetic accesses of firmware and Linux to 68 functions, with the counts of a recorded
 * boot (Linux 6.1 on QEMU q35 with 68 functions): 190 accesses per function, 74 % of them reads,
 * 61 % of the reads in the header, the others in capabilities.
 */
#ifndef EC_BENCH_BOOT_H
#define EC_BENCH_BOOT_H

#include "ioreq.h"

#define BOOT_FUNCTIONS 68
/** Functions without capabilities, such as the host bridge. */
#define BOOT_PLAIN 4

/**
 * boot_trace() - the requests. From the second run on they leave every register that they write
 * unchanged.
 * @len: their number. Returns them; free() it.
 */
struct ioreq *boot_trace(size_t *len);

#endif
