/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/files_trust.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHERS_WRITE (S_IWGRP | S_IWOTH)

static int fail(struct ec_diag *diag, int rc, const char *path)
{
	ec_diag_set(diag, 0, "%s: %s", path, strerror(-rc));
	return rc;
}

static int check_one(const char *path, bool sticky, struct ec_diag *diag)
{
	struct stat st;

	if (lstat(path, &st))
		return fail(diag, -errno, path);
	if (st.st_uid && st.st_uid != geteuid()) {
		ec_diag_set(diag, 0, "%s belongs to user %u", path, (unsigned int)st.st_uid);
		return -EPERM;
	}
	if (st.st_mode & OTHERS_WRITE && !(sticky && S_ISDIR(st.st_mode) && st.st_mode & S_ISVTX)) {
		ec_diag_set(diag, 0, "%s is writable by more users than its owner (mode %04o)",
			    path, (unsigned int)st.st_mode & 07777);
		return -EPERM;
	}
	return 0;
}

/* Cut the last name off; false: @path was the root. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!path[1])
		return false;
	slash[slash == path] = 0;
	return true;
}

int ec_files_trusted(const char *path, bool sticky, char **real, struct ec_diag *diag)
{
	char at[PATH_MAX];
	int rc;

	*real = realpath(path, NULL);
	if (!*real)
		return fail(diag, -errno, path);
	strcpy(at, *real);
	do {
		rc = check_one(at, sticky, diag);
		sticky = true;
	} while (!rc && go_up(at));
	if (rc) {
		free(*real);
		*real = NULL;
	}
	return rc;
}
