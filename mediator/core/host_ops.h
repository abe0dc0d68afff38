/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports through which pure code reaches the outside: structs of callbacks that the adapters
 * of mediator/host and mediator/hypervisor fill.
 */
#ifndef EC_CORE_HOST_OPS_H
#define EC_CORE_HOST_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/dump.h"
#include "core/sbdf.h"

/**
 * Configuration access to one function of the host.
 * @offset is aligned to @len, which is 1, 2 or 4; each call is one access of that width.
 * Both return 0 or a negative errno. -EACCES from a read: the bytes are not given to whoever
 * opened the port, or are past the end of a function without extended space. A read that fails
 * leaves *@value alone. All ones is a value, not an error.
 */
struct ec_conf_ops {
	int (*read)(void *ctx, uint32_t offset, unsigned int len, uint32_t *value);
	int (*write)(void *ctx, uint32_t offset, unsigned int len, uint32_t value);
};

/** The context of an adapter that reads and writes an open `config` file of sysfs. */
struct ec_conf_fd {
	int fd; /* the caller opens and closes it */
};

/** What the host knows of a function beyond its configuration space. */
struct ec_host_facts {
	char driver[64];                     /* bound driver, "": none */
	char reset_methods[64];              /* as the kernel lists them, "": none or not known */
	char slot[32];                       /* physical slot, "": none or not known */
	int irq;                             /* 0: none */
	int iommu_group;                     /* -1: none */
	int numa_node;                       /* -1: none */
	uint16_t vendor, device;             /* of a virtual function too; both 0: not known */
	struct ec_region region[EC_BAR_MAX]; /* sizes and flags of the BARs; 0: not known */
	bool is_vf;
	struct ec_sbdf pf;               /* of a virtual function */
	unsigned int total_vfs, num_vfs; /* of a physical function: possible and enabled */
};

/**
 * Facts of the host's functions.
 * get() writes all of *@facts; what is not known is as the comments above say. Returns 0, or
 * -ENOENT if there is no such function, or another negative errno.
 */
struct ec_facts_ops {
	int (*get)(void *ctx, struct ec_sbdf at, struct ec_host_facts *facts);
};

/** Bytes of a driver's name with its terminating 0. */
#define EC_DRIVER_MAX 64

/** What taking a function changed, so that giving it back undoes just that. */
struct ec_taken {
	char driver[EC_DRIVER_MAX];   /* that had it, "": none */
	char stub[EC_DRIVER_MAX];     /* that holds it now: "pciback" or "pci-stub" */
	char override[EC_DRIVER_MAX]; /* driver_override before, "": none */
	bool was_held;                /* the stub had it already: it keeps it */
};

/** A part of a memory BAR; offset and length are multiples of 4096 bytes. */
struct ec_bar_part {
	unsigned int bar; /* 0 to 5 */
	uint64_t offset, len;
};

/**
 * A function of the host as the service holds it. All return 0 or a negative errno; what failed
 * in words is in @diag.
 */
struct ec_device_ops {
	/*
	 * Take the function from its driver: a stub driver holds it, xen-pciback's if that is
	 * loaded, else pci-stub. On failure everything is as before. @taken is written whole.
	 */
	int (*take)(void *ctx, struct ec_sbdf at, struct ec_taken *taken, struct ec_diag *diag);
	/* Give it back to the driver that had it. Goes on after a failure; the first is returned.
	 */
	int (*give_back)(void *ctx, struct ec_sbdf at, const struct ec_taken *taken,
			 struct ec_diag *diag);
	/*
	 * Reset it by @methods, some of those that the kernel lists with blanks between them, in
	 * that order; NULL: by all in the kernel's. -ENOTTY: it lists none.
	 */
	int (*reset)(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag);
	/* A descriptor of its configuration space, for reading and writing; the caller closes it.
	 */
	int (*open)(void *ctx, struct ec_sbdf at, struct ec_diag *diag);
	/*
	 * Map @len bytes at @offset, multiples of 4096, of memory BAR @bar (0 to 5), uncached.
	 * *@out is unmapped with unmap() with the same length.
	 */
	int (*map)(void *ctx, struct ec_sbdf at, unsigned int bar, uint64_t offset, uint64_t len,
		   void **out, struct ec_diag *diag);
	void (*unmap)(void *ctx, void *p, uint64_t len);
	/*
	 * Another function of this machine with whom it shares its interrupt line, or a 4 KiB page
	 * of a memory BAR: 1 with the other's address in *@other, 0 there is none.
	 */
	int (*shares_irq)(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);
	int (*shares_page)(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);
	/*
	 * Read, or write, the dword at @offset, a multiple of 4, of its Vital Product Data, as the
	 * kernel does: it takes at most some tenths of a second. -ENODATA: past their end; -ENOENT:
	 * the kernel knows of none, or believes them broken.
	 */
	int (*vpd)(void *ctx, struct ec_sbdf at, uint32_t offset, bool write, uint32_t *value);
};

#endif
