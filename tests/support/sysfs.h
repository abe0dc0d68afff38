/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine made of files: what libpci and libsysfs read of /sys, with a function's image as its
 * `config`.
 */
#ifndef EC_TESTS_SYSFS_H
#define EC_TESTS_SYSFS_H

#include "core/image.h"

/** A tree; its root is removed with everything in it. */
struct sysfs {
	char root[64];
};

/** sysfs_make() - an empty tree in a new directory of /tmp. Fails the test if it cannot. */
void sysfs_make(struct sysfs *s);

/** sysfs_remove() - remove it. */
void sysfs_remove(struct sysfs *s);

/**
 * sysfs_add() - a function called @name ("0000:02:00.0"), whose `config` has the first @bytes
 * bytes of @img.
 */
void sysfs_add(struct sysfs *s, const char *name, const struct ec_image *img, uint32_t bytes);

/** sysfs_file() - attribute @file of function @name; or, for a @name of "", of the tree. */
void sysfs_file(struct sysfs *s, const char *name, const char *file, const char *text);

/** sysfs_link() - link @file of function @name to @target. */
void sysfs_link(struct sysfs *s, const char *name, const char *file, const char *target);

/** sysfs_shell() - run a line of sh(1) in the tree's root; it must succeed. */
void sysfs_shell(const struct sysfs *s, const char *line);

/** sysfs_text() - names, kinds, links and checksums of all that is in the tree; to be freed. */
char *sysfs_text(const struct sysfs *s);

/** sysfs_same() - fail the test if sysfs_text() is not @before, which is freed. */
void sysfs_same(const struct sysfs *s, char *before);

#endif
