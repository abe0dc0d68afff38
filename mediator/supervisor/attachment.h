/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the supervisor keeps of a function that a guest has, and of the guest; and what the steps of
 * one attach share. Types only.
 */
#ifndef EC_SUPERVISOR_ATTACHMENT_H
#define EC_SUPERVISOR_ATTACHMENT_H

#include "control/attach_spec.h"
#include "core/chain.h"
#include "core/host_ops.h"
#include "core/image.h"
#include "guest/device.h"
#include "guest/ecam_window.h"
#include "guest/guest.h"
#include "machine/machine.h"
#include "machine/settings.h"
#include "policy/parse.h"
#include "policy/resolve.h"
#include "supervisor/grants.h"
#include "view/plan.h"

struct ec_guest_record;

/** A function of the host that a guest has, or is being given. */
struct ec_attachment {
	struct ec_device *device; /* the part that serves it */
	struct ec_guest_record *guest;
	struct ec_attach_spec spec;
	unsigned int steps;       /* of the attach, taken and not undone */
	uint32_t left;            /* bit n: step n could not be undone, and is tried again */
	struct ec_diag held;      /* what could not be undone first; "": nothing */
	unsigned int tries, wait; /* see ec_attach_retry() */
	struct ec_grants grants;
	struct ec_taken taken;
	struct ec_host_facts facts;          /* from one look at it */
	struct ec_machine_function machine;  /* as the planner sees it */
	struct ec_machine_settings settings; /* of the guest's machine, by rules and the attach */
	struct ec_ecam_place window_before;  /* the ECAM window before it came */
	bool used;                           /* a guest could have changed it */
	bool removed; /* it is not the host's any more: there is nothing to return */
};

/** What the tables in a guest's memory say of its machine. */
struct ec_published {
	bool done;
	struct ec_machine_range ecam, window[EC_WINDOWS];
};

/** A guest that has functions, or root ports that it knows. */
struct ec_guest_record {
	struct ec_guest *guest;
	struct ec_machine_limits limits;     /* decided by its first function */
	struct ec_machine_settings settings; /* likewise, as far as rules or the attach said so */
	struct ec_published published;
	bool notes_done; /* it is gone, and its notes are removed unless it reboots */
	unsigned int n;
	struct ec_attachment *attachment[EC_MACHINE_MAX]; /* in the order of guest->device */
	/*
	 * Functions that the guest does not find any more, of which something could not be undone.
	 * They stay in quarantine, with their stub driver, and no guest gets them.
	 */
	unsigned int n_held;
	struct ec_attachment *held[EC_MACHINE_MAX];
};

/** All of them. */
struct ec_guest_list {
	unsigned int n, room;
	struct ec_guest_record **guest;
};

/** What the steps of one attach share. */
struct ec_attach_work {
	struct ec_attachment *attachment;
	const struct ec_guest_list *guests;
	struct ec_rules *rules;
	struct ec_decisions decisions;
	struct ec_plan plan;
	struct ec_image image;
	struct ec_chain chain;
	struct ec_bar bar[EC_BAR_MAX]; /* with the addresses at which a guest may have them */
	struct ec_machine_plan machine;
	struct ec_machine_function fn[EC_MACHINE_MAX];
};

/** The backends of an attachment. */
static inline const struct ec_backends *ec_attachment_backends(const struct ec_attachment *a)
{
	return a->device->guest->backends;
}

#endif
