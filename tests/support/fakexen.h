/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen, its store and a host with functions, played: all ports that the service works through. It
 * keeps the state that the real ones would have, answers with their errors, and logs every call
 * as a line of text, in order ("allow_memory d3 mfn f1000 n 4 add", and " = -EPERM" if it
 * failed; addresses are hexadecimal, counts and interrupts decimal). One thread.
 *
 * What Xen would punish, or let pass and no caller should do, is a violation:
 * - mapping frames where others are mapped (Xen crashes the guest), or over the guest's memory
 * - granting again, or mapping again with other arguments, part of what is granted or mapped
 * - revoking or unmapping part of it, or more, or with other arguments
 * - revoking the permission of what is still mapped
 * - unmapping a bound pirq of a guest that is not dying; unbinding an MSI with other arguments than
 * it is bound with
 * - MSI and MSI-X of one function at once; an MSI-X table in another BAR than the function has it
 * - taking a function from a guest while an MSI of it is mapped
 * - giving a function back to its driver while it is a guest's or in quarantine, or not as taken
 * - a handler that changes more of a request than its data, or leaves bits above a read's width
 * - copying more than two pages; unmapping host memory that is not mapped
 * - unpausing a guest that the service has not paused; asking a guest that runs for its start_info
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

/** Bytes of memory that a guest has, from 0 on. */
#define FAKEXEN_RAM 0x100000u

/** Interrupts below are GSIs, pirqs from here on are for MSI, up to FAKEXEN_PIRQS. */
#define FAKEXEN_GSIS 48
#define FAKEXEN_PIRQS 1024

/** Ranges of one kind that a server may own, and servers of a guest. */
#define FAKEXEN_RANGES 256
#define FAKEXEN_SERVERS 8

struct fakexen;

/** The ports. The context of each is the struct fakexen. */
extern const struct ec_priv_ops fakexen_priv_ops;
extern const struct ec_server_ops fakexen_server_ops;
extern const struct ec_store_ops fakexen_store_ops;
extern const struct ec_device_ops fakexen_device_ops;
extern const struct ec_facts_ops fakexen_facts_ops;

/** fakexen_new() - a host without guests and functions; never NULL. */
struct fakexen *fakexen_new(void);

/** fakexen_free() - free it, with what was left behind. NULL is allowed. */
void fakexen_free(struct fakexen *f);

/**
 * fakexen_guest() - a new guest: HVM with a device model, two virtual CPUs, an IOMMU; it runs.
 * Returns what guest_info() tells of it, to be changed at will until it is killed.
 */
struct ec_guest_info *fakexen_guest(struct fakexen *f, uint32_t domid, const char *name);

/** fakexen_memory() - the FAKEXEN_RAM bytes of its memory. */
uint8_t *fakexen_memory(struct fakexen *f, uint32_t domid);

/** fakexen_more_memory() - @len more bytes of it at @gpa, whole pages; at first 0. */
uint8_t *fakexen_more_memory(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len);

/** fakexen_memory_at() - @len bytes of its memory at @gpa; NULL: it has none there. */
uint8_t *fakexen_memory_at(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len);

/**
 * fakexen_introduce() - the toolstack has just made the guest: it has not started, and the store
 * tells that it came. fakexen_unpause() - the toolstack lets it start: it does when the service
 * does not pause it (any more).
 */
void fakexen_introduce(struct fakexen *f, uint32_t domid);
void fakexen_unpause(struct fakexen *f, uint32_t domid);

/** fakexen_shutdown() - it shuts down, to be started again or not: the store tells of that too. */
void fakexen_shutdown(struct fakexen *f, uint32_t domid, bool reboot);

/** fakexen_start_info() - what start_info() tells; 0 at first. */
void fakexen_start_info(struct fakexen *f, uint32_t domid, uint64_t gpa);

/** fakexen_node() - a node of the store below the guest's own, which read() finds. */
void fakexen_node(struct fakexen *f, uint32_t domid, const char *path, const char *value);

/** fakexen_note() - what note() has kept; NULL: nothing. Valid until the next note. */
const char *fakexen_note(struct fakexen *f, const char *uuid, struct ec_sbdf host);

/**
 * fakexen_pvh() - the guest's memory is that of pvh_setup(), and start_info() tells of it. It has
 * no device model.
 */
void fakexen_pvh(struct fakexen *f, uint32_t domid);

/**
 * fakexen_kill() - the guest is gone: Xen forgets what it granted and mapped, and takes its
 * functions; calls on it give -ESRCH, the store's descriptor polls readable. Its servers and what
 * the store and the host hold for it wait for their callers. The number may be used again.
 */
void fakexen_kill(struct fakexen *f, uint32_t domid);

/**
 * fakexen_device() - a new function of the host, bound to driver @driver ("": none; "pciback" or
 * "pci-stub": held by a stub already). @img: its first bytes, img->size of them, are its
 * configuration space, which is plain memory. Returns its facts, to be changed at will.
 */
struct ec_host_facts *fakexen_device(struct fakexen *f, struct ec_sbdf at, const char *driver,
				     const struct ec_image *img);

/** fakexen_pciback() - is xen-pciback loaded, so that take() binds functions to it? At first not.
 */
void fakexen_pciback(struct fakexen *f, bool loaded);

/** fakexen_share() - @a and @b share an interrupt line, or a page of a BAR. */
void fakexen_share(struct fakexen *f, struct ec_sbdf a, struct ec_sbdf b, bool page);

/** fakexen_peek(), fakexen_poke() - the hardware's configuration space. @len: 1, 2 or 4. */
uint32_t fakexen_peek(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len);
void fakexen_poke(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len,
		  uint32_t value);

/**
 * fakexen_watch() - from now on @fn is told of each access that is made to a configuration space
 * by a descriptor of open(): before a read, and after a write with what is written. It may peek
 * and poke, and so be the hardware behind. NULL: nobody is.
 */
typedef void fakexen_watcher(struct fakexen *f, struct ec_sbdf at, uint32_t offset,
			     unsigned int len, bool write, uint32_t value);
void fakexen_watch(struct fakexen *f, fakexen_watcher *fn);

/** fakexen_vpd() - the function has Vital Product Data: @n dwords, the caller's. At first none. */
void fakexen_vpd(struct fakexen *f, struct ec_sbdf at, uint32_t *dwords, uint32_t n);

/** fakexen_decodes() - does its memory decode? Of a virtual function its physical one decides. */
bool fakexen_decodes(struct fakexen *f, struct ec_sbdf at);

/** fakexen_mapped() - where map() has put @offset of BAR @bar; NULL: nowhere. */
void *fakexen_mapped(struct fakexen *f, struct ec_sbdf at, unsigned int bar, uint64_t offset);

/** fakexen_hook() - call @fn at the begin of each call, before it is logged. NULL: none. */
typedef void fakexen_hook_fn(void *ctx, const char *op);
void fakexen_hook(struct fakexen *f, fakexen_hook_fn *fn, void *ctx);

/**
 * fakexen_fail() - the @n th call from now, from 1, fails with errno @err and does nothing.
 * Counted are all that may return an errno. Several may be waiting.
 */
void fakexen_fail(struct fakexen *f, unsigned int n, int err);

/** fakexen_failing() - are any of those still to come? */
bool fakexen_failing(const struct fakexen *f);

/**
 * fakexen_request() - a virtual CPU's request, answered at once as Xen does: by the newest enabled
 * server that owns all of it, else with all ones. Returns whether there is such a server.
 */
bool fakexen_request(struct fakexen *f, uint32_t domid, struct ec_ioreq *q);

/**
 * fakexen_post() - the same, but the server's descriptor polls readable and dispatch() has it
 * answered. @q must stay until then. Returns false, and answers, if no server takes it.
 */
bool fakexen_post(struct fakexen *f, uint32_t domid, struct ec_ioreq *q);

/** fakexen_line() - line @i of the log, from 0; NULL behind the last. */
const char *fakexen_line(const struct fakexen *f, unsigned int i);

/** fakexen_count() - lines that begin with @text. */
unsigned int fakexen_count(const struct fakexen *f, const char *text);

/** fakexen_forget() - empty the log. */
void fakexen_forget(struct fakexen *f);

/** fakexen_violation() - violation @i, from 0, in words; NULL behind the last. */
const char *fakexen_violation(const struct fakexen *f, unsigned int i);

/**
 * fakexen_is_clean() - is nothing left of all that was ever given: grants, mappings, pirqs,
 * bindings, servers with their ranges, claims, prepared, assigned, quarantined and taken
 * functions, open configuration spaces, mapped BARs, pauses? Notes may stay. @why: what is, if
 * not; may be NULL.
 */
bool fakexen_is_clean(struct fakexen *f, char why[FAKEXEN_LINE]);

/** fakexen_check() - the test fails if anything is left or was violated. */
void fakexen_check(struct fakexen *f);

/** fakexen_check_left() - what is left has @text in its words; NULL: nothing is. */
void fakexen_check_left(struct fakexen *f, const char *text);

/** fakexen_check_violation() - there was just one, with @text in its words; NULL: none. */
void fakexen_check_violation(const struct fakexen *f, const char *text);

#endif
