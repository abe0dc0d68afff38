/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command and prints its processor time and memory. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"

static double milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int bench_run(char **argv)
{
	struct rusage use;
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0) {
		perror("bench");
		return EXIT_FAILURE;
	}
	if (!pid) {
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
			execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &use) < 0) {
		perror("bench");
		return EXIT_FAILURE;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "bench: %s failed\n", argv[0]);
		return EXIT_FAILURE;
	}
	/*
	 * Milliseconds of a processor, KiB: the child's. Neighbours make it wait, but take none of
	 * its time. The largest RSS is at least that of this small program.
	 */
	printf("%.3f %ld\n", milliseconds(use.ru_utime) + milliseconds(use.ru_stime),
	       use.ru_maxrss);
	return EXIT_SUCCESS;
}
