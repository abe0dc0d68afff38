/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of the host that a guest has, and the guest that has it: what the files of the
 * service share. Each part of it is changed by the file whose section below says what it does.
 */
#ifndef EC_GUEST_DEVICE_H
#define EC_GUEST_DEVICE_H

#include "access/access.h"
#include "core/bar.h"
#include "emulated/root_port_events.h"
#include "guest/p2m.h"
#include "host/conf_fd.h"
#include "machine/settings.h"
#include "supervisor/service.h"

/** Bytes of an entry of the MSI-X table, PCI Express 7.7.2.5. */
#define EC_MSIX_ENTRY 16u

/** A message-signalled interrupt: what the guest wrote, and what was made of it. */
struct ec_vector {
	uint32_t lo, hi, data, ctrl; /* as an entry of the MSI-X table has them */
	bool written;                /* address or data were, since interrupts were enabled last */
	bool bound;
	int pirq; /* -1: none */
	struct ec_msi_binding binding;
	bool waits, waits_ctrl; /* it was written, also its ctrl, and this is not carried out yet */
};

/** Pages of a BAR that are not given to the guest: the MSI-X table's, and its pending bits'. */
struct ec_trap {
	bool used;
	uint8_t bar;
	uint64_t first, n; /* pages of the BAR */
	void *hw;          /* the same pages of the hardware, uncached */
};

enum { EC_TRAP_TABLE, EC_TRAP_PBA, EC_TRAPS };

/** Registers that are restored after a reset. */
#define EC_SAVED 9

/** A register of the hardware that is put back. */
struct ec_saved_register {
	uint16_t offset; /* in the hardware */
	uint8_t len;
	bool read;      /* value is what is put back */
	uint32_t mask;  /* these bits of it */
	uint32_t clear; /* bits that are written as 0: RW1C, RsvdZ */
	uint32_t value;
};

/** Registers that a function loses with its state on the way from D3hot to D0, at most. */
#define EC_LOST 20
/** Registers of which a guest may write bits in the hardware, at most: more are not put back. */
#define EC_PASSED 64

/** The real power state, where a rule lets the guest have one. */
struct ec_power {
	uint8_t state;     /* 0 to 3, of the hardware */
	uint16_t command;  /* of the hardware, before it came back to D0 */
	uint64_t moved_in; /* the request that changed it last */
	unsigned int n;
	struct ec_saved_register lost[EC_LOST];
};

/**
 * What waits until a request with repetitions ends, in the order in which it is then carried out:
 * what ends before what begins, BARs before the vectors of a table that is in one of them.
 */
enum ec_wait {
	EC_WAIT_MSIX_END,
	EC_WAIT_UNMAP, /* and the BAR's index */
	EC_WAIT_MAP = EC_WAIT_UNMAP + EC_BAR_MAX,
	EC_WAIT_INTX = EC_WAIT_MAP + EC_BAR_MAX,
	EC_WAIT_MSIX,
	EC_WAIT_MSI,
	EC_WAIT_ACTIONS,
	EC_WAIT_TABLE = EC_WAIT_ACTIONS /* entries of the MSI-X table: no action */
};

struct ec_device {
	struct ec_guest *guest;
	struct ec_attach_spec spec;
	unsigned int steps; /* of its life that were taken */

	/* the host's side, from one look at it; nothing of it is read from the hardware again */
	struct ec_taken taken;
	struct ec_host_facts facts;
	struct ec_bar bar[EC_BAR_MAX];
	uint32_t ids;
	uint32_t saved[EC_SAVED]; /* reset.c has which registers */
	bool has_msi;             /* MSI or MSI-X */
	uint8_t pin;              /* 1 to 4, 0: no INTx */
	bool used;                /* a guest could have changed it */
	bool lost;                /* could not be reset since: stays in quarantine */
	uint16_t command;         /* of the hardware, as far as it is the service's */
	uint16_t host_command;    /* before it was taken, without bus mastering */

	/* where the guest finds it */
	struct ec_machine_function machine;    /* as the planner is told of it */
	struct ec_machine_settings asked;      /* of the guest's machine, by rules and the attach */
	uint8_t slot;                          /* on bus 0: its own, or its port's */
	bool behind;                           /* a port */
	bool shown;                            /* was found behind it */
	uint32_t sent;                         /* where accesses are sent to us: see behind.c */
	struct ec_machine_range window_before; /* of ECAM, and where bus 0 was in it, */
	uint64_t ecam_before;                  /* before it came: see place.c */
	struct ec_express_link link;           /* as the guest sees it */
	uint8_t payload;                       /* 2:0 of the Device Capabilities that it sees */

	/* the guest's view */
	struct ec_function function;
	uint32_t *first_shadow; /* after a reset */
	struct ec_conf_fd conf;
	struct ec_function_status status;

	/* interrupts */
	bool msi_on, msix_on, msix_masked;
	struct ec_vector msi;
	struct ec_vector *msix; /* function.layout->params.msix_vectors */
	uint16_t msix_entries;  /* that the hardware's table has: at least as many; 0: no MSI-X */
	int intx_pirq;          /* -1: none */
	bool intx_bound;
	struct ec_trap trap[EC_TRAPS];
	uint32_t ports_at[EC_BAR_MAX]; /* where the guest has an I/O BAR, 0: nowhere */
	uint64_t table_gpa;            /* where the guest has its MSI-X table, 0: nowhere */
	unsigned int complaints;
	uint64_t reset_in; /* the request that caused its last reset */
	struct ec_power power;
	unsigned int n_passed;
	struct ec_saved_register
		passed[EC_PASSED]; /* as they were before a guest could write them */
	uint64_t vpd_in;           /* the request that accessed its VPD last */
	unsigned int vpd_failures; /* of its VPD: after a few it is not asked again */
	uint32_t waits;            /* 1 << enum ec_wait; 0 but during a request */
	struct ec_action waiting[EC_WAIT_ACTIONS];

	/* what rules decided, while it is being attached */
	struct ec_rules *rules;
	struct ec_decisions decisions;
	char reset_methods[64]; /* that may be used, blanks between them; "": all */
};

/** Of a guest's function: no access to it is sent to us. */
#define EC_SENT_NOWHERE UINT32_MAX

/** What answers as function 0 of a slot whose own function 0 the guest has not got. */
struct ec_placeholder {
	struct ec_function function;
	uint32_t *first; /* its shadow after a reset */
	uint32_t sent;
};

struct ec_guest {
	struct ec_service *service;
	uint32_t domid;
	char name[EC_GUEST_NAME_MAX];
	struct ec_guest_info info;
	bool dead; /* dying or gone: nothing is asked of Xen about it any more */
	bool gone;
	struct ec_server *server;
	int fd;
	struct ec_bus_map functions;
	struct ec_function bridge; /* the host bridge of a guest without a device model */
	struct ec_p2m p2m;
	struct ec_machine_limits limits;  /* of its machine; decided with its first function */
	struct ec_machine_settings asked; /* what its first function has decided of it */
	struct ec_machine_range window;   /* of ECAM that is ours, size 0: none */
	bool window_own;                  /* the guest has placed it */
	uint64_t refused_in; /* the request in which the guest could not place it last */
	uint64_t ecam;       /* where bus 0 is in it, or would be */
	bool told;           /* the guest has tables that say this: */
	struct ec_machine_range told_ecam, told_window[EC_WINDOWS];
	struct ec_root_ports ports;
	struct ec_placeholder *placeholder[EC_ROOT_PORTS_MAX];
	bool moved; /* functions are found elsewhere than accesses are sent to us for */
	uint32_t cf8;
	uint64_t requests;     /* served so far */
	uint8_t reset_control; /* of a guest with a device model */
	unsigned int n;
	struct ec_device *device[EC_MACHINE_MAX];
	bool repeats; /* the request that is being served has repetitions */
};

struct ec_service {
	struct ec_service_ports ports;
	/* scratch */
	struct ec_plan *plan;
	struct ec_image *image;
	struct ec_machine_plan *machine;
	struct ec_machine_function *fn; /* EC_MACHINE_MAX */
	unsigned int n, room;
	struct ec_guest **guest;
	struct ec_comeback *comeback; /* comeback.c; NULL: nobody was looked at yet */
};

/** ec_log() - a line for the log, printf-like, with the guest's and the function's name before it.
 */
void ec_log(struct ec_device *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * ec_complain() - the same about what the guest did, of which it can do any amount: a few lines
 * a device, no more.
 */
void ec_complain(struct ec_device *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ec_guest_log() - a line for the log about the guest itself, printf-like. */
void ec_guest_log(struct ec_guest *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** The hardware under a device, as the guest's accesses reach it: they are counted. */
extern const struct ec_conf_ops ec_device_conf;

/** ec_conf_read(), ec_conf_write() - a register of the hardware, for the service itself. */
int ec_conf_read(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t *value);
int ec_conf_write(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t value);

/* life.c */

/**
 * ec_attach_begin() - take all steps that make the device the guest's.
 * On failure those taken are undone backwards, @diag says which step failed and why, and a
 * negative errno is returned.
 */
int ec_attach_begin(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_attach_end() - undo all steps that were taken, backwards. Goes on after a failure.
 * Returns 0 or the first failure, with @diag filled.
 */
int ec_attach_end(struct ec_device *d, struct ec_diag *diag);

/** ec_device_free() - free it; its life has ended. NULL is allowed. */
void ec_device_free(struct ec_device *d);

/**
 * ec_actions_run() - carry out what an access asked for. What cannot be done is logged and
 * left undone: the guest sees a device that does not answer there. In a request with repetitions
 * what the guest has mapped and bound waits for ec_actions_flush(): it may ask for thousands.
 */
void ec_actions_run(struct ec_device *d, const struct ec_action_list *list);

/**
 * ec_actions_flush() - carry out what waits: the last that was asked of each BAR, of INTx, MSI,
 * MSI-X, and of each entry of its table. To be called when a request with repetitions ends.
 */
void ec_actions_flush(struct ec_device *d);

/** ec_device_command() - write what is the service's of COMMAND to the hardware. */
void ec_device_command(struct ec_device *d);

/**
 * ec_device_command_set() - write COMMAND: @own, and nothing of the guest's. Of a virtual function
 * only bus mastering, which it has, and memory.
 */
void ec_device_command_set(struct ec_device *d, uint32_t own);

/** ec_device_intx() - let the hardware raise INTx, or not. */
void ec_device_intx(struct ec_device *d, bool on);

/** ec_device_save() - note what the host has set up, before any guest has the device. */
int ec_device_save(struct ec_device *d, struct ec_diag *diag);

/** ec_device_reset() - reset the hardware, check that it lives, and restore what is the host's. */
int ec_device_reset(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_device_guest_reset() - the guest resets its device. Once a request only: one may have
 * thousands of repetitions, and a reset takes a tenth of a second. What fails is logged.
 */
void ec_device_guest_reset(struct ec_device *d);

/** ec_device_restore() - write what ec_device_save() noted, where the hardware has lost it. */
int ec_device_restore(struct ec_device *d, struct ec_diag *diag);

/** ec_device_view_reset() - what the guest had set up ends, and its view is as at first. */
void ec_device_view_reset(struct ec_device *d);

/* kept.c */

/**
 * ec_saved_registers_note() - note the registers that are put back: what a guest may write in the
 * hardware, as it is now; what real power states lose, as it will be then. @plan: the function's.
 */
void ec_saved_registers_note(struct ec_device *d, const struct ec_plan *plan);

/** ec_saved_registers_read() - note what @n registers hold now. */
void ec_saved_registers_read(struct ec_device *d, struct ec_saved_register *k, unsigned int n);

/** ec_saved_registers_restore() - write what was noted, where the hardware has something else. */
void ec_saved_registers_restore(struct ec_device *d, const struct ec_saved_register *k,
				unsigned int n);

/* power.c */

/** On the way to D3hot, or from there, no access: Linux drivers/pci/pci.h PCI_PM_D3HOT_WAIT. */
#define EC_D3_WAIT_NS 10000000

/**
 * ec_power_set() - the guest wants state D@want, 0 to 3. The hardware enters it, if a rule allows
 * that; this takes up to 10 ms. Once a request only; what else one wants is refused, as the guest
 * sees in its register. What fails is logged.
 */
void ec_power_set(struct ec_device *d, uint32_t want);

/**
 * ec_power_wake() - bring the hardware to D0, with what is the service's restored: before it is
 * reset, or anything is undone. Returns 0, or a negative errno: it does not wake.
 */
int ec_power_wake(struct ec_device *d);

/* vpd.c */

/**
 * ec_vpd_access() - the guest has written @address to its VPD address register: the access is made
 * through the kernel, and then the guest's copy shows that it is done. Once a request; what cannot
 * be read is all ones, what may not be written is dropped.
 */
void ec_vpd_access(struct ec_device *d, uint32_t address);

/* rules.c */

/**
 * ec_rules_begin() - look up what rules decide of the function: its headers have been captured to
 * the service's image. Its slot, and how it may be reset, count from now on; the rest is in
 * decisions until ec_rules_end(). Returns 0 or a negative errno with @diag filled.
 */
int ec_rules_begin(struct ec_device *d, struct ec_diag *diag);

/** ec_rules_end() - forget the rules; what was decided stays. Returns 0. */
int ec_rules_end(struct ec_device *d, struct ec_diag *diag);

/** ec_rules_blame() - name in @diag the rule for which the plan was refused. Returns @rc. */
int ec_rules_blame(const struct ec_device *d, int rc, struct ec_diag *diag);

/* bars.c, bars_check.c */

/** ec_bars_map() - give the guest BAR @index at @gpa; @size as it sees it. */
int ec_bars_map(struct ec_device *d, unsigned int index, uint64_t gpa, uint64_t size);

/** ec_bars_unmap() - take it away, as far as it was given. */
void ec_bars_unmap(struct ec_device *d, unsigned int index);

/** ec_bars_end() - take away what is left of all BARs. 0, or an error: something stays. */
int ec_bars_end(struct ec_device *d);

/** ec_bars_allow() - grant the guest access to what it may map of the BARs, or revoke it. */
int ec_bars_allow(struct ec_device *d, bool add, struct ec_diag *diag);

/** ec_bars_check() - can all BARs be given to a guest? -EINVAL with @diag: one cannot. */
int ec_bars_check(struct ec_device *d, struct ec_diag *diag);

/** ec_bars_traps() - map the hardware's pages that the guest is not given, or unmap them. */
int ec_bars_traps(struct ec_device *d, bool add, struct ec_diag *diag);

/** ec_bars_access() - the guest's access to a served page, @offset bytes into BAR @bar. */
uint64_t ec_bars_access(struct ec_device *d, unsigned int bar, uint64_t offset, unsigned int len,
			bool write, uint64_t value);

/* irq.c */

/** ec_irq_action() - carry out an action about interrupts. */
void ec_irq_action(struct ec_device *d, const struct ec_action *a);

/** ec_irq_end() - unbind what is left of MSI and MSI-X. 0, or an error: something stays. */
int ec_irq_end(struct ec_device *d);

/**
 * ec_irq_died() - the guest is dying: unmap what is mapped. Xen itself does it only some time after
 * the guest is gone, and cannot release the function's MSI-X before.
 */
void ec_irq_died(struct ec_device *d);

/** ec_irq_table_moved() - the guest has its MSI-X table at @gpa now, 0: nowhere. */
void ec_irq_table_moved(struct ec_device *d, uint64_t gpa);

/** ec_irq_table() - the guest's access to its MSI-X table, @offset bytes into that. */
uint64_t ec_irq_table(struct ec_device *d, uint64_t offset, unsigned int len, bool write,
		      uint64_t value);

/** ec_msix_flush() - carry out what writes to entries of the MSI-X table have asked for. */
void ec_msix_flush(struct ec_device *d);

/** ec_irq_rewrite() - the hardware has lost what is bound: bind it anew. */
void ec_irq_rewrite(struct ec_device *d);

/** ec_irq_intx() - connect the device's INTx to the guest, or disconnect it. */
int ec_irq_intx(struct ec_device *d, bool add, struct ec_diag *diag);

#endif
