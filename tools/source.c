/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "vf.h"

char *source_slurp(const char *path, size_t *len)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	size_t room = 1 << 16, got;
	char *text = NULL, *more;

	if (!f)
		return NULL;
	*len = 0;
	while ((more = realloc(text, room + 1))) {
		text = more;
		got = fread(text + *len, 1, room - *len, f);
		*len += got;
		if (*len < room)
			break;
		room *= 2;
	}
	if (!more || ferror(f)) {
		int err = errno;

		free(text);
		text = NULL;
		if (f != stdin)
			fclose(f);
		errno = err;
		return NULL;
	}
	if (f != stdin)
		fclose(f);
	text[*len] = 0;
	return text;
}

/* Room for one more function. */
static bool grow(struct source *s)
{
	unsigned int room = s->room ? s->room * 2 : 8;
	struct ec_dump_function *fn;

	if (s->n < s->room)
		return true;
	fn = realloc(s->fn, room * sizeof(*fn));
	if (!fn)
		return false;
	s->fn = fn;
	s->room = room;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct ec_dump_function *const *x = a, *const *y = b;
	int order = ec_sbdf_compare((*x)->sbdf, (*y)->sbdf);

	return order ? order : (*x)->line < (*y)->line ? -1 : 1;
}

/* Two functions of one address: which of them is meant? */
static int check_unique(const struct source *s, const char *path)
{
	const struct ec_dump_function **sorted = malloc(s->n * sizeof(*sorted));
	char name[EC_SBDF_MAX];
	int rc = 0;

	if (!sorted) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	for (unsigned int i = 0; i < s->n; i++)
		sorted[i] = s->fn + i;
	qsort(sorted, s->n, sizeof(*sorted), compare);
	for (unsigned int i = 1; i < s->n && !rc; i++) {
		if (ec_sbdf_compare(sorted[i - 1]->sbdf, sorted[i]->sbdf))
			continue;
		out_error("%s:%u: function %s was already at line %u", path, sorted[i]->line,
			  ec_sbdf_print(sorted[i]->sbdf, false, name), sorted[i - 1]->line);
		rc = EXIT_INPUT;
	}
	free(sorted);
	return rc;
}

static int parse(struct source *s, const char *path, const char *text, size_t len)
{
	struct ec_dump_reader r = { .text = text, .len = len };
	struct ec_diag diag;
	int rc;

	do {
		if (!grow(s)) {
			out_error("out of memory");
			return EXIT_REFUSED;
		}
		rc = ec_dump_next(&r, s->fn + s->n, &diag);
		if (rc < 0) {
			out_error("%s:%u: %s", path, diag.line, diag.text);
			return EXIT_INPUT;
		}
		s->n += (unsigned int)rc;
	} while (rc);
	if (!s->n) {
		out_error("%s: no dump: there is no function in it (see `lspci -xxxx`)", path);
		return EXIT_INPUT;
	}
	return check_unique(s, path);
}

int source_load(struct source *s, const char *path)
{
	size_t len;
	char *text;
	int rc;

	memset(s, 0, sizeof(*s));
	text = source_slurp(path, &len);
	if (!text) {
		out_error("%s: %s", path, strerror(errno));
		return EXIT_INPUT;
	}
	rc = parse(s, path, text, len);
	free(text);
	if (!rc && vf_fill_ids(s)) {
		out_error("out of memory");
		rc = EXIT_REFUSED;
	}
	return rc;
}

void source_free(struct source *s)
{
	free(s->fn);
	memset(s, 0, sizeof(*s));
}

const struct ec_dump_function *source_find(const struct source *s, struct ec_sbdf at)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (!ec_sbdf_compare(s->fn[i].sbdf, at))
			return s->fn + i;
	return NULL;
}
