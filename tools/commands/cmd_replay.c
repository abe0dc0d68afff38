/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl replay: run the accesses of a script, and print the result of each. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/files.h"
#include "tools/commands/commands.h"
#include "tools/number.h"
#include "tools/offline/view.h"
#include "tools/out.h"

/* One line of the script. */
struct step {
	bool write;
	uint32_t offset;
	uint32_t length;
	uint64_t value;
};

struct script {
	struct step *step;
	size_t n;
};

/* A guest access touches up to three dwords, with up to four reads and four writes each. */
#define LOG_MAX 24

struct hw_log {
	struct ec_conf_dump *device;
	unsigned int n;
	struct {
		bool write;
		uint32_t offset, len, value;
	} entry[LOG_MAX];
};

static void log_access(struct hw_log *log, bool write, uint32_t offset, unsigned int len,
		       uint32_t value)
{
	if (log->n < LOG_MAX) {
		log->entry[log->n].write = write;
		log->entry[log->n].offset = offset;
		log->entry[log->n].len = len;
		log->entry[log->n++].value = value;
	}
}

static int log_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct hw_log *log = ctx;
	int rc = ec_conf_dump_ops.read(log->device, offset, len, value);

	if (!rc)
		log_access(log, false, offset, len, *value);
	return rc;
}

static int log_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct hw_log *log = ctx;

	log_access(log, true, offset, len, value);
	return ec_conf_dump_ops.write(log->device, offset, len, value);
}

static const struct ec_conf_ops log_ops = { .read = log_read, .write = log_write };

/* Splits a line at blanks. Returns the number of words, or @most + 1 if there are more. */
static unsigned int split(char *line, char **word, unsigned int most)
{
	unsigned int n = 0;
	char *save, *w;

	for (w = strtok_r(line, " \t\r", &save); w; w = strtok_r(NULL, " \t\r", &save)) {
		if (n == most)
			return most + 1;
		word[n++] = w;
	}
	return n;
}

/* Returns a message, or NULL if the line is good. *@any: the line has a step. */
static const char *parse_line(char *line, struct step *step, bool *any)
{
	char *word[4], *comment = strchr(line, '#');
	uint64_t offset, length;
	unsigned int n;

	if (comment)
		*comment = 0;
	n = split(line, word, 4);
	*any = n;
	if (!n)
		return NULL;
	step->write = !strcmp(word[0], "w");
	if (!step->write && strcmp(word[0], "r"))
		return "a line is 'r OFFSET LENGTH' or 'w OFFSET LENGTH VALUE'";
	if (n != (step->write ? 4 : 3))
		return step->write ? "a write is 'w OFFSET LENGTH VALUE'"
				   : "a read is 'r OFFSET LENGTH'";
	if (!number_parse(word[1], 0, UINT32_MAX, &offset))
		return "the offset is not a number from 0 to 0xffffffff";
	if (!number_parse(word[2], 0, UINT32_MAX, &length))
		return "the length is not a number from 0 to 0xffffffff";
	step->offset = (uint32_t)offset;
	step->length = (uint32_t)length;
	step->value = 0;
	if (step->write && !number_parse(word[3], 0, UINT64_MAX, &step->value))
		return "the value is not a number of at most 64 bits";
	if (step->write && (length == 1 || length == 2 || length == 4) &&
	    step->value > ec_ones((unsigned int)length))
		return "the value is wider than the length";
	return NULL;
}

/* Reads the whole script before the first access: after a bad line nothing runs. */
static int load(struct script *s)
{
	unsigned int line = 0;
	size_t len, room = 0;
	char *text, *next;
	int rc = ec_file_read("-", SIZE_MAX, &text, &len);

	s->step = NULL;
	s->n = 0;
	if (rc) {
		out_error("standard input: %s", strerror(-rc));
		return EXIT_INPUT;
	}
	next = text;
	while (!rc && next) {
		char *this = strsep(&next, "\n");
		const char *wrong;
		bool any;

		line++;
		if (s->n == room) {
			struct step *more =
				realloc(s->step, (room = room * 2 + 64) * sizeof(*more));

			if (!more) {
				out_error("out of memory");
				rc = EXIT_REFUSED;
				break;
			}
			s->step = more;
		}
		wrong = strlen(this) != (size_t)((next ? next - 1 : text + len) - this)
				? "the line contains a 0 byte"
				: parse_line(this, s->step + s->n, &any);
		if (wrong) {
			out_error("standard input:%u: %s", line, wrong);
			rc = EXIT_INPUT;
		} else {
			s->n += any;
		}
	}
	free(text);
	return rc;
}

static void print_actions(const struct ec_action_list *list)
{
	for (unsigned int i = 0; i < list->n; i++) {
		const struct ec_action *a = list->action + i;
		const struct ec_action_info *info = ec_action_info + a->kind;

		printf("%s{\"action\":\"%s\"", i ? "," : "", info->name);
		if (info->args & EC_ARG_INDEX)
			printf(",\"bar\":%u", a->index);
		if (info->args & EC_ARG_ADDRESS)
			printf(",\"address\":%" PRIu64, a->address);
		if (info->args & EC_ARG_SIZE)
			printf(",\"size\":%" PRIu64, a->size);
		if (info->args & EC_ARG_VALUE)
			printf(",\"value\":%u", a->value);
		putchar('}');
	}
}

static void print_step(const struct ec_access *a, const struct hw_log *log)
{
	printf("{\"op\":\"%c\",\"offset\":%u,\"length\":%u,\"value\":%" PRIu64
	       ",\"verdict\":\"%s\",\"hardware\":[",
	       a->write ? 'w' : 'r', a->offset, a->length, a->value, ec_verdict_names[a->verdict]);
	for (unsigned int i = 0; i < log->n; i++)
		printf("%s{\"op\":\"%c\",\"offset\":%u,\"length\":%u,\"value\":%u}", i ? "," : "",
		       log->entry[i].write ? 'w' : 'r', log->entry[i].offset, log->entry[i].len,
		       log->entry[i].value);
	printf("],\"actions\":[");
	print_actions(&a->actions);
	puts("]}");
}

static void replay(struct view *v, const struct options *o, void *ctx)
{
	const struct script *s = ctx;
	struct hw_log log = { .device = &v->device };

	(void)o;
	v->function.hw = &log_ops;
	v->function.hw_ctx = &log;
	for (size_t i = 0; i < s->n; i++) {
		struct ec_access a = { .at = v->function.at,
				       .write = s->step[i].write,
				       .offset = s->step[i].offset,
				       .length = s->step[i].length,
				       .value = s->step[i].value };

		log.n = 0;
		ec_access_handle(&v->buses, &a);
		print_step(&a, &log);
	}
	v->function.hw = &ec_conf_dump_ops;
	v->function.hw_ctx = &v->device;
}

static int run(const struct options *o)
{
	struct script s;
	int rc;

	if (o->dump && !strcmp(o->dump, "-")) {
		out_error("replay reads the script from standard input: the dump must be a file");
		return EXIT_USAGE;
	}
	rc = load(&s);
	if (!rc)
		rc = view_each(o, EC_CAPTURE_SHOWN, replay, &s);
	free(s.step);
	return rc;
}

const struct command cmd_replay = {
	.name = "replay",
	.args = "BDF [--dump FILE] [--topology T] [--no-intx] [RULES] < SCRIPT",
	.help = "run a script of guest reads and writes, and show the result of each",
	.notes =
		"A line of the script is 'r OFFSET LENGTH' or 'w OFFSET LENGTH VALUE'; # starts a\n"
		"comment. Each access prints a JSON object. The accesses go to a copy of the "
		"function:\n"
		"neither the dump nor the hardware is written.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_TOPOLOGY | TAKES_NO_INTX | TAKES_RULES,
	.run = run,
};
