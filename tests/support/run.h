/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs ecamctl as a user does. $EC_BUILD is the folder of the build, by default "build".
 */
#ifndef EC_TESTS_RUN_H
#define EC_TESTS_RUN_H

/** Options for command lines. */
#define DUMP_OF(name) "--dump tests/data/" name ".lspci "
#define DEMO DUMP_OF("demo")
#define DEVICES DUMP_OF("devices")

/** The dumps of tests/data. */
#define RUN_DUMPS 7
extern const char *const run_dumps[RUN_DUMPS];

/** The result of a command. */
struct run {
	int code; /* exit code; 128 + the signal if it was killed */
	char *out, *err;
};

/** A line of shell, its exit code, and what stdout and stderr contain; NULL: they are empty. */
struct run_row {
	const char *line;
	int code;
	const char *out, *err;
};

/**
 * run_shell() - run a line of shell, in which $E is ecamctl and $T a new empty folder.
 * @input: standard input; NULL: none. Free the result with run_free(). Fails the test if the line
 * cannot be run.
 */
struct run run_shell(const char *line, const char *input);

/** run_free() - free the texts of a result. */
void run_free(struct run *r);

/**
 * run_says() - fail the test unless @text, which @line printed on @which, contains @wanted.
 * @wanted: NULL: it must be empty.
 */
void run_says(const char *which, const char *text, const char *wanted, const char *line);

/** run_row() - run the line of @row, and fail the test unless its result is as the row says. */
void run_row(const struct run_row *row);

/** run_file() - the text of a file, to be freed; NULL if it cannot be read. */
char *run_file(const char *path);

#endif
