/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ecamd as its clients meet it: the control socket, its methods, and behind them a service of one
 * guest, "web", domain 7, that has two functions once one was attached to it. In a process of its
 * own.
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
 * served_methods - mediator/service/methods.c on that service; their context is an unsigned int,
 * the number of functions of "web". "gone" is no guest; 0000:ff:1f.7 cannot be attached.
 */
extern const struct ec_rpc_method served_methods[];

/** served_start() - start it, with @methods and @ctx; it listens at @s->path on return. */
void served_start(struct served *s, const struct ec_rpc_method *methods, void *ctx);

/**
 * served_say() - in its place one that answers the first request with @len bytes of @text, and is
 * gone. NULL: it never answers.
 */
void served_say(struct served *s, const char *text, size_t len);

/** served_stop() - end it, and remove what it left. */
void served_stop(struct served *s);

#endif
