/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/bits.h"
#include "host/device_sysfs_file.h"

#define PAGE 4096u

/* How a call went: its first failure, told in @diag. */
struct outcome {
	int rc;
	struct ec_diag *diag;
};

/* Take @rc into account; the text says what failed, if it is a failure. Returns @rc. */
static int __attribute__((format(printf, 3, 4)))
check(struct outcome *o, int rc, const char *fmt, ...)
{
	char text[EC_DIAG_MAX];
	va_list args;

	if (!rc || o->rc)
		return rc;
	o->rc = rc;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ec_diag_set(o->diag, 0, "%s: %s", text, strerror(-rc));
	return rc;
}

static int override_of(const struct ec_sysfs_function *f, char out[EC_DRIVER_MAX])
{
	char text[EC_DRIVER_MAX + 1];
	int len = ec_sysfs_get(ec_sysfs_open(f, "driver_override", O_RDONLY), text, sizeof(text));

	text[strcspn(text, "\n")] = 0;
	if (len < 0)
		return len == -ENOENT ? -EOPNOTSUPP : len; /* -ENOENT is for the function */
	if (strlen(text) >= EC_DRIVER_MAX)
		return -ENAMETOOLONG;
	/* how the kernel prints that there is none */
	strcpy(out, strcmp(text, "(null)") != 0 ? text : "");
	return 0;
}

/* "" clears it. That takes a newline: a write of no bytes never reaches the kernel's code. */
static int set_override(const struct ec_sysfs_function *f, const char *driver)
{
	return ec_sysfs_put(ec_sysfs_open(f, "driver_override", O_WRONLY), *driver ? driver : "\n");
}

/* Write the address to "bind" or "unbind" of a driver, which a driver may not have. */
static int tell_driver(const struct ec_sysfs_function *f, const char *driver, const char *file)
{
	int rc = ec_sysfs_put(ec_sysfs_open_in(O_WRONLY, f->root, "drivers", driver, file),
			      f->address);

	return rc == -ENOENT ? -EOPNOTSUPP : rc;
}

/* Let the kernel look for a driver. What came of it only the driver's link tells. */
static int probe(const struct ec_sysfs_function *f)
{
	return ec_sysfs_put(ec_sysfs_open_in(O_WRONLY, f->root, "", "", "drivers_probe"),
			    f->address);
}

/* @want must have it now; NULL: any driver. */
static void check_driver(const struct ec_sysfs_function *f, const char *want, struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	int rc = ec_sysfs_driver(f, now);

	if (!rc && (want ? strcmp(now, want) != 0 : !*now))
		rc = want ? -EBUSY : -ENODEV;
	check(o, rc, "%s was to take it, %s did", want ? want : "a driver", *now ? now : "none");
}

/*
 * Make driver_override and the driver what they were, whatever they are now. One that is neither
 * the old driver nor the stub was bound by somebody else on purpose, unless @any: while we took.
 */
static void put_back(const struct ec_sysfs_function *f, const struct ec_taken *t, bool any,
		     struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	bool gone;
	int rc;

	/* before the driver: the kernel binds no other than driver_override says */
	check(o, set_override(f, t->override), "driver_override is not restored");
	check(o, ec_sysfs_driver(f, now), "its driver is not known");
	if (!strcmp(now, t->driver))
		return;
	if (*now && !any && strcmp(now, t->stub) != 0) {
		check(o, -EBUSY, "%s has it now, not %s, and keeps it", now, t->stub);
		return;
	}
	if (*now)
		check(o, tell_driver(f, now, "unbind"), "%s does not let go of it", now);
	if (!*t->driver)
		return;
	/* tried whatever failed: what a broken host says and what it did are two things */
	gone = !ec_sysfs_exists(ec_sysfs_open_in(O_PATH, f->root, "drivers", t->driver, "bind"));
	rc = gone ? probe(f) : tell_driver(f, t->driver, "bind");
	if (!check(o, rc, "%s does not take it back", t->driver))
		check_driver(f, gone ? NULL : t->driver, o);
}

/* Bounded: a modprobe that hangs must not take the service with it. Anybody may reap it. */
static void load_pci_stub(void)
{
	char *argv[] = { "modprobe", "pci-stub", NULL };
	pid_t pid;

	/* no search by PATH: a service's environment is not to choose what root runs */
	if (posix_spawn(&pid, "/sbin/modprobe", NULL, NULL, argv, environ))
		return;
	for (unsigned int i = 0; i <= 500 && !waitpid(pid, NULL, WNOHANG); i++) {
		if (i == 499)
			kill(pid, SIGKILL);
		usleep(10000);
	}
}

static bool has_driver(const char *root, const char *driver)
{
	return ec_sysfs_exists(ec_sysfs_open_in(O_PATH | O_DIRECTORY, root, "drivers", driver, ""));
}

/* Which of the stubs there is; NULL: none. */
static const char *choose_stub(const char *root)
{
	if (has_driver(root, EC_SYSFS_PCIBACK))
		return EC_SYSFS_PCIBACK;
	if (!has_driver(root, EC_SYSFS_PCI_STUB) && !strcmp(root, "/sys"))
		load_pci_stub();
	return has_driver(root, EC_SYSFS_PCI_STUB) ? EC_SYSFS_PCI_STUB : NULL;
}

static void hand_over(const struct ec_sysfs_function *f, const struct ec_taken *t,
		      struct outcome *o)
{
	if (*t->driver)
		check(o, tell_driver(f, t->driver, "unbind"), "%s does not let go of it",
		      t->driver);
	if (!o->rc && !check(o, probe(f), "%s does not take it", t->stub))
		check_driver(f, t->stub, o);
}

static int take(void *ctx, struct ec_sbdf at, struct ec_taken *t, struct ec_diag *diag)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct ec_diag why, left = { .text = "" };
	struct outcome o = { .diag = &why }, undoing = { .diag = &left };
	const char *stub;

	memset(t, 0, sizeof(*t));
	check(&o, ec_sysfs_driver(&f, t->driver), "its driver is not known");
	stub = o.rc ? NULL : choose_stub(f.root);
	if (stub)
		check(&o, override_of(&f, t->override), "its driver_override is not known");
	else
		check(&o, -ENODEV,
		      "neither " EC_SYSFS_PCIBACK " nor " EC_SYSFS_PCI_STUB
		      " is loaded to hold it");
	strcpy(t->stub, stub ? stub : "");
	t->was_held = !o.rc && !strcmp(t->driver, t->stub);
	if (!o.rc && !t->was_held &&
	    !check(&o, set_override(&f, stub), "driver_override is not set to %s", stub)) {
		hand_over(&f, t, &o);
		if (o.rc)
			put_back(&f, t, true, &undoing);
	}
	if (o.rc)
		ec_diag_set(diag, 0, "%.130s%s%.90s", why.text,
			    undoing.rc ? "; and it is not as before: " : "", left.text);
	return o.rc;
}

static int give_back(void *ctx, struct ec_sbdf at, const struct ec_taken *t, struct ec_diag *diag)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct outcome o = { .diag = diag };
	const char *const names[] = { t->driver, t->stub, t->override };

	if (t->was_held)
		return 0;
	/* what is remembered may come from a file: it must not lead out of the drivers' folder */
	for (unsigned int i = 0; i < 3; i++) {
		if (!memchr(names[i], 0, EC_DRIVER_MAX) || strchr(names[i], '/'))
			return check(&o, -EINVAL, "what had it is no driver's name");
	}
	put_back(&f, t, false, &o);
	return o.rc;
}

/* Some of the methods alone: the kernel's list is as before afterwards. */
static int reset_by(const struct ec_sysfs_function *f, const char *methods, const char *all,
		    struct outcome *o)
{
	if (check(o, ec_sysfs_put(ec_sysfs_open(f, "reset_method", O_WRONLY), methods),
		  "the kernel does not take the reset methods %s", methods))
		return o->rc;
	check(o, ec_sysfs_put(ec_sysfs_open(f, "reset", O_WRONLY), "1"), "its reset failed (%s)",
	      methods);
	check(o, ec_sysfs_put(ec_sysfs_open(f, "reset_method", O_WRONLY), all),
	      "its reset methods are not set back to %s", all);
	return o->rc;
}

static int reset(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct outcome o = { .diag = diag };
	char all[128];
	int len;

	if (!ec_sysfs_exists(ec_sysfs_open(&f, "", O_PATH)))
		return check(&o, -ENOENT, "it cannot be reset");
	/* kernels before 5.15 list none; there the attribute alone tells that there is a way */
	len = ec_sysfs_get(ec_sysfs_open(&f, "reset_method", O_RDONLY), all, sizeof(all));
	all[strcspn(all, "\n")] = 0;
	if (!ec_sysfs_exists(ec_sysfs_open(&f, "reset", O_PATH)) || (len >= 0 && !*all))
		return check(&o, -ENOTTY, "the kernel knows no way to reset it");
	if (methods)
		return reset_by(&f, methods, all, &o);
	return check(&o, ec_sysfs_put(ec_sysfs_open(&f, "reset", O_WRONLY), "1"),
		     "its reset failed (%s)", *all ? all : "methods not listed");
}

static int open_config(void *ctx, struct ec_sbdf at, struct ec_diag *diag)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct outcome o = { .diag = diag };
	int fd = ec_sysfs_open(&f, "config", O_RDWR);
	char bytes[4], state[128];

	if (fd < 0)
		return check(&o, fd, "its configuration space cannot be opened");
	/* the kernel cuts what an opener without privilege reads: it gives no error */
	if (pread(fd, bytes, sizeof(bytes), 0x40) != sizeof(bytes))
		check(&o, -EACCES, "its configuration space is cut, as without CAP_SYS_ADMIN");
	/* reading goes on when a kernel is locked down, so only this tells that writing fails */
	if (ec_sysfs_get(ec_sysfs_open_in(O_RDONLY, f.root, "../..", "kernel/security", "lockdown"),
			 state, sizeof(state)) > 0 &&
	    !strstr(state, "[none]"))
		check(&o, -EACCES, "the kernel is locked down: no configuration writes");
	if (o.rc)
		close(fd);
	return o.rc ? o.rc : fd;
}

static int map_bar(void *ctx, struct ec_sbdf at, const struct ec_bar_part *part, void **out,
		   struct ec_diag *diag)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	struct outcome o = { .diag = diag };
	char name[] = "resource0";
	struct stat st;
	int fd, rc = -EINVAL;

	if (part->bar >= EC_BAR_ROM || !part->len || part->offset % PAGE || part->len % PAGE)
		return check(&o, rc, "no whole pages of BAR 0 to 5");
	name[sizeof(name) - 2] += (char)part->bar;
	fd = ec_sysfs_open(&f, name, O_RDWR | O_SYNC);
	if (fd < 0)
		return check(&o, fd, "BAR %u cannot be opened", part->bar);
	if (!fstat(fd, &st) && part->offset <= (uint64_t)st.st_size &&
	    part->len <= (uint64_t)st.st_size - part->offset) {
		void *p = mmap(NULL, part->len, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			       (off_t)part->offset);

		rc = p == MAP_FAILED ? -errno : 0;
		if (!rc)
			*out = p;
	}
	close(fd);
	return check(&o, rc, "BAR %u cannot be mapped", part->bar);
}

/*
 * The kernel's file: it takes the lock that its own drivers and dom0's programs take, waits for the
 * device, knows where the data end, whose are broken, and whose are those of function 0.
 */
static int vpd(void *ctx, struct ec_sbdf at, uint32_t offset, bool write, uint32_t *value)
{
	struct ec_sysfs_function f = ec_sysfs_function_at(ctx, at);
	int fd = ec_sysfs_open(&f, "vpd", write ? O_WRONLY : O_RDONLY);
	uint8_t bytes[4];
	ssize_t n;

	if (fd < 0)
		return fd;
	ec_put_le(bytes, 4, *value);
	n = write ? pwrite(fd, bytes, 4, offset) : pread(fd, bytes, 4, offset);
	n = n < 0 ? -errno : n;
	close(fd);
	if (n < 0)
		return (int)n;
	if (n != 4)
		return -ENODATA;
	*value = (uint32_t)ec_get_le(bytes, 4);
	return 0;
}

static void unmap(void *ctx, void *p, uint64_t len)
{
	(void)ctx;
	munmap(p, len);
}

const struct ec_device_ops ec_device_sysfs_ops = {
	.take = take,
	.give_back = give_back,
	.reset = reset,
	.open = open_config,
	.map = map_bar,
	.unmap = unmap,
	.shares_irq = ec_sysfs_shares_irq,
	.shares_page = ec_sysfs_shares_page,
	.vpd = vpd,
};
