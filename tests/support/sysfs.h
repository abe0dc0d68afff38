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

#endif
