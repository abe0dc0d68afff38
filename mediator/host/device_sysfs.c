/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pci/header.h>
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
#include "host/device_sysfs_record.h"
#include "host/device_sysfs_sharing.h"

#define PAGE 4096u
/* Bytes of the configuration space that the kernel shows to everybody. */
#define UNPRIVILEGED_SIZE 64

/* Result of a call: its first failure, described in @diag. */
struct outcome {
	int rc;
	struct ec_diag *diag;
};

/* Records @rc if it is the first failure; the text says what failed. Returns @rc. */
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

static struct ec_sysfs_function function_at(const struct ec_device_sysfs *sysfs, struct ec_sbdf at)
{
	return ec_sysfs_function_at(sysfs->root, at);
}

static int override_of(const struct ec_sysfs_function *f, char out[EC_DRIVER_MAX])
{
	char text[EC_DRIVER_MAX + 1];
	int len = ec_sysfs_get(ec_sysfs_open(f, "driver_override", O_RDONLY), text, sizeof(text));

	text[strcspn(text, "\n")] = 0;
	if (len < 0)
		return len == -ENOENT ? -EOPNOTSUPP : len; /* -ENOENT means: no such function */
	if (strlen(text) >= EC_DRIVER_MAX)
		return -ENAMETOOLONG;
	/* the kernel prints this if there is none */
	strcpy(out, strcmp(text, "(null)") != 0 ? text : "");
	return 0;
}

/* "" clears it, by a newline: a write of no bytes does not reach the attribute. */
static int set_override(const struct ec_sysfs_function *f, const char *driver)
{
	return ec_sysfs_put(ec_sysfs_open(f, "driver_override", O_WRONLY), *driver ? driver : "\n");
}

/* Writes the address to "bind" or "unbind" of a driver. Some drivers do not have these. */
static int write_driver(const struct ec_sysfs_function *f, const char *driver, const char *file)
{
	int rc = ec_sysfs_put(ec_sysfs_open_in(O_WRONLY, f->root, "drivers", driver, file),
			      f->address);

	return rc == -ENOENT ? -EOPNOTSUPP : rc;
}

/* Lets the kernel look for a driver. Only the driver link shows the result. */
static int probe(const struct ec_sysfs_function *f)
{
	return ec_sysfs_put(ec_sysfs_open_in(O_WRONLY, f->root, "", "", "drivers_probe"),
			    f->address);
}

/* Checks that @want is bound; NULL: any driver. */
static void check_driver(const struct ec_sysfs_function *f, const char *want, struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	int rc = ec_sysfs_driver(f, now);

	if (!rc && (want ? strcmp(now, want) != 0 : !*now))
		rc = want ? -EBUSY : -ENODEV;
	check(o, rc, "%s should have it now, but %s has", want ? want : "a driver",
	      *now ? now : "none");
}

/*
 * Restores driver_override and the driver. A driver other than the old one and the stub was bound
 * on purpose by somebody else and stays; with @any, while the function is being taken, it does not.
 */
static void put_back(const struct ec_sysfs_function *f, const struct ec_taken *t, bool any,
		     struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	bool gone;
	int rc;

	/* before the driver, because the kernel binds only the one in driver_override */
	check(o, set_override(f, t->override), "driver_override cannot be restored");
	check(o, ec_sysfs_driver(f, now), "its driver cannot be read");
	if (!strcmp(now, t->driver))
		return;
	if (*now && !any && strcmp(now, t->stub) != 0) {
		check(o, -EBUSY, "%s has it now, not %s, and keeps it", now, t->stub);
		return;
	}
	if (*now)
		check(o, write_driver(f, now, "unbind"), "%s cannot be unbound from it", now);
	if (!*t->driver)
		return;
	/* tried even after a failure: a step may have worked though it returned an error */
	gone = !ec_sysfs_exists(ec_sysfs_open_in(O_PATH, f->root, "drivers", t->driver, "bind"));
	rc = gone ? probe(f) : write_driver(f, t->driver, "bind");
	if (!check(o, rc, "%s cannot be bound to it again", t->driver))
		check_driver(f, gone ? NULL : t->driver, o);
}

/* Waits 5 s at most: a modprobe that hangs must not block the service. init may reap it. */
static void load_pci_stub(void)
{
	char *argv[] = { "modprobe", "pci-stub", NULL };
	pid_t pid;

	/* no search by PATH: the environment must not choose what root runs */
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

/* The stub driver to use; NULL: there is none. */
static const char *choose_stub(const char *root)
{
	if (has_driver(root, EC_SYSFS_PCIBACK))
		return EC_SYSFS_PCIBACK;
	if (!has_driver(root, EC_SYSFS_PCI_STUB) && !strcmp(root, "/sys"))
		load_pci_stub();
	return has_driver(root, EC_SYSFS_PCI_STUB) ? EC_SYSFS_PCI_STUB : NULL;
}

/* Driver @from has the function, "": none. */
static void hand_over(const struct ec_sysfs_function *f, const char *from, const char *stub,
		      struct outcome *o)
{
	if (*from)
		check(o, write_driver(f, from, "unbind"), "%s cannot be unbound from it", from);
	if (!o->rc && !check(o, probe(f), "%s cannot be bound to it", stub))
		check_driver(f, stub, o);
}

/* What the function is now, and the stub for it. */
static void look(const struct ec_sysfs_function *f, struct ec_taken_record *now, struct outcome *o)
{
	struct ec_taken *t = &now->taken;
	char header[PCI_COMMAND + 3] = "";
	const char *stub;

	memset(now, 0, sizeof(*now));
	check(o, ec_sysfs_driver(f, t->driver), "its driver cannot be read");
	stub = o->rc ? NULL : choose_stub(f->root);
	if (stub)
		check(o, override_of(f, t->override), "its driver_override cannot be read");
	else
		check(o, -ENODEV,
		      "neither " EC_SYSFS_PCIBACK " nor " EC_SYSFS_PCI_STUB
		      " is loaded to hold it");
	strcpy(t->stub, stub ? stub : "");
	t->was_held = !o->rc && !strcmp(t->driver, t->stub);
	ec_sysfs_get(ec_sysfs_open(f, "config", O_RDONLY), header, sizeof(header));
	now->ids = (uint32_t)ec_get_le((uint8_t *)header, 4);
	t->master = ec_get_le((uint8_t *)header + PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
}

/*
 * Whether the function is as a process left it that was killed: with its stub, or on the way there.
 * Somebody else may have given it to another driver since then, or replaced the card.
 */
static bool is_left(const struct ec_taken_record *old, const struct ec_taken_record *now)
{
	const struct ec_taken *was = &old->taken, *is = &now->taken;

	if (old->ids != now->ids)
		return false;
	if (was->was_held)
		return !strcmp(is->driver, was->stub);
	return !strcmp(is->override, was->stub) &&
	       (!*is->driver || !strcmp(is->driver, was->stub) || !strcmp(is->driver, was->driver));
}

/* Fills @t with what the function was before it was taken, and records that. */
static void remember(const struct ec_device_sysfs *sysfs, struct ec_sbdf at,
		     const struct ec_taken_record *now, struct ec_taken *t, struct outcome *o)
{
	struct ec_taken_record old;

	*t = now->taken;
	if (o->rc || !sysfs->records)
		return;
	if (!ec_taken_record_read(sysfs->records, at, &old) && is_left(&old, now) &&
	    has_driver(sysfs->root, old.taken.stub))
		*t = old.taken;
	else
		check(o, ec_taken_record_write(sysfs->records, at, now),
		      "what it was cannot be recorded in %s", sysfs->records);
}

/* A function that the stub has still, though it should not, is given back by the next give_back().
 */
static void forget(const struct ec_device_sysfs *sysfs, struct ec_sbdf at, const struct ec_taken *t)
{
	struct ec_sysfs_function f = function_at(sysfs, at);
	char now[EC_DRIVER_MAX];

	ec_sysfs_driver(&f, now);
	if (sysfs->records && (t->was_held || strcmp(now, t->stub) != 0))
		ec_taken_record_remove(sysfs->records, at);
}

static int take(void *ctx, struct ec_sbdf at, struct ec_taken *t, struct ec_diag *diag)
{
	struct ec_sysfs_function f = function_at(ctx, at);
	struct ec_diag why, left = { .text = "" };
	struct outcome o = { .diag = &why }, undoing = { .diag = &left };
	struct ec_taken_record now;

	look(&f, &now, &o);
	remember(ctx, at, &now, t, &o);
	if (!o.rc && !t->was_held && strcmp(now.taken.driver, t->stub) != 0) {
		if (!check(&o, set_override(&f, t->stub), "driver_override cannot be set to %s",
			   t->stub)) {
			hand_over(&f, now.taken.driver, t->stub, &o);
			if (o.rc)
				put_back(&f, t, true, &undoing);
		}
		if (o.rc)
			forget(ctx, at, t);
	}
	if (o.rc)
		ec_diag_set(diag, 0, "%.130s%s%.90s", why.text,
			    undoing.rc ? "; and not all was undone: " : "", left.text);
	return o.rc;
}

static int give_back(void *ctx, struct ec_sbdf at, const struct ec_taken *t, struct ec_diag *diag)
{
	struct ec_sysfs_function f = function_at(ctx, at);
	struct outcome o = { .diag = diag };
	const char *const names[] = { t->driver, t->stub, t->override };

	/* names may come from a file: they must not lead out of the drivers' folder */
	for (unsigned int i = 0; i < 3 && !t->was_held; i++) {
		if (!memchr(names[i], 0, EC_DRIVER_MAX) || strchr(names[i], '/'))
			return check(&o, -EINVAL, "a noted name of a driver is not valid");
	}
	if (!t->was_held)
		put_back(&f, t, false, &o);
	forget(ctx, at, t);
	return o.rc;
}

/* Resets by some of the methods, and then restores the kernel's list. */
static int reset_by(const struct ec_sysfs_function *f, const char *methods, const char *all,
		    struct outcome *o)
{
	if (check(o, ec_sysfs_put(ec_sysfs_open(f, "reset_method", O_WRONLY), methods),
		  "the kernel refuses the reset methods %s", methods))
		return o->rc;
	check(o, ec_sysfs_put(ec_sysfs_open(f, "reset", O_WRONLY), "1"), "its reset failed (%s)",
	      methods);
	check(o, ec_sysfs_put(ec_sysfs_open(f, "reset_method", O_WRONLY), all),
	      "its reset methods cannot be restored to %s", all);
	return o->rc;
}

static int reset(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag)
{
	struct ec_sysfs_function f = function_at(ctx, at);
	struct outcome o = { .diag = diag };
	char all[128];
	int len;

	if (!ec_sysfs_exists(ec_sysfs_open(&f, "", O_PATH)))
		return check(&o, -ENOENT, "it cannot be reset");
	/* kernels before 5.15 do not list methods; there "reset" exists if there is one */
	len = ec_sysfs_get(ec_sysfs_open(&f, "reset_method", O_RDONLY), all, sizeof(all));
	all[strcspn(all, "\n")] = 0;
	if (!ec_sysfs_exists(ec_sysfs_open(&f, "reset", O_PATH)) || (len >= 0 && !*all))
		return check(&o, -ENOTTY, "the kernel has no way to reset it");
	if (methods)
		return reset_by(&f, methods, all, &o);
	return check(&o, ec_sysfs_put(ec_sysfs_open(&f, "reset", O_WRONLY), "1"),
		     "its reset failed (%s)", *all ? all : "methods not listed");
}

static int open_config(void *ctx, struct ec_sbdf at, struct ec_diag *diag)
{
	struct ec_sysfs_function f = function_at(ctx, at);
	struct outcome o = { .diag = diag };
	int fd = ec_sysfs_open(&f, "config", O_RDWR);
	char bytes[4], state[128];

	if (fd < 0)
		return check(&o, fd, "its configuration space cannot be opened");
	/* for an opener without privilege reads end here, without an error */
	if (pread(fd, bytes, sizeof(bytes), UNPRIVILEGED_SIZE) != sizeof(bytes))
		check(&o, -EACCES,
		      "only the start of its configuration space can be read: no CAP_SYS_ADMIN");
	/* under lockdown reads work and writes fail, which nothing else shows in advance */
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
	struct ec_sysfs_function f = function_at(ctx, at);
	struct outcome o = { .diag = diag };
	char name[] = "resource0";
	struct stat st;
	int fd, rc = -EINVAL;

	if (part->bar >= EC_BAR_ROM || !part->len || part->offset % PAGE || part->len % PAGE)
		return check(&o, rc, "not whole pages of BAR 0 to 5");
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
 * The kernel's file takes the lock that its drivers and dom0's programs take, waits for the device,
 * and knows where the data end, which are broken, and which functions share those of function 0.
 */
static int vpd(void *ctx, struct ec_sbdf at, uint32_t offset, bool write, uint32_t *value)
{
	struct ec_sysfs_function f = function_at(ctx, at);
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

static int shares_irq(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	const struct ec_device_sysfs *sysfs = ctx;

	return ec_sysfs_shares_irq(sysfs->root, at, other);
}

static int shares_page(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	const struct ec_device_sysfs *sysfs = ctx;

	return ec_sysfs_shares_page(sysfs->root, at, other);
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
	.shares_irq = shares_irq,
	.shares_page = shares_page,
	.vpd = vpd,
};
