/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/ecam_window.h"

#include <errno.h>
#include <string.h>

#include "core/ecam.h"
#include "emulated/host_bridge.h"
#include "guest/guest.h"

uint16_t ec_ecam_window_buses(const struct ec_guest *g)
{
	const struct ec_ecam_place *at = &g->window->at;
	uint64_t end = at->range.base + at->range.size;

	return at->range.size ? (uint16_t)((end - at->bus0) / EC_ECAM_BUS_SIZE) : 0;
}

bool ec_ecam_window_overlaps(const struct ec_guest *g, uint64_t gfn, uint64_t n)
{
	const struct ec_machine_range *r = &g->window->at.range;
	uint64_t first = r->base / EC_PAGE_SIZE;

	return gfn < first + r->size / EC_PAGE_SIZE && first < gfn + n;
}

static int claim(struct ec_guest *g, struct ec_machine_range r, bool add)
{
	if (!r.size)
		return 0;
	return ec_guest_claim(g, EC_RANGE_MEMORY, r.base, r.base + r.size - 1, add);
}

/* Whatever fails, at.range is what Xen sends to ecamd. */
static int move(struct ec_guest *g, struct ec_machine_range want)
{
	struct ec_machine_range *now = &g->window->at.range;
	int rc = claim(g, *now, false);

	if (rc)
		return rc;
	rc = claim(g, want, true);
	if (!rc)
		*now = want;
	else if (claim(g, *now, true))
		now->size = 0;
	return rc;
}

static bool is_at(const struct ec_guest *g, const struct ec_machine_range *r)
{
	const struct ec_machine_range *now = &g->window->at.range;

	return r->base == now->base && r->size == now->size;
}

int ec_ecam_window_move(struct ec_guest *g, struct ec_machine_range want, struct ec_diag *diag)
{
	const struct ec_backends *b = g->backends;
	int rc = 0;

	if (is_at(g, &want))
		return 0;
	if (want.size)
		rc = ec_priv_populated(b, g->domid, want.base / EC_PAGE_SIZE,
				       want.size / EC_PAGE_SIZE);
	if (rc > 0) {
		ec_diag_set(diag, 0, "the guest has memory in the ECAM window at %llx, %llu MiB",
			    (unsigned long long)want.base,
			    (unsigned long long)(want.size / EC_ECAM_BUS_SIZE));
		return -EEXIST;
	}
	if (!rc)
		rc = move(g, want);
	if (rc)
		ec_diag_set(diag, 0, "the ECAM window at %llx: %s", (unsigned long long)want.base,
			    strerror(-rc));
	return rc;
}

void ec_ecam_window_restore(struct ec_guest *g, const struct ec_ecam_place *before)
{
	if (!g->dead && !is_at(g, &before->range))
		move(g, before->range);
	g->window->at.bus0 = before->bus0;
}

void ec_ecam_window_wanted(struct ec_guest *g, uint64_t base, uint64_t size)
{
	struct ec_ecam_window *w = g->window;
	struct ec_diag diag = { 0 };

	if (w->refused == g->request ||
	    !ec_p2m_free(&g->p2m, base / EC_PAGE_SIZE, size / EC_PAGE_SIZE) ||
	    ec_ecam_window_move(g, (struct ec_machine_range){ base, size }, &diag)) {
		w->refused = g->request;
		ec_host_bridge_refuse(&g->bridge);
		return;
	}
	w->at.bus0 = base;
	w->own = true;
}
