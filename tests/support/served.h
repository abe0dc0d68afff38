/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that is ecamd to its clients: the control socket and its methods, with a service that
 * has one guest, "web", domain 7. The guest has two functions after an attach.
 */
#ifndef EC_TESTS_SERVED_H
#define EC_TESTS_SERVED_H

#include <sys/types.h>

#include "control/rpc.h"

struct served {
	char dir[32], path[64];
	pid_t pid;
};

/**
 * served_methods - supervisor/methods.c on that service. Their context is an unsigned int, the
 * number of functions of "web". There is no other guest; 0000:ff:1f.7 cannot be attached.
 */
extern const struct ec_rpc_method served_methods[];

/** served_start() - start it with @methods and @ctx; on return it listens at @s->path. */
void served_start(struct served *s, const struct ec_rpc_method *methods, void *ctx);

/**
 * served_say() - start a process that answers the first request with @len bytes of @text and
 * exits. NULL: it never answers.
 */
void served_say(struct served *s, const char *text, size_t len);

/** served_stop() - end the process and remove its directory. */
void served_stop(struct served *s);

#endif
