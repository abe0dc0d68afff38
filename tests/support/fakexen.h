/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The played Xen: Xen, xenstore and a host with functions, behind all backends of the service. It
 * keeps the state that the real ones have, fails with their errors, and logs every call as a line
 * of text, in order ("allow_memory d3 mfn f1000 n 4 add", with " = -EPERM" if it failed; addresses
 * are hexadecimal, counts and interrupts decimal). One thread.
 *
 * A call that Xen punishes, or that no caller should make, is a violation:
 * - mapping frames over mapped frames (Xen crashes the guest), or over the guest's memory
 * - granting or mapping part of a range again with other arguments
 * - revoking or unmapping part of a range, more than it, or with other arguments
 * - revoking the permission of a range that is still mapped
 * - unmapping a bound pirq of a guest that is not dying; unbinding an MSI with other arguments
 * - MSI and MSI-X of one function at once; an MSI-X table in another BAR than the function's
 * - taking a function from a guest while an MSI of it is mapped
 * - giving a function back to its driver while a guest has it or it is in quarantine, or with
 *   other arguments than it was taken with
 * - a handler that changes more of a request than its data, or sets bits above a read's width
 * - copying more than two pages; unmapping host memory that is not mapped
 * - unpausing a guest that the service has not paused; start_info of a guest that runs
 */
#ifndef EC_TESTS_FAKEXEN_H
#define EC_TESTS_FAKEXEN_H

#include "core/host_ops.h"
#include "core/image.h"
#include "core/xen_ops.h"

/** Bytes of a line of the log with its terminating 0. */
#define FAKEXEN_LINE 160

/** Bytes of a note with its terminating 0; a longer one is cut. */
#define FAKEXEN_NOTE 256

/** Bytes of a guest's memory, from address 0. */
#define FAKEXEN_RAM 0x100000u

/** Pirqs below FAKEXEN_GSIS are GSIs; those up to FAKEXEN_PIRQS are for MSI. */
#define FAKEXEN_GSIS 48
#define FAKEXEN_PIRQS 1024

/** Most ranges of one kind of a server, and most servers of a guest. */
#define FAKEXEN_RANGES 256
#define FAKEXEN_SERVERS 8

struct fakexen;

/** The backends. The context of each is the struct fakexen. */
extern const struct ec_priv_ops fakexen_priv_ops;
extern const struct ec_server_ops fakexen_server_ops;
extern const struct ec_store_ops fakexen_store_ops;
extern const struct ec_device_ops fakexen_device_ops;
extern const struct ec_facts_ops fakexen_facts_ops;

/** fakexen_new() - a host without guests and functions; never NULL. */
struct fakexen *fakexen_new(void);

/** fakexen_free() - free it and everything in it. NULL is allowed. */
void fakexen_free(struct fakexen *f);

/**
 * fakexen_guest() - a new guest: HVM with a device model, two virtual CPUs, an IOMMU; it runs.
 * Returns its guest_info(), which the test may change until the guest is killed.
 */
struct ec_guest_info *fakexen_guest(struct fakexen *f, uint32_t domid, const char *name);

/** fakexen_unbind() - function @at loses its driver, whichever it is. */
void fakexen_unbind(struct fakexen *f, struct ec_sbdf at);

/**
 * fakexen_remove() - the kernel removes function @at: nothing finds it any more. Bindings of its
 * vectors cannot be undone; that the guest ends with such a binding is a violation.
 */
void fakexen_remove(struct fakexen *f, struct ec_sbdf at);

/**
 * fakexen_removing() - as fakexen_remove(), and Xen is in the middle of it until somebody waits for
 * that: an unbinding of a vector before is a violation.
 */
void fakexen_removing(struct fakexen *f, struct ec_sbdf at);

/** fakexen_memory() - the FAKEXEN_RAM bytes of its memory. */
uint8_t *fakexen_memory(struct fakexen *f, uint32_t domid);

/** fakexen_more_memory() - add @len bytes of memory at @gpa, whole pages, filled with 0. */
uint8_t *fakexen_more_memory(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len);

/** fakexen_memory_at() - @len bytes of its memory at @gpa; NULL: there is none. */
uint8_t *fakexen_memory_at(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len);

/**
 * fakexen_introduce() - the toolstack has created the guest: it has not started, and the store
 * reports it. fakexen_unpause() - the toolstack unpauses it: it starts once the service does not
 * pause it.
 */
void fakexen_introduce(struct fakexen *f, uint32_t domid);
void fakexen_unpause(struct fakexen *f, uint32_t domid);

/** fakexen_shutdown() - the guest shuts down, to reboot or not; the store reports it. */
void fakexen_shutdown(struct fakexen *f, uint32_t domid, bool reboot);

/**
 * fakexen_store_down() - xenstored ends, or another one starts. The connection is lost when it
 * ends, and all calls of the store fail until reopen().
 */
void fakexen_store_down(struct fakexen *f, bool down);

/**
 * fakexen_kill_service() - the service is killed: the kernel undoes what it does at the end of a
 * process, and nothing else. take() finds the record of a function that was taken.
 */
void fakexen_kill_service(struct fakexen *f);

/** fakexen_start_info() - set the result of start_info(); 0 at first. */
void fakexen_start_info(struct fakexen *f, uint32_t domid, uint64_t gpa);

/** fakexen_node() - add a node of the store below the guest's path, for read(). */
void fakexen_node(struct fakexen *f, uint32_t domid, const char *path, const char *value);

/** fakexen_note() - the text that note() has stored; NULL: none. Valid until the next note. */
const char *fakexen_note(struct fakexen *f, const char *uuid, struct ec_sbdf host);

/**
 * fakexen_pvh() - give the guest the memory of pvh_setup() and a matching start_info(), and no
 * device model.
 */
void fakexen_pvh(struct fakexen *f, uint32_t domid);

/**
 * fakexen_kill() - the guest dies: Xen drops its grants and mappings and takes its functions; calls
 * on it return -ESRCH, the store's descriptor polls readable. Its servers, and what the store and
 * the host hold for it, remain until their callers free them. The domain id may be used again.
 */
void fakexen_kill(struct fakexen *f, uint32_t domid);

/**
 * fakexen_device() - a new function of the host, bound to driver @driver ("": none; "pciback" or
 * "pci-stub": held by a stub already). @img: its first img->size bytes are the configuration space,
 * which is plain memory. Returns its facts, which the test may change.
 */
struct ec_host_facts *fakexen_device(struct fakexen *f, struct ec_sbdf at, const char *driver,
				     const struct ec_image *img);

/** fakexen_pciback() - load xen-pciback or not (default): take() binds functions to it. */
void fakexen_pciback(struct fakexen *f, bool loaded);

/** fakexen_share() - make @a and @b share an interrupt line, or a page of a BAR. */
void fakexen_share(struct fakexen *f, struct ec_sbdf a, struct ec_sbdf b, bool page);

/** fakexen_peek(), fakexen_poke() - the hardware's configuration space. @len: 1, 2 or 4. */
uint32_t fakexen_peek(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len);
void fakexen_poke(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len,
		  uint32_t value);

/**
 * fakexen_watch() - call @fn on each access to a configuration space through a descriptor of
 * open(): before a read, and after a write with its value. It may peek and poke to play the
 * hardware. NULL: none.
 */
struct fakexen_access {
	struct ec_sbdf at;
	uint32_t offset;
	unsigned int len;
	bool write;
	uint32_t value; /* of a write */
};
typedef void fakexen_watcher(const struct fakexen_access *a);
void fakexen_watch(struct fakexen *f, fakexen_watcher *fn);

/** fakexen_vpd() - give it Vital Product Data: @n dwords, owned by the caller. At first none. */
void fakexen_vpd(struct fakexen *f, struct ec_sbdf at, uint32_t *dwords, uint32_t n);

/** fakexen_decodes() - whether its memory decodes; for a virtual function, its physical one's. */
bool fakexen_decodes(struct fakexen *f, struct ec_sbdf at);

/** fakexen_mapped() - where map() has mapped @offset of BAR @bar; NULL: it is not mapped. */
void *fakexen_mapped(struct fakexen *f, struct ec_sbdf at, unsigned int bar, uint64_t offset);

/** fakexen_hook() - call @fn at the beginning of each call, before it is logged. NULL: none. */
typedef void fakexen_hook_fn(void *ctx, const char *op);
void fakexen_hook(struct fakexen *f, fakexen_hook_fn *fn, void *ctx);

/**
 * fakexen_fail() - make the @n th call from now (from 1) fail with errno @err and do nothing. All
 * calls that may return an errno count. Several faults may be pending.
 */
void fakexen_fail(struct fakexen *f, unsigned int n, int err);

/** fakexen_failing() - whether a fault is pending. */
bool fakexen_failing(const struct fakexen *f);

/**
 * fakexen_request() - a virtual CPU's request, answered at once as Xen does: by the newest enabled
 * server that owns all of it, else with all ones. Returns whether there is such a server.
 */
bool fakexen_request(struct fakexen *f, uint32_t domid, struct ec_ioreq *q);

/**
 * fakexen_post() - the same, but the server's descriptor polls readable and dispatch() answers it.
 * @q must remain valid until then. Returns false, after answering it, if no server takes it.
 */
bool fakexen_post(struct fakexen *f, uint32_t domid, struct ec_ioreq *q);

/** fakexen_line() - line @i of the log, from 0; NULL after the last. */
const char *fakexen_line(const struct fakexen *f, unsigned int i);

/** fakexen_count() - number of lines that begin with @text. */
unsigned int fakexen_count(const struct fakexen *f, const char *text);

/** fakexen_forget() - empty the log. */
void fakexen_forget(struct fakexen *f);

/** fakexen_violation() - the text of violation @i, from 0; NULL after the last. */
const char *fakexen_violation(const struct fakexen *f, unsigned int i);

/**
 * fakexen_is_clean() - whether nothing is left of grants, mappings, pirqs, bindings, servers with
 * their ranges, claims, prepared, assigned, quarantined and taken functions, open configuration
 * spaces, mapped BARs, and pauses. Notes may remain. @why: describes what is left; may be NULL.
 */
bool fakexen_is_clean(struct fakexen *f, char why[FAKEXEN_LINE]);

/** fakexen_check() - fail the test if anything is left or there is a violation. */
void fakexen_check(struct fakexen *f);

/** fakexen_check_left() - what is left contains @text in its description; NULL: nothing is left. */
void fakexen_check_left(struct fakexen *f, const char *text);

/** fakexen_check_violation() - exactly one, and its text contains @text; NULL: none. */
void fakexen_check_violation(const struct fakexen *f, const char *text);

#endif
