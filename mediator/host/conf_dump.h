/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration access to a function of a dump: the captured bytes play the device, with the
 * standard's RO, RW and RW1C bits. The dump itself is never changed.
 */
#ifndef EC_HOST_CONF_DUMP_H
#define EC_HOST_CONF_DUMP_H

#include "core/host_ops.h"
#include "core/image.h"

/** A device played by bytes. Fill all of it; the caller's. */
struct ec_conf_dump {
	struct ec_image image;
	uint8_t rw[EC_CONFIG_SIZE];  /* bits that a write sets */
	uint8_t w1c[EC_CONFIG_SIZE]; /* bits that writing 1 clears; the rest is RO */
};

/**
 * The port; its context is a struct ec_conf_dump. Bytes that were not captured give -ENODATA.
 */
extern const struct ec_conf_ops ec_conf_dump_ops;

#endif
