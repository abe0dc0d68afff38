/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct ec_sysfs_function ec_sysfs_function_at(const char *root, struct ec_sbdf at)
{
	struct ec_sysfs_function f = { .root = root };

	ec_sbdf_print(at, true, f.address);
	return f;
}

int ec_sysfs_open_in(int flags, const char *root, const char *dir, const char *name,
		     const char *file)
{
	char path[PATH_MAX];
	int fd, n = snprintf(path, sizeof(path), "%s/bus/pci/%s/%s/%s", root, dir, name, file);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int ec_sysfs_open(const struct ec_sysfs_function *f, const char *name, int flags)
{
	return ec_sysfs_open_in(flags, f->root, "devices", f->address, name);
}

bool ec_sysfs_exists(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* One call: an attribute takes a text whole or not at all. */
int ec_sysfs_put(int fd, const char *text)
{
	int rc = fd;

	if (fd >= 0) {
		rc = write(fd, text, strlen(text)) < 0 ? -errno : 0;
		close(fd);
	}
	return rc;
}

int ec_sysfs_get(int fd, char *text, size_t size)
{
	int len = fd;

	if (fd >= 0) {
		len = (int)read(fd, text, size - 1);
		len = len < 0 ? -errno : len;
		close(fd);
	}
	text[len < 0 ? 0 : len] = 0;
	return len;
}

int ec_sysfs_driver(const struct ec_sysfs_function *f, char out[EC_DRIVER_MAX])
{
	int fd = ec_sysfs_open(f, "", O_PATH | O_DIRECTORY);
	char target[PATH_MAX];
	const char *name;
	ssize_t n;

	*out = 0;
	if (fd < 0)
		return fd;
	n = readlinkat(fd, "driver", target, sizeof(target) - 1);
	n = n < 0 ? -errno : n;
	close(fd);
	if (n < 0)
		return n == -ENOENT ? 0 : (int)n;
	target[n] = 0;
	name = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	if (strlen(name) >= EC_DRIVER_MAX)
		return -ENAMETOOLONG;
	strcpy(out, name);
	return 0;
}
