/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fakexen.h"

#include <check.h>
#include <fcntl.h>
#include <pci/header.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/bits.h"
#include "fakexen_state.h"

/* Descriptors below this one are checked for being left open. */
#define FDS_MAX 1024

struct fakexen *fakexen_new(void)
{
	struct fakexen *f = calloc(1, sizeof(*f));

	if (!f)
		abort();
	f->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_ge(f->event, 0);
	return f;
}

void fakexen_free(struct fakexen *f)
{
	if (!f)
		return;
	fakexen_watch(f, NULL);
	for (unsigned int i = 0; i < f->guests; i++) {
		for (unsigned int j = 0; j < FAKEXEN_SERVERS; j++)
			fakexen_server_ops.destroy(f->guest[i].server[j]);
		fx_free_memory(f->guest + i);
	}
	for (unsigned int i = 0; i < f->devices; i++)
		close(f->device[i].fd);
	for (unsigned int i = 0; i < f->items; i++)
		if (f->item[i].kind == FX_BAR)
			munmap(f->item[i].p, f->item[i].n);
	close(f->event);
	free(f->item);
	free(f->log.line);
	free(f->violations.line);
	free(f);
}

static void add_line(struct fx_text *t, const char *fmt, va_list args)
{
	if (t->n == t->room) {
		t->room = t->room * 2 + 16;
		t->line = realloc(t->line, t->room * sizeof(*t->line));
		if (!t->line)
			abort();
	}
	vsnprintf(t->line[t->n++], FAKEXEN_LINE, fmt, args);
}

/* A hook may log calls of its own, or forget the log: the line is added after it. */
static void call_hook(const struct fakexen *f, const char *line)
{
	char op[32];

	if (!f->hook)
		return;
	snprintf(op, sizeof(op), "%.*s", (int)strcspn(line, " "), line);
	f->hook(f->hook_ctx, op);
}

struct fx_call fx_begin(struct fakexen *f, const char *fmt, ...)
{
	struct fx_call c = { .f = f };
	char line[FAKEXEN_LINE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	call_hook(f, line);
	c.line = f->log.n;
	fx_note(f, "%s", line);
	for (unsigned int i = 0; i < f->faults; i++) {
		if (--f->fault[i].in)
			continue;
		c.rc = -f->fault[i].err;
		f->fault[i--] = f->fault[--f->faults];
	}
	return c;
}

int fx_end(struct fx_call c, int rc)
{
	struct fx_text *log = &c.f->log;

	/* its effects may have emptied the log */
	if (rc && c.line < log->n) {
		size_t len = strlen(log->line[c.line]);
		const char *name = strerrorname_np(-rc);

		if (rc < 0)
			snprintf(log->line[c.line] + len, FAKEXEN_LINE - len, " = -%s",
				 name ? name : "?");
		else
			snprintf(log->line[c.line] + len, FAKEXEN_LINE - len, " = %d", rc);
	}
	return rc;
}

void fx_note(struct fakexen *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_line(&f->log, fmt, args);
	va_end(args);
}

void fx_violation(struct fakexen *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_line(&f->violations, fmt, args);
	va_end(args);
	fx_note(f, "violation: %.140s", f->violations.line[f->violations.n - 1]);
}

const char *fx_name(struct ec_sbdf at)
{
	static char text[10][EC_SBDF_MAX];
	static unsigned int next;

	next = (next + 1) % 10;
	return ec_sbdf_print(at, true, text[next]);
}

struct fx_guest *fx_guest(struct fakexen *f, uint32_t domid)
{
	for (unsigned int i = 0; i < f->guests; i++)
		if (f->guest[i].domid == domid && !f->guest[i].dead)
			return f->guest + i;
	return NULL;
}

struct fx_device *fx_device(struct fakexen *f, struct ec_sbdf at)
{
	for (unsigned int i = 0; i < f->devices; i++)
		if (!f->device[i].removed && !ec_sbdf_compare(f->device[i].at, at))
			return f->device + i;
	return NULL;
}

static struct fx_device *need_device(struct fakexen *f, struct ec_sbdf at)
{
	struct fx_device *d = fx_device(f, at);

	ck_assert_msg(d != NULL, "no function %s", fx_name(at));
	return d;
}

void fakexen_unbind(struct fakexen *f, struct ec_sbdf at)
{
	*need_device(f, at)->facts.driver = 0;
}

static struct fx_device *removing(struct fakexen *f, struct ec_sbdf at)
{
	for (unsigned int i = 0; i < f->devices; i++)
		if (f->device[i].removing && !ec_sbdf_compare(f->device[i].at, at))
			return f->device + i;
	return NULL;
}

bool fx_removing(struct fakexen *f, struct ec_sbdf at)
{
	return removing(f, at);
}

int fx_await_removal(void *ctx, uint32_t domid, struct ec_sbdf at)
{
	struct fakexen *f = ctx;
	struct fx_call c = fx_begin(f, "await_removal d%u %s", domid, fx_name(at));
	struct fx_device *d = removing(f, at);

	if (d && !c.rc)
		d->removing = false;
	return fx_end(c, c.rc);
}

void fakexen_removing(struct fakexen *f, struct ec_sbdf at)
{
	struct fx_device *d = need_device(f, at);

	fakexen_remove(f, at);
	d->removing = true;
}

void fakexen_remove(struct fakexen *f, struct ec_sbdf at)
{
	struct fx_device *d = fx_device(f, at);
	struct fx_item *t;

	ck_assert_msg(d != NULL, "no %s", fx_name(at));
	fx_note(f, "removal %s", fx_name(at));
	for (uint32_t offset = 0; offset < EC_CONFIG_SIZE; offset += 4)
		fakexen_poke(f, at, offset, 4, UINT32_MAX);
	d->removed = true;
	d->quarantine = false;
	d->owner = NULL;
	for (enum fx_kind kind = FX_PREPARED; kind <= FX_TAKEN; kind++) {
		t = fx_of(f, kind, at);
		if (t)
			fx_drop(f, t);
	}
}

struct fx_item *fx_add(struct fakexen *f, const struct fx_item *item)
{
	if (f->items == f->room) {
		f->room = f->room * 2 + 16;
		f->item = realloc(f->item, f->room * sizeof(*f->item));
		if (!f->item)
			abort();
	}
	f->item[f->items] = *item;
	return f->item + f->items++;
}

void fx_drop(struct fakexen *f, struct fx_item *item)
{
	*item = f->item[--f->items];
}

struct fx_item *fx_overlapping(struct fakexen *f, enum fx_kind kind, const struct fx_guest *g,
			       uint64_t a, uint64_t n)
{
	for (unsigned int i = 0; i < f->items; i++) {
		struct fx_item *t = f->item + i;

		if (t->kind == kind && t->guest == g && t->a < a + n && a < t->a + t->n)
			return t;
	}
	return NULL;
}

struct fx_item *fx_of(struct fakexen *f, enum fx_kind kind, struct ec_sbdf at)
{
	for (unsigned int i = 0; i < f->items; i++)
		if (f->item[i].kind == kind && !ec_sbdf_compare(f->item[i].at, at))
			return f->item + i;
	return NULL;
}

struct ec_host_facts *fakexen_device(struct fakexen *f, struct ec_sbdf at, const char *driver,
				     const struct ec_image *img)
{
	struct fx_device *d = f->device + f->devices;

	ck_assert_msg(!fx_device(f, at), "%s is there", fx_name(at));
	ck_assert_uint_lt(f->devices, FX_DEVICES);
	f->devices++;
	memset(d, 0, sizeof(*d));
	d->at = at;
	d->facts.iommu_group = d->facts.numa_node = -1;
	d->facts.vendor = (uint16_t)ec_image_get(img, 0, 2);
	d->facts.device = (uint16_t)ec_image_get(img, 2, 2);
	snprintf(d->facts.driver, sizeof(d->facts.driver), "%s", driver);
	strcpy(d->facts.reset_methods, "flr bus");
	d->was_held = !strcmp(driver, "pciback") || !strcmp(driver, "pci-stub");
	/* xen-pciback makes it assignable, which quarantines it */
	d->quarantine = !strcmp(driver, "pciback");
	d->fd = memfd_create("fakexen", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ck_assert_int_ge(d->fd, 0);
	ck_assert_int_eq(pwrite(d->fd, img->byte, img->size, 0), img->size);
	/* a write past its end must not enlarge it */
	ck_assert_int_eq(fcntl(d->fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK), 0);
	return &d->facts;
}

void fakexen_pciback(struct fakexen *f, bool loaded)
{
	f->pciback = loaded;
}

void fakexen_share(struct fakexen *f, struct ec_sbdf a, struct ec_sbdf b, bool page)
{
	struct fx_device *x = need_device(f, a), *y = need_device(f, b);

	x->shares[page] = y->shares[page] = true;
	x->other[page] = b;
	y->other[page] = a;
}

uint32_t fakexen_peek(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len)
{
	uint8_t bytes[4];

	ck_assert_int_eq(pread(need_device(f, at)->fd, bytes, len, offset), len);
	return (uint32_t)ec_get_le(bytes, len);
}

void fakexen_poke(struct fakexen *f, struct ec_sbdf at, uint32_t offset, unsigned int len,
		  uint32_t value)
{
	uint8_t bytes[4];

	ec_put_le(bytes, len, value);
	ck_assert_int_eq(pwrite(need_device(f, at)->fd, bytes, len, offset), len);
}

void fakexen_vpd(struct fakexen *f, struct ec_sbdf at, uint32_t *dwords, uint32_t n)
{
	struct fx_device *d = need_device(f, at);

	d->vpd = dwords;
	d->vpd_n = n;
}

bool fakexen_decodes(struct fakexen *f, struct ec_sbdf at)
{
	const struct fx_device *d = need_device(f, at);

	return fakexen_peek(f, d->facts.is_vf ? d->facts.pf : at, PCI_COMMAND, 2) &
	       PCI_COMMAND_MEMORY;
}

void fakexen_hook(struct fakexen *f, fakexen_hook_fn *fn, void *ctx)
{
	f->hook = fn;
	f->hook_ctx = ctx;
}

void fakexen_fail(struct fakexen *f, unsigned int n, int err)
{
	ck_assert_uint_ge(n, 1);
	ck_assert_uint_lt(f->faults, FX_FAULTS);
	f->fault[f->faults].in = n;
	f->fault[f->faults++].err = abs(err);
}

bool fakexen_failing(const struct fakexen *f)
{
	return f->faults;
}

const char *fakexen_line(const struct fakexen *f, unsigned int i)
{
	return i < f->log.n ? f->log.line[i] : NULL;
}

unsigned int fakexen_count(const struct fakexen *f, const char *text)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->log.n; i++)
		n += !strncmp(f->log.line[i], text, strlen(text));
	return n;
}

void fakexen_forget(struct fakexen *f)
{
	f->log.n = 0;
}

const char *fakexen_violation(const struct fakexen *f, unsigned int i)
{
	return i < f->violations.n ? f->violations.line[i] : NULL;
}

static void describe(const struct fx_item *t, char why[FAKEXEN_LINE])
{
	static const char *const names[FX_KINDS] = {
		[FX_MEMORY_GRANT] = "permission for memory",
		[FX_PORT_GRANT] = "permission for ports",
		[FX_IRQ_GRANT] = "permission for interrupt",
		[FX_MEMORY_MAP] = "mapped gfn",
		[FX_PORT_MAP] = "mapped port",
		[FX_PIRQ] = "pirq",
		[FX_INTX] = "INTx of pirq",
		[FX_MSI] = "MSI of pirq",
		[FX_CLAIM] = "claim",
		[FX_PREPARED] = "prepared for MSI-X:",
		[FX_TAKEN] = "taken:",
		[FX_BAR] = "mapped BAR",
	};

	if (t->guest)
		snprintf(why, FAKEXEN_LINE, "d%u: %s %lx", t->guest->domid, names[t->kind], t->a);
	else
		snprintf(why, FAKEXEN_LINE, "%s of %s", names[t->kind], fx_name(t->at));
}

/* Whether a descriptor of the function's configuration space is open. */
static bool is_open(const struct fx_device *d)
{
	struct stat own, other;

	ck_assert_int_eq(fstat(d->fd, &own), 0);
	for (int fd = 0; fd < FDS_MAX; fd++)
		if (fd != d->fd && !fstat(fd, &other) && other.st_dev == own.st_dev &&
		    other.st_ino == own.st_ino)
			return true;
	return false;
}

static const char *device_left(const struct fx_device *d)
{
	if (d->owner)
		return "assigned";
	/* a function that a stub had before may remain there */
	if (d->quarantine && !d->was_held)
		return "in quarantine";
	return is_open(d) ? "open" : NULL;
}

bool fakexen_is_clean(struct fakexen *f, char why[FAKEXEN_LINE])
{
	char text[FAKEXEN_LINE];

	why = why ? why : text;
	why[0] = 0;
	if (f->items) {
		describe(f->item, why);
		return false;
	}
	if (f->servers) {
		snprintf(why, FAKEXEN_LINE, "%u servers", f->servers);
		return false;
	}
	for (unsigned int i = 0; i < f->guests; i++) {
		if (f->guest[i].dead || !f->guest[i].pauses)
			continue;
		snprintf(why, FAKEXEN_LINE, "d%u is paused", f->guest[i].domid);
		return false;
	}
	for (unsigned int i = 0; i < f->devices; i++) {
		const char *left = device_left(f->device + i);

		if (!left)
			continue;
		snprintf(why, FAKEXEN_LINE, "%s is %s", fx_name(f->device[i].at), left);
		return false;
	}
	return true;
}

void fakexen_check_left(struct fakexen *f, const char *text)
{
	char why[FAKEXEN_LINE];

	ck_assert_msg(fakexen_is_clean(f, why) == !text, "%s", why);
	ck_assert_msg(!text || strstr(why, text), "%s", why);
}

void fakexen_check_violation(const struct fakexen *f, const char *text)
{
	const char *v = fakexen_violation(f, 0);

	ck_assert_msg(!v == !text, "%s", v ? v : "no violation");
	ck_assert_msg(!text || strstr(v, text), "%s", v);
	v = fakexen_violation(f, 1);
	ck_assert_msg(!v, "%s", v);
}

void fakexen_check(struct fakexen *f)
{
	fakexen_check_violation(f, NULL);
	fakexen_check_left(f, NULL);
}
