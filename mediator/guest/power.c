/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power states that a rule lets a guest have in the hardware. The kernel does not know of them: it
 * takes the function for one in D0, so that is what it must be whenever the kernel has it.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>
#include <time.h>

#include "guest/device.h"

/* The same on the way to D2, or from there: Linux drivers/pci/pci.h PCI_PM_D2_DELAY. */
#define D2_WAIT_NS 200000

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

/* The byte of PMCSR with the state in bits 1:0, which is all that is ever written of it. */
static uint32_t state_at(const struct ec_device *d)
{
	return d->function.layout->params.pm_hw + (uint32_t)PCI_PM_CTRL;
}

/* The byte, or -ENODEV: all ones is none that a function can have. */
static int read_state(struct ec_device *d, uint32_t *byte)
{
	int rc = ec_conf_read(d, state_at(d), 1, byte);

	return rc ? rc : *byte == 0xff ? -ENODEV : 0;
}

/* Changes the hardware's state. 0, or why it has another one now; *@before: the byte before. */
static int change(struct ec_device *d, unsigned int to, uint32_t *before)
{
	uint32_t now;
	int rc = read_state(d, before);

	if (!rc)
		rc = ec_conf_write(d, state_at(d), 1,
				   (*before & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) | to);
	if (rc)
		return rc;
	wait_for(d->power.state, to);
	rc = read_state(d, &now);
	if (rc)
		return rc;
	d->power.state = now & PCI_PM_CTRL_STATE_MASK;
	return d->power.state == to ? 0 : -EIO;
}

/* The guest finds in its register what the state is. */
static void show(struct ec_device *d)
{
	const struct ec_layout *l = d->function.layout;
	uint32_t *word = d->function.shadow + l->cell[(l->params.pm + PCI_PM_CTRL) / 4].word;

	*word = (*word & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) | d->power.state;
}

static bool keeps_its_view(const struct ec_device *d)
{
	const struct ec_layout *l = d->function.layout;

	return ec_layout_shadow(l, d->function.shadow, (l->params.pm + PCI_PM_CTRL) / 4u) &
	       PCI_PM_CTRL_NO_SOFT_RST;
}

static void sleep_in(struct ec_device *d, unsigned int want)
{
	struct ec_power *p = &d->power;
	uint32_t v;
	int rc;

	/* what it has while it is in D0 */
	if (!p->state)
		ec_saved_registers_read(d, p->lost, p->n);
	rc = change(d, want, &v);
	if (rc)
		ec_complain(d, "it does not enter D%u: %s", want, strerror(-rc));
}

/* What was lost on the way from D3hot to D0. */
static void restore(struct ec_device *d)
{
	struct ec_diag diag = { 0 };

	ec_saved_registers_restore(d, d->power.lost, d->power.n);
	if (ec_device_restore(d, &diag))
		ec_complain(d, "it leaves D3hot: %s", diag.text);
}

/*
 * 0: it has what it had; 1: it has been reset, and nothing of the guest's is left in its COMMAND;
 * a negative errno: it does not wake.
 */
static int wake(struct ec_device *d)
{
	unsigned int from = d->power.state;
	uint32_t before, command;
	int rc;

	/* the guest may have written it meanwhile */
	if (ec_conf_read(d, PCI_COMMAND, 2, &command) || command == 0xffff)
		command = d->command;
	d->power.command = (uint16_t)command;
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
	ec_device_command_set(d, d->command);
	return 1;
}

int ec_power_wake(struct ec_device *d)
{
	int rc = d->power.state ? wake(d) : 0;

	return rc < 0 ? rc : 0;
}

/*
 * As the guest is told by No_Soft_Reset of its register: what it has set up is over, as the
 * standard has it; or is as before.
 */
static void leave(struct ec_device *d)
{
	bool slept = d->power.state == 3;
	int was_reset = wake(d);

	if (was_reset < 0 || !slept)
		return;
	if (keeps_its_view(d)) {
		if (!was_reset)
			return;
		ec_device_command_set(d, d->power.command);
		ec_irq_rewrite(d);
		return;
	}
	ec_device_view_reset(d);
	ec_saved_registers_restore(d, d->passed, d->n_passed);
	if (d->intx_bound)
		d->command &= (uint16_t)~PCI_COMMAND_DISABLE_INTx;
	ec_device_command_set(d, d->command);
}

void ec_power_set(struct ec_device *d, uint32_t want)
{
	if (!d->function.layout->params.pm_hw)
		return;
	/* from a state only deeper ones can be entered, and D0: PCI Express 5.3.2 */
	if (want != d->power.state && d->power.moved_in != d->guest->requests &&
	    (!want || want > d->power.state)) {
		d->power.moved_in = d->guest->requests;
		if (want)
			sleep_in(d, want);
		else
			leave(d);
	}
	show(d);
}
