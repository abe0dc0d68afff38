/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs build/ecamctl as a user does. The directory of the build is $EC_BUILD, "build" by default.
 */
#ifndef EC_TESTS_RUN_H
#define EC_TESTS_RUN_H

/** What a command left behind. */
struct run {
	int code; /* exit code; 128 + the signal if it was killed */
	char *out, *err;
};

/**
 * run_shell() - run a line of shell, in which $E is ecamctl and $T a new empty directory.
 * @input: its standard input, NULL: none. Free the result. Fails the test if it cannot run.
 */
struct run run_shell(const char *line, const char *input);

/** run_free() - free what it left and remove the directory. */
void run_free(struct run *r);

/**
 * run_says() - does @text, what @line printed on @which, contain @wanted? Fails the test if not.
 * @wanted: NULL: it must be empty.
 */
void run_says(const char *which, const char *text, const char *wanted, const char *line);

/** run_file() - all of a file, to be freed; NULL if it cannot be read. */
char *run_file(const char *path);

#endif
