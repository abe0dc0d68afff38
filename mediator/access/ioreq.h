/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request of a virtual CPU, taken apart: every form in which Xen delivers a guest's access
 * (repetitions, either direction, data in guest memory, any width and alignment) becomes single
 * accesses of 1, 2, 4 or 8 bytes. Pure but for the callbacks.
 * Source: Xen public/hvm/ioreq.h and arch/x86/hvm/emulate.c (hvmemul_do_io).
 */
#ifndef EC_ACCESS_IOREQ_H
#define EC_ACCESS_IOREQ_H

#include "core/xen_ops.h"

/** Most bytes of guest memory that one request moves: two pages. */
#define EC_IOREQ_BYTES_MAX (2 * EC_PAGE_SIZE)

/** Who answers. Reads return the value; its bits above the width are ignored. */
struct ec_ioreq_target {
	uint64_t (*config)(void *ctx, struct ec_sbdf at, uint32_t offset, unsigned int len,
			   bool write, uint64_t value);
	uint64_t (*port)(void *ctx, uint64_t port, unsigned int len, bool write, uint64_t value);
	uint64_t (*memory)(void *ctx, uint64_t gpa, unsigned int len, bool write, uint64_t value);
	/* Copies guest memory, at most EC_IOREQ_BYTES_MAX; 0 or a negative errno. */
	int (*copy)(void *ctx, uint64_t gpa, void *buf, size_t len, bool write);
};

/**
 * ec_ioreq_serve() - serve one request.
 * @q: in: the request; out: data is the answer of a read without data_is_ptr, exact to its width
 * and 0 above; else it is as it was. Nothing else of it changes.
 *
 * COPY steps the address by the size, downwards with df; PIO and PCI_CONFIG repeat the same one.
 * With data_is_ptr the data lie in guest memory, likewise stepped. Malformed requests read all
 * ones (data_is_ptr: copy nothing) and write nothing: a size that is not 1, 2, 4 or 8 (PIO and
 * PCI_CONFIG: not 1, 2 or 4); a count of 0; more than EC_IOREQ_BYTES_MAX bytes, or data
 * that touch a third page; addresses that wrap; an unknown type. Where guest memory cannot be read,
 * nothing is written. INVALIDATE and TIMEOFFSET are answered and mean nothing. Never fails.
 */
void ec_ioreq_serve(struct ec_ioreq *q, const struct ec_ioreq_target *target, void *ctx);

#endif
