/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "served.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/socket.h"

/* The methods, calling the service of this file instead of the library's. */
#define ec_service_methods served_methods
#define ec_service_attach served_attach
#define ec_service_detach served_detach
#define ec_service_guests served_guests
#define ec_service_guest served_guest
#define ec_service_function served_function
#define ec_service_machine served_machine
#define ec_service_held served_held
#include "supervisor/methods.c"

static const struct ec_guest_status web = {
	.name = "web", .domid = 7, .has_ecam = true, .ecam = 0xfd000000
};

static int find_guest(const char *guest, struct ec_diag *diag)
{
	if (!strcmp(guest, "web") || !strcmp(guest, "7"))
		return 0;
	ec_diag_set(diag, 0, "there is no guest '%s'", guest);
	return -ENOENT;
}

int ec_service_attach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_service_attached *out, struct ec_diag *diag)
{
	unsigned int *functions = (void *)s;
	int rc = find_guest(guest, diag);

	if (rc)
		return rc;
	if (spec->host.bus == 0xff)
		return -EACCES;
	*functions = 2;
	out->guest = web;
	out->function = (struct ec_function_status){ .host = spec->host };
	out->function.guest.devfn = (uint8_t)((spec->has_slot ? spec->slot : 1) << 3);
	return 0;
}

int ec_service_detach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_diag *diag)
{
	unsigned int *functions = (void *)s;
	int rc = find_guest(guest, diag);

	(void)spec;
	if (!rc)
		*functions = 0;
	return rc;
}

unsigned int ec_service_guests(const struct ec_service *s)
{
	return *(const unsigned int *)(const void *)s ? 2 : 0;
}

/* The second has a name that is not UTF-8, and no functions. */
void ec_service_guest(const struct ec_service *s, unsigned int i, struct ec_guest_status *out)
{
	static const struct ec_guest_status odd = { .name = "o\xff"
							    "dd",
						    .domid = 8,
						    .device_model = true,
						    .held = 1 };

	*out = i ? odd : web;
	if (!i)
		out->functions = *(const unsigned int *)(const void *)s;
}

void ec_service_function(const struct ec_service *s, unsigned int guest, unsigned int i,
			 struct ec_function_status *out)
{
	(void)s;
	(void)guest;
	*out = (struct ec_function_status){
		.host = { .bus = 5, .devfn = (uint8_t)i },
		.guest = { .devfn = 8 },
		.reads = i ? UINT64_MAX : 1234,
		.writes = 56,
		.hardware_reads = 7,
		.hardware_writes = 8,
		.permissive_writes = 3,
	};
}

void ec_service_held(const struct ec_service *s, unsigned int guest, unsigned int i,
		     struct ec_held_status *out)
{
	(void)s;
	(void)guest;
	(void)i;
	*out = (struct ec_held_status){ .host = { .bus = 6 }, .why = "reset: Input/output error" };
}

/* Function @i of web, behind a root port: a display with BARs of all kinds, a sound card. */
static void fill_function(struct ec_machine_function *fn, unsigned int i)
{
	*fn = (struct ec_machine_function){
		.host = { .bus = 5, .devfn = (uint8_t)i },
		.express = true,
		.class = i ? 0x0403 : 0x0300,
		.topology = EC_FLATTENED,
		.has_previous_slot = true,
		.previous_slot = 4,
	};
	fn->bar[0] = (struct ec_bar){ .kind = EC_BAR_MEM32, .size = 0x4000 };
	if (i)
		return;
	fn->bar[1] = (struct ec_bar){ .kind = EC_BAR_MEM64, .flags = 12, .size = 1ull << 28 };
	fn->bar[2] = (struct ec_bar){ .kind = EC_BAR_UPPER, .size = 1ull << 28 };
	fn->bar[5] = (struct ec_bar){ .kind = EC_BAR_IO, .flags = 1, .size = 0x80 };
	fn->bar[6] = (struct ec_bar){ .kind = EC_BAR_EXPROM, .size = 0x80000 };
}

int ec_service_machine(const struct ec_service *s, const char *guest,
		       struct ec_service_machine *out, struct ec_diag *diag)
{
	int rc = find_guest(guest, diag);

	if (rc)
		return rc;
	ec_machine_defaults(EC_MACHINE_PVH, &out->limits);
	out->limits.ecam_buses = 8;
	out->limits.memory = 512ull << 20;
	out->n = *(const unsigned int *)(const void *)s;
	for (unsigned int i = 0; i < out->n; i++)
		fill_function(out->fn + i, i);
	return 0;
}

static void serve(struct ec_control *c)
{
	struct pollfd fds[EC_CONTROL_FDS];

	for (;;) {
		unsigned int n = ec_control_fds(c, fds, EC_CONTROL_FDS);

		poll(fds, n, -1);
		for (unsigned int i = 0; i < n; i++)
			ec_control_handle(c, fds[i].fd, fds[i].revents);
	}
}

/* In the child: receive one request, send @text. */
static void say(int listener, const char *text, size_t len)
{
	int fd = accept(listener, NULL, NULL);
	char in[4096];
	ssize_t n = read(fd, in, sizeof(in));

	if (!text)
		pause();
	while (len && (n = send(fd, text, len, MSG_NOSIGNAL)) > 0) {
		text += n;
		len -= (size_t)n;
	}
	_exit(0);
}

static void make_dir(struct served *s)
{
	strcpy(s->dir, "/tmp/ecamd-served-XXXXXX");
	ck_assert(mkdtemp(s->dir) != NULL);
	snprintf(s->path, sizeof(s->path), "%s/s", s->dir);
}

/* Returns true in the child, which is killed when its parent exits. */
static bool start(struct served *s)
{
	fflush(NULL);
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (!s->pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return !s->pid;
}

void served_start(struct served *s, const struct ec_rpc_method *methods, void *ctx)
{
	struct ec_control *c;
	struct ec_diag diag;
	int ready[2];
	char byte;

	make_dir(s);
	ck_assert_int_eq(pipe(ready), 0);
	if (start(s)) {
		if (ec_control_open(s->path, methods, ctx, &c, &diag))
			_exit(1);
		if (write(ready[1], "", 1) == 1)
			serve(c);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

void served_say(struct served *s, const char *text, size_t len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	make_dir(s);
	strcpy(at.sun_path, s->path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	if (start(s))
		say(fd, text, len);
	close(fd);
}

void served_stop(struct served *s)
{
	char line[64];

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	snprintf(line, sizeof(line), "rm -rf %s", s->dir);
	ck_assert_int_eq(system(line), 0);
}
