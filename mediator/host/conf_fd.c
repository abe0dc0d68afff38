/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/conf_fd.h"

#include <errno.h>
#include <unistd.h>

#include "core/bits.h"

static int read_fd(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct ec_conf_fd *c = ctx;
	uint8_t bytes[4];
	ssize_t n;

	do
		n = pread(c->fd, bytes, len, offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n != len)
		return -EACCES;
	*value = (uint32_t)ec_get_le(bytes, len);
	return 0;
}

static int write_fd(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	const struct ec_conf_fd *c = ctx;
	uint8_t bytes[4];
	ssize_t n;

	ec_put_le(bytes, len, value);
	do
		n = pwrite(c->fd, bytes, len, offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

const struct ec_conf_ops ec_conf_fd_ops = { .read = read_fd, .write = write_fd };
