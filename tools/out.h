/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output that all commands share: messages on stderr; colours, sizes and JSON on stdout.
 */
#ifndef EC_TOOLS_OUT_H
#define EC_TOOLS_OUT_H

#include <stdbool.h>

/** Exit codes; see ecamctl(1). */
enum out_exit {
	EXIT_DONE = 0,
	EXIT_NO = 1, /* the answer is no, such as a difference */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,   /* bad input file */
	EXIT_DENIED = 4,  /* no permission to connect to ecamd */
	EXIT_REFUSED = 5, /* the system or ecamd refused, such as out of memory */
};

/** out_error() - print a line on stderr, after "ecamctl: ". */
void out_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** out_no_memory() - report on stderr that memory is exhausted. Returns EXIT_REFUSED. */
int out_no_memory(void);

/**
 * out_json_string() - print @s as a JSON string, with its quotes.
 * A byte that is not part of a UTF-8 character, as in a file's name, is printed as U+FFFD.
 */
void out_json_string(const char *s);

/** out_json_member() - print `,"KEY":` and @s as a JSON string. */
void out_json_member(const char *key, const char *s);

/** out_json_bool() - "true" or "false". */
const char *out_json_bool(bool b);

/** out_size() - write a number of bytes to @out like lspci: "16K", "64M", "32". Returns @out. */
#define OUT_SIZE_MAX 24
const char *out_size(unsigned long long bytes, char out[OUT_SIZE_MAX]);

/** What follows a size that a dump does not state. */
#define OUT_GUESSED " (guessed from the alignment)"

enum out_colour { OUT_PLAIN, OUT_BOLD, OUT_RED, OUT_GREEN, OUT_YELLOW, OUT_BLUE, OUT_DIM };

/**
 * out_colour() - the escape sequence that starts a colour; OUT_PLAIN ends it.
 * Empty if stdout is not a terminal, TERM is "dumb" or not set, or NO_COLOR is set.
 */
const char *out_colour(enum out_colour colour);

/** out_flush() - flush stdout. Returns @code, or EXIT_REFUSED after a message on an error. */
int out_flush(int code);

#endif
