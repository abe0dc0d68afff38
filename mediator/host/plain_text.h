/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts as people have them: compressed, in UTF-16, with blanks of a web page. */
#ifndef EC_HOST_PLAIN_TEXT_H
#define EC_HOST_PLAIN_TEXT_H

#include <stddef.h>

#include "core/diag.h"

/** Bytes that a compressed text may have when it is not compressed. */
#define EC_PLAIN_TEXT_MOST ((size_t)1 << 30)

/**
 * ec_plain_text() - make a text plain: gzip is uncompressed, UTF-16 with a byte order mark becomes
 * UTF-8 (also what was compressed), and a no-break space becomes a space.
 * @text, @len: a text of malloc() with a 0 after it, which may be replaced by another such one.
 * Returns 0; -EINVAL: damaged; -EFBIG: longer than EC_PLAIN_TEXT_MOST; -ENOMEM. Then the text is as
 * it was, and @diag says why.
 */
int ec_plain_text(char **text, size_t *len, struct ec_diag *diag);

#endif
