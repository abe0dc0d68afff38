/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs.h"

#include <dirent.h>
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

#define RESOURCE_MEM 0x00000200u      /* Linux ioport.h */
#define IRQ_NOT_CONNECTED (1ul << 31) /* Linux interrupt.h: a pin that is routed nowhere */
#define INTERRUPT_PIN 0x3d
#define PAGE 4096u
#define PCIBACK "pciback" /* these two hold a function and do nothing with it */
#define PCI_STUB "pci-stub"

struct function {
	const char *root;
	char address[EC_SBDF_MAX];
};

struct pages {
	unsigned long long first, last;
};

static struct function function_of(void *ctx, struct ec_sbdf at)
{
	struct function f = { .root = ((const struct ec_device_sysfs *)ctx)->root };

	ec_sbdf_print(at, true, f.address);
	return f;
}

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

/* A descriptor, or a negative errno: put() and get() take both. */
static int open_file(int flags, const char *root, const char *dir, const char *name,
		     const char *file)
{
	char path[PATH_MAX];
	int fd, n = snprintf(path, sizeof(path), "%s/bus/pci/%s/%s/%s", root, dir, name, file);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int open_attr(const struct function *f, const char *name, int flags)
{
	return open_file(flags, f->root, "devices", f->address, name);
}

static bool is_there(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Write by one call, as an attribute takes it: whole or not at all. Closes @fd. */
static int put(int fd, const char *text)
{
	int rc = fd;

	if (fd >= 0) {
		rc = write(fd, text, strlen(text)) < 0 ? -errno : 0;
		close(fd);
	}
	return rc;
}

/* Read by one call what fits, with a 0 behind it. Closes @fd. Returns the length or an errno. */
static int get(int fd, char *text, size_t size)
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

/* A function without a driver has "". */
static int driver_of(const struct function *f, char out[EC_DRIVER_MAX])
{
	int fd = open_attr(f, "", O_PATH | O_DIRECTORY);
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

static int override_of(const struct function *f, char out[EC_DRIVER_MAX])
{
	char text[EC_DRIVER_MAX + 1];
	int len = get(open_attr(f, "driver_override", O_RDONLY), text, sizeof(text));

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
static int set_override(const struct function *f, const char *driver)
{
	return put(open_attr(f, "driver_override", O_WRONLY), *driver ? driver : "\n");
}

/* Write the address to "bind" or "unbind" of a driver, which a driver may not have. */
static int tell_driver(const struct function *f, const char *driver, const char *file)
{
	int rc = put(open_file(O_WRONLY, f->root, "drivers", driver, file), f->address);

	return rc == -ENOENT ? -EOPNOTSUPP : rc;
}

/* Let the kernel look for a driver. What came of it only the driver's link tells. */
static int probe(const struct function *f)
{
	return put(open_file(O_WRONLY, f->root, "", "", "drivers_probe"), f->address);
}

/* @want must have it now; NULL: any driver. */
static void check_driver(const struct function *f, const char *want, struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	int rc = driver_of(f, now);

	if (!rc && (want ? strcmp(now, want) != 0 : !*now))
		rc = want ? -EBUSY : -ENODEV;
	check(o, rc, "%s was to take it, %s did", want ? want : "a driver", *now ? now : "none");
}

/*
 * Make driver_override and the driver what they were, whatever they are now. One that is neither
 * the old driver nor the stub was bound by somebody else on purpose, unless @any: while we took.
 */
static void put_back(const struct function *f, const struct ec_taken *t, bool any,
		     struct outcome *o)
{
	char now[EC_DRIVER_MAX];
	bool gone;
	int rc;

	/* before the driver: the kernel binds no other than driver_override says */
	check(o, set_override(f, t->override), "driver_override is not restored");
	check(o, driver_of(f, now), "its driver is not known");
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
	gone = !is_there(open_file(O_PATH, f->root, "drivers", t->driver, "bind"));
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
	return is_there(open_file(O_PATH | O_DIRECTORY, root, "drivers", driver, ""));
}

/* Which of the stubs there is; NULL: none. */
static const char *choose_stub(const char *root)
{
	if (has_driver(root, PCIBACK))
		return PCIBACK;
	if (!has_driver(root, PCI_STUB) && !strcmp(root, "/sys"))
		load_pci_stub();
	return has_driver(root, PCI_STUB) ? PCI_STUB : NULL;
}

static void hand_over(const struct function *f, const struct ec_taken *t, struct outcome *o)
{
	if (*t->driver)
		check(o, tell_driver(f, t->driver, "unbind"), "%s does not let go of it",
		      t->driver);
	if (!o->rc && !check(o, probe(f), "%s does not take it", t->stub))
		check_driver(f, t->stub, o);
}

static int take(void *ctx, struct ec_sbdf at, struct ec_taken *t, struct ec_diag *diag)
{
	struct function f = function_of(ctx, at);
	struct ec_diag why, left = { .text = "" };
	struct outcome o = { .diag = &why }, undoing = { .diag = &left };
	const char *stub;

	memset(t, 0, sizeof(*t));
	check(&o, driver_of(&f, t->driver), "its driver is not known");
	stub = o.rc ? NULL : choose_stub(f.root);
	if (stub)
		check(&o, override_of(&f, t->override), "its driver_override is not known");
	else
		check(&o, -ENODEV, "neither " PCIBACK " nor " PCI_STUB " is loaded to hold it");
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
	struct function f = function_of(ctx, at);
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

static int reset(void *ctx, struct ec_sbdf at, struct ec_diag *diag)
{
	struct function f = function_of(ctx, at);
	struct outcome o = { .diag = diag };
	char methods[128];
	int len;

	if (!is_there(open_attr(&f, "", O_PATH)))
		return check(&o, -ENOENT, "it cannot be reset");
	/* kernels before 5.15 list none; there the attribute alone tells that there is a way */
	len = get(open_attr(&f, "reset_method", O_RDONLY), methods, sizeof(methods));
	methods[strcspn(methods, "\n")] = 0;
	if (!is_there(open_attr(&f, "reset", O_PATH)) || (len >= 0 && !*methods))
		return check(&o, -ENOTTY, "the kernel knows no way to reset it");
	return check(&o, put(open_attr(&f, "reset", O_WRONLY), "1"), "its reset failed (%s)",
		     *methods ? methods : "methods not listed");
}

static int open_config(void *ctx, struct ec_sbdf at, struct ec_diag *diag)
{
	struct function f = function_of(ctx, at);
	struct outcome o = { .diag = diag };
	int fd = open_attr(&f, "config", O_RDWR);
	char bytes[4], state[128];

	if (fd < 0)
		return check(&o, fd, "its configuration space cannot be opened");
	/* the kernel cuts what an opener without privilege reads: it gives no error */
	if (pread(fd, bytes, sizeof(bytes), 0x40) != sizeof(bytes))
		check(&o, -EACCES, "its configuration space is cut, as without CAP_SYS_ADMIN");
	/* reading goes on when a kernel is locked down, so only this tells that writing fails */
	if (get(open_file(O_RDONLY, f.root, "../..", "kernel/security", "lockdown"), state,
		sizeof(state)) > 0 &&
	    !strstr(state, "[none]"))
		check(&o, -EACCES, "the kernel is locked down: no configuration writes");
	if (o.rc)
		close(fd);
	return o.rc ? o.rc : fd;
}

static int map_bar(void *ctx, struct ec_sbdf at, unsigned int bar, uint64_t offset, uint64_t len,
		   void **out, struct ec_diag *diag)
{
	struct function f = function_of(ctx, at);
	struct outcome o = { .diag = diag };
	char name[] = "resource0";
	struct stat st;
	int fd, rc = -EINVAL;

	if (bar >= EC_BAR_ROM || !len || offset % PAGE || len % PAGE)
		return check(&o, rc, "no whole pages of BAR 0 to 5");
	name[sizeof(name) - 2] += (char)bar;
	fd = open_attr(&f, name, O_RDWR | O_SYNC);
	if (fd < 0)
		return check(&o, fd, "BAR %u cannot be opened", bar);
	if (!fstat(fd, &st) && offset <= (uint64_t)st.st_size &&
	    len <= (uint64_t)st.st_size - offset) {
		void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);

		rc = p == MAP_FAILED ? -errno : 0;
		if (!rc)
			*out = p;
	}
	close(fd);
	return check(&o, rc, "BAR %u cannot be mapped", bar);
}

static void unmap(void *ctx, void *p, uint64_t len)
{
	(void)ctx;
	munmap(p, len);
}

/* The lowest of the other functions that @shares; the first in no order would not be the same. */
static int find_other(void *ctx, struct ec_sbdf at,
		      bool (*shares)(const struct function *f, const void *arg), const void *arg,
		      struct ec_sbdf *other)
{
	struct function f = function_of(ctx, at);
	int rc = 0, fd = open_file(O_RDONLY | O_DIRECTORY, f.root, "devices", "", "");
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	struct ec_sbdf one;

	if (!dir)
		return is_there(fd) ? -ENOMEM : fd;
	while ((e = readdir(dir))) {
		if (ec_sbdf_parse(e->d_name, &one) || !ec_sbdf_compare(one, at) ||
		    (rc && ec_sbdf_compare(one, *other) > 0))
			continue;
		f = function_of(ctx, one);
		if (shares(&f, arg)) {
			*other = one;
			rc = 1;
		}
	}
	closedir(dir);
	return rc;
}

/* The interrupt line, 0: none. While MSI is enabled it is MSI's, which nobody shares. */
static unsigned long irq_of(const struct function *f)
{
	char text[32];
	unsigned long irq = 0;

	get(open_attr(f, "irq", O_RDONLY), text, sizeof(text));
	sscanf(text, "%lu", &irq);
	return irq < IRQ_NOT_CONNECTED ? irq : 0;
}

/* Which pin the function interrupts by, 0: none; or a negative errno. */
static int pin_of(const struct function *f)
{
	char header[64 + 1];
	int rc = get(open_attr(f, "config", O_RDONLY), header, sizeof(header));

	return rc < 0 ? rc : rc == 64 ? (uint8_t)header[INTERRUPT_PIN] : -EIO;
}

/*
 * One with a pin may pull the line, if not now then when a driver comes, and one whose pin is not
 * known too. What a stub holds is quiet: pciback disables the function, pci-stub never enables it.
 */
static bool on_line(const struct function *f, const void *arg)
{
	const unsigned long *irq = arg;
	char driver[EC_DRIVER_MAX];

	if (irq_of(f) != *irq)
		return false;
	driver_of(f, driver);
	return strcmp(driver, PCIBACK) != 0 && strcmp(driver, PCI_STUB) != 0 && pin_of(f) != 0;
}

static int shares_irq(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct function f = function_of(ctx, at);
	unsigned long irq = irq_of(&f);
	int pin = pin_of(&f);

	return pin > 0 && irq ? find_other(ctx, at, on_line, &irq, other) : pin < 0 ? pin : 0;
}

/* First and last page of the memory BARs among the first @bars; what is none has last 0. */
static int pages_of(const struct function *f, unsigned int bars, struct pages page[EC_BAR_MAX])
{
	char text[1024], *line = text;
	int rc = get(open_attr(f, "resource", O_RDONLY), text, sizeof(text));

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
static bool on_page(const struct function *f, const void *arg)
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

static int shares_page(void *ctx, struct ec_sbdf at, struct ec_sbdf *other)
{
	struct function f = function_of(ctx, at);
	struct pages mine[EC_BAR_MAX];
	int rc = pages_of(&f, EC_BAR_MAX, mine);

	return rc ? rc : find_other(ctx, at, on_page, mine, other);
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
};
