/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/image.h"

#include <errno.h>
#include <string.h>

#include "core/bits.h"

/* Bytes of the header, and of a conventional function's configuration space. */
#define HEADER_SIZE 64u
#define STD_SIZE 256u

void ec_image_clear(struct ec_image *img)
{
	memset(img, 0, sizeof(*img));
}

int ec_image_put(struct ec_image *img, uint32_t offset, const void *bytes, uint32_t len)
{
	uint32_t end;

	if (offset % 4 || len % 4 || offset > EC_CONFIG_SIZE || len > EC_CONFIG_SIZE - offset)
		return -ERANGE;
	memcpy(img->byte + offset, bytes, len);
	for (uint32_t d = offset / 4; d < (offset + len) / 4; d++)
		img->present[d / 32] |= 1u << (d % 32);
	end = offset + len;
	end = end <= HEADER_SIZE ? HEADER_SIZE : end <= STD_SIZE ? STD_SIZE : EC_CONFIG_SIZE;
	if (len && end > img->size)
		img->size = end;
	return 0;
}

bool ec_image_has(const struct ec_image *img, uint32_t offset, uint32_t len)
{
	if (offset > img->size || len > img->size - offset)
		return false;
	for (uint32_t d = offset / 4; d * 4 < offset + len; d++)
		if (!(img->present[d / 32] & 1u << (d % 32)))
			return false;
	return true;
}

bool ec_image_is_complete(const struct ec_image *img)
{
	uint32_t dwords = img->size / 4;

	for (uint32_t w = 0; w < dwords / 32; w++)
		if (img->present[w] != UINT32_MAX)
			return false;
	return ec_image_has(img, dwords / 32 * 128, img->size % 128);
}

uint32_t ec_image_get(const struct ec_image *img, uint32_t offset, unsigned int len)
{
	if (offset > EC_CONFIG_SIZE - len)
		return 0;
	return (uint32_t)ec_get_le(img->byte + offset, len);
}

bool ec_image_is_absent(const struct ec_image *img)
{
	if (!ec_image_has(img, 0, HEADER_SIZE))
		return false;
	for (unsigned int i = 1; i < HEADER_SIZE; i++)
		if (img->byte[i] != img->byte[0])
			return false;
	return img->byte[0] == UINT8_MAX || !img->byte[0];
}
