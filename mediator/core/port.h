/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports through which pure code reaches the outside: structs of callbacks that the adapters
 * of mediator/host and mediator/hypervisor fill.
 */
#ifndef EC_CORE_PORT_H
#define EC_CORE_PORT_H

#include <stdint.h>

/**
 * Configuration access to one function of the host.
 * @offset is aligned to @len, which is 1, 2 or 4; each call is one access of that width.
 * Both return 0 or a negative errno. A read that fails leaves *@value alone.
 */
struct ec_conf_ops {
	int (*read)(void *ctx, uint32_t offset, unsigned int len, uint32_t *value);
	int (*write)(void *ctx, uint32_t offset, unsigned int len, uint32_t value);
};

#endif
