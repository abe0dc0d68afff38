/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for the log that begin with the guest's and the function's name. */
#ifndef EC_GUEST_LOG_H
#define EC_GUEST_LOG_H

#include "guest/device.h"
#include "guest/guest.h"

/** ec_log() - log a line about a device, printf-like. */
void ec_log(const struct ec_device *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * ec_complain() - log a line about something that the guest caused. The guest can repeat it without
 * end, so a device has 20 such lines, and one that says that no more follow.
 */
void ec_complain(struct ec_device *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ec_guest_log() - log a line about the guest, printf-like. */
void ec_guest_log(const struct ec_guest *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
