/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image of a function's configuration space: its bytes, and which of them were captured.
 */
#ifndef EC_CORE_IMAGE_H
#define EC_CORE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/** Bytes and dwords of a PCI Express function's configuration space. */
#define EC_CONFIG_SIZE 4096u
#define EC_CONFIG_DWORDS (EC_CONFIG_SIZE / 4)

struct ec_image {
	uint32_t size;                           /* 64, 256 or 4096; 0: nothing captured */
	uint32_t present[EC_CONFIG_DWORDS / 32]; /* a bit per dword that was captured */
	uint8_t byte[EC_CONFIG_SIZE];            /* bytes not captured are 0 */
};

/** ec_image_clear() - make it empty: nothing captured, all bytes 0. */
void ec_image_clear(struct ec_image *img);

/**
 * ec_image_put() - add @len captured bytes at @offset.
 * @offset, @len: multiples of 4; the range ends at 4096 at most.
 * Raises the size to the least of 64, 256 and 4096 that holds the range.
 * Returns 0, or -ERANGE with nothing changed for another range.
 */
int ec_image_put(struct ec_image *img, uint32_t offset, const void *bytes, uint32_t len);

/** ec_image_has() - were all @len bytes at @offset captured? False past the size. */
bool ec_image_has(const struct ec_image *img, uint32_t offset, uint32_t len);

/** ec_image_is_complete() - were all bytes below the size captured? */
bool ec_image_is_complete(const struct ec_image *img);

/**
 * ec_image_get() - little-endian value of @len (1, 2 or 4) captured bytes at @offset.
 * Bytes that were not captured count as 0. Pure; any offset is allowed.
 */
uint32_t ec_image_get(const struct ec_image *img, uint32_t offset, unsigned int len);

/**
 * ec_image_is_absent() - does the image show that no function is there?
 * That is so if all 64 bytes of the header were captured and are ff, or 0: some bridges answer so.
 */
bool ec_image_is_absent(const struct ec_image *img);

#endif
