/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_kernel.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH 512
#define FAULTS 4

static struct {
	bool running;
	char root[PATH_MAX];
	const char *native;
	struct fake_fault fault[FAULTS];
	unsigned int faults;
	char log[4096];
	unsigned int descriptors;
} k;

static unsigned int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	ck_assert(dir != NULL);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

void fake_kernel_start(const struct sysfs *s, const char *native)
{
	memset(&k, 0, sizeof(k));
	/* the path of a descriptor has no symbolic links */
	ck_assert(realpath(s->root, k.root) != NULL);
	k.native = native;
	k.descriptors = open_descriptors();
	k.running = true;
}

void fake_kernel_stop(void)
{
	k.running = false;
	ck_assert_uint_eq(open_descriptors(), k.descriptors);
}

void fake_kernel_driver(struct sysfs *s, const char *driver)
{
	char file[PATH];

	snprintf(file, sizeof(file), "bus/pci/drivers/%s/bind", driver);
	sysfs_file(s, "", file, "");
	snprintf(file, sizeof(file), "bus/pci/drivers/%s/unbind", driver);
	sysfs_file(s, "", file, "");
}

void fake_kernel_fault(struct fake_fault fault)
{
	ck_assert_uint_lt(k.faults, FAULTS);
	if (fault.file)
		k.fault[k.faults++] = fault;
}

const char *fake_kernel_log(void)
{
	return k.log;
}

static void path_of(char path[2 * PATH_MAX], const char *name, const char *file)
{
	snprintf(path, 2 * PATH_MAX, "%s/bus/pci/devices/%s/%s", k.root, name, file);
}

void fake_kernel_bind(const char *name, const char *driver)
{
	char path[2 * PATH_MAX], target[2 * PATH_MAX];

	path_of(path, name, "driver");
	unlink(path);
	snprintf(target, sizeof(target), "../../../bus/pci/drivers/%s", driver ? driver : "");
	if (driver)
		ck_assert_int_eq(symlink(target, path), 0);
}

const char *fake_kernel_bound(const char *name)
{
	static char target[2 * PATH_MAX];
	char path[2 * PATH_MAX];
	ssize_t n;

	path_of(path, name, "driver");
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return "";
	target[n] = 0;
	return strrchr(target, '/') + 1;
}

static bool exists(const char *dir, const char *name)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/bus/pci/%s/%s", k.root, dir, name);
	return !access(path, F_OK);
}

const char *fake_kernel_override(const char *name)
{
	static char text[PATH];
	char path[2 * PATH_MAX];
	FILE *f;

	path_of(path, name, "driver_override");
	f = fopen(path, "re");
	if (!f)
		return "";
	if (!fgets(text, sizeof(text), f))
		*text = 0;
	text[strcspn(text, "\n")] = 0;
	fclose(f);
	return text;
}

static int set_override(const char *name, const char *text)
{
	char path[2 * PATH_MAX];
	int n = (int)strcspn(text, "\n");
	FILE *f;

	path_of(path, name, "driver_override");
	f = fopen(path, "we");
	ck_assert(f != NULL);
	fprintf(f, "%.*s\n", n ? n : 6, n ? text : "(null)");
	ck_assert_int_eq(fclose(f), 0);
	return 0;
}

/* Whether @driver matches the function. */
static bool matches(const char *driver, const char *name)
{
	const char *override = fake_kernel_override(name);

	if (strcmp(override, "(null)") != 0)
		return !strcmp(override, driver);
	return strcmp(driver, "pciback") != 0 && strcmp(driver, "pci-stub") != 0;
}

static int bind_to(const char *driver, const char *name)
{
	if (!exists("devices", name) || !matches(driver, name))
		return ENODEV;
	if (*fake_kernel_bound(name))
		return EBUSY;
	fake_kernel_bind(name, driver);
	return 0;
}

static int unbind(const char *driver, const char *name)
{
	if (!exists("devices", name) || strcmp(fake_kernel_bound(name), driver) != 0)
		return ENODEV;
	fake_kernel_bind(name, NULL);
	return 0;
}

static int probe(const char *name)
{
	const char *driver = fake_kernel_override(name);

	if (!exists("devices", name))
		return ENODEV;
	if (!strcmp(driver, "(null)"))
		driver = k.native;
	if (driver && !*fake_kernel_bound(name) && exists("drivers", driver))
		fake_kernel_bind(name, driver);
	return 0;
}

/* @owner: the driver or function of attribute @file. Returns 0 or an errno. */
static int act(const char *owner, const char *file, const char *text)
{
	if (!strcmp(file, "drivers_probe"))
		return probe(text);
	if (!strcmp(file, "bind"))
		return bind_to(owner, text);
	if (!strcmp(file, "unbind"))
		return unbind(owner, text);
	return strcmp(file, "driver_override") ? 0 : set_override(owner, text);
}

static void remove_function(const char *name)
{
	char path[2 * PATH_MAX];

	path_of(path, name, "");
	path[strlen(path) - 1] = 0;
	ck_assert_int_eq(unlink(path), 0);
}

static int written(const char *owner, const char *file, const char *text)
{
	bool driver = !strcmp(file, "bind") || !strcmp(file, "unbind");
	char name[2 * PATH_MAX];
	size_t n = strlen(k.log);

	snprintf(name, sizeof(name), "%s%s%s", driver ? owner : "", driver ? "/" : "", file);
	snprintf(k.log + n, sizeof(k.log) - n, "%s %s;", name,
		 strcmp(text, "\n") != 0 ? text : "\\n");
	for (unsigned int i = 0; i < k.faults; i++) {
		const struct fake_fault *f = &k.fault[i];

		if (strcmp(f->file, name) != 0)
			continue;
		if (f->done)
			act(owner, file, text);
		if (f->driver)
			fake_kernel_bind(text, f->driver);
		if (f->gone)
			remove_function(text);
		return f->error;
	}
	return act(owner, file, text);
}

/* Whether @fd is an attribute of the tree that has an effect. Splits its path. */
static bool is_acting(int fd, char path[PATH], const char **owner, const char **file)
{
	static const char *const files[] = { "drivers_probe",   "bind",  "unbind",
					     "driver_override", "reset", "reset_method" };
	char self[64], *last;
	ssize_t n;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	n = readlink(self, path, PATH - 1);
	if (n < 0)
		return false;
	path[n] = 0;
	last = strrchr(path, '/');
	if (strncmp(path, k.root, strlen(k.root)) != 0 || !last)
		return false;
	*last = 0;
	*file = last + 1;
	*owner = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	for (unsigned int i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (!strcmp(*file, files[i]))
			return true;
	}
	return false;
}

/* Replaces write(2) in the program; the C library's own calls, as in fwrite(3), are not affected.
 */
ssize_t write(int fd, const void *bytes, size_t len)
{
	char path[PATH], text[PATH];
	const char *owner, *file;
	int rc;

	if (!k.running || !is_acting(fd, path, &owner, &file))
		return syscall(SYS_write, fd, bytes, len);
	ck_assert_uint_lt(len, sizeof(text));
	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)bytes);
	/* a write of 0 bytes does not reach an attribute */
	rc = len ? written(owner, file, text) : 0;
	if (rc) {
		errno = rc;
		return -1;
	}
	return (ssize_t)len;
}
