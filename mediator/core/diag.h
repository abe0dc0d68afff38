/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One bounded message: what failed, and where. Low floors fill it; the top floors print it, after
 * the name of the file or function.
 */
#ifndef EC_CORE_DIAG_H
#define EC_CORE_DIAG_H

/** Bytes of a message with its terminating 0; a longer text is cut. */
#define EC_DIAG_MAX 256

struct ec_diag {
	unsigned int line; /* of the input text, from 1; 0: not about a line */
	char text[EC_DIAG_MAX];
};

/**
 * ec_diag_set() - write a message, printf-like.
 * @diag: filled; NULL: nothing happens. @line: as in struct ec_diag.
 * Cannot fail; the text is always terminated.
 */
void ec_diag_set(struct ec_diag *diag, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
