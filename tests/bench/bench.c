/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost of an access: `make bench` runs this program's modes and prints a table.
 *
 *	bench --count CASE|all|offsets [N]   run under callgrind, N and 2N times
 *	bench --time                         times of the cases, interleaved
 *	bench --checks                       hardware reads, allocations, memory
 *	bench --text [FUNCTIONS]             a dump's text
 *	bench --rules FILE...                rules: loading, resolving, planning
 *	bench --run COMMAND…                 a command's milliseconds and largest RSS in KiB
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "text.h"

static int print_text(unsigned long n)
{
	size_t len;
	char *text = text_make((unsigned int)n, &len);
	bool ok = fwrite(text, 1, len, stdout) == len && !fflush(stdout);

	free(text);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (!strcmp(mode, "--count") && argc > 2)
		return bench_count(argv[2], argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	if (!strcmp(mode, "--time") && argc == 2)
		return bench_time();
	if (!strcmp(mode, "--checks") && argc == 2)
		return bench_checks();
	if (!strcmp(mode, "--text"))
		return print_text(argc > 2 ? strtoul(argv[2], NULL, 10) : TEXT_FUNCTIONS);
	if (!strcmp(mode, "--rules"))
		return bench_rules(argv + 2);
	if (!strcmp(mode, "--run") && argc > 2)
		return bench_run(argv + 2);
	fprintf(stderr,
		"usage: %s --count CASE|all|offsets [N] | --time | --checks | --text [N] | "
		"--rules FILE... | --run COMMAND...\n",
		argv[0]);
	return 2;
}
