/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/device_sysfs_record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of a record: three names, and five short lines. */
#define RECORD_MAX (3 * EC_DRIVER_MAX + 128)

/* The path of the record, and with @suffix of a file next to it. */
static int path_of(const char *dir, struct ec_sbdf at, const char *suffix, char path[PATH_MAX])
{
	char name[EC_SBDF_MAX];
	int n = snprintf(path, PATH_MAX, "%s/%s%s", dir, ec_sbdf_print(at, true, name), suffix);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* Makes the folder and the one that it is in. */
static int make_dir(const char *dir)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(dir, '/');

	if (slash && slash > dir && slash - dir < PATH_MAX) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - dir), dir);
		mkdir(parent, 0755);
	}
	return mkdir(dir, 0700) && errno != EEXIST ? -errno : 0;
}

static int print(const struct ec_taken_record *r, char text[RECORD_MAX])
{
	int n = snprintf(text, RECORD_MAX,
			 "ids %08x\ndriver %s\nstub %s\noverride %s\nheld %d\nmaster %d\n", r->ids,
			 r->taken.driver, r->taken.stub, r->taken.override, r->taken.was_held,
			 r->taken.master);

	return n < 0 || n >= RECORD_MAX ? -EINVAL : n;
}

int ec_taken_record_write(const char *dir, struct ec_sbdf at, const struct ec_taken_record *r)
{
	char path[PATH_MAX], fresh[PATH_MAX], text[RECORD_MAX];
	int n = print(r, text), rc = n < 0 ? n : 0, fd;

	rc = rc ? rc : path_of(dir, at, "", path);
	rc = rc ? rc : path_of(dir, at, ".new", fresh);
	rc = rc ? rc : make_dir(dir);
	if (rc)
		return rc;
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)n) != n)
		rc = errno ? -errno : -ENOSPC;
	close(fd);
	if (!rc && rename(fresh, path))
		rc = -errno;
	if (rc)
		unlink(fresh);
	return rc;
}

/*
 * Copies the value of the line "KEY VALUE" at *@at to @out, and goes to the next line. A name of a
 * driver becomes a part of a path: it has no slash.
 */
static bool take_line(const char **at, const char *key, char *out, size_t size)
{
	size_t skip = strlen(key), len;

	if (strncmp(*at, key, skip) != 0 || (*at)[skip] != ' ')
		return false;
	*at += skip + 1;
	len = strcspn(*at, "\n");
	if ((*at)[len] != '\n' || len >= size || memchr(*at, '/', len))
		return false;
	memcpy(out, *at, len);
	out[len] = 0;
	*at += len + 1;
	return true;
}

static bool take_flag(const char **at, const char *key, bool *out)
{
	char text[2];

	if (!take_line(at, key, text, sizeof(text)) || (*text != '0' && *text != '1'))
		return false;
	*out = *text == '1';
	return true;
}

static bool parse(const char *at, struct ec_taken_record *r)
{
	struct ec_taken *t = &r->taken;
	char ids[9];

	return take_line(&at, "ids", ids, sizeof(ids)) && sscanf(ids, "%8x", &r->ids) == 1 &&
	       take_line(&at, "driver", t->driver, sizeof(t->driver)) &&
	       take_line(&at, "stub", t->stub, sizeof(t->stub)) && *t->stub &&
	       take_line(&at, "override", t->override, sizeof(t->override)) &&
	       take_flag(&at, "held", &t->was_held) && take_flag(&at, "master", &t->master) && !*at;
}

int ec_taken_record_read(const char *dir, struct ec_sbdf at, struct ec_taken_record *out)
{
	char path[PATH_MAX], text[RECORD_MAX + 1];
	int rc = path_of(dir, at, "", path), fd;
	ssize_t n;

	if (rc)
		return rc;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	rc = n < 0 ? -errno : 0;
	close(fd);
	if (rc)
		return rc;
	text[n] = 0;
	memset(out, 0, sizeof(*out));
	return parse(text, out) ? 0 : -EINVAL;
}

void ec_taken_record_remove(const char *dir, struct ec_sbdf at)
{
	char path[PATH_MAX];

	if (!path_of(dir, at, "", path))
		unlink(path);
}
