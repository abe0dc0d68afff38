/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's functions: struct ec_device_ops and struct ec_facts_ops. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "fakexen_state.h"

/* End a call with a message for the caller. */
static int end_device(struct fx_call c, int rc, struct ec_diag *diag)
{
	if (rc < 0)
		ec_diag_set(diag, 0, "fakexen: %s", strerror(-rc));
	return fx_end(c, rc);
}

static int do_take(struct fakexen *f, struct fx_device *d, struct ec_taken *taken)
{
	const char *stub = f->pciback ? "pciback" : "pci-stub";
	struct fx_item *t = d ? fx_of(f, FX_TAKEN, d->at) : NULL;

	if (!d)
		return -ENODEV;
	/* taken by a process that was killed: its record says what was before */
	if (t && t->a) {
		*taken = t->taken;
		t->a = 0;
		return 0;
	}
	if (t)
		return -EBUSY;
	if (d->was_held)
		stub = d->facts.driver;
	snprintf(taken->driver, sizeof(taken->driver), "%s", d->facts.driver);
	snprintf(taken->stub, sizeof(taken->stub), "%s", stub);
	taken->was_held = d->was_held;
	taken->master = fakexen_peek(f, d->at, PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
	memcpy(d->facts.driver, taken->stub, sizeof(d->facts.driver));
	fx_add(f, &(struct fx_item){ .kind = FX_TAKEN, .at = d->at, .taken = *taken });
	return 0;
}

void fakexen_kill_service(struct fakexen *f)
{
	for (unsigned int i = f->items; i-- > 0;) {
		struct fx_item *t = f->item + i;

		if (t->kind == FX_TAKEN)
			t->a = 1;
		if (t->kind != FX_BAR)
			continue;
		munmap(t->p, t->n);
		fx_drop(f, t);
	}
}

static int take(void *ctx, struct ec_sbdf at, struct ec_taken *taken, struct ec_diag *diag)
{
	struct fx_call c = fx_begin(ctx, "take %s", fx_name(at));

	memset(taken, 0, sizeof(*taken));
	return end_device(c, c.rc ? c.rc : do_take(ctx, fx_device(ctx, at), taken), diag);
}

static bool same_taken(const struct ec_taken *a, const struct ec_taken *b)
{
	return !strcmp(a->driver, b->driver) && !strcmp(a->stub, b->stub) &&
	       !strcmp(a->override, b->override) && a->was_held == b->was_held &&
	       a->master == b->master;
}

static int do_give_back(struct fakexen *f, struct fx_device *d, const struct ec_taken *taken)
{
	struct fx_item *t = d ? fx_of(f, FX_TAKEN, d->at) : NULL;

	if (!t)
		return -ENODEV;
	if (!same_taken(&t->taken, taken))
		fx_violation(f, "%s is given back otherwise than taken", fx_name(d->at));
	if (d->owner)
		fx_violation(f, "%s is given back while it is d%u's", fx_name(d->at),
			     d->owner->domid);
	else if (d->quarantine && !d->was_held)
		fx_violation(f, "%s is given back in quarantine", fx_name(d->at));
	memcpy(d->facts.driver, t->taken.driver, sizeof(d->facts.driver));
	fx_drop(f, t);
	return 0;
}

static int give_back(void *ctx, struct ec_sbdf at, const struct ec_taken *taken,
		     struct ec_diag *diag)
{
	struct fx_call c = fx_begin(ctx, "give_back %s", fx_name(at));

	return end_device(c, c.rc ? c.rc : do_give_back(ctx, fx_device(ctx, at), taken), diag);
}

static int reset(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag)
{
	struct fx_call c = fx_begin(ctx, "reset %s%s%s", fx_name(at), methods ? " " : "",
				    methods ? methods : "");
	struct fx_device *d = fx_device(ctx, at);

	if (!c.rc)
		c.rc = !d ? -ENODEV : *d->facts.reset_methods ? 0 : -ENOTTY;
	return end_device(c, c.rc, diag);
}

static int open_config(void *ctx, struct ec_sbdf at, struct ec_diag *diag)
{
	struct fx_call c = fx_begin(ctx, "open %s", fx_name(at));
	struct fx_device *d = fx_device(ctx, at);
	int fd;

	if (!c.rc && !d)
		c.rc = -ENODEV;
	if (c.rc)
		return end_device(c, c.rc, diag);
	fd = fcntl(d->fd, F_DUPFD_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static int do_map(struct fakexen *f, struct fx_device *d, struct fx_item *want)
{
	if (!d)
		return -ENODEV;
	if (want->a > 5 || !want->n || (want->b | want->n) % EC_PAGE_SIZE)
		return -EINVAL;
	want->p = mmap(NULL, want->n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (want->p == MAP_FAILED)
		return -ENOMEM;
	fx_add(f, want);
	return 0;
}

static int map(void *ctx, struct ec_sbdf at, const struct ec_bar_part *part, void **out,
	       struct ec_diag *diag)
{
	struct fx_call c = fx_begin(ctx, "map %s bar %u offset %" PRIx64 " n %" PRIx64, fx_name(at),
				    part->bar, part->offset, part->len);
	struct fx_item want = {
		.kind = FX_BAR, .at = at, .a = part->bar, .b = part->offset, .n = part->len
	};
	int rc = c.rc ? c.rc : do_map(ctx, fx_device(ctx, at), &want);

	if (!rc)
		*out = want.p;
	return end_device(c, rc, diag);
}

static void unmap(void *ctx, void *p, uint64_t len)
{
	struct fakexen *f = ctx;

	for (unsigned int i = 0; i < f->items; i++) {
		struct fx_item *t = f->item + i;

		if (t->kind != FX_BAR || t->p != p || t->n != len)
			continue;
		fx_note(f, "unmap %s bar %u offset %" PRIx64 " n %" PRIx64, fx_name(t->at),
			(unsigned int)t->a, t->b, len);
		munmap(p, len);
		fx_drop(f, t);
		return;
	}
	fx_violation(f, "unmapping %" PRIx64 " bytes of what is not mapped", len);
}

void *fakexen_mapped(struct fakexen *f, struct ec_sbdf at, unsigned int bar, uint64_t offset)
{
	for (unsigned int i = 0; i < f->items; i++) {
		const struct fx_item *t = f->item + i;

		if (t->kind == FX_BAR && !ec_sbdf_compare(t->at, at) && t->a == bar &&
		    offset >= t->b && offset - t->b < t->n)
			return (uint8_t *)t->p + (offset - t->b);
	}
	return NULL;
}

static int shares(struct fakexen *f, struct ec_sbdf at, struct ec_sbdf *other, bool page)
{
	struct fx_call c = fx_begin(f, "%s %s", page ? "shares_page" : "shares_irq", fx_name(at));
	struct fx_device *d = fx_device(f, at);

	if (c.rc)
		return fx_end(c, c.rc);
	if (!d)
		return fx_end(c, -ENODEV);
	if (d->shares[page])
		*other = d->other[page];
	return fx_end(c, d->shares[page]);
}

static int shares_irq(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	return shares(ctx, at, other, false);
}

static int shares_page(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	return shares(ctx, at, other, true);
}

static int do_vpd(struct fx_device *d, uint32_t offset, bool write, uint32_t *value)
{
	if (!d || !d->vpd)
		return -ENOENT;
	if (offset % 4)
		return -EINVAL;
	if (offset / 4 >= d->vpd_n)
		return -ENODATA;
	if (write)
		d->vpd[offset / 4] = *value;
	*value = d->vpd[offset / 4];
	return 0;
}

static int vpd(void *ctx, struct ec_sbdf at, uint32_t offset, bool write, uint32_t *value)
{
	struct fx_call c =
		fx_begin(ctx, "vpd %s %s %x", fx_name(at), write ? "write" : "read", offset);

	return fx_end(c, c.rc ? c.rc : do_vpd(fx_device(ctx, at), offset, write, value));
}

const struct ec_device_ops fakexen_device_ops = {
	.take = take,
	.give_back = give_back,
	.reset = reset,
	.open = open_config,
	.map = map,
	.unmap = unmap,
	.shares_irq = shares_irq,
	.shares_page = shares_page,
	.vpd = vpd,
};

static int facts(void *ctx, struct ec_sbdf at, struct ec_host_facts *out)
{
	struct fx_call c = fx_begin(ctx, "facts %s", fx_name(at));
	struct fx_device *d = fx_device(ctx, at);

	if (c.rc)
		return fx_end(c, c.rc);
	if (!d)
		return fx_end(c, -ENOENT);
	*out = d->facts;
	return 0;
}

const struct ec_facts_ops fakexen_facts_ops = { .get = facts };
