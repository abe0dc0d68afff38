/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading whole files, and listing folders of rules.
 */
#ifndef EC_HOST_FILES_H
#define EC_HOST_FILES_H

#include <stddef.h>

#ifndef EC_PREFIX
#define EC_PREFIX "/usr"
#endif

/** Folders of the site's policy files and of the quirk files. */
#define EC_POLICY_FOLDER "/etc/ecamd/policy.d"
#define EC_QUIRKS_FOLDER EC_PREFIX "/share/ecamd/quirks.d"

/** Paths. ec_file_list_free() frees them. */
struct ec_file_list {
	unsigned int n;
	char **path;
};

/**
 * ec_file_read() - read a whole file or, for "-", standard input.
 * @most: bytes that it may have. @text: the bytes and a terminating 0, which the caller frees; NULL
 * on error. @len: their number. Returns 0; -EFBIG: it has more; or another negative errno.
 */
int ec_file_read(const char *path, size_t most, char **text, size_t *len);

/**
 * ec_file_list() - list a file, or the files of a folder whose names end in ".json".
 * @path: anything but a folder is listed as it is, "-" too.
 * @out: the paths; of a folder, sorted by the bytes of their names. Names that start with a dot are
 * skipped. Returns 0 or a negative errno with nothing to free; -ENOENT: @path does not exist.
 */
int ec_file_list(const char *path, struct ec_file_list *out);

/** ec_file_list_free() - free the paths, and set @list to 0. */
void ec_file_list_free(struct ec_file_list *list);

#endif
