/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of a guest's record: added, dropped, held. */
#ifndef EC_SUPERVISOR_RECORDS_H
#define EC_SUPERVISOR_RECORDS_H

#include "supervisor/attachment.h"

/**
 * ec_records_add() - attach @spec->host to the guest of @r. @all: all guests that are served.
 * Returns 0; the function is the last one of @r. Or a negative errno with @diag: it is not the
 * guest's, but may be held.
 */
int ec_records_add(struct ec_guest_record *r, const struct ec_guest_list *all,
		   const struct ec_attach_spec *spec, struct ec_diag *diag);

/** ec_records_drop() - detach function @i of @r. Returns as ec_attach_end() does; it may be held.
 */
int ec_records_drop(struct ec_guest_record *r, unsigned int i, struct ec_diag *diag);

/** ec_records_drop_all() - detach all functions of @r. */
void ec_records_drop_all(struct ec_guest_record *r);

/** ec_records_lose() - function @i of @r is not ecamd's any more: see ec_attach_lose(). */
void ec_records_lose(struct ec_guest_record *r, unsigned int i, bool removed);

/** ec_records_retry() - try again with the held functions of @r, ever more seldom unless @now. */
void ec_records_retry(struct ec_guest_record *r, bool now);

/**
 * ec_records_release() - try again with held function @i of @r, at once; @no_reset: without a
 * reset. Returns 0, or -EBUSY with @diag: it is still held.
 */
int ec_records_release(struct ec_guest_record *r, unsigned int i, bool no_reset,
		       struct ec_diag *diag);

/** ec_records_forget() - free all held functions of @r; what can be undone now is. */
void ec_records_forget(struct ec_guest_record *r);

/** ec_records_find_held() - index of held function @host of @r, or -ENOENT. */
int ec_records_find_held(const struct ec_guest_record *r, struct ec_sbdf host);

/** ec_records_find() - index of function @host of @r, or -ENOENT. */
int ec_records_find(const struct ec_guest_record *r, struct ec_sbdf host);

#endif
