/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of `lspci -xxxx` for any number of functions, made from fixtures. */
#ifndef EC_BENCH_TEXT_H
#define EC_BENCH_TEXT_H

#include <stddef.h>

/** Functions of the text that is measured. */
#define TEXT_FUNCTIONS 1000

/**
 * text_make() - functions of 256 and of 4096 bytes in turn, half of the latter with lines that have
 * the sizes of their BARs.
 * @n: up to 8192. @len: of the text. Returns the text; free() it.
 */
char *text_make(unsigned int n, size_t *len);

#endif
