/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One bounded message: what went wrong, and where. Filled where a thing is refused, printed on
 * the top floor, which knows the file's or the function's name.
 */
#ifndef EC_CORE_DIAG_H
#define EC_CORE_DIAG_H

/** Size of a message with its terminating 0; a longer text is cut. */
#define EC_DIAG_MAX 256

struct ec_diag {
	unsigned int line; /* line of the input text, from 1; 0: not about a line */
	char text[EC_DIAG_MAX];
};

/**
 * ec_diag_set() - write a message, printf-like.
 * @diag: filled; may be NULL, then nothing happens. Owned by the caller.
 * @line: line of the input the message is about, 0 for none.
 * Side effects: none beyond *@diag. Never fails; the text is always terminated.
 */
void ec_diag_set(struct ec_diag *diag, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
