/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measures how long a guest waits for configuration reads.
 *
 *   cfgread BDF OFFSET WIDTH COUNT        by sysfs (Linux: CF8 and CFC below 0x100, ECAM above)
 *   cfgread BDF OFFSET WIDTH COUNT ports  by CF8 and CFC, without the kernel
 *   cfgread BDF OFFSET WIDTH COUNT BASE   by an ECAM window of bus 0 at BASE, with /dev/mem
 *
 * Prints the value and the mean microseconds of a read.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static uint32_t by_file(int fd, unsigned offset, unsigned width)
{
	uint32_t value = 0;

	if (pread(fd, &value, width, offset) != (ssize_t)width)
		err(1, "read at %#x", offset);
	return value;
}

static uint32_t by_memory(volatile uint8_t *page, unsigned offset, unsigned width)
{
	switch (width) {
	case 1:
		return page[offset];
	case 2:
		return *(volatile uint16_t *)(page + offset);
	default:
		return *(volatile uint32_t *)(page + offset);
	}
}

static uint32_t by_ports(unsigned devfn, unsigned offset, unsigned width)
{
	unsigned short port = (unsigned short)(0xcfc + (offset & 3));

	outl(0x80000000u | devfn << 8 | (offset & 0xfc), 0xcf8);
	switch (width) {
	case 1:
		return inb(port);
	case 2:
		return inw(port);
	default:
		return inl(port);
	}
}

struct request {
	unsigned devfn, offset, width, count;
	int fd;
	volatile uint8_t *page; /* NULL: by the file or the ports */
	int ports;
};

static void open_way(struct request *r, const char *bdf, const char *way)
{
	char path[80];

	r->ports = way && !strcmp(way, "ports");
	if (r->ports) {
		if (iopl(3))
			err(1, "iopl");
		return;
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", bdf);
	r->fd = open(way ? "/dev/mem" : path, O_RDONLY | O_SYNC);
	if (r->fd < 0)
		err(1, "open");
	if (!way)
		return;
	r->page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, r->fd,
		       (off_t)(strtoull(way, NULL, 0) + (r->devfn << 12)));
	if (r->page == MAP_FAILED)
		err(1, "mmap");
}

static uint32_t read_once(const struct request *r)
{
	if (r->ports)
		return by_ports(r->devfn, r->offset, r->width);
	return r->page ? by_memory(r->page, r->offset, r->width)
		       : by_file(r->fd, r->offset, r->width);
}

int main(int argc, char **argv)
{
	struct request r = { .page = NULL };
	unsigned bus, dev, fn;
	uint32_t value = 0;
	double start;

	if (argc < 5 || sscanf(argv[1], "0000:%x:%x.%x", &bus, &dev, &fn) != 3)
		errx(2, "usage: cfgread BDF OFFSET WIDTH COUNT [ports|BASE]");
	r.devfn = dev << 3 | fn;
	r.offset = (unsigned)strtoul(argv[2], NULL, 0);
	r.width = (unsigned)strtoul(argv[3], NULL, 0);
	r.count = (unsigned)strtoul(argv[4], NULL, 0);
	open_way(&r, argv[1], argc > 5 ? argv[5] : NULL);
	start = now();
	for (unsigned i = 0; i < r.count; i++)
		value = read_once(&r);
	printf("%#x %.1f\n", value, (now() - start) / r.count);
	return 0;
}
