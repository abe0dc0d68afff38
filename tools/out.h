/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every command prints with: messages, colours, JSON strings. Results go to stdout,
 * messages to stderr.
 */
#ifndef EC_TOOLS_OUT_H
#define EC_TOOLS_OUT_H

#include <stdbool.h>

/** Exit codes; ecamctl(1) explains them. */
enum out_exit {
	EXIT_DONE = 0,
	EXIT_NO = 1, /* the answer is no: a difference */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,   /* bad input file */
	EXIT_DENIED = 4,  /* not permitted to talk to ecamd */
	EXIT_REFUSED = 5, /* the system or ecamd refused: no memory, no room for the output */
};

/** out_error() - one line on stderr, "ecamctl: " before it. */
void out_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** out_no_memory() - that there is no memory, on stderr. Returns EXIT_REFUSED. */
int out_no_memory(void);

/** out_json_string() - print @s as a JSON string, with its quotes. */
void out_json_string(const char *s);

/** out_json_member() - print `,"KEY":` and @s as a JSON string. */
void out_json_member(const char *key, const char *s);

/** out_json_bool() - "true" or "false". */
const char *out_json_bool(bool b);

/** out_size() - "16K", "64M", "32": bytes as lspci writes them, in @out. Returns @out. */
#define OUT_SIZE_MAX 24
const char *out_size(unsigned long long bytes, char out[OUT_SIZE_MAX]);

enum out_colour { OUT_PLAIN, OUT_BOLD, OUT_RED, OUT_GREEN, OUT_YELLOW, OUT_BLUE, OUT_DIM };

/**
 * out_colour() - what starts a colour on stdout; OUT_PLAIN ends it.
 * Empty where stdout is no terminal or a dumb one, or NO_COLOR is set.
 */
const char *out_colour(enum out_colour colour);

/** out_flush() - everything written? Returns @code, or EXIT_REFUSED with a message. */
int out_flush(int code);

#endif
