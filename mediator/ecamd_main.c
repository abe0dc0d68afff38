/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamd: gives Xen guests the configuration space of the functions passed through to them. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control/rule_files.h"
#include "control/socket.h"
#include "guest/mmio.h"
#include "host/conf_fd.h"
#include "host/device_sysfs.h"
#include "host/event_loop.h"
#include "host/facts_sysfs.h"
#include "host/files.h"
#include "host/uevents.h"
#include "hypervisor/xen_ioreq.h"
#include "hypervisor/xen_priv.h"
#include "hypervisor/xen_store.h"
#include "supervisor/methods.h"
#include "supervisor/reattach.h"
#include "supervisor/service.h"
#include "supervisor/store_link.h"

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_REFUSED = 5 };

#define SPIN_MAX_US 1000u

/* Most paths of one layer. */
#define PATHS_MAX 16u

/* The files of a layer of rules: the installed folder unless paths are given. */
struct paths {
	const char *installed;
	bool given;
	unsigned int n;
	const char *path[PATHS_MAX];
};

struct daemon {
	struct ec_loop *loop;
	struct ec_xen_priv *priv;
	struct ec_xen_ioreq *ioreq;
	struct ec_xen_store *store;
	struct ec_device_sysfs device;
	struct ec_device_ops device_ops;
	struct ec_facts_sysfs facts;
	struct ec_service *service;
	struct ec_reattach *reattach;
	struct ec_store_link store_link;
	struct ec_control *control;
	struct pollfd polled[EC_CONTROL_FDS];
	unsigned int n_polled;
	struct paths paths[EC_LAYER_ATTACH]; /* by layer */
	uint64_t spin_ns;
};

static void log_text(const char *text)
{
	fprintf(stderr, "ecamd: %s\n", text);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void on_server(void *ctx, int fd, unsigned int events)
{
	struct daemon *d = ctx;

	(void)events;
	ec_service_ready(d->service, fd);
}

static int watch_server(void *ctx, int fd, bool add)
{
	struct daemon *d = ctx;

	return ec_loop_watch(d->loop, fd, add ? POLLIN : 0, on_server, d);
}

/* How often the service is looked after: while something waits, and otherwise. */
#define BUSY_MS 200
#define IDLE_MS 5000

/* Uevents that are read before guests are served again. */
#define UEVENTS_MAX 64u

static void on_store(void *ctx, int fd, unsigned int events);

static void watch_store(struct daemon *d)
{
	ec_loop_watch(d->loop, ec_xen_store_ops.fd(d->store), POLLIN, on_store, d);
}

static void tick(void *ctx)
{
	struct daemon *d = ctx;
	unsigned int waiting;

	if (ec_store_link_retry(&d->store_link))
		watch_store(d);
	waiting = ec_service_tick(d->service) + ec_reattach_tick(d->reattach);
	waiting += d->store_link.lost;
	ec_loop_after(d->loop, waiting ? BUSY_MS : IDLE_MS, tick, d);
}

static void on_store(void *ctx, int fd, unsigned int events)
{
	struct daemon *d = ctx;
	int rc = ec_store_link_ready(&d->store_link);

	(void)events;
	if (rc < 0)
		ec_loop_watch(d->loop, fd, 0, NULL, NULL);
	if (rc)
		tick(d);
}

static void on_uevent(void *ctx, int fd, unsigned int events)
{
	struct daemon *d = ctx;
	struct ec_host_event event;
	int rc;

	(void)events;
	/* bounded, so that a storm of events does not keep guests waiting */
	for (unsigned int i = 0; i < UEVENTS_MAX; i++) {
		rc = ec_uevents_read(fd, &event);
		if (rc == 1)
			ec_service_host_event(d->service, &event);
		if (rc == -ENOBUFS)
			log_text("the kernel has dropped uevents: a removal may go unnoticed");
		if (rc < 0 && rc != -ENOBUFS)
			return;
	}
}

/* Without uevents the service goes on, as it must in a container. */
static int watch_uevents(struct daemon *d)
{
	struct ec_diag diag = { 0 };
	int fd = ec_uevents_open(&diag);

	if (fd >= 0)
		ec_loop_watch(d->loop, fd, POLLIN, on_uevent, d);
	else
		log_text(diag.text);
	return fd;
}

static void on_control(void *ctx, int fd, unsigned int events);

/* Each client has a descriptor: update what the loop watches. */
static void watch_control(struct daemon *d)
{
	struct pollfd now[EC_CONTROL_FDS];
	unsigned int n = ec_control_fds(d->control, now, EC_CONTROL_FDS);

	for (unsigned int i = 0; i < d->n_polled; i++) {
		bool stays = false;

		for (unsigned int j = 0; j < n; j++)
			stays |= now[j].fd == d->polled[i].fd;
		if (!stays)
			ec_loop_watch(d->loop, d->polled[i].fd, 0, NULL, NULL);
	}
	for (unsigned int i = 0; i < n; i++)
		ec_loop_watch(d->loop, now[i].fd, (unsigned short)now[i].events, on_control, d);
	memcpy(d->polled, now, n * sizeof(now[0]));
	d->n_polled = n;
}

static void on_control(void *ctx, int fd, unsigned int events)
{
	struct daemon *d = ctx;

	ec_control_handle(d->control, fd, (short)events);
	watch_control(d);
}

static void keep_first(void *ctx, const char *text)
{
	struct ec_diag *diag = ctx;

	log_text(text);
	if (!*diag->text)
		ec_diag_set(diag, 0, "%s", text);
}

/* Files are read at each attach: an edited file applies to the next one. */
static int load_rules(void *ctx, struct ec_rules *out, struct ec_diag *diag)
{
	const struct daemon *d = ctx;
	struct ec_diag first = { 0 };
	struct ec_rule_files files = {
		.rules = out, .report = keep_first, .ctx = &first, .trusted = true
	};
	int rc = 0;

	for (unsigned int layer = 0; layer < EC_LAYER_ATTACH; layer++) {
		const struct paths *p = d->paths + layer;

		if (!p->given)
			rc = rc ? rc : ec_rule_files_add(&files, p->installed, layer, true);
		for (unsigned int i = 0; i < p->n && !rc; i++)
			rc = ec_rule_files_add(&files, p->path[i], layer, false);
	}
	if (rc)
		ec_diag_set(diag, 0, "%s", *first.text ? first.text : strerror(-rc));
	return rc;
}

/* Linux waits up to 60 s for a function after a reset (PCIE_RESET_READY_POLL_MS). */
#define RESET_SECONDS 90

static int reset(void *ctx, struct ec_sbdf at, const char *methods, struct ec_diag *diag)
{
	ec_loop_busy(RESET_SECONDS);
	return ec_device_sysfs_ops.reset(ctx, at, methods, diag);
}

static int open_backends(struct daemon *d, struct ec_diag *diag)
{
	struct ec_backends backends = {
		.priv = &ec_xen_priv_ops,
		.server = &ec_xen_ioreq_ops,
		.store = &ec_xen_store_ops,
		.device = &d->device_ops,
		.device_ctx = &d->device,
		.facts = &ec_facts_sysfs_ops,
		.facts_ctx = &d->facts,
		.conf = &ec_conf_fd_ops,
		.log = log_text,
		.now = now,
		.watch = watch_server,
		.watch_ctx = d,
		.rules = load_rules,
		.rules_ctx = d,
		.spin_ns = d->spin_ns,
	};

	d->device_ops = ec_device_sysfs_ops;
	d->device_ops.reset = reset;
	backends.priv_ctx = d->priv = ec_xen_priv_open(diag);
	if (!d->priv)
		return -1;
	backends.server_ctx = d->ioreq = ec_xen_ioreq_open(diag);
	if (!d->ioreq)
		return -1;
	backends.store_ctx = d->store = ec_xen_store_open(diag);
	if (!d->store)
		return -1;
	d->loop = ec_loop_new();
	d->service = ec_service_new(&backends);
	if (d->service)
		d->reattach = ec_reattach_new(d->service);
	d->store_link.service = d->service;
	d->store_link.reattach = d->reattach;
	if (d->loop && d->reattach)
		return 0;
	ec_diag_set(diag, 0, "out of memory");
	return -1;
}

static void close_backends(struct daemon *d)
{
	ec_control_close(d->control);
	ec_reattach_free(d->reattach);
	ec_service_free(d->service);
	ec_loop_free(d->loop);
	ec_xen_store_close(d->store);
	ec_xen_ioreq_close(d->ioreq);
	ec_xen_priv_close(d->priv);
}

/* Without the installed quirks views may be wrong. */
static void warn_no_quirks(const struct daemon *d)
{
	const struct paths *quirks = d->paths + EC_LAYER_QUIRKS;
	struct ec_file_list list = { 0 };
	char text[256];

	if (quirks->given)
		return;
	if (!ec_file_list(quirks->installed, &list) && list.n) {
		ec_file_list_free(&list);
		return;
	}
	ec_file_list_free(&list);
	snprintf(text, sizeof(text),
		 "warning: there are no quirks in %s (--quirks none: none are meant)",
		 quirks->installed);
	log_text(text);
}

/* Report wrong rules at the start, not only at an attach. Returns an exit code. */
static int check_rules(const struct daemon *d)
{
	struct ec_rules *rules = ec_rules_new();
	int rc;

	if (!rules) {
		log_text("out of memory");
		return EXIT_REFUSED;
	}
	warn_no_quirks(d);
	/* load_rules() logs what is wrong */
	rc = load_rules((void *)(uintptr_t)d, rules, NULL);
	ec_rules_free(rules);
	return rc == -ENOMEM ? EXIT_REFUSED : rc ? EXIT_INPUT : EXIT_DONE;
}

static int serve(struct daemon *d, const char *path)
{
	struct ec_diag diag = { 0 };
	int code = EXIT_REFUSED, uevents = -1;

	if (!open_backends(d, &diag) &&
	    !ec_control_open(path, ec_service_methods, d->service, &d->control, &diag)) {
		watch_store(d);
		watch_control(d);
		uevents = watch_uevents(d);
		tick(d);
		log_text("ready");
		if (ec_loop_run(d->loop) >= 0)
			code = EXIT_DONE;
		else
			log_text("the event loop failed");
	} else {
		log_text(diag.text);
	}
	close_backends(d);
	if (uevents >= 0)
		close(uevents);
	return code;
}

static void print_help(FILE *to)
{
	fputs("Usage: ecamd [--policy PATH] [--quirks PATH] [--socket PATH] [--spin MICROSECONDS]\n"
	      "Gives Xen guests the configuration space of the functions passed through to "
	      "them.\n\n"
	      "  --policy PATH  read rules from this file or folder instead of " EC_POLICY_FOLDER
	      ";\n                 repeatable; none: no rules\n"
	      "  --quirks PATH  the same for quirks instead of " EC_QUIRKS_FOLDER "\n"
	      "  --socket PATH  listen at PATH for ecamctl instead of at " EC_CONTROL_PATH "\n"
	      "  --spin MICROSECONDS  poll this long for a guest's next access before sleeping; 0 "
	      "(the\n                 default) to 1000\n"
	      "  --help         this text\n"
	      "  --version      the version\n\n"
	      "Runs in the foreground, as root, in Xen's domain 0. SIGTERM ends it: it detaches "
	      "all\nfunctions and gives them back to the host. See ecamd(8).\n",
	      to);
}

/* Returns an exit code: output that is lost is not done. */
static int finish_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_DONE;
	fprintf(stderr, "ecamd: cannot write the output: %s\n", strerror(errno));
	return EXIT_REFUSED;
}

/* Parse microseconds, store nanoseconds. Returns false if @text is out of range or not a number. */
static bool parse_spin(const char *text, uint64_t *ns)
{
	char *end;
	unsigned long us = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || us > SPIN_MAX_US)
		return false;
	*ns = us * 1000u;
	return true;
}

/* Add a path to a layer; "none" adds nothing. Returns false if there are too many. */
static bool add_path(struct paths *p, const char *path)
{
	p->given = true;
	if (!strcmp(path, "none"))
		return true;
	if (p->n == PATHS_MAX)
		return false;
	p->path[p->n++] = path;
	return true;
}

/* Parse the options. Returns an exit code; -1: continue. */
static int parse(struct daemon *d, int argc, char **argv, const char **path)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'P' },
		{ "quirks", required_argument, NULL, 'Q' },
		{ "socket", required_argument, NULL, 's' },
		{ "spin", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	enum ec_layer layer;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 's':
			*path = optarg;
			break;
		case 'P':
		case 'Q':
			layer = c == 'P' ? EC_LAYER_POLICY : EC_LAYER_QUIRKS;
			if (add_path(d->paths + layer, optarg))
				break;
			fprintf(stderr, "ecamd: more than %u paths of --policy or --quirks\n",
				PATHS_MAX);
			return EXIT_USAGE;
		case 'p':
			if (parse_spin(optarg, &d->spin_ns))
				break;
			fprintf(stderr, "ecamd: --spin takes 0 to %u microseconds, not '%s'\n",
				SPIN_MAX_US, optarg);
			return EXIT_USAGE;
		case 'h':
			print_help(stdout);
			return finish_output();
		case 'V':
			puts("ecamd " EC_VERSION);
			return finish_output();
		default:
			fputs("Try 'ecamd --help'.\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "ecamd: unexpected argument '%s'\nTry 'ecamd --help'.\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}

int main(int argc, char **argv)
{
	static struct daemon d = { .device = { "/sys", "/run/ecamd/taken" },
				   .facts = { "/sys" },
				   .paths = { [EC_LAYER_QUIRKS] = { EC_QUIRKS_FOLDER },
					      [EC_LAYER_POLICY] = { EC_POLICY_FOLDER } } };
	const char *path = EC_CONTROL_PATH;
	int code = parse(&d, argc, argv, &path);

	if (code >= 0)
		return code;
	code = check_rules(&d);
	if (code)
		return code;
	ec_mmio_guard();
	return serve(&d, path);
}
