/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl replay: run the accesses of a script, and print the result of each. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/files.h"
#include "tools/commands/commands.h"
#include "tools/number.h"
#include "tools/offline/place.h"
#include "tools/out.h"

/* One line of the script. */
struct step {
	bool write;
	unsigned int line;
	bool by_place; /* where it is depends on the function */
	struct place place;
	uint32_t offset;
	uint32_t length; /* 0: as wide as the register */
	uint64_t value;
};

struct script {
	struct step *step;
	size_t n;
	int code;
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

#define NO_OFFSET "the offset is not a register, nor a hexadecimal number up to ffffffff"
#define A_READ "a read is 'r OFFSET LENGTH' or 'r REGISTER [LENGTH]'"
#define A_WRITE "a write is 'w OFFSET LENGTH VALUE' or 'w REGISTER [LENGTH] VALUE'"

/* What is wrong with a value of @length bytes, or NULL. */
static const char *check_value(const struct step *s)
{
	if (!s->write || (s->length != 1 && s->length != 2 && s->length != 4) ||
	    s->value <= ec_ones(s->length))
		return NULL;
	return "the value is wider than the length";
}

/*
 * Where a step accesses: a plain offset may be anywhere, since guests access places that no
 * function has.
 */
static const char *parse_where(const char *text, struct step *step)
{
	uint64_t offset = 0;

	step->by_place = !number_parse_hex(text, UINT32_MAX, &offset);
	step->offset = (uint32_t)offset;
	if (step->by_place && (strchr(text, ':') || place_parse(text, &step->place)))
		return NO_OFFSET;
	return NULL;
}

/* The # of a comment, not that of a name: "VNDR#2". */
static char *find_comment(char *line)
{
	char *at = strchr(line, '#');

	while (at && at > line && isupper((unsigned char)at[-1]) && isdigit((unsigned char)at[1]))
		at = strchr(at + 1, '#');
	return at;
}

/* Returns a message, or NULL if the line is good. *@any: the line has a step. */
static const char *parse_line(char *line, struct step *step, bool *any)
{
	char *word[4], *comment = find_comment(line);
	const char *wrong;
	uint64_t length = 0;
	unsigned int n, least;

	if (comment)
		*comment = 0;
	n = split(line, word, 4);
	*any = n;
	if (!n)
		return NULL;
	step->write = !strcmp(word[0], "w");
	if (!step->write && strcmp(word[0], "r"))
		return "a line is 'r OFFSET LENGTH' or 'w OFFSET LENGTH VALUE'";
	least = step->write ? 3 : 2;
	if (n < least || n > least + 1)
		return step->write ? A_WRITE : A_READ;
	wrong = parse_where(word[1], step);
	if (wrong)
		return wrong;
	/* an offset alone has no width */
	if (n == least && !step->by_place)
		return step->write ? A_WRITE : A_READ;
	if (n > least && !number_parse(word[2], 0, UINT32_MAX, &length))
		return "the length is not a number from 0 to 0xffffffff";
	step->length = (uint32_t)length;
	step->value = 0;
	if (step->write && !number_parse_hex(word[n - 1], UINT64_MAX, &step->value))
		return "the value is not a hexadecimal number of at most 64 bits";
	return check_value(step);
}

/* Reads the whole script before the first access: after a bad line nothing runs. */
static int load(struct script *s)
{
	unsigned int line = 0;
	size_t len, room = 0;
	char *text, *next;
	int rc = ec_file_read("-", SIZE_MAX, &text, &len);

	*s = (struct script){ 0 };
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
		} else if (any) {
			s->step[s->n++].line = line;
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

/* Finds where the step is in the view. Returns a message, or NULL. */
static const char *find(const struct view *v, struct step *s)
{
	uint32_t width;

	if (!s->by_place)
		return NULL;
	if (!place_at(&v->plan, &s->place, &s->offset, &width))
		return "the view has no such register or capability";
	if (s->place.length && s->length && s->place.length != s->length)
		return "the register is given with another width";
	if (!s->length)
		s->length = width;
	return s->length ? check_value(s) : "the width is not known: append .b, .w or .l";
}

static void replay(struct view *v, const struct options *o, void *ctx)
{
	struct script *s = ctx;
	struct hw_log log = { .device = &v->device };

	(void)o;
	for (size_t i = 0; i < s->n; i++) {
		const char *wrong = find(v, s->step + i);

		if (!wrong)
			continue;
		out_error("standard input:%u: %s", s->step[i].line, wrong);
		s->code = EXIT_INPUT;
		return;
	}
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
	return rc ? rc : s.code;
}

const struct command cmd_replay = {
	.name = "replay",
	.args = "BDF [--dump FILE] [--topology T] [--no-intx] [RULES] < SCRIPT",
	.help = "run a script of guest reads and writes, and show the result of each",
	.notes =
		"A line of the script is 'r OFFSET LENGTH' or 'w OFFSET LENGTH VALUE'; # starts a\n"
		"comment. Each access prints a JSON object. The accesses go to a copy of the "
		"function:\n"
		"neither the dump nor the hardware is written. OFFSET and VALUE are hexadecimal; "
		"OFFSET may\n"
		"be a register, which has a length: EXP.DEVCTL, or CAP_EXP+8.w as in "
		"setpci(8).\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_TOPOLOGY | TAKES_NO_INTX | TAKES_RULES,
	.run = run,
};
