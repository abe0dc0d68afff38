/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other functions of the machine: who shares an interrupt line or a page with one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "host/device_sysfs_file.h"

#define RESOURCE_MEM 0x00000200u      /* Linux ioport.h */
#define IRQ_NOT_CONNECTED (1ul << 31) /* Linux interrupt.h: a pin that is routed nowhere */
#define INTERRUPT_PIN 0x3d
#define PAGE 4096u

struct pages {
	unsigned long long first, last;
};
/* The lowest of the other functions that @shares; the first in no order would not be the same. */
static int find_other(void *ctx, struct ec_sbdf at,
		      bool (*shares)(const struct ec_sysfs_function *f, const void *arg),
		      const void *arg, struct ec_sbdf *other)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	int rc = 0, fd = ec_sysfs_open_in(O_RDONLY | O_DIRECTORY, f.root, "devices", "", "");
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	struct ec_sbdf one;

	if (!dir)
		return ec_sysfs_exists(fd) ? -ENOMEM : fd;
	while ((e = readdir(dir))) {
		if (ec_sbdf_parse(e->d_name, &one) || !ec_sbdf_compare(one, at) ||
		    (rc && ec_sbdf_compare(one, *other) > 0))
			continue;
		f = ec_sysfs_function_at(ctx, one);
		if (shares(&f, arg)) {
			*other = one;
			rc = 1;
		}
	}
	closedir(dir);
	return rc;
}

/* The interrupt line, 0: none. While MSI is enabled it is MSI's, which nobody shares. */
static unsigned long irq_of(const struct ec_sysfs_function *f)
{
	char text[32];
	unsigned long irq = 0;

	ec_sysfs_get(ec_sysfs_open(f, "irq", O_RDONLY), text, sizeof(text));
	sscanf(text, "%lu", &irq);
	return irq < IRQ_NOT_CONNECTED ? irq : 0;
}

/* Which pin the function interrupts by, 0: none; or a negative errno. */
static int pin_of(const struct ec_sysfs_function *f)
{
	char header[64 + 1];
	int rc = ec_sysfs_get(ec_sysfs_open(f, "config", O_RDONLY), header, sizeof(header));

	return rc < 0 ? rc : rc == 64 ? (uint8_t)header[INTERRUPT_PIN] : -EIO;
}

/*
 * One with a pin may pull the line, if not now then when a driver comes, and one whose pin is not
 * known too. What a stub holds is quiet: pciback disables the function, pci-stub never enables it.
 */
static bool on_line(const struct ec_sysfs_function *f, const void *arg)
{
	const unsigned long *irq = arg;
	char driver[EC_DRIVER_MAX];

	if (irq_of(f) != *irq)
		return false;
	ec_sysfs_driver(f, driver);
	return strcmp(driver, EC_SYSFS_PCIBACK) != 0 && strcmp(driver, EC_SYSFS_PCI_STUB) != 0 &&
	       pin_of(f) != 0;
}

int ec_sysfs_shares_irq(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	unsigned long irq = irq_of(&f);
	int pin = pin_of(&f);

	return pin > 0 && irq ? find_other(ctx, at, on_line, &irq, other) : pin < 0 ? pin : 0;
}

/* First and last page of the memory BARs among the first @bars; what is none has last 0. */
static int pages_of(const struct ec_sysfs_function *f, unsigned int bars,
		    struct pages page[EC_BAR_MAX])
{
	char text[1024], *line = text;
	int rc = ec_sysfs_get(ec_sysfs_open(f, "resource", O_RDONLY), text, sizeof(text));

	memset(page, 0, EC_BAR_MAX * sizeof(*page));
	for (unsigned int i = 0; i < bars && *line; i++) {
		unsigned long long start, end, flags;

		if (sscanf(line, "%llx %llx %llx", &start, &end, &flags) == 3 &&
		    flags & RESOURCE_MEM && start && end >= start)
			page[i] = (struct pages){ start / PAGE, end / PAGE };
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return rc < 0 ? rc : 0;
}

/* What lies behind the BARs and the ROM are bridges' windows and a PF's share for its VFs. */
static bool on_page(const struct ec_sysfs_function *f, const void *arg)
{
	const struct pages *mine = arg;
	struct pages its[EC_BAR_MAX];
	int rc = pages_of(f, EC_BAR_MAX, its);

	for (unsigned int i = 0; !rc && i < EC_BAR_MAX * EC_BAR_MAX; i++) {
		const struct pages *a = &mine[i / EC_BAR_MAX], *b = &its[i % EC_BAR_MAX];

		if (a->last && b->last && a->first <= b->last && b->first <= a->last)
			return true;
	}
	/* one that was just removed has no pages; of any other unknown ones count */
	return rc && rc != -ENOENT;
}

int ec_sysfs_shares_page(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct pages mine[EC_BAR_MAX];
	int rc = pages_of(&f, EC_BAR_MAX, mine);

	return rc ? rc : find_other(ctx, at, on_page, mine, other);
}
