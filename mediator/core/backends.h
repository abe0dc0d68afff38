/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The backends of a service: every way in which it reaches the host, the hypervisor, its store
 * and its event loop, and one wrapper per callback, which passes the right context. What a
 * callback does and returns is documented in core/host_ops.h and core/xen_ops.h.
 */
#ifndef EC_CORE_BACKENDS_H
#define EC_CORE_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/host_ops.h"
#include "core/sbdf.h"
#include "core/xen_ops.h"

struct ec_rules;

/** The structs of callbacks and their contexts. All must outlive the users of this struct. */
struct ec_backends {
	const struct ec_priv_ops *priv;
	void *priv_ctx;
	uint64_t *priv_calls; /* counts calls of priv; must not be NULL */
	const struct ec_server_ops *server;
	void *server_ctx;
	const struct ec_store_ops *store;
	void *store_ctx;
	const struct ec_device_ops *device;
	void *device_ctx;
	const struct ec_facts_ops *facts;
	void *facts_ctx;
	const struct ec_conf_ops *conf; /* their context is a struct ec_conf_fd */
	void (*log)(const char *text);  /* writes one line, given without its newline */
	/* Watch descriptor @fd of an ioreq server for input, or stop if not @add. */
	int (*watch)(void *ctx, int fd, bool add);
	void *watch_ctx;
	/*
	 * Add the rules of the installation and of the site to @out; called at each attach. NULL:
	 * there are no rules. Returns 0 or a negative errno with file and reason in @diag.
	 */
	int (*rules)(void *ctx, struct ec_rules *out, struct ec_diag *diag);
	void *rules_ctx;
	uint64_t (*now)(void); /* CLOCK_MONOTONIC in ns */
	uint64_t spin_ns;      /* how long to poll for a guest's next request before sleeping */
};

/* The hypervisor's privileged calls: struct ec_priv_ops. */

static inline int ec_priv_guest_info(const struct ec_backends *b, uint32_t domid,
				     struct ec_guest_info *info)
{
	++*b->priv_calls;
	return b->priv->guest_info(b->priv_ctx, domid, info);
}

static inline int ec_priv_next_guest(const struct ec_backends *b, uint32_t from, uint32_t *domid)
{
	++*b->priv_calls;
	return b->priv->next_guest(b->priv_ctx, from, domid);
}

static inline int ec_priv_start_info(const struct ec_backends *b, uint32_t domid, uint64_t *gpa)
{
	++*b->priv_calls;
	return b->priv->start_info(b->priv_ctx, domid, gpa);
}

static inline int ec_priv_pause(const struct ec_backends *b, uint32_t domid, bool add)
{
	++*b->priv_calls;
	return b->priv->pause(b->priv_ctx, domid, add);
}

static inline int ec_priv_assign(const struct ec_backends *b, uint32_t domid, struct ec_sbdf at,
				 bool add)
{
	++*b->priv_calls;
	return b->priv->assign(b->priv_ctx, domid, at, add);
}

static inline int ec_priv_quarantine(const struct ec_backends *b, struct ec_sbdf at, bool add)
{
	++*b->priv_calls;
	return b->priv->quarantine(b->priv_ctx, at, add);
}

static inline int ec_priv_prepare_msix(const struct ec_backends *b, struct ec_sbdf at, bool add)
{
	++*b->priv_calls;
	return b->priv->prepare_msix(b->priv_ctx, at, add);
}

static inline int ec_priv_allow_memory(const struct ec_backends *b, uint32_t domid, uint64_t mfn,
				       uint64_t n, bool add)
{
	++*b->priv_calls;
	return b->priv->allow_memory(b->priv_ctx, domid, mfn, n, add);
}

static inline int ec_priv_allow_ports(const struct ec_backends *b, uint32_t domid, uint32_t port,
				      uint32_t n, bool add)
{
	++*b->priv_calls;
	return b->priv->allow_ports(b->priv_ctx, domid, port, n, add);
}

static inline int ec_priv_allow_irq(const struct ec_backends *b, uint32_t domid, uint32_t irq,
				    bool add)
{
	++*b->priv_calls;
	return b->priv->allow_irq(b->priv_ctx, domid, irq, add);
}

static inline int ec_priv_map_memory(const struct ec_backends *b, uint32_t domid,
				     const struct ec_frames *frames, bool add)
{
	++*b->priv_calls;
	return b->priv->map_memory(b->priv_ctx, domid, frames, add);
}

static inline int ec_priv_map_ports(const struct ec_backends *b, uint32_t domid,
				    const struct ec_io_ports *io, bool add)
{
	++*b->priv_calls;
	return b->priv->map_ports(b->priv_ctx, domid, io, add);
}

static inline int ec_priv_populated(const struct ec_backends *b, uint32_t domid, uint64_t gfn,
				    uint64_t n)
{
	/* the hypercall behind it takes 1,024 frames */
	*b->priv_calls += 1 + n / 1024;
	return b->priv->populated(b->priv_ctx, domid, gfn, n);
}

static inline int ec_priv_map_irq(const struct ec_backends *b, uint32_t domid, uint32_t irq,
				  int *pirq)
{
	++*b->priv_calls;
	return b->priv->map_irq(b->priv_ctx, domid, irq, pirq);
}

static inline int ec_priv_map_msi(const struct ec_backends *b, uint32_t domid,
				  const struct ec_msi_source *msi, int *pirq)
{
	++*b->priv_calls;
	return b->priv->map_msi(b->priv_ctx, domid, msi, pirq);
}

static inline int ec_priv_unmap_pirq(const struct ec_backends *b, uint32_t domid, int pirq)
{
	++*b->priv_calls;
	return b->priv->unmap_pirq(b->priv_ctx, domid, pirq);
}

static inline int ec_priv_bind_intx(const struct ec_backends *b, uint32_t domid, int pirq,
				    struct ec_intx intx, bool add)
{
	++*b->priv_calls;
	return b->priv->bind_intx(b->priv_ctx, domid, pirq, intx, add);
}

static inline int ec_priv_bind_msi(const struct ec_backends *b, uint32_t domid, int pirq,
				   const struct ec_msi_binding *binding)
{
	++*b->priv_calls;
	return b->priv->bind_msi(b->priv_ctx, domid, pirq, binding);
}

static inline int ec_priv_unbind_msi(const struct ec_backends *b, uint32_t domid, int pirq,
				     const struct ec_msi_binding *binding)
{
	++*b->priv_calls;
	return b->priv->unbind_msi(b->priv_ctx, domid, pirq, binding);
}

static inline int ec_priv_await_removal(const struct ec_backends *b, uint32_t domid,
					struct ec_sbdf at)
{
	++*b->priv_calls;
	return b->priv->await_removal(b->priv_ctx, domid, at);
}

static inline int ec_priv_reboot(const struct ec_backends *b, uint32_t domid)
{
	++*b->priv_calls;
	return b->priv->reboot(b->priv_ctx, domid);
}

/* A guest's ioreq server: struct ec_server_ops. */

static inline int ec_server_create(const struct ec_backends *b,
				   const struct ec_server_options *options, struct ec_server **out)
{
	return b->server->create(b->server_ctx, options, out);
}

static inline void ec_server_destroy(const struct ec_backends *b, struct ec_server *s)
{
	b->server->destroy(s);
}

static inline int ec_server_enable(const struct ec_backends *b, struct ec_server *s)
{
	return b->server->enable(s);
}

static inline int ec_server_range(const struct ec_backends *b, struct ec_server *s,
				  const struct ec_range *range, bool add)
{
	return b->server->range(s, range->kind, range->first, range->last, add);
}

static inline int ec_server_fd(const struct ec_backends *b, const struct ec_server *s)
{
	return b->server->fd(s);
}

/* Polls for requests until @b->spin_ns after the call began. */
static inline int ec_server_dispatch(const struct ec_backends *b, struct ec_server *s)
{
	return b->server->dispatch(s, b->spin_ns);
}

static inline int ec_server_copy(const struct ec_backends *b, struct ec_server *s,
				 const struct ec_guest_copy *copy)
{
	return b->server->copy(s, copy->gpa, copy->buf, copy->len, copy->write);
}

static inline int ec_server_inject_msi(const struct ec_backends *b, struct ec_server *s,
				       uint64_t address, uint32_t data)
{
	return b->server->inject_msi(s, address, data);
}

/* The store: struct ec_store_ops. */

static inline int ec_store_find(const struct ec_backends *b, const char *name, uint32_t *domid)
{
	return b->store->find(b->store_ctx, name, domid);
}

static inline int ec_store_name(const struct ec_backends *b, uint32_t domid,
				char name[EC_GUEST_NAME_MAX])
{
	return b->store->name(b->store_ctx, domid, name);
}

static inline int ec_store_claim(const struct ec_backends *b, struct ec_sbdf at, uint32_t domid,
				 uint32_t *holder)
{
	return b->store->claim(b->store_ctx, at, domid, holder);
}

static inline int ec_store_release(const struct ec_backends *b, struct ec_sbdf at)
{
	return b->store->release(b->store_ctx, at);
}

static inline int ec_store_read(const struct ec_backends *b, uint32_t domid, const char *path,
				char *buf, size_t len)
{
	return b->store->read(b->store_ctx, domid, path, buf, len);
}

static inline int ec_store_note(const struct ec_backends *b, const char *uuid, struct ec_sbdf host,
				const char *text)
{
	return b->store->note(b->store_ctx, uuid, host, text);
}

static inline int ec_store_recall(const struct ec_backends *b, const char *uuid,
				  ec_store_each *each, void *each_ctx)
{
	return b->store->recall(b->store_ctx, uuid, each, each_ctx);
}

static inline int ec_store_owners(const struct ec_backends *b, ec_store_each_owner *each,
				  void *each_ctx)
{
	return b->store->owners(b->store_ctx, each, each_ctx);
}

static inline int ec_store_fd(const struct ec_backends *b)
{
	return b->store->fd(b->store_ctx);
}

static inline int ec_store_dispatch(const struct ec_backends *b)
{
	return b->store->dispatch(b->store_ctx);
}

static inline int ec_store_reopen(const struct ec_backends *b)
{
	return b->store->reopen(b->store_ctx);
}

/* Functions of the host: struct ec_device_ops and struct ec_facts_ops. */

static inline int ec_host_get_facts(const struct ec_backends *b, struct ec_sbdf at,
				    struct ec_host_facts *facts)
{
	return b->facts->get(b->facts_ctx, at, facts);
}

static inline int ec_host_acquire(const struct ec_backends *b, struct ec_sbdf at,
				  struct ec_taken *taken, struct ec_diag *diag)
{
	return b->device->take(b->device_ctx, at, taken, diag);
}

static inline int ec_host_release(const struct ec_backends *b, struct ec_sbdf at,
				  const struct ec_taken *taken, struct ec_diag *diag)
{
	return b->device->give_back(b->device_ctx, at, taken, diag);
}

static inline int ec_host_reset(const struct ec_backends *b, struct ec_sbdf at, const char *methods,
				struct ec_diag *diag)
{
	return b->device->reset(b->device_ctx, at, methods, diag);
}

static inline int ec_host_open(const struct ec_backends *b, struct ec_sbdf at, struct ec_diag *diag)
{
	return b->device->open(b->device_ctx, at, diag);
}

static inline int ec_host_map(const struct ec_backends *b, struct ec_sbdf at,
			      const struct ec_bar_part *part, void **out, struct ec_diag *diag)
{
	return b->device->map(b->device_ctx, at, part, out, diag);
}

static inline void ec_host_unmap(const struct ec_backends *b, void *p, uint64_t len)
{
	b->device->unmap(b->device_ctx, p, len);
}

static inline int ec_host_shares_irq(const struct ec_backends *b, struct ec_sbdf at,
				     struct ec_sbdf *other)
{
	return b->device->shares_irq(b->device_ctx, at, other);
}

static inline int ec_host_shares_page(const struct ec_backends *b, struct ec_sbdf at,
				      struct ec_sbdf *other)
{
	return b->device->shares_page(b->device_ctx, at, other);
}

static inline int ec_host_vpd(const struct ec_backends *b, struct ec_sbdf at, uint32_t offset,
			      bool write, uint32_t *value)
{
	return b->device->vpd(b->device_ctx, at, offset, write, value);
}

/* The clock: ns that never go back. */
static inline uint64_t ec_now(const struct ec_backends *b)
{
	return b->now();
}

/* The event loop. */

static inline int ec_watch(const struct ec_backends *b, int fd, bool add)
{
	return b->watch(b->watch_ctx, fd, add);
}

#endif
