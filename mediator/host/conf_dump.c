/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/conf_dump.h"

#include <errno.h>

static int read_dump(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct ec_conf_dump *d = ctx;

	if (!ec_image_has(&d->image, offset, len))
		return -ENODATA;
	*value = ec_image_get(&d->image, offset, len);
	return 0;
}

static int write_dump(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct ec_conf_dump *d = ctx;

	if (!ec_image_has(&d->image, offset, len))
		return -ENODATA;
	for (unsigned int i = 0; i < len; i++) {
		uint8_t *byte = d->image.byte + offset + i, in = (uint8_t)(value >> i * 8);
		uint8_t rw = d->rw[offset + i], w1c = d->w1c[offset + i];

		*byte = (uint8_t)(((*byte & ~rw) | (in & rw)) & ~(in & w1c));
	}
	return 0;
}

const struct ec_conf_ops ec_conf_dump_ops = { .read = read_dump, .write = write_dump };
