/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "out.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void out_error(const char *fmt, ...)
{
	va_list args;

	fputs("ecamctl: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

int out_no_memory(void)
{
	out_error("out of memory");
	return EXIT_REFUSED;
}

/* Bytes of the character at @s, which is not its end; 0: they are not UTF-8, or cut. */
static size_t utf8_length(const char *s)
{
	for (size_t n = 1; n <= 4 && s[n - 1]; n++) {
		json_t *j = json_stringn(s, n);

		json_decref(j);
		if (j)
			return n;
	}
	return 0;
}

void out_json_string(const char *s)
{
	size_t n;

	putchar('"');
	for (; *s; s += n ? n : 1) {
		unsigned char c = (unsigned char)*s;

		n = c < 0x80 ? 1 : utf8_length(s);
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else if (!n)
			fputs("\\ufffd", stdout);
		else
			fwrite(s, 1, n, stdout);
	}
	putchar('"');
}

void out_json_member(const char *key, const char *s)
{
	printf(",\"%s\":", key);
	out_json_string(s);
}

const char *out_json_bool(bool b)
{
	return b ? "true" : "false";
}

const char *out_size(unsigned long long bytes, char out[OUT_SIZE_MAX])
{
	static const char units[] = " KMGTPE";
	unsigned int u = 0;

	while (bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		u++;
	}
	snprintf(out, OUT_SIZE_MAX, "%llu%.*s", bytes, u != 0, units + u);
	return out;
}

const char *out_colour(enum out_colour colour)
{
	static const char *const codes[] = {
		[OUT_PLAIN] = "\033[0m",  [OUT_BOLD] = "\033[1m",    [OUT_RED] = "\033[31m",
		[OUT_GREEN] = "\033[32m", [OUT_YELLOW] = "\033[33m", [OUT_BLUE] = "\033[34m",
		[OUT_DIM] = "\033[2m",
	};
	static int on = -1;

	if (on < 0) {
		const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

		on = isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
	}
	return on ? codes[colour] : "";
}

int out_flush(int code)
{
	if (fflush(stdout) || ferror(stdout)) {
		out_error("cannot write the output: %s", strerror(errno));
		return EXIT_REFUSED;
	}
	return code;
}
