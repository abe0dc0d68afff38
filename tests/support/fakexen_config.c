/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses to configuration spaces, passed to the test that plays the hardware. They are made with
 * pread(2) and pwrite(2), which this file replaces in the test program.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/bits.h"
#include "fakexen_state.h"

static struct fakexen *watched;
static fakexen_watcher *watcher;

void fakexen_watch(struct fakexen *f, fakexen_watcher *fn)
{
	watched = fn ? f : NULL;
	watcher = fn;
}

/* The function whose configuration space @fd refers to; NULL: none. */
static struct fx_device *device_of(int fd)
{
	struct stat own, other;

	if (!watcher || fstat(fd, &own))
		return NULL;
	for (unsigned int i = 0; i < watched->devices; i++)
		if (watched->device[i].fd != fd && !fstat(watched->device[i].fd, &other) &&
		    own.st_dev == other.st_dev && own.st_ino == other.st_ino)
			return watched->device + i;
	return NULL;
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
	const struct fx_device *d = n <= 4 ? device_of(fd) : NULL;

	if (d)
		watcher(&(struct fakexen_access){
			.at = d->at, .offset = (uint32_t)at, .len = (unsigned int)n });
	return syscall(SYS_pread64, fd, buf, n, at);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t at)
{
	const struct fx_device *d = n <= 4 ? device_of(fd) : NULL;
	ssize_t rc = syscall(SYS_pwrite64, fd, buf, n, at);

	if (d && rc == (ssize_t)n)
		watcher(&(struct fakexen_access){
			.at = d->at,
			.offset = (uint32_t)at,
			.len = (unsigned int)n,
			.write = true,
			.value = (uint32_t)ec_get_le(buf, (unsigned int)n) });
	return rc;
}
