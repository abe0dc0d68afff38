/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const run_dumps[RUN_DUMPS] = { "demo",   "qemu",   "standard", "extended",
					   "broken", "tables", "devices" };

char *run_file(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t room = 1 << 16, len = 0, got;
	char *text = malloc(room);

	if (!f || !text) {
		free(text);
		return NULL;
	}
	while ((got = fread(text + len, 1, room - len - 1, f))) {
		len += got;
		if (len + 1 == room) {
			char *more = realloc(text, room *= 2);

			ck_assert(more != NULL);
			text = more;
		}
	}
	text[len] = 0;
	fclose(f);
	return text;
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert(f != NULL);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

struct run run_shell(const char *line, const char *input)
{
	char dir[] = "/tmp/ecamctl-test-XXXXXX", path[128], *shell = NULL;
	const char *build = getenv("EC_BUILD");
	struct run r;
	int status;

	ck_assert(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/in", dir);
	put_file(path, input ? input : "");
	ck_assert_int_gt(asprintf(&shell,
				  "E=%s/ecamctl; T=%s; export NO_COLOR=1; { %s\n} <%s/in >%s/out "
				  "2>%s/err",
				  build ? build : "build", dir, line, dir, dir, dir),
			 0);
	status = system(shell);
	free(shell);
	r.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	snprintf(path, sizeof(path), "%s/out", dir);
	r.out = run_file(path);
	snprintf(path, sizeof(path), "%s/err", dir);
	r.err = run_file(path);
	ck_assert(r.out && r.err);
	snprintf(path, sizeof(path), "rm -rf %s", dir);
	ck_assert_int_eq(system(path), 0);
	return r;
}

void run_free(struct run *r)
{
	free(r->out);
	free(r->err);
}

void run_says(const char *which, const char *text, const char *wanted, const char *line)
{
	if (wanted)
		ck_assert_msg(strstr(text, wanted) != NULL, "%s: no '%s' on %s:\n%.2000s", line,
			      wanted, which, text);
	else
		ck_assert_msg(!*text, "%s: on %s: %.2000s", line, which, text);
}

void run_row(const struct run_row *row)
{
	struct run r = run_shell(row->line, NULL);

	ck_assert_msg(r.code == row->code, "%s: exit %d, not %d: %.2000s%.2000s", row->line, r.code,
		      row->code, r.out, r.err);
	run_says("stdout", r.out, row->out, row->line);
	run_says("stderr", r.err, row->err, row->line);
	/* bad input is reported in one line; without any view, each function has a line of its own
	 */
	if (r.code == 3 && !strstr(r.err, "none of its"))
		ck_assert_msg(strchr(r.err, '\n') == strrchr(r.err, '\n'), "%s: %s", row->line,
			      r.err);
	run_free(&r);
}
