/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/grants.h"

#include <string.h>

#include "guest/bars.h"
#include "guest/guest.h"

/*
 * Grants, or revokes, the pages of memory BAR @index before page @end; stops at the first failure
 * if it grants. *@done: pages that it went over.
 */
static int set_pages(struct ec_device *d, unsigned int index, uint64_t end, bool add,
		     uint64_t *done)
{
	const struct ec_bar *b = ec_bars_get(d) + index;
	int first = 0;

	for (*done = 0; *done < end;) {
		bool trapped;
		uint64_t n = ec_bars_same_kind_pages(d, index, *done, end, &trapped);
		int rc = trapped ? 0
				 : ec_priv_allow_memory(d->guest->backends, d->guest->domid,
							b->addr / EC_PAGE_SIZE + *done, n, add);

		first = first ? first : rc;
		if (rc && add)
			break;
		*done += n;
	}
	return first;
}

static int set_one(struct ec_device *d, unsigned int index, bool add)
{
	const struct ec_bar *b = ec_bars_get(d) + index;
	uint64_t done, undone;
	int rc;

	if (b->kind == EC_BAR_IO && b->addr)
		return ec_priv_allow_ports(d->guest->backends, d->guest->domid, (uint32_t)b->addr,
					   (uint32_t)b->size, add);
	if (!ec_bars_is_memory(b) || !b->addr)
		return 0;
	rc = set_pages(d, index, ec_bars_pages(b), add, &done);
	if (rc && add)
		set_pages(d, index, done, false, &undone);
	return rc;
}

static void say(unsigned int index, const char *what, int rc, struct ec_diag *diag)
{
	ec_diag_set(diag, 0, "BAR %u cannot be %s: %s", index, what, strerror(-rc));
}

int ec_grants_add(struct ec_device *d, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		int rc = set_one(d, i, true);

		if (!rc)
			continue;
		say(i, "granted", rc, diag);
		while (i--)
			set_one(d, i, false);
		return rc;
	}
	return 0;
}

int ec_grants_remove(struct ec_device *d, struct ec_diag *diag)
{
	int first = 0;

	for (unsigned int i = 0; i < EC_BAR_MAX && !d->guest->dead; i++) {
		int rc = set_one(d, i, false);

		if (rc && !first)
			say(i, "revoked", rc, diag);
		first = first ? first : rc;
	}
	return first;
}
