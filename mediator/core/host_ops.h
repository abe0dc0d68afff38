/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backends that reach the host: structs of callbacks, filled by the adapters of mediator/host. A
 * callback returns 0 or a negative errno if its comment does not say otherwise.
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
 * @offset is aligned to @len, which is 1, 2 or 4; each call is one access of that width. A read
 * that fails leaves *@value unchanged; -EACCES: the opener may not read these bytes, or they are
 * past the end of the function's space. All ones is a value, not an error.
 */
struct ec_conf_ops {
	int (*read)(void *ctx, uint32_t offset, unsigned int len, uint32_t *value);
	int (*write)(void *ctx, uint32_t offset, unsigned int len, uint32_t value);
};

/** What happens to a function in the host's kernel. */
enum ec_host_event_kind { EC_HOST_ADDED, EC_HOST_BOUND, EC_HOST_UNBOUND, EC_HOST_REMOVED };

struct ec_host_event {
	enum ec_host_event_kind kind;
	struct ec_sbdf at;
	char driver[64]; /* that is bound or unbound, "": the event does not say */
};

/** The context of an adapter that reads and writes an open `config` file of sysfs. */
struct ec_conf_fd {
	int fd; /* the caller opens and closes it */
};

/** What the host knows of a function beyond its configuration space. */
struct ec_host_facts {
	char driver[64];         /* bound driver; "": none */
	char reset_methods[64];  /* as the kernel lists them; "": none or not known */
	char slot[32];           /* physical slot; "": none or not known */
	bool hotplug;            /* the slot's power can be turned off: Linux removes it */
	int irq;                 /* 0: none */
	int iommu_group;         /* -1: none */
	int numa_node;           /* -1: none */
	uint16_t vendor, device; /* of a virtual function too; both 0: not known */
	struct ec_region region[EC_BAR_MAX]; /* sizes and flags of the BARs; 0: not known */
	bool is_vf;
	struct ec_sbdf pf;               /* of a virtual function */
	unsigned int total_vfs, num_vfs; /* of a physical function: possible and enabled */
};

/**
 * Facts of the host's functions.
 * get() writes all of *@facts. Returns 0, -ENOENT if there is no such function, or another
 * negative errno.
 */
struct ec_facts_ops {
	int (*get)(void *ctx, struct ec_sbdf at, struct ec_host_facts *facts);
};

/** Bytes of a driver's name with its terminating 0, at most. */
#define EC_DRIVER_MAX 64

/** What take() changed, so that give_back() undoes that and no more. */
struct ec_taken {
	char driver[EC_DRIVER_MAX];   /* the driver before; "": none */
	char stub[EC_DRIVER_MAX];     /* the driver since: "pciback" or "pci-stub" */
	char override[EC_DRIVER_MAX]; /* driver_override before; "": none */
	bool was_held;                /* the stub had it before, and keeps it afterwards */
	bool master;                  /* it was a bus master; take() does not change that */
};

/** A part of a memory BAR; offset and length are multiples of 4096 bytes. */
struct ec_bar_part {
	unsigned int bar; /* 0 to 5 */
	uint64_t offset, len;
};

/**
 * What the service does with a function of the host. A callback that fails says in @diag what
 * failed.
 */
struct ec_device_ops {
	/*
	 * Take the function from its driver and bind it to a stub driver: xen-pciback if that is
	 * loaded, else pci-stub. On failure everything is as before. All of @taken is written. If a
	 * process that was killed has left the function with its stub, @taken is what that process
	 * found.
	 */
	int (*take)(void *ctx, struct ec_sbdf at, struct ec_taken *taken, struct ec_diag *diag);
	/* Give it back to its driver. Continues after a failure and returns the first one. */
	int (*give_back)(void *ctx, struct ec_sbdf at, const struct ec_taken *taken,
			 struct ec_diag *diag);
	/*
	 * Reset it by @methods: some of those that the kernel lists, separated by blanks, in the
	 * order to try; NULL: all, in the kernel's order. -ENOTTY: the kernel lists none.
	 */
	int (*reset)(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag);
	/* Returns a descriptor of its configuration space, read and write. The caller closes it. */
	int (*open)(void *ctx, struct ec_sbdf at, struct ec_diag *diag);
	/* Map @part uncached. The caller passes *@out and the same length to unmap(). */
	int (*map)(void *ctx, struct ec_sbdf at, const struct ec_bar_part *part, void **out,
		   struct ec_diag *diag);
	void (*unmap)(void *ctx, void *p, uint64_t len);
	/*
	 * Does another function share its interrupt line, or a 4 KiB page of a memory BAR? Returns
	 * 1 with the lowest such function in *@other, or 0.
	 */
	int (*shares_irq)(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);
	int (*shares_page)(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);
	/*
	 * Read, or if @write write, the dword at @offset, a multiple of 4, of its Vital Product
	 * Data through the kernel, which takes up to some tenths of a second. -ENODATA: past the
	 * end; -ENOENT: it has none, or the kernel considers it broken.
	 */
	int (*vpd)(void *ctx, struct ec_sbdf at, uint32_t offset, bool write, uint32_t *value);
};

#endif
