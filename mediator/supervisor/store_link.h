/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection to the store: its events, and its return after it was lost. While it is lost, all
 * callbacks of the store return -ENOTCONN; guests are served on.
 */
#ifndef EC_SUPERVISOR_STORE_LINK_H
#define EC_SUPERVISOR_STORE_LINK_H

#include "supervisor/reattach.h"

/** Zero but for the first two members, which must outlive it. */
struct ec_store_link {
	struct ec_service *service;
	struct ec_reattach *reattach;
	bool lost;
};

/**
 * ec_store_link_ready() - the store's descriptor is ready: read the events, and look at guests that
 * came. Returns 1: a guest may have come or died, so tick now; 0; or -ENOTCONN: the connection is
 * lost, so stop watching the descriptor. That is logged once.
 */
int ec_store_link_ready(struct ec_store_link *l);

/**
 * ec_store_link_retry() - to call at each tick. If the connection is lost, try to connect again.
 * Returns true if it is back, which is logged: guests that came meanwhile have been looked at, and
 * the caller watches the store's new descriptor.
 */
bool ec_store_link_retry(struct ec_store_link *l);

#endif
