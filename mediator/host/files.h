/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read whole, and the folders that rules are installed in.
 */
#ifndef EC_HOST_FILES_H
#define EC_HOST_FILES_H

#include <stddef.h>

/** Where the site's policy files and the devices' quirk files are installed. */
#define EC_POLICY_FOLDER "/etc/ecamd/policy.d"
#define EC_QUIRKS_FOLDER "/usr/share/ecamd/quirks.d"

/** Paths, all to be freed by ec_file_list_free(). */
struct ec_file_list {
	unsigned int n;
	char **path;
};

/**
 * ec_file_read() - all of a file or, for "-", of standard input.
 * @most: bytes that it may have. @text: the bytes with a 0 behind them, to be freed, NULL on
 * error. @len: their number. Returns 0; -EFBIG: it has more; another negative errno.
 */
int ec_file_read(const char *path, size_t most, char **text, size_t *len);

/**
 * ec_file_list() - a file, or the files of a folder whose names end in ".json".
 * @out: written whole; of a folder by rising bytes of their names, each with the folder before it.
 * Names that start with a dot do not count. What is no folder counts as a file, "-" too. Returns 0
 * or a negative errno, with nothing to free: -ENOENT if @path is not there.
 */
int ec_file_list(const char *path, struct ec_file_list *out);

/** ec_file_list_free() - free the paths, and make it all 0. */
void ec_file_list_free(struct ec_file_list *list);

#endif
