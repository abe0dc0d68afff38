/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backends that reach the hypervisor and xenstore: structs of callbacks, filled by the adapters of
 * mediator/hypervisor. A callback returns 0 or a negative errno if its comment does not say
 * otherwise; -ESRCH: there is no such guest. @domid is a guest's Xen domain id; gfn and mfn are
 * frame numbers (4 KiB) of guest and host; a pirq is the guest's interrupt number.
 */
#ifndef EC_CORE_XEN_OPS_H
#define EC_CORE_XEN_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sbdf.h"

#define EC_PAGE_SIZE 4096u

/** Bytes of a guest's name with its terminating 0; a longer one is cut. */
#define EC_GUEST_NAME_MAX 64

/** Bytes of a UUID's text with its terminating 0. */
#define EC_UUID_SIZE 37

/** A guest's state and properties. */
struct ec_guest_info {
	bool dying;         /* being destroyed */
	bool hvm;           /* HVM or PVH; false: PV */
	bool device_model;  /* a device model owns bus 0 (HVM), false for PVH */
	bool intx;          /* has an interrupt controller for INTx */
	bool pirqs;         /* may receive interrupts as pirqs: a message with vector 0 */
	bool iommu;         /* created so that devices can be assigned to it */
	bool paging;        /* memory is paged out, or shared */
	bool populate;      /* populate-on-demand */
	bool altp2m;        /* alternate p2m, or nested, in use */
	bool mask_writes;   /* Xen forwards writes of MSI-X mask bits that it handled itself */
	bool started;       /* a virtual CPU of it has run */
	bool rebooting;     /* shut down to be started again; still true while dying */
	unsigned int vcpus; /* allocated */
	uint64_t memory;    /* bytes that it may have at most */
	/* width of its physical addresses by CPUID leaf 80000008; 0: not known */
	uint8_t address_bits;
	uint64_t max_gfn;        /* the highest gfn ever used */
	char uuid[EC_UUID_SIZE]; /* lower case; "": not known */
};

/** The guest's side of a message-signalled interrupt. */
struct ec_msi_binding {
	uint8_t vector; /* 0: the guest receives it as the pirq */
	uint32_t flags; /* Xen's gflags: destination 7:0, RH 8, DM 9, delivery 14:12, trigger 15 */
	uint64_t table; /* guest address of the MSI-X table, 0 for MSI */
};

/** Host frames [mfn, mfn + n) that a guest has at [gfn, gfn + n). */
struct ec_frames {
	uint64_t gfn, mfn, n;
};

/** I/O ports [host, host + n) that a guest has at [guest, guest + n). */
struct ec_io_ports {
	uint32_t guest, host, n;
};

/** A message-signalled interrupt of a function of the host. */
struct ec_msi_source {
	struct ec_sbdf at;
	unsigned int entry; /* of the MSI-X table; 0 for MSI */
	uint64_t table;     /* host address of the BAR that holds the MSI-X table; 0: MSI */
};

/** Where a guest has an INTx. */
struct ec_intx {
	uint8_t slot; /* on bus 0, 0 to 31 */
	uint8_t pin;  /* 0 to 3 */
};

/**
 * Calls that need privilege. Every grant has its reverse: the same call with @add false.
 */
struct ec_priv_ops {
	int (*guest_info)(void *ctx, uint32_t domid, struct ec_guest_info *info);
	/* The lowest domain id that is @from or higher; -ESRCH: there is none. */
	int (*next_guest)(void *ctx, uint32_t from, uint32_t *domid);
	/* Guest address of a PVH guest's struct hvm_start_info, from a register of the first
	 * virtual CPU: valid only until the guest starts. */
	int (*start_info)(void *ctx, uint32_t domid, uint64_t *gpa);
	/* Pause the guest. Xen counts pauses: a pause outlasts the toolstack's unpause. */
	int (*pause)(void *ctx, uint32_t domid, bool add);

	/*
	 * Assign the function to the guest. The reverse assigns it to quarantine if it was there
	 * before, else to the host. -EXDEV: the guest's memory does not allow it; -EBUSY: a guest
	 * has it.
	 */
	int (*assign)(void *ctx, uint32_t domid, struct ec_sbdf at, bool add);
	/* Assign it to quarantine, where its DMA reaches nothing; the reverse: to the host. */
	int (*quarantine)(void *ctx, struct ec_sbdf at, bool add);
	/*
	 * Let Xen prepare the function, whose memory decode is on, for MSI-X. -EOPNOTSUPP: not
	 * needed; -EBUSY: it is prepared already, by xen-pciback or an ecamd that was killed; or,
	 * in reverse, a vector is bound.
	 */
	int (*prepare_msix)(void *ctx, struct ec_sbdf at, bool add);

	int (*allow_memory)(void *ctx, uint32_t domid, uint64_t mfn, uint64_t n, bool add);
	int (*allow_ports)(void *ctx, uint32_t domid, uint32_t port, uint32_t n, bool add);
	int (*allow_irq)(void *ctx, uint32_t domid, uint32_t irq, bool add);

	/* Map host frames into the guest. All or nothing: a mapping that fails in the middle is
	 * undone. The guest must have no memory there: see populated(). */
	int (*map_memory)(void *ctx, uint32_t domid, const struct ec_frames *frames, bool add);
	int (*map_ports)(void *ctx, uint32_t domid, const struct ec_io_ports *io, bool add);
	/* Does the guest have memory of its own in these frames? 1 yes, 0 no. */
	int (*populated)(void *ctx, uint32_t domid, uint64_t gfn, uint64_t n);

	/* *@pirq: in: the requested one, -1: any; out: the one that Xen chose. */
	int (*map_irq)(void *ctx, uint32_t domid, uint32_t irq, int *pirq);
	int (*map_msi)(void *ctx, uint32_t domid, const struct ec_msi_source *msi, int *pirq);
	int (*unmap_pirq)(void *ctx, uint32_t domid, int pirq);

	/* -ERANGE: a pirq over 255. */
	int (*bind_intx)(void *ctx, uint32_t domid, int pirq, struct ec_intx intx, bool add);
	/* Reset the guest as its chipset would: the toolstack acts as on_reboot says. */
	int (*reboot)(void *ctx, uint32_t domid);
	/* Bind a mapped MSI or MSI-X pirq, unmasked; or change its binding. */
	int (*bind_msi)(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
	int (*unbind_msi)(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
	/* Return when Xen is not removing the function of the guest, which the kernel asks it to.
	 */
	int (*await_removal)(void *ctx, uint32_t domid, struct ec_sbdf at);
};

/** Ranges of I/O ports, of guest addresses, of functions (bus << 8 | devfn). */
enum ec_range_kind { EC_RANGE_PORT, EC_RANGE_MEMORY, EC_RANGE_PCI };

/** A range [first, last] that an ioreq server owns. */
struct ec_range {
	enum ec_range_kind kind;
	uint64_t first, last;
};

/** A copy from or, if @write, to guest memory at @gpa. */
struct ec_guest_copy {
	uint64_t gpa;
	void *buf;
	size_t len; /* at most two pages */
	bool write;
};

/** Kinds of requests, as Xen numbers them. */
enum ec_ioreq_type {
	EC_IOREQ_PIO = 0,
	EC_IOREQ_COPY = 1,
	EC_IOREQ_PCI_CONFIG = 2,
	EC_IOREQ_TIMEOFFSET = 7,
	EC_IOREQ_INVALIDATE = 8,
};

/** A request of a virtual CPU: the members of Xen's struct ioreq, copied once. */
struct ec_ioreq {
	uint8_t type;     /* enum ec_ioreq_type, or another */
	bool write;       /* the guest writes */
	bool df;          /* repetitions go downwards */
	bool data_is_ptr; /* data is a guest physical address */
	uint32_t size;    /* of one repetition, bytes */
	uint32_t count;   /* repetitions */
	uint64_t addr;
	uint64_t data; /* of a write, or out: of a read; or its guest address */
};

/** A guest's ioreq server. */
struct ec_server;

/** Called for every request. The answer of a read goes into @q->data. */
typedef void ec_server_handler(void *ctx, struct ec_ioreq *q);

/** How a server is created. */
struct ec_server_options {
	uint32_t domid;
	unsigned int vcpus;         /* 1 to 128 */
	ec_server_handler *handler; /* called from dispatch() */
	void *handler_ctx;
};

struct ec_server_ops {
	/* The server is disabled and has no ranges. */
	int (*create)(void *ctx, const struct ec_server_options *options, struct ec_server **out);
	/* Answers outstanding requests with all ones, then frees the server. NULL is allowed. */
	void (*destroy)(struct ec_server *s);
	/* Start the delivery of requests. */
	int (*enable)(struct ec_server *s);
	/*
	 * Own the range [first, last]. -EEXIST: the server owns part of it; -ENOENT: removed, but
	 * not owned; -ENOMEM: more than 256 ranges; -EINVAL: last is below first.
	 */
	int (*range)(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last,
		     bool add);
	/* Returns a descriptor that polls readable when there may be requests. */
	int (*fd)(const struct ec_server *s);
	/*
	 * Serves one request of each virtual CPU at most. If there was one, and @spin_ns is not 0,
	 * it goes on serving until @spin_ns after the call began.
	 */
	int (*dispatch)(struct ec_server *s, uint64_t spin_ns);
	/* Copies guest memory from or, if @write, to @gpa. It may touch two pages. */
	int (*copy)(struct ec_server *s, uint64_t gpa, void *buf, size_t len, bool write);
	/* Sends the message of an emulated function's MSI registers. One with vector 0 raises the
	 * pirq that its address names. */
	int (*inject_msi)(struct ec_server *s, uint64_t address, uint32_t data);
};

/** Bits that dispatch() of the store returns. */
#define EC_STORE_DIED 1 /* a domain may have died */
#define EC_STORE_CAME 2 /* a domain may have been built; it may be about to run */

/** Called for each guest that has notes, with its UUID; a result other than 0 ends the iteration.
 */
typedef int ec_store_each_owner(void *ctx, const char *uuid);

/** Called for each note of a guest; a result other than 0 ends the iteration. */
typedef int ec_store_each(void *ctx, struct ec_sbdf host, const char *text);

/**
 * Xenstore: guests' names, which guest has which function, notes of the service. Each callback may
 * return -ENOTCONN: the connection is lost, until reopen() succeeds.
 */
struct ec_store_ops {
	/* The domain with the name, or else the number, @name. -ENOENT: there is none. */
	int (*find)(void *ctx, const char *name, uint32_t *domid);
	/* The guest's name; "": it has none. */
	int (*name)(void *ctx, uint32_t domid, char name[EC_GUEST_NAME_MAX]);
	/* Record that @domid has the function, as libxl does. -EBUSY: *@holder, a domain that
	 * exists, has it; that may be @domid. */
	int (*claim)(void *ctx, struct ec_sbdf at, uint32_t domid, uint32_t *holder);
	int (*release)(void *ctx, struct ec_sbdf at);
	/*
	 * Copy the text of node @path below the guest's own, such as "platform/mmio_hole_size",
	 * to @buf. -ENOENT: there is none; -ENOSPC: it does not fit. A guest can write some nodes.
	 */
	int (*read)(void *ctx, uint32_t domid, const char *path, char *buf, size_t len);
	/*
	 * Store @text for a function under the guest's UUID, replacing an earlier one; NULL: remove
	 * it, if there is one. Notes outlive guest and service, but not the host's uptime.
	 */
	int (*note)(void *ctx, const char *uuid, struct ec_sbdf host, const char *text);
	/*
	 * Call @each with every note of the guest, in any order, until it returns other than 0, and
	 * return that. @each may change notes. Without notes it returns 0.
	 */
	int (*recall)(void *ctx, const char *uuid, ec_store_each *each, void *each_ctx);
	/* Call @each with the UUID of every guest that has notes, as recall() does. */
	int (*owners)(void *ctx, ec_store_each_owner *each, void *each_ctx);
	/* Returns a descriptor that polls readable when a domain may have died or been built, and
	 * once at the start. */
	int (*fd)(void *ctx);
	/* Reads the events that fd() announced. Returns EC_STORE_* bits, or -ENOTCONN, after which
	 * the caller stops watching the descriptor. */
	int (*dispatch)(void *ctx);
	/* Connects again after the connection was lost. fd() has another descriptor afterwards. */
	int (*reopen)(void *ctx);
};

#endif
