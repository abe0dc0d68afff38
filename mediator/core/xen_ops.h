/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports to the hypervisor and to its store: structs of callbacks that the adapters of
 * mediator/hypervisor fill, and that tests play. All callbacks return 0 or a negative errno
 * unless told otherwise; a guest that is gone gives -ESRCH. A guest is a Xen domain id; gfn and mfn
 * are frame numbers of 4 KiB, the guest's and the machine's; a pirq is the guest's interrupt
 * number.
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

/** What is known of a guest. */
struct ec_guest_info {
	bool dying;         /* being destroyed */
	bool hvm;           /* HVM or PVH; false: PV */
	bool device_model;  /* a device model owns bus 0 (HVM), false for PVH */
	bool intx;          /* there is an interrupt controller that INTx can be raised at */
	bool pirqs;         /* it may take interrupts as pirqs: a message with vector 0 */
	bool iommu;         /* created so that devices can be assigned to it */
	bool paging;        /* memory is paged out, or shared */
	bool populate;      /* populate-on-demand */
	bool altp2m;        /* alternate p2m, or nested, in use */
	bool mask_writes;   /* Xen forwards writes of MSI-X mask bits that it handled itself */
	bool started;       /* a virtual CPU of it has run */
	bool rebooting;     /* shut down to be started again; stays while it is dying */
	unsigned int vcpus; /* allocated */
	uint64_t memory;    /* bytes that it may have at most */
	/* width of its physical addresses, as its CPUID 80000008 tells; 0: not known */
	uint8_t address_bits;
	uint64_t max_gfn; /* the highest that was ever used */
	char uuid[37];    /* lower case; "": not known */
};

/** A message-signalled interrupt as Xen is told of it. */
struct ec_msi_binding {
	uint8_t vector; /* 0: the guest takes it as the pirq */
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
 * What needs privilege. Every grant has its reverse, which takes the same arguments; @add false
 * is the reverse.
 */
struct ec_priv_ops {
	int (*guest_info)(void *ctx, uint32_t domid, struct ec_guest_info *info);
	/* The lowest domain from @from on; -ESRCH: there is none. */
	int (*next_guest)(void *ctx, uint32_t from, uint32_t *domid);
	/* Guest address of a PVH guest's struct hvm_start_info. Of use only while it has not
	 * started: it is in a register. */
	int (*start_info)(void *ctx, uint32_t domid, uint64_t *gpa);
	/* Keep the guest from running. Xen counts: it runs when the toolstack, too, wants that. */
	int (*pause)(void *ctx, uint32_t domid, bool add);

	/*
	 * Give the function to the guest, or take it: it goes to quarantine if it was there
	 * before, else to the host. -EXDEV: the guest's memory does not allow it; -EBUSY: a guest
	 * has it.
	 */
	int (*assign)(void *ctx, uint32_t domid, struct ec_sbdf at, bool add);
	/* Its DMA reaches nothing, until a guest is given it; the reverse gives it to the host. */
	int (*quarantine)(void *ctx, struct ec_sbdf at, bool add);
	/*
	 * Xen prepares the function, whose memory decode is on, for MSI-X. -EOPNOTSUPP is no
	 * fault; -EBUSY: xen-pciback has done it.
	 */
	int (*prepare_msix)(void *ctx, struct ec_sbdf at, bool add);

	int (*allow_memory)(void *ctx, uint32_t domid, uint64_t mfn, uint64_t n, bool add);
	int (*allow_ports)(void *ctx, uint32_t domid, uint32_t port, uint32_t n, bool add);
	int (*allow_irq)(void *ctx, uint32_t domid, uint32_t irq, bool add);

	/* Map host frames into the guest. All or nothing: what was done of a mapping that fails
	 * is undone. The caller sees to it that nothing is there. */
	int (*map_memory)(void *ctx, uint32_t domid, uint64_t gfn, uint64_t mfn, uint64_t n,
			  bool add);
	int (*map_ports)(void *ctx, uint32_t domid, uint32_t gport, uint32_t port, uint32_t n,
			 bool add);
	/* Has the guest memory of its own in these frames? 1 yes, 0 no. */
	int (*populated)(void *ctx, uint32_t domid, uint64_t gfn, uint64_t n);

	/* @pirq: in: the wanted one, or -1; out: the one it became. */
	int (*map_irq)(void *ctx, uint32_t domid, uint32_t irq, int *pirq);
	/* @table: host address of the BAR that holds the MSI-X table; 0: MSI. */
	int (*map_msi)(void *ctx, uint32_t domid, struct ec_sbdf at, unsigned int entry,
		       uint64_t table, int *pirq);
	int (*unmap_pirq)(void *ctx, uint32_t domid, int pirq);

	/* INTx: pin 0 to 3 of the guest's device 0 to 31 on bus 0. -ERANGE: a pirq over 255. */
	int (*bind_intx)(void *ctx, uint32_t domid, int pirq, uint8_t device, uint8_t pin,
			 bool add);
	/* Reset the guest as its chipset would: the toolstack does what on_reboot says. */
	int (*reboot)(void *ctx, uint32_t domid);
	/* Bind a mapped MSI or MSI-X pirq, unmasked, or bind it anew. */
	int (*bind_msi)(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
	int (*unbind_msi)(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b);
};

/** Kinds of ranges that an ioreq server owns. */
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

/** A request of a guest's virtual CPU; of Xen's struct ioreq, copied once. */
enum ec_ioreq_type {
	EC_IOREQ_PIO = 0,
	EC_IOREQ_COPY = 1,
	EC_IOREQ_PCI_CONFIG = 2,
	EC_IOREQ_TIMEOFFSET = 7,
	EC_IOREQ_INVALIDATE = 8,
};

struct ec_ioreq {
	uint8_t type;     /* enum ec_ioreq_type, or another */
	bool write;       /* the guest writes */
	bool df;          /* repetitions go downwards */
	bool data_is_ptr; /* data is a guest physical address */
	uint32_t size;    /* of one repetition, bytes */
	uint32_t count;   /* repetitions */
	uint64_t addr;
	uint64_t data;
};

/** A guest's ioreq server. */
struct ec_server;

/** Called for every request; what it leaves in @q->data is the answer of a read. */
typedef void ec_server_handler(void *ctx, struct ec_ioreq *q);

/** How a server is created. */
struct ec_server_options {
	uint32_t domid;
	unsigned int vcpus; /* 1 to 128 */
	ec_server_handler *handler;
	void *handler_ctx;
};

struct ec_server_ops {
	/* @handler: called from dispatch(). The server starts disabled, without ranges. At most
	 * 128 virtual CPUs. */
	int (*create)(void *ctx, uint32_t domid, unsigned int vcpus, ec_server_handler *handler,
		      void *handler_ctx, struct ec_server **out);
	/* Answers what is outstanding with all ones, and frees it. NULL is allowed. */
	void (*destroy)(struct ec_server *s);
	/* Requests are delivered from now on. */
	int (*enable)(struct ec_server *s);
	/*
	 * Own the range [first, last]: ports, guest addresses, or SBDFs. -EEXIST: part of it is
	 * owned already; -ENOENT: what is to be given up is not owned; -ENOMEM: over 256 ranges;
	 * -EINVAL: last is below first.
	 */
	int (*range)(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last,
		     bool add);
	/* A descriptor that polls readable when there may be requests. */
	int (*fd)(const struct ec_server *s);
	/* Serves what there is. @spin_ns: goes on looking for so long after the last. */
	int (*dispatch)(struct ec_server *s, uint64_t spin_ns);
	/* Copies guest memory from or, if @write, to @gpa. At most two pages. */
	int (*copy)(struct ec_server *s, uint64_t gpa, void *buf, size_t len, bool write);
	/* An interrupt message of an emulated function: what its MSI registers hold. One with
	 * vector 0 goes to the pirq that its address names. */
	int (*inject_msi)(struct ec_server *s, uint64_t address, uint32_t data);
};

/** What dispatch() of the store tells, bits. */
#define EC_STORE_DIED 1 /* a domain may have died */
#define EC_STORE_CAME 2 /* one may have come: its memory is there, it may be about to run */

/** Called for each note of a guest; a result other than 0 ends the iteration. */
typedef int ec_store_each(void *ctx, struct ec_sbdf host, const char *text);

/** The store: names, who has which device, and what the service notes of guests. */
struct ec_store_ops {
	/* The domain that is called @name, or whose number it is; -ENOENT. */
	int (*find)(void *ctx, const char *name, uint32_t *domid);
	/* The guest's name, "" if it has none. */
	int (*name)(void *ctx, uint32_t domid, char name[EC_GUEST_NAME_MAX]);
	/* Note that @domid has the function, as libxl does. -EBUSY: *@holder, which lives, has it,
	 * be it the same. */
	int (*claim)(void *ctx, struct ec_sbdf at, uint32_t domid, uint32_t *holder);
	int (*release)(void *ctx, struct ec_sbdf at);
	/*
	 * The node @path below the guest's own, "platform/mmio_hole_size", terminated. -ENOENT;
	 * -ENOSPC: it does not fit. Some of these nodes a guest writes itself.
	 */
	int (*read)(void *ctx, uint32_t domid, const char *path, char *buf, size_t len);
	/*
	 * Keep @text of a function under the guest's UUID, in the place of an earlier one; NULL:
	 * remove it, or nothing. It outlives guest and service, but not the host.
	 */
	int (*note)(void *ctx, const char *uuid, struct ec_sbdf host, const char *text);
	/*
	 * Call @each with every note of the guest, in any order, until it returns other than 0,
	 * which is returned. It may change notes. 0 also if there are none.
	 */
	int (*recall)(void *ctx, const char *uuid, ec_store_each *each, void *each_ctx);
	/* A descriptor that polls readable when a domain may have died or come; also once at
	 * first. */
	int (*fd)(void *ctx);
	/* Takes what fd() announced; bits of EC_STORE_*, 0: nothing. A negative errno: there will
	 * be no more. */
	int (*dispatch)(void *ctx);
};

#endif
