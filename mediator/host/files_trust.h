/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths that a privileged process may rely on: no other user can change what they name.
 */
#ifndef EC_HOST_FILES_TRUST_H
#define EC_HOST_FILES_TRUST_H

#include <stdbool.h>

#include "core/diag.h"

/**
 * ec_files_trusted() - can only root and the caller change what @path names?
 * Like sshd's StrictModes, with @path free of links: the file or folder and every folder above it
 * must belong to root or to the effective user, and have no write permission for group or others
 * (which an ACL shows as the group's). A folder above may have it if it is sticky, as /tmp is:
 * other users cannot replace there what is not theirs. @sticky: @path itself may be such a folder.
 * @real: the path without links, which the caller must use instead of @path, and frees; NULL on
 * failure. Returns 0; -EPERM: another user can change it, @diag says where; -errno: no such path.
 */
int ec_files_trusted(const char *path, bool sticky, char **real, struct ec_diag *diag);

#endif
