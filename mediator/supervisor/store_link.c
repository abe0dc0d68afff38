/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/store_link.h"

int ec_store_link_ready(struct ec_store_link *l)
{
	const struct ec_backends *b = ec_service_backends(l->service);
	int events = ec_store_dispatch(b);

	if (events < 0) {
		l->lost = true;
		b->log("xenstore is lost: no function is attached, and no new guest noticed, until "
		       "it is back");
		return events;
	}
	if (events & EC_STORE_CAME)
		ec_reattach_look(l->reattach);
	return events != 0;
}

bool ec_store_link_retry(struct ec_store_link *l)
{
	const struct ec_backends *b = ec_service_backends(l->service);

	if (!l->lost || ec_store_reopen(b))
		return false;
	l->lost = false;
	b->log("xenstore is back");
	/* no event reports guests that died or came meanwhile */
	ec_service_retry(l->service);
	ec_reattach_look(l->reattach);
	return true;
}
