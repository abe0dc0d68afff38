/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A `rep outs` can write COMMAND thousands of times, and each write is a round of mapping calls
 * while all other guests wait. So in a request with repetitions an action waits until the request
 * ends. An action is the whole of what the guest wants of a BAR, of INTx, MSI or MSI-X, so the last
 * one counts. A request without repetitions is one access: its actions are bounded, and carried out
 * at once. A reset or a power state in between flushes first. More can come out than one by one
 * only of what no single register holds: two BARs that change places both get theirs, and MSI
 * outlasts MSI-X that was on in between.
 */
#include "guest/actions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/bars.h"
#include "guest/budget.h"
#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/intx.h"
#include "guest/log.h"
#include "guest/msi.h"
#include "guest/power.h"
#include "guest/reset.h"
#include "guest/saved_registers.h"
#include "guest/vpd.h"

/*
 * Where actions wait, in the order in which they are carried out: ends before beginnings, BARs
 * before the vectors of a table that is in one of them.
 */
enum wait {
	WAIT_MSIX_END,
	WAIT_UNMAP, /* and the BAR's index */
	WAIT_MAP = WAIT_UNMAP + EC_BAR_MAX,
	WAIT_INTX = WAIT_MAP + EC_BAR_MAX,
	WAIT_MSIX,
	WAIT_MSI,
	WAITS
};

struct ec_actions {
	uint32_t waits; /* 1 << enum wait; 0 except during a request */
	struct ec_action waiting[WAITS];
	uint64_t reset_request; /* that caused the last reset */
	struct ec_budget resets;
	uint32_t *first_shadow; /* of the view, after a reset */
};

/*
 * Resets that a guest can cause: each takes a tenth of a second and more, in which other guests
 * wait. A driver resets its device once or twice when it starts.
 */
static const struct ec_budget_limits reset_limits = { .burst = 10, .interval_ns = 6000000000 };

struct ec_actions *ec_actions_new(void)
{
	return calloc(1, sizeof(struct ec_actions));
}

void ec_actions_free(struct ec_actions *a)
{
	if (a)
		free(a->first_shadow);
	free(a);
}

int ec_actions_note_view(struct ec_device *d)
{
	size_t bytes = d->function.layout->words * sizeof(uint32_t);

	d->actions->first_shadow = malloc(bytes);
	if (!d->actions->first_shadow)
		return -ENOMEM;
	memcpy(d->actions->first_shadow, d->function.shadow, bytes);
	return 0;
}

/* Puts right what a change of the power state has lost. */
static void recover(struct ec_device *d, enum ec_power_lost lost)
{
	switch (lost) {
	case EC_POWER_LOST_BINDINGS:
		ec_msi_rebind(d);
		break;
	case EC_POWER_LOST_VIEW:
		ec_actions_reset_view(d);
		ec_saved_registers_restore_passed(d);
		if (ec_intx_connected(d))
			ec_hardware_allow_intx(d);
		ec_hardware_command_set(d, ec_hardware_own_command(d));
		break;
	default:
		break;
	}
}

/*
 * In D1 to D3hot a function takes no memory or I/O request: an access of the guest would be an
 * Unsupported Request, which stops hosts that take it for fatal (PCI Express 5.3.1; CVE-2020-12888
 * is this in VFIO). So the guest has its BARs in D0 only.
 */
static void set_power(struct ec_device *d, uint32_t want)
{
	int rc = 0;

	if (ec_power_begin(d, want)) {
		if (want)
			rc = ec_bars_suspend(d);
		if (!rc)
			recover(d, ec_power_set(d, want));
	}
	if (!ec_power_state(d))
		ec_bars_resume(d);
	ec_power_show(d);
}

static void run(struct ec_device *d, const struct ec_action *a)
{
	switch (a->kind) {
	case EC_ACT_MAP_BAR:
		ec_bars_map(d, a->index, a->address);
		break;
	case EC_ACT_UNMAP_BAR:
		ec_bars_unmap(d, a->index);
		break;
	case EC_ACT_INTX:
		/* on only if the guest wants it and can take it */
		ec_hardware_intx(d, a->value && ec_intx_connected(d));
		break;
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
	case EC_ACT_MSIX_ENABLE:
	case EC_ACT_MSIX_MASK:
	case EC_ACT_MSIX_DISABLE:
		ec_msi_action(d, a);
		break;
	case EC_ACT_POWER_STATE:
		set_power(d, a->value);
		break;
	case EC_ACT_VPD:
		ec_vpd_access(d, a->value);
		break;
	case EC_ACT_FLR:
		ec_actions_guest_reset(d);
		break;
	default:
		/* the others are of bridges */
		break;
	}
}

static void run_all(struct ec_device *d, const struct ec_action_list *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		run(d, list->action + i);
}

/* Where @a waits; WAITS: it does not. */
static unsigned int wait_of(const struct ec_action *a)
{
	switch (a->kind) {
	case EC_ACT_MSIX_DISABLE:
		return WAIT_MSIX_END;
	case EC_ACT_UNMAP_BAR:
		return WAIT_UNMAP + a->index;
	case EC_ACT_MAP_BAR:
		return WAIT_MAP + a->index;
	case EC_ACT_INTX:
		return WAIT_INTX;
	case EC_ACT_MSIX_ENABLE:
	case EC_ACT_MSIX_MASK:
		return WAIT_MSIX;
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
		return WAIT_MSI;
	default:
		/* a request gets at most one reset, power state and VPD access, at once */
		return WAITS;
	}
}

/* An end stays although a beginning follows: MSI-X forgets its pirqs, two BARs change places. */
static void defer(struct ec_device *d, const struct ec_action *a)
{
	struct ec_actions *w = d->actions;
	unsigned int i = wait_of(a);

	if (i == WAITS) {
		if (a->kind == EC_ACT_POWER_STATE)
			ec_actions_flush(d);
		run(d, a);
		return;
	}
	if (a->kind == EC_ACT_MSIX_DISABLE)
		w->waits &= ~(1u << WAIT_MSIX);
	if (a->kind == EC_ACT_UNMAP_BAR)
		w->waits &= ~(1u << (WAIT_MAP + a->index));
	w->waiting[i] = *a;
	w->waits |= 1u << i;
}

void ec_actions_flush(struct ec_device *d)
{
	uint32_t waits = d->actions->waits;

	d->actions->waits = 0;
	for (unsigned int i = 0; waits && i < WAITS; i++)
		if (waits >> i & 1)
			run(d, d->actions->waiting + i);
	ec_msi_flush(d);
}

void ec_actions_run(struct ec_device *d, const struct ec_action_list *list)
{
	if (!d->guest->repeats) {
		run_all(d, list);
		return;
	}
	for (unsigned int i = 0; i < list->n; i++)
		defer(d, list->action + i);
}

void ec_actions_reset_view(struct ec_device *d)
{
	struct ec_action_list list = { 0 };

	/* what the guest's registers say can only be ended once it has been carried out */
	ec_actions_flush(d);
	ec_effect_reset(d->function.layout, d->function.shadow, &list);
	run_all(d, &list);
	memcpy(d->function.shadow, d->actions->first_shadow,
	       d->function.layout->words * sizeof(uint32_t));
	ec_msi_reset(d);
}

/*
 * A device whose reset failed is not reset again for the guest: each try may take a minute, and
 * nothing is known of its state. Its DMA is off, as far as it listens.
 */
static void reset_hardware(struct ec_device *d)
{
	struct ec_diag diag = { 0 };

	if (ec_hardware_dead(d))
		return;
	if (!ec_budget_take(&d->actions->resets, &reset_limits, ec_now(d->guest->backends))) {
		ec_complain(d, "the guest resets it too often: this reset ends what the guest has "
			       "set up, and does not reach the hardware");
		return;
	}
	if (!ec_reset_hardware(d, &diag))
		return;
	ec_hardware_set_dead(d);
	ec_log(d, "reset asked for by the guest: %s; it is dead until a reset succeeds", diag.text);
}

void ec_actions_guest_reset(struct ec_device *d)
{
	if (ec_hardware_gone(d) || d->actions->reset_request == d->guest->request)
		return;
	d->actions->reset_request = d->guest->request;
	ec_power_wake(d);
	ec_actions_reset_view(d);
	reset_hardware(d);
	if (!ec_power_state(d))
		ec_bars_resume(d);
	if (ec_intx_connected(d) && !ec_hardware_dead(d))
		ec_hardware_allow_intx(d);
	ec_hardware_command_set(d, ec_hardware_own_command(d));
}

void ec_actions_end(struct ec_device *d)
{
	struct ec_action_list list = { 0 };

	ec_effect_reset(d->function.layout, d->function.shadow, &list);
	ec_actions_run(d, &list);
}
