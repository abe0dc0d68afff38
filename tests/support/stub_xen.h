/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen's libraries as stubs, under the adapters of mediator/hypervisor: they log each call with its
 * arguments, do next to nothing, and fail on request. Numbers of domains, entries and pirqs are
 * decimal, all others hexadecimal.
 */
#ifndef EC_TESTS_STUB_XEN_H
#define EC_TESTS_STUB_XEN_H

#include <stdbool.h>

/** stub_xen_reset() - forget log and failures. */
void stub_xen_reset(void);

/** stub_xen_log() - the calls since then, each as "NAME ARGUMENTS;". */
const char *stub_xen_log(void);

/** stub_xen_fail() - make all calls of @name fail with errno @err from now on; 0: succeed. */
void stub_xen_fail(const char *name, int err);

/** stub_xen_call() - for the stubs: log a call. Returns whether it fails; errno is set then. */
bool stub_xen_call(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
