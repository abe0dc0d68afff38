/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of virtual CPUs, split into single accesses of 1, 2, 4 or 8 bytes. Xen delivers accesses
 * with repetitions in either direction, with data in guest memory, of any width and alignment. Pure
 * except for the callbacks.
 * Source: Xen public/hvm/ioreq.h and arch/x86/hvm/emulate.c (hvmemul_do_io).
 */
#ifndef EC_ACCESS_IOREQ_H
#define EC_ACCESS_IOREQ_H

#include "access/access.h"
#include "core/xen_ops.h"

/** Most bytes of guest memory that one request moves: two pages. */
#define EC_IOREQ_BYTES_MAX (2 * EC_PAGE_SIZE)

/** Callbacks that serve single accesses. A read returns the value; bits above its width are
 * ignored. */
struct ec_ioreq_target {
	/* @a: all inputs are set; the answer of a read goes into its value. */
	void (*config)(void *ctx, struct ec_access *a);
	uint64_t (*port)(void *ctx, uint64_t port, unsigned int len, bool write, uint64_t value);
	uint64_t (*memory)(void *ctx, uint64_t gpa, unsigned int len, bool write, uint64_t value);
	/* Copy at most EC_IOREQ_BYTES_MAX from or, if @write, to guest memory; 0 or an errno. */
	int (*copy)(void *ctx, uint64_t gpa, void *buf, size_t len, bool write);
};

/**
 * ec_ioreq_serve() - serve one request.
 * @q: the request. Of a read without data_is_ptr its data becomes the answer, with 0 above the
 * width; nothing else of it changes.
 *
 * COPY steps the address by the size, downwards with df; PIO and PCI_CONFIG repeat the same one.
 * With data_is_ptr the data are in guest memory and are stepped the same way. A malformed request
 * reads all ones (with data_is_ptr: copies nothing) and writes nothing: a size that is not 1, 2, 4
 * or 8 (PIO and PCI_CONFIG: 1, 2 or 4); a count of 0; more than EC_IOREQ_BYTES_MAX bytes; data in
 * more than two pages; addresses that wrap; an unknown type. If guest memory cannot be read,
 * nothing is written. INVALIDATE and TIMEOFFSET are ignored. Cannot fail.
 */
void ec_ioreq_serve(struct ec_ioreq *q, const struct ec_ioreq_target *target, void *ctx);

#endif
