/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that a guest sees of its functions, read by its own accesses; as a text for lspci -F. */
#ifndef EC_TESTS_GUEST_VIEW_H
#define EC_TESTS_GUEST_VIEW_H

#include "core/image.h"
#include "enumerate.h"

/**
 * guest_view_read() - every byte that the guest can reach: 4 KiB by ECAM where the function has so
 * many, else 256. @img: written whole.
 */
void guest_view_read(const struct guest_config *g, struct ec_sbdf at, struct ec_image *img);

/** guest_view_text() - all of @e as `lspci -xxxx` prints it; to be freed. */
char *guest_view_text(const struct guest_config *g, const struct enumerated *e);

/**
 * guest_view_differs() - where two views differ in what is not the guest's to write: of a function
 * of type 0 command, BARs, ROM and interrupt line, of a bridge command, windows and interrupt line,
 * of both the state of MSI and MSI-X. Bus numbers count.
 * Returns the offset of the first byte, or EC_CONFIG_SIZE: they agree.
 */
uint32_t guest_view_differs(const struct ec_image *a, const struct ec_image *b);

#endif
