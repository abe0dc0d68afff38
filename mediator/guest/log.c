/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/log.h"

#include <stdarg.h>
#include <stdio.h>

/* Lines that one device's guest can cause. */
#define COMPLAINTS_MAX 20

void ec_guest_log(const struct ec_guest *g, const char *fmt, ...)
{
	char text[EC_DIAG_MAX], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + 24];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "%s (domain %u): %s", g->name, g->domid, text);
	g->backends->log(line);
}

static void log_line(const struct ec_device *d, const char *fmt, va_list args)
{
	char text[EC_DIAG_MAX], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + EC_SBDF_MAX + 16];
	char name[EC_SBDF_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	snprintf(line, sizeof(line), "%s (domain %u), %s: %s", d->guest->name, d->guest->domid,
		 ec_sbdf_print(d->host, true, name), text);
	d->guest->backends->log(line);
}

void ec_log(const struct ec_device *d, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line(d, fmt, args);
	va_end(args);
}

void ec_complain(struct ec_device *d, const char *fmt, ...)
{
	va_list args;

	if (d->counts.complaints > COMPLAINTS_MAX)
		return;
	va_start(args, fmt);
	if (d->counts.complaints++ < COMPLAINTS_MAX)
		log_line(d, fmt, args);
	else
		ec_log(d, "no more of this is logged");
	va_end(args);
}
