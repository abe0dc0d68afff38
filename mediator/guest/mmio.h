/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses to mapped pages of the hardware. The kernel removes such a mapping when the function is
 * removed, or when a driver claims the BAR; an access then raises SIGBUS.
 */
#ifndef EC_GUEST_MMIO_H
#define EC_GUEST_MMIO_H

#include <stdbool.h>
#include <stdint.h>

/**
 * ec_mmio_guard() - install the handler of SIGBUS, for all threads. A SIGBUS outside of the
 * functions below still ends the process, by its default action. May be called again.
 * Returns 0, or a negative errno.
 */
int ec_mmio_guard(void);

/**
 * ec_mmio_read() - one read of @len bytes, 1, 2, 4 or 8, at @at, which is aligned to @len.
 * Returns false if it raised SIGBUS; then *@value is all ones in that width.
 */
bool ec_mmio_read(const void *at, unsigned int len, uint64_t *value);

/** ec_mmio_write() - one write, likewise. Returns false if it raised SIGBUS: it is dropped. */
bool ec_mmio_write(void *at, unsigned int len, uint64_t value);

#endif
