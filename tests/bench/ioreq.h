/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handling of a guest's access by an ioreq server: a request in a slot of the shared page, its
 * address decoded, the access served, the reply written. The work of Xen and the kernel is left
 * out: the trap, the event channel, the wake-up.
 */
#ifndef EC_BENCH_IOREQ_H
#define EC_BENCH_IOREQ_H

#include <stddef.h>
#include <stdint.h>

#include "access/access.h"
#include "list.h"

/** A request as Xen lays it out. Source: Xen public/hvm/ioreq.h, struct ioreq. */
struct ioreq {
	uint64_t addr;
	uint64_t data;
	uint32_t count;
	uint32_t size; /* bytes */
	uint32_t vp_eport;
	uint16_t pad0;
	uint8_t flags; /* state in bits 3:0, data_is_ptr, dir (1 a read), df */
	uint8_t type;
};

/** Source: Xen public/hvm/ioreq.h, STATE_IOREQ_* and IOREQ_TYPE_*. */
enum { IOREQ_NONE, IOREQ_READY, IOREQ_INPROCESS, IOREQ_RESP_READY };
enum { IOREQ_STATE = 0x0f, IOREQ_DATA_IS_PTR = 0x10, IOREQ_DIR = 0x20 };
enum { IOREQ_TYPE_PIO, IOREQ_TYPE_COPY, IOREQ_TYPE_PCI_CONFIG };

/** Address of the guest's ECAM window: buses 0 to 255 of segment 0. */
#define BENCH_ECAM_BASE 0xe0000000u
#define BENCH_ECAM_SIZE 0x10000000u

/** A server's state of its guest. */
struct bench_server {
	const struct ec_bus_map *guest;
	const struct list *list; /* the baseline's rules of the guest's only layout */
	uint64_t ecam_base, ecam_size;
	unsigned long actions; /* actions of effects, which a service would carry out */
	struct ec_access access;
};

/** Serves a request. */
typedef void bench_serve_fn(struct bench_server *s, struct ioreq *req);

/** bench_serve() - with the path, ec_access_handle(). */
bench_serve_fn bench_serve;

/** bench_serve_list() - with the baseline, list_access_handle(). */
bench_serve_fn bench_serve_list;

/** bench_serve_none() - does nothing: the cost of the loop alone. */
bench_serve_fn bench_serve_none;

/** bench_ecam_read() - a request that reads @len bytes at @offset of @at through the window. */
struct ioreq bench_ecam_read(struct ec_sbdf at, uint32_t offset, uint32_t len);

/** bench_config_read() - the same as a PCI_CONFIG request. */
struct ioreq bench_config_read(struct ec_sbdf at, uint32_t offset, uint32_t len);

/** bench_as_write() - @req changed to a write of @data. */
struct ioreq bench_as_write(struct ioreq req, uint32_t data);

/**
 * bench_drive() - put @n requests one after another into a slot and serve them.
 * @trace: @len requests, repeated. Returns the sum of the replies' data.
 */
uint64_t bench_drive(struct bench_server *s, bench_serve_fn *serve, const struct ioreq *trace,
		     size_t len, unsigned long n);

#endif
