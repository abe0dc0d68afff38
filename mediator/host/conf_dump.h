/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration access to a function of a dump: its bytes act as the device, with the standard's
 * RO, RW and RW1C bits. The dump itself is not changed.
 */
#ifndef EC_HOST_CONF_DUMP_H
#define EC_HOST_CONF_DUMP_H

#include "core/host_ops.h"
#include "core/image.h"

/** The bytes that act as the device. The caller fills and owns it. */
struct ec_conf_dump {
	struct ec_image image;
	uint8_t rw[EC_CONFIG_SIZE];  /* bits that a write sets */
	uint8_t w1c[EC_CONFIG_SIZE]; /* bits that writing 1 clears; all others are RO */
};

/** The adapter; its context is a struct ec_conf_dump. -ENODATA: bytes that were not captured. */
extern const struct ec_conf_ops ec_conf_dump_ops;

#endif
