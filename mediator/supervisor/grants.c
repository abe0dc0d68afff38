/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/grants.h"

#include <errno.h>
#include <string.h>

#include "guest/bars.h"
#include "guest/guest.h"

static int set(const struct ec_device *d, const struct ec_grant *g, bool add)
{
	const struct ec_backends *b = d->guest->backends;

	if (g->ports)
		return ec_priv_allow_ports(b, d->guest->domid, (uint32_t)g->first, (uint32_t)g->n,
					   add);
	return ec_priv_allow_memory(b, d->guest->domid, g->first, g->n, add);
}

static int add_one(struct ec_grants *g, const struct ec_device *d, const struct ec_grant *want)
{
	int rc = g->n < EC_GRANTS_MAX ? set(d, want, true) : -ENOSPC;

	if (!rc)
		g->grant[g->n++] = *want;
	return rc;
}

static int add_pages(struct ec_grants *g, const struct ec_device *d, uint8_t bar)
{
	const struct ec_bar *b = ec_bars_get(d) + bar;
	uint64_t end = ec_bars_pages(b);
	int rc = 0;

	for (uint64_t at = 0; at < end && !rc;) {
		bool trapped;
		uint64_t n = ec_bars_same_kind_pages(d, bar, at, end, &trapped);
		const struct ec_grant want = { .bar = bar,
					       .first = b->addr / EC_PAGE_SIZE + at,
					       .n = n };

		if (!trapped)
			rc = add_one(g, d, &want);
		at += n;
	}
	return rc;
}

static int add_bar(struct ec_grants *g, const struct ec_device *d, uint8_t bar)
{
	const struct ec_bar *b = ec_bars_get(d) + bar;
	const struct ec_grant ports = { .bar = bar, .ports = true, .first = b->addr, .n = b->size };

	if (!b->addr)
		return 0;
	if (b->kind == EC_BAR_IO)
		return add_one(g, d, &ports);
	return ec_bars_is_memory(b) ? add_pages(g, d, bar) : 0;
}

int ec_grants_add(struct ec_grants *g, struct ec_device *d, struct ec_diag *diag)
{
	for (uint8_t i = 0; i < EC_BAR_MAX; i++) {
		int rc = add_bar(g, d, i);

		if (!rc)
			continue;
		ec_diag_set(diag, 0, "BAR %u cannot be granted: %s", i, strerror(-rc));
		return rc;
	}
	return 0;
}

int ec_grants_remove(struct ec_grants *g, struct ec_device *d, struct ec_diag *diag)
{
	unsigned int n = g->n;
	int first = 0;

	g->n = 0;
	for (unsigned int i = 0; i < n && !d->guest->dead; i++) {
		struct ec_grant one = g->grant[i];
		int rc = set(d, &one, false);

		if (!rc)
			continue;
		g->grant[g->n++] = one;
		if (!first)
			ec_diag_set(diag, 0, "BAR %u cannot be revoked: %s", one.bar,
				    strerror(-rc));
		first = first ? first : rc;
	}
	return first;
}
