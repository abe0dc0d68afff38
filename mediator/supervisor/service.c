/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/service.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/downstream.h"
#include "guest/guest.h"
#include "supervisor/placement.h"
#include "supervisor/reattach.h"
#include "view/plan.h"

/* Lines that one device's guest can cause. */
#define COMPLAINTS_MAX 20

void ec_guest_log(struct ec_guest *g, const char *fmt, ...)
{
	char text[EC_DIAG_MAX], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + 24];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "%s (domain %u): %s", g->name, g->domid, text);
	g->service->ports.log(line);
}

static void log_line(struct ec_device *d, const char *fmt, va_list args)
{
	char text[EC_DIAG_MAX], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + EC_SBDF_MAX + 16];
	char name[EC_SBDF_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	snprintf(line, sizeof(line), "%s (domain %u), %s: %s", d->guest->name, d->guest->domid,
		 ec_sbdf_print(d->spec.host, true, name), text);
	d->guest->service->ports.log(line);
}

void ec_log(struct ec_device *d, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line(d, fmt, args);
	va_end(args);
}

void ec_complain(struct ec_device *d, const char *fmt, ...)
{
	va_list args;

	if (d->complaints > COMPLAINTS_MAX)
		return;
	va_start(args, fmt);
	if (d->complaints++ < COMPLAINTS_MAX)
		log_line(d, fmt, args);
	else
		ec_log(d, "no more of this is logged");
	va_end(args);
}

struct ec_service *ec_service_new(const struct ec_service_ports *ports)
{
	struct ec_service *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->ports = *ports;
	s->plan = malloc(sizeof(*s->plan));
	s->image = malloc(sizeof(*s->image));
	s->machine = malloc(sizeof(*s->machine));
	s->fn = malloc(EC_MACHINE_MAX * sizeof(*s->fn));
	if (s->plan && s->image && s->machine && s->fn)
		return s;
	ec_service_free(s);
	return NULL;
}

/* Takes guest @i out of the list; its devices are gone already. */
static void drop_guest(struct ec_service *s, unsigned int i)
{
	ec_guest_close(s->guest[i]);
	memmove(s->guest + i, s->guest + i + 1, (--s->n - i) * sizeof(s->guest[0]));
}

/* A guest without functions is let go, unless it knows ports of ours: others may come to those. */
static void drop_idle(struct ec_service *s, unsigned int i)
{
	if (!s->guest[i]->n && !s->guest[i]->limits.spare)
		drop_guest(s, i);
}

/* Takes device @i from @g, for good. */
static int drop_device(struct ec_guest *g, unsigned int i, struct ec_diag *diag)
{
	struct ec_device *d = g->device[i];
	int rc = ec_attach_end(d, diag);

	ec_device_free(d);
	memmove(g->device + i, g->device + i + 1, (--g->n - i) * sizeof(g->device[0]));
	return rc;
}

void ec_service_free(struct ec_service *s)
{
	struct ec_diag diag;

	if (!s)
		return;
	while (s->n) {
		while (s->guest[0]->n)
			drop_device(s->guest[0], s->guest[0]->n - 1, &diag);
		drop_guest(s, 0);
	}
	ec_comeback_free(s);
	free(s->guest);
	free(s->plan);
	free(s->image);
	free(s->machine);
	free(s->fn);
	free(s);
}

static int index_of(const struct ec_service *s, uint32_t domid)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (s->guest[i]->domid == domid && !s->guest[i]->dead)
			return (int)i;
	return -ENOENT;
}

static int find_guest(struct ec_service *s, const char *name, uint32_t *domid, struct ec_diag *diag)
{
	int rc = s->ports.store->find(s->ports.store_ctx, name, domid);

	if (rc == -ENOENT)
		ec_diag_set(diag, 0, "there is no guest '%s'", name);
	else if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	else if (!*domid) {
		ec_diag_set(diag, 0, "domain 0 is the host");
		rc = -EPERM;
	}
	return rc;
}

/* The run of guest @domid, opened if it has no functions yet. Returns its index. */
static int take_guest(struct ec_service *s, uint32_t domid, struct ec_diag *diag)
{
	struct ec_guest **more;
	int i = index_of(s, domid), rc;

	if (i >= 0) {
		rc = ec_guest_check(s->guest[i], diag);
		return rc ? rc : i;
	}
	if (s->n == s->room) {
		more = realloc(s->guest, (s->room * 2 + 4) * sizeof(*more));
		if (!more) {
			ec_diag_set(diag, 0, "out of memory");
			return -ENOMEM;
		}
		s->guest = more;
		s->room = s->room * 2 + 4;
	}
	rc = ec_guest_open(s, domid, s->guest + s->n, diag);
	return rc ? rc : (int)s->n++;
}

/* What the guest's access to the hardware costs is counted. */
static int counted_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct ec_device *d = ctx;

	d->status.hardware_reads++;
	return ec_conf_read(d, offset, len, value);
}

static int counted_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct ec_device *d = ctx;

	d->status.hardware_writes++;
	return ec_conf_write(d, offset, len, value);
}

const struct ec_conf_ops ec_device_conf = { counted_read, counted_write };

static struct ec_device *new_device(struct ec_guest *g, const struct ec_attach_spec *spec)
{
	struct ec_device *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->guest = g;
	d->spec = *spec;
	d->conf.fd = -1;
	d->intx_pirq = -1;
	d->msi.pirq = -1;
	d->function.hw = &ec_device_conf;
	d->function.hw_ctx = d;
	d->sent = EC_SENT_NOWHERE;
	d->status.host = spec->host;
	return d;
}

static int add_device(struct ec_guest *g, const struct ec_attach_spec *spec, struct ec_diag *diag)
{
	struct ec_device *d;
	int rc;

	if (g->n == EC_MACHINE_MAX) {
		ec_diag_set(diag, 0, "a guest has at most %u functions", EC_MACHINE_MAX);
		return -EBUSY;
	}
	d = new_device(g, spec);
	if (!d) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	rc = ec_attach_begin(d, diag);
	if (rc) {
		ec_device_free(d);
		return rc;
	}
	g->device[g->n++] = d;
	ec_placement_tell(g);
	ec_comeback_note(d, d->slot);
	return 0;
}

static const struct ec_guest *holder(const struct ec_service *s, struct ec_sbdf host)
{
	for (unsigned int i = 0; i < s->n; i++)
		for (unsigned int j = 0; j < s->guest[i]->n; j++)
			if (!ec_sbdf_compare(s->guest[i]->device[j]->spec.host, host))
				return s->guest[i];
	return NULL;
}

int ec_service_attach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_guest_status *g, struct ec_function_status *f, struct ec_diag *diag)
{
	const struct ec_guest *has;
	uint32_t domid;
	int i, rc = find_guest(s, guest, &domid, diag);

	if (rc)
		return rc;
	ec_service_reap(s);
	has = holder(s, spec->host);
	if (has) {
		ec_diag_set(diag, 0, "domain %u (%s) has it", has->domid, has->name);
		return -EBUSY;
	}
	i = take_guest(s, domid, diag);
	if (i < 0)
		return i;
	rc = add_device(s->guest[i], spec, diag);
	if (!rc) {
		ec_service_guest(s, (unsigned int)i, g);
		ec_service_function(s, (unsigned int)i, s->guest[i]->n - 1, f);
	} else {
		drop_idle(s, (unsigned int)i);
	}
	return rc;
}

int ec_service_detach(struct ec_service *s, const char *guest, struct ec_sbdf host,
		      struct ec_diag *diag)
{
	char name[EC_SBDF_MAX];
	uint32_t domid;
	int i, rc = find_guest(s, guest, &domid, diag);

	if (rc)
		return rc;
	ec_service_reap(s);
	i = index_of(s, domid);
	for (unsigned int j = 0; i >= 0 && j < s->guest[i]->n; j++) {
		if (ec_sbdf_compare(s->guest[i]->device[j]->spec.host, host))
			continue;
		ec_comeback_forget(s->guest[i]->device[j]);
		rc = drop_device(s->guest[i], j, diag);
		drop_idle(s, (unsigned int)i);
		return rc;
	}
	ec_diag_set(diag, 0, "the guest has no function %s", ec_sbdf_print(host, true, name));
	return -ENOENT;
}

int ec_service_machine(const struct ec_service *s, const char *guest,
		       struct ec_machine_limits *limits, struct ec_machine_function *fn,
		       unsigned int *n, struct ec_diag *diag)
{
	const struct ec_guest *g;
	uint32_t domid;
	int i, rc = s->ports.store->find(s->ports.store_ctx, guest, &domid);

	i = rc ? rc : index_of(s, domid);
	if (i < 0) {
		ec_diag_set(diag, 0, "ecamd serves no guest '%s'", guest);
		return -ENOENT;
	}
	g = s->guest[i];
	*limits = g->limits;
	if (!limits->ecam_buses)
		limits->ecam_buses = ec_placement_buses(g);
	*n = ec_placement_functions(g, fn);
	return 0;
}

unsigned int ec_service_guests(const struct ec_service *s)
{
	return s->n;
}

void ec_service_guest(const struct ec_service *s, unsigned int i, struct ec_guest_status *out)
{
	const struct ec_guest *g = s->guest[i];

	memset(out, 0, sizeof(*out));
	memcpy(out->name, g->name, sizeof(out->name));
	out->domid = g->domid;
	out->device_model = g->info.device_model;
	out->has_ecam = g->window.size;
	out->ecam = g->ecam;
	out->functions = g->n;
}

void ec_service_function(const struct ec_service *s, unsigned int guest, unsigned int i,
			 struct ec_function_status *out)
{
	const struct ec_device *d = s->guest[guest]->device[i];

	*out = d->status;
	out->guest = ec_downstream_at(d);
	out->permissive_writes = d->function.permissive_writes;
}

/* A guest whose events do not work any more is served no longer; the others are. */
static void stop_watching(struct ec_guest *g, int rc)
{
	ec_guest_log(g, "its events fail, it is not served any more: %s", strerror(-rc));
	g->service->ports.watch(g->service->ports.watch_ctx, g->fd, false);
	g->fd = -1;
}

void ec_service_ready(struct ec_service *s, int fd)
{
	for (unsigned int i = 0; i < s->n; i++) {
		struct ec_guest *g = s->guest[i];
		int rc;

		if (g->fd != fd || fd < 0)
			continue;
		rc = s->ports.server->dispatch(g->server, s->ports.spin_ns);
		if (rc)
			stop_watching(g, rc);
		return;
	}
}

unsigned int ec_service_reap(struct ec_service *s)
{
	unsigned int dying = 0;
	struct ec_diag diag;

	for (unsigned int i = 0; i < s->n;) {
		struct ec_guest *g = s->guest[i];

		ec_guest_look(g, false);
		if (!g->gone) {
			dying += g->dead;
			i++;
			continue;
		}
		ec_comeback_died(g);
		while (g->n)
			drop_device(g, g->n - 1, &diag);
		drop_guest(s, i);
	}
	return dying;
}
