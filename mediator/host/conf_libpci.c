/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/conf_libpci.h"

#include <errno.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/bits.h"

struct ec_libpci_function {
	struct pci_dev *dev;
};

struct ec_libpci {
	struct pci_access *access;
	struct ec_libpci_function *fn;
	unsigned int n;
};

/* libpci's error callback must not return, and a service must not exit: fail() jumps. */
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

/* Results show what libpci warns of, such as a file that only root may open. */
static void quiet(char *fmt, ...)
{
	(void)fmt;
}

struct ec_sbdf ec_libpci_address(const struct ec_libpci_function *f)
{
	return (struct ec_sbdf){ .segment = (uint32_t)f->dev->domain,
				 .bus = f->dev->bus,
				 .devfn = (uint8_t)(f->dev->dev << 3 | f->dev->func) };
}

static int compare(const void *a, const void *b)
{
	return ec_sbdf_compare(ec_libpci_address(a), ec_libpci_address(b));
}

/* Returns false if libpci called fail(). */
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

struct ec_libpci *ec_libpci_open(const char *sysfs, struct ec_diag *diag)
{
	struct ec_libpci *m = calloc(1, sizeof(*m));

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
		ec_libpci_close(m);
		return NULL;
	}
	m->n = 0;
	for (struct pci_dev *d = m->access->devices; d; d = d->next)
		m->fn[m->n++].dev = d;
	qsort(m->fn, m->n, sizeof(*m->fn), compare);
	return m;
}

void ec_libpci_close(struct ec_libpci *m)
{
	if (!m)
		return;
	pci_cleanup(m->access);
	free(m->fn);
	free(m);
}

unsigned int ec_libpci_count(const struct ec_libpci *m)
{
	return m->n;
}

struct ec_libpci_function *ec_libpci_at(struct ec_libpci *m, unsigned int i)
{
	return m->fn + i;
}

/* libpci calls fail() for a function that was removed. */
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
	struct ec_libpci_function *f = ctx;
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
