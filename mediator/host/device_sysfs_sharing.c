/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs_sharing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "host/device_sysfs_file.h"

#define RESOURCE_MEM 0x00000200u      /* Linux ioport.h */
#define IRQ_NOT_CONNECTED (1ul << 31) /* Linux interrupt.h: a pin that is routed nowhere */
/* what the kernel gives any opener of a `config` file */
#define HEADER_SIZE 64
#define PAGE 4096u

/* Pages of a BAR; last 0: none. */
struct pages {
	unsigned long long first, last;
};

/* Finds the lowest other function for which @shares is true: readdir(3) has no stable order. */
static int find_other(const char *root, struct ec_sbdf at,
		      bool (*shares)(const struct ec_sysfs_function *f, const void *arg),
		      const void *arg, struct ec_sbdf *other)
{
	int rc = 0, fd = ec_sysfs_open_in(O_RDONLY | O_DIRECTORY, root, "devices", "", "");
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct ec_sysfs_function f;
	struct ec_sbdf one;
	struct dirent *e;

	if (!dir)
		return ec_sysfs_exists(fd) ? -ENOMEM : fd;
	while ((e = readdir(dir))) {
		if (ec_sbdf_parse(e->d_name, &one) || !ec_sbdf_compare(one, at) ||
		    (rc && ec_sbdf_compare(one, *other) > 0))
			continue;
		f = ec_sysfs_function_at(root, one);
		if (shares(&f, arg)) {
			*other = one;
			rc = 1;
		}
	}
	closedir(dir);
	return rc;
}

/* The interrupt line; 0: none. While MSI is enabled it is MSI's, which is never shared. */
static unsigned long irq_of(const struct ec_sysfs_function *f)
{
	char text[32];
	unsigned long irq = 0;

	ec_sysfs_get(ec_sysfs_open(f, "irq", O_RDONLY), text, sizeof(text));
	sscanf(text, "%lu", &irq);
	return irq < IRQ_NOT_CONNECTED ? irq : 0;
}

/* The interrupt pin; 0: none; or a negative errno. */
static int pin_of(const struct ec_sysfs_function *f)
{
	char header[HEADER_SIZE + 1];
	int rc = ec_sysfs_get(ec_sysfs_open(f, "config", O_RDONLY), header, sizeof(header));

	return rc < 0 ? rc : rc == HEADER_SIZE ? (uint8_t)header[PCI_INTERRUPT_PIN] : -EIO;
}

/*
 * A function with a pin may raise the line, now or when a driver binds; so may one whose pin cannot
 * be read. One that a stub holds does not: pciback disables it, pci-stub never enables it.
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

int ec_sysfs_shares_irq(const char *root, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(root, at);
	unsigned long irq = irq_of(&f);
	int pin = pin_of(&f);

	if (pin <= 0)
		return pin;
	return irq ? find_other(root, at, on_line, &irq, other) : 0;
}

/* Pages of all memory BARs and of the ROM. */
static int pages_of(const struct ec_sysfs_function *f, struct pages page[EC_BAR_MAX])
{
	char text[1024], *line = text;
	int rc = ec_sysfs_get(ec_sysfs_open(f, "resource", O_RDONLY), text, sizeof(text));

	memset(page, 0, EC_BAR_MAX * sizeof(*page));
	for (unsigned int i = 0; i < EC_BAR_MAX && *line; i++) {
		unsigned long long start, end, flags;

		if (sscanf(line, "%llx %llx %llx", &start, &end, &flags) == 3 &&
		    flags & RESOURCE_MEM && start && end >= start)
			page[i] = (struct pages){ start / PAGE, end / PAGE };
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return rc < 0 ? rc : 0;
}

/* Only BARs and ROM count: the lines after them are bridge windows and a PF's BARs for its VFs. */
static bool on_page(const struct ec_sysfs_function *f, const void *arg)
{
	const struct pages *mine = arg;
	struct pages its[EC_BAR_MAX];
	int rc = pages_of(f, its);

	for (unsigned int i = 0; !rc && i < EC_BAR_MAX * EC_BAR_MAX; i++) {
		const struct pages *a = &mine[i / EC_BAR_MAX], *b = &its[i % EC_BAR_MAX];

		if (a->last && b->last && a->first <= b->last && b->first <= a->last)
			return true;
	}
	/* a function that was just removed has no pages; unknown pages of any other one count */
	return rc && rc != -ENOENT;
}

int ec_sysfs_shares_page(const char *root, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(root, at);
	struct pages mine[EC_BAR_MAX];
	int rc = pages_of(&f, mine);

	return rc ? rc : find_other(root, at, on_page, mine, other);
}
