/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/guests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/bits.h"
#include "guest/intx.h"
#include "guest/lifetime.h"
#include "guest/msi.h"
#include "guest/power.h"
#include "guest/requests.h"

/* How long ec_guests_look() waits for a dying guest to be gone: steps of so many ns. */
#define WAIT_STEPS 400u
#define WAIT_STEP_NS 5000000

static int check_info(const struct ec_guest_info *info, struct ec_diag *diag)
{
	const struct {
		bool bad;
		const char *why;
	} checks[] = {
		{ !info->hvm, "is a PV guest: functions are given to HVM and PVH guests" },
		{ info->dying, "is being destroyed" },
		{ !info->iommu, "was created without an IOMMU: passthrough= in its configuration" },
		{ info->populate, "has populate-on-demand memory: maxmem= above memory=" },
		{ info->altp2m, "has altp2m" },
		{ info->paging, "has paged or shared memory" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(checks); i++)
		if (checks[i].bad) {
			ec_diag_set(diag, 0, "the guest %s", checks[i].why);
			return -EPERM;
		}
	return 0;
}

static int open_guest(struct ec_guest *g, struct ec_diag *diag)
{
	const struct ec_backends *b = g->backends;
	int rc;

	ec_store_name(b, g->domid, g->name);
	rc = ec_priv_guest_info(b, g->domid, &g->info);
	if (rc)
		ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
	else
		rc = check_info(&g->info, diag);
	return rc ? rc : ec_guest_open(g, ec_requests_serve, diag);
}

int ec_guests_open(const struct ec_backends *b, uint32_t domid, struct ec_guest_record **out,
		   struct ec_diag *diag)
{
	struct ec_guest_record *r = calloc(1, sizeof(*r));
	int rc = -ENOMEM;

	if (r)
		r->guest = ec_guest_new(b, domid);
	if (r && r->guest)
		rc = open_guest(r->guest, diag);
	else
		ec_diag_set(diag, 0, "out of memory");
	if (rc)
		ec_guests_close(r);
	else
		*out = r;
	return rc;
}

void ec_guests_close(struct ec_guest_record *r)
{
	if (r)
		ec_guest_free(r->guest);
	free(r);
}

int ec_guests_check(struct ec_guest_record *r, struct ec_diag *diag)
{
	struct ec_guest *g = r->guest;
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(g->backends, g->domid, &info);

	if (!rc) {
		g->info.started = info.started;
		return check_info(&info, diag);
	}
	ec_diag_set(diag, 0, "the guest: %s", strerror(-rc));
	return rc;
}

static void died(struct ec_guest *g)
{
	for (unsigned int i = 0; i < g->n && !g->gone; i++) {
		/* unmapping writes to the function */
		ec_power_wake(g->device[i]);
		ec_intx_died(g->device[i]);
		ec_msi_died(g->device[i]);
	}
	g->dead = true;
	ec_guest_close(g);
}

/* Returns whether it is dying, and not yet gone. */
static bool look(struct ec_guest *g)
{
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(g->backends, g->domid, &info);

	if (rc && rc != -ESRCH)
		return false;
	g->gone = rc;
	/* nothing is known of a guest that is gone */
	if (!rc) {
		g->info.started |= info.started;
		g->info.rebooting = info.rebooting;
	}
	if ((rc || info.dying) && !g->dead)
		died(g);
	return !rc && info.dying;
}

void ec_guests_look(struct ec_guest_record *r, bool wait)
{
	const struct timespec step = { .tv_nsec = WAIT_STEP_NS };

	for (unsigned int i = 0; i < WAIT_STEPS; i++) {
		if (!look(r->guest) || !wait)
			return;
		nanosleep(&step, NULL);
	}
}
