/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's requests: configuration accesses by CF8/CFC and ECAM, I/O ports, trapped pages. */
#ifndef EC_GUEST_REQUESTS_H
#define EC_GUEST_REQUESTS_H

#include "core/xen_ops.h"

/**
 * ec_requests_serve() - serve @q of @guest, a struct ec_guest, and carry out what it asks for.
 * What q->data holds on return is the answer of a read. An ec_guest_handler for ec_guest_open().
 */
void ec_requests_serve(void *guest, struct ec_ioreq *q);

#endif
