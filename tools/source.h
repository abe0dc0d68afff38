/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where functions come from: a dump, loaded whole or not at all.
 */
#ifndef EC_TOOLS_SOURCE_H
#define EC_TOOLS_SOURCE_H

#include "core/dump.h"

struct source {
	struct ec_dump_function *fn; /* in the order of the file */
	unsigned int n;
	unsigned int room;
};

/**
 * source_load() - read the dump @path.
 * Returns 0 with at least one function, no two of one address; or an exit code, after one
 * message on stderr that names file and line. Free it in both cases.
 */
int source_load(struct source *s, const char *path);

/** source_free() - free what was loaded; of a source that is all 0 too. */
void source_free(struct source *s);

/** source_find() - the function at @at, or NULL. */
const struct ec_dump_function *source_find(const struct source *s, struct ec_sbdf at);

/**
 * source_slurp() - all of a file or, for "-", of standard input.
 * Returns the bytes with a 0 behind them, to be freed, and their number; NULL with errno set.
 */
char *source_slurp(const char *path, size_t *len);

#endif
