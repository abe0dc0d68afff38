/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/conf_libpci.h"

#include <errno.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/bits.h"

struct ec_machine_function {
	struct pci_dev *dev;
};

struct ec_machine {
	struct pci_access *access;
	struct ec_machine_function *fn;
	unsigned int n;
};

/* libpci's error callback must not return, and a service must not exit: it jumps back here. */
static _Thread_local jmp_buf on_error;
static _Thread_local struct ec_diag *error_diag;

static void __attribute__((noreturn)) fail(char *fmt, ...)
{
	char text[EC_DIAG_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ec_diag_set(error_diag, 0, "%s", text);
	longjmp(on_error, 1);
}

/* What libpci warns of, such as a file that only root may open, shows in what is returned. */
static void quiet(char *fmt, ...)
{
	(void)fmt;
}

struct ec_sbdf ec_machine_address(const struct ec_machine_function *f)
{
	return (struct ec_sbdf){ .segment = (uint32_t)f->dev->domain,
				 .bus = f->dev->bus,
				 .devfn = (uint8_t)(f->dev->dev << 3 | f->dev->func) };
}

static int compare(const void *a, const void *b)
{
	return ec_sbdf_compare(ec_machine_address(a), ec_machine_address(b));
}

/* Scans; returns false after fail() was called. */
static bool scan(struct pci_access *access, const char *sysfs, struct ec_diag *diag)
{
	char path[512];

	error_diag = diag;
	if (setjmp(on_error))
		return false;
	snprintf(path, sizeof(path), "%s/bus/pci", sysfs);
	access->error = fail;
	access->warning = quiet;
	access->debug = quiet;
	access->method = PCI_ACCESS_SYS_BUS_PCI;
	pci_set_param(access, "sysfs.path", path);
	pci_init(access);
	pci_scan_bus(access);
	return true;
}

struct ec_machine *ec_machine_open(const char *sysfs, struct ec_diag *diag)
{
	struct ec_machine *m = calloc(1, sizeof(*m));

	ec_diag_set(diag, 0, "out of memory");
	if (!m)
		return NULL;
	m->access = pci_alloc();
	if (!scan(m->access, sysfs, diag)) {
		pci_cleanup(m->access);
		free(m);
		return NULL;
	}
	for (struct pci_dev *d = m->access->devices; d; d = d->next)
		m->n++;
	m->fn = calloc(m->n + 1, sizeof(*m->fn));
	if (!m->fn) {
		ec_machine_close(m);
		return NULL;
	}
	m->n = 0;
	for (struct pci_dev *d = m->access->devices; d; d = d->next)
		m->fn[m->n++].dev = d;
	qsort(m->fn, m->n, sizeof(*m->fn), compare);
	return m;
}

void ec_machine_close(struct ec_machine *m)
{
	if (!m)
		return;
	pci_cleanup(m->access);
	free(m->fn);
	free(m);
}

unsigned int ec_machine_count(const struct ec_machine *m)
{
	return m->n;
}

struct ec_machine_function *ec_machine_at(struct ec_machine *m, unsigned int i)
{
	return m->fn + i;
}

/* Opening the file of a function that went away is an error to libpci. */
static int __attribute__((noinline)) read_block(struct pci_dev *dev, int offset, u8 *bytes, int len)
{
	struct ec_diag ignored;

	error_diag = &ignored;
	if (setjmp(on_error))
		return -ENODEV;
	return pci_read_block(dev, offset, bytes, len) ? 0 : -EACCES;
}

static int read_libpci(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct ec_machine_function *f = ctx;
	u8 bytes[4];
	int rc = read_block(f->dev, (int)offset, bytes, (int)len);

	if (!rc)
		*value = (uint32_t)ec_get_le(bytes, len);
	return rc;
}

static int write_libpci(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	(void)value;
	return -EPERM;
}

const struct ec_conf_ops ec_conf_libpci_ops = { .read = read_libpci, .write = write_libpci };
