/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view of functions as a guest reads it, and as text for lspci -F. */
#ifndef EC_TESTS_GUEST_VIEW_H
#define EC_TESTS_GUEST_VIEW_H

#include "core/image.h"
#include "enumerate.h"

/**
 * guest_view_read() - read all that the guest can reach: 4 KiB if the function has them and ECAM
 * reaches it, else 256 bytes. @img: written whole.
 */
void guest_view_read(const struct guest_config *g, struct ec_sbdf at, struct ec_image *img);

/** guest_view_text() - @e as `lspci -xxxx` prints it; the caller frees it. */
char *guest_view_text(const struct guest_config *g, const struct enumerated *e);

/**
 * guest_view_differs() - compare two views, except for what guests write: COMMAND, BARs, ROM,
 * windows, interrupt line, MSI and MSI-X. Bus numbers are compared. Returns the offset of the first
 * byte that differs, or EC_CONFIG_SIZE.
 */
uint32_t guest_view_differs(const struct ec_image *a, const struct ec_image *b);

#endif
