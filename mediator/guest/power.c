/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/power.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/log.h"
#include "guest/saved_registers.h"

/* Likewise for D2: Linux drivers/pci/pci.h PCI_PM_D2_DELAY. */
#define D2_WAIT_NS 200000

struct ec_power {
	uint8_t state;    /* 0 to 3, of the hardware */
	uint16_t command; /* of the hardware, before it came back to D0 */
	uint64_t request; /* that changed the state last */
};

struct ec_power *ec_power_new(void)
{
	return calloc(1, sizeof(struct ec_power));
}

static void wait_for(unsigned int from, unsigned int to)
{
	struct timespec t = { 0 };

	if (from == 3 || to == 3)
		t.tv_nsec = EC_D3_WAIT_NS;
	else if (from == 2 || to == 2)
		t.tv_nsec = D2_WAIT_NS;
	while (t.tv_nsec && nanosleep(&t, &t) && errno == EINTR)
		;
}

/* The byte of PMCSR with the state in bits 1:0; no other byte of it is written. */
static uint32_t state_at(const struct ec_device *d)
{
	return d->function.layout->params.pm_hw + (uint32_t)PCI_PM_CTRL;
}

/* -ENODEV: it reads all ones, which no function has there. */
static int read_state(struct ec_device *d, uint32_t *byte)
{
	int rc = ec_hardware_read(d, state_at(d), 1, byte);

	return rc ? rc : *byte == 0xff ? -ENODEV : 0;
}

/* Changes the hardware's state. 0, or why it has another one now; *@before: the byte before. */
static int change(struct ec_device *d, unsigned int to, uint32_t *before)
{
	uint32_t now;
	int rc = read_state(d, before);

	if (!rc)
		rc = ec_hardware_write(d, state_at(d), 1,
				       (*before & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) | to);
	if (rc)
		return rc;
	wait_for(d->hardware.power->state, to);
	rc = read_state(d, &now);
	if (rc)
		return rc;
	d->hardware.power->state = now & PCI_PM_CTRL_STATE_MASK;
	return d->hardware.power->state == to ? 0 : -EIO;
}

void ec_power_show(struct ec_device *d)
{
	const struct ec_layout *l = d->function.layout;
	uint32_t *word;

	if (!l->params.pm_hw)
		return;
	word = d->function.shadow + l->cell[(l->params.pm + PCI_PM_CTRL) / 4].word;

	*word = (*word & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) | d->hardware.power->state;
}

static bool keeps_its_view(const struct ec_device *d)
{
	const struct ec_layout *l = d->function.layout;

	return ec_layout_shadow(l, d->function.shadow, (l->params.pm + PCI_PM_CTRL) / 4u) &
	       PCI_PM_CTRL_NO_SOFT_RST;
}

static void sleep_in(struct ec_device *d, unsigned int want)
{
	struct ec_power *p = d->hardware.power;
	uint32_t v;
	int rc;

	/* in D0 its registers can still be read */
	if (!p->state)
		ec_saved_registers_read_lost(d);
	rc = change(d, want, &v);
	if (rc)
		ec_complain(d, "it does not enter D%u: %s", want, strerror(-rc));
}

/* Restores what D3hot has lost. */
static void restore(struct ec_device *d)
{
	struct ec_diag diag = { 0 };

	ec_saved_registers_restore_lost(d);
	if (ec_saved_registers_restore_header(d, &diag))
		ec_complain(d, "it leaves D3hot: %s", diag.text);
}

/*
 * Returns 0: it has kept its registers; 1: it was reset, and its COMMAND has nothing of the guest
 * any more; a negative errno: it does not wake.
 */
static int wake(struct ec_device *d)
{
	unsigned int from = d->hardware.power->state;
	uint32_t before, command;
	int rc;

	ec_hardware_note_master(d);
	/* the guest may have changed COMMAND meanwhile */
	if (ec_hardware_read(d, PCI_COMMAND, 2, &command))
		command = ec_hardware_own_command(d);
	d->hardware.power->command = (uint16_t)command;
	rc = change(d, 0, &before);
	if (rc) {
		ec_complain(d, "it does not leave D%u: %s", from, strerror(-rc));
		return rc;
	}
	if (from != 3)
		return 0;
	restore(d);
	if (before & PCI_PM_CTRL_NO_SOFT_RST)
		return 0;
	ec_hardware_command_set(d, ec_hardware_own_command(d));
	return 1;
}

int ec_power_wake(struct ec_device *d)
{
	int rc = d->hardware.power->state ? wake(d) : 0;

	return rc < 0 ? rc : 0;
}

/*
 * The view follows the No_Soft_Reset that the guest reads: the standard ends what it has set up, or
 * keeps all of it.
 */
static enum ec_power_lost leave(struct ec_device *d)
{
	bool slept = d->hardware.power->state == 3;
	int was_reset = wake(d);

	if (was_reset < 0 || !slept)
		return EC_POWER_LOST_NOTHING;
	if (!keeps_its_view(d))
		return EC_POWER_LOST_VIEW;
	if (!was_reset)
		return EC_POWER_LOST_NOTHING;
	ec_hardware_command_set(d, d->hardware.power->command);
	return EC_POWER_LOST_BINDINGS;
}

unsigned int ec_power_state(const struct ec_device *d)
{
	return d->hardware.power->state;
}

bool ec_power_begin(struct ec_device *d, uint32_t want)
{
	struct ec_power *p = d->hardware.power;

	if (!d->function.layout->params.pm_hw || want == p->state ||
	    p->request == d->guest->request)
		return false;
	/* from a state only deeper ones can be entered, and D0: PCI Express 5.3.2 */
	if (want && want < p->state)
		return false;
	p->request = d->guest->request;
	return true;
}

enum ec_power_lost ec_power_set(struct ec_device *d, uint32_t want)
{
	if (!want)
		return leave(d);
	sleep_in(d, want);
	return EC_POWER_LOST_NOTHING;
}

void ec_power_after_reset(struct ec_device *d)
{
	uint32_t byte;

	if (d->hardware.power->state && !read_state(d, &byte))
		d->hardware.power->state = byte & PCI_PM_CTRL_STATE_MASK;
}
