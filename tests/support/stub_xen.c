/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stub_xen.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOG_MAX 65536
#define FAILURES 8

static struct {
	char log[LOG_MAX];
	size_t len;
	struct {
		const char *name;
		int err;
	} failure[FAILURES];
} stub;

void stub_xen_reset(void)
{
	memset(&stub, 0, sizeof(stub));
}

const char *stub_xen_log(void)
{
	return stub.log;
}

void stub_xen_fail(const char *name, int err)
{
	for (unsigned int i = 0; i < FAILURES; i++)
		if (!stub.failure[i].name || !strcmp(stub.failure[i].name, name)) {
			stub.failure[i].name = name;
			stub.failure[i].err = err;
			return;
		}
	ck_abort_msg("too many failures");
}

static void add(const char *fmt, va_list args)
{
	stub.len += (size_t)vsnprintf(stub.log + stub.len, LOG_MAX - stub.len, fmt, args);
	ck_assert_uint_lt(stub.len, LOG_MAX);
}

static void add_text(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(fmt, args);
	va_end(args);
}

bool stub_xen_call(const char *name, const char *fmt, ...)
{
	va_list args;

	add_text("%s ", name);
	va_start(args, fmt);
	add(fmt, args);
	va_end(args);
	add_text(";");
	for (unsigned int i = 0; i < FAILURES && stub.failure[i].name; i++)
		if (stub.failure[i].err && !strcmp(stub.failure[i].name, name)) {
			errno = stub.failure[i].err;
			return true;
		}
	return false;
}
