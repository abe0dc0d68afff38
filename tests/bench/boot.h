/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot: what firmware and then Linux ask of 68 functions, made up, with the counts of a boot
 * that was watched (Linux 6.1 on QEMU q35 with 68 functions): 190 accesses a function, 74 % of
 * them reads, 61 % of the reads of the header, the others of capabilities.
 */
#ifndef EC_BENCH_BOOT_H
#define EC_BENCH_BOOT_H

#include "ioreq.h"

#define BOOT_FUNCTIONS 68
/** Of them without capabilities: host bridge and its like. */
#define BOOT_PLAIN 4

/**
 * boot_trace() - the requests. They leave every register that they write as they found it at
 * the second time.
 * @len: their number. Returns them; to be freed.
 */
struct ioreq *boot_trace(size_t *len);

#endif
