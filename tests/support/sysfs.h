/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine made of files: the part of /sys that libpci and libsysfs read, with a function's image
 * as its `config`.
 */
#ifndef EC_TESTS_SYSFS_H
#define EC_TESTS_SYSFS_H

#include "core/image.h"

/** A tree of files. */
struct sysfs {
	char root[64];
};

/** sysfs_make() - an empty tree in a new directory of /tmp. Fails the test on an error. */
void sysfs_make(struct sysfs *s);

/** sysfs_remove() - remove it with all its files. */
void sysfs_remove(struct sysfs *s);

/**
 * sysfs_add() - add function @name ("0000:02:00.0"); its `config` has the first @bytes bytes of
 * @img.
 */
void sysfs_add(struct sysfs *s, const char *name, const struct ec_image *img, uint32_t bytes);

/** sysfs_file() - write attribute @file of function @name; @name "": of the tree. */
void sysfs_file(struct sysfs *s, const char *name, const char *file, const char *text);

/** sysfs_link() - link @file of function @name to @target. */
void sysfs_link(struct sysfs *s, const char *name, const char *file, const char *target);

/** sysfs_shell() - run a line of sh(1) in the tree's root; it must succeed. */
void sysfs_shell(const struct sysfs *s, const char *line);

/** sysfs_text() - names, types, links and checksums of all files in the tree; free() it. */
char *sysfs_text(const struct sysfs *s);

/** sysfs_same() - fail the test if sysfs_text() is not @before. Frees @before. */
void sysfs_same(const struct sysfs *s, char *before);

#endif
