/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Reads all of @f, or until there are more than @most bytes. */
static int read_all(FILE *f, size_t most, char **text, size_t *len)
{
	size_t room = 1 << 16, got;
	char *more;

	while ((more = realloc(*text, room + 1))) {
		*text = more;
		got = fread(*text + *len, 1, room - *len, f);
		*len += got;
		/* errno may be 0, which would mean success */
		if (ferror(f))
			return errno ? -errno : -EIO;
		if (*len > most)
			return -EFBIG;
		if (*len < room) {
			(*text)[*len] = 0;
			return 0;
		}
		room *= 2;
	}
	return -ENOMEM;
}

int ec_file_read(const char *path, size_t most, char **text, size_t *len)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int rc;

	*text = NULL;
	*len = 0;
	if (!f)
		return -errno;
	rc = read_all(f, most, text, len);
	if (rc) {
		free(*text);
		*text = NULL;
	}
	if (f != stdin)
		fclose(f);
	return rc;
}

static int is_json(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 && !strcmp(e->d_name + len - 5, ".json");
}

/* alphasort(3) depends on the locale; the order of rules must not. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static char *join(const char *folder, const char *name)
{
	const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
	char *path;

	return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

static int list_folder(const char *path, struct ec_file_list *out)
{
	struct dirent **entry;
	int n = scandir(path, &entry, is_json, by_bytes), rc = 0;

	if (n < 0)
		return -errno;
	out->path = calloc((size_t)n + 1, sizeof(*out->path));
	for (int i = 0; i < n; i++) {
		if (out->path && !rc && (out->path[out->n] = join(path, entry[i]->d_name)))
			out->n++;
		else
			rc = -ENOMEM;
		free(entry[i]);
	}
	free(entry);
	return out->path ? rc : -ENOMEM;
}

int ec_file_list(const char *path, struct ec_file_list *out)
{
	struct stat st = { 0 };
	int rc = 0;

	*out = (struct ec_file_list){ 0 };
	if (strcmp(path, "-") && stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode)) {
		rc = list_folder(path, out);
	} else {
		out->path = calloc(1, sizeof(*out->path));
		if (out->path && (out->path[0] = strdup(path)))
			out->n = 1;
		else
			rc = -ENOMEM;
	}
	if (rc)
		ec_file_list_free(out);
	return rc;
}

void ec_file_list_free(struct ec_file_list *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		free(list->path[i]);
	free(list->path);
	*list = (struct ec_file_list){ 0 };
}
