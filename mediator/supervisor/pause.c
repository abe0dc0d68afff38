/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/pause.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A guest that stays paused is worse than a call too many. */
#define TRIES 3

int ec_pause(const struct ec_backends *b, uint32_t domid, struct ec_diag *diag)
{
	int rc = ec_priv_pause(b, domid, true);

	if (rc)
		ec_diag_set(diag, 0, "the guest cannot be paused: %s", strerror(-rc));
	return rc;
}

void ec_unpause(const struct ec_backends *b, uint32_t domid)
{
	char line[128];
	int rc = -EAGAIN;

	for (unsigned int i = 0; rc && rc != -ESRCH && i < TRIES; i++)
		rc = ec_priv_pause(b, domid, false);
	if (!rc || rc == -ESRCH)
		return;
	snprintf(line, sizeof(line),
		 "domain %u stays paused, it could not be unpaused: %s; 'xl unpause' does it",
		 domid, strerror(-rc));
	b->log(line);
}
