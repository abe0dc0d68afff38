/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/intx.h"

#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"

struct ec_intx_state {
	uint8_t pin; /* 1 to 4, 0: none */
	int irq;     /* of the host */
	int pirq;    /* -1: none */
	bool allowed, bound;
};

struct ec_intx_state *ec_intx_new(void)
{
	struct ec_intx_state *x = calloc(1, sizeof(*x));

	if (x)
		x->pirq = -1;
	return x;
}

void ec_intx_line(struct ec_device *d, uint8_t pin, int irq)
{
	d->interrupts.intx->pin = pin;
	d->interrupts.intx->irq = irq;
}

int ec_intx_line_of(const struct ec_device *d)
{
	return d->interrupts.intx->pin ? d->interrupts.intx->irq : 0;
}

bool ec_intx_connected(const struct ec_device *d)
{
	return d->interrupts.intx->bound;
}

int ec_intx_pirq(const struct ec_device *d)
{
	return d->interrupts.intx->pirq;
}

static int bind(struct ec_device *d, bool add)
{
	const struct ec_backends *b = d->guest->backends;
	struct ec_intx at = { .slot = d->place.slot,
			      .pin = (uint8_t)(d->interrupts.intx->pin - 1) };

	return ec_priv_bind_intx(b, d->guest->domid, d->interrupts.intx->pirq, at, add);
}

static int disconnect(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_backends *b = d->guest->backends;
	uint32_t domid = d->guest->domid;
	struct ec_intx_state *x = d->interrupts.intx;
	int rc = 0;

	if (d->guest->dead)
		return 0;
	if (x->bound)
		rc = bind(d, false);
	if (!rc) {
		x->bound = false;
		if (x->pirq >= 0)
			rc = ec_priv_unmap_pirq(b, domid, x->pirq);
	}
	if (!rc) {
		ec_pirqs_set(&d->guest->pirqs, x->pirq, false);
		x->pirq = -1;
		if (x->allowed)
			rc = ec_priv_allow_irq(b, domid, (uint32_t)x->irq, false);
	}
	x->allowed = x->allowed && rc;
	if (rc)
		ec_diag_set(diag, 0, "its interrupt line stays with the guest: %s", strerror(-rc));
	return rc;
}

int ec_intx_connect(struct ec_device *d, bool add, struct ec_diag *diag)
{
	const struct ec_backends *b = d->guest->backends;
	uint32_t domid = d->guest->domid;
	struct ec_intx_state *x = d->interrupts.intx;
	int rc;

	if (!x->pin)
		return 0;
	if (!add)
		return disconnect(d, diag);
	rc = ec_priv_allow_irq(b, domid, (uint32_t)x->irq, true);
	x->allowed = !rc;
	if (!rc)
		rc = ec_priv_map_irq(b, domid, (uint32_t)x->irq, &x->pirq);
	if (!rc) {
		ec_pirqs_set(&d->guest->pirqs, x->pirq, true);
		rc = bind(d, true);
	}
	x->bound = !rc;
	if (rc)
		ec_diag_set(diag, 0, "its interrupt line %d: %s", x->irq, strerror(-rc));
	return rc;
}

void ec_intx_forget(struct ec_device *d, int *pirq)
{
	const struct ec_backends *b = d->guest->backends;

	/* a failure has no consequence: the guest is about to be gone */
	if (*pirq >= 0)
		ec_priv_unmap_pirq(b, d->guest->domid, *pirq);
	ec_pirqs_set(&d->guest->pirqs, *pirq, false);
	*pirq = -1;
}

void ec_intx_died(struct ec_device *d)
{
	ec_intx_forget(d, &d->interrupts.intx->pirq);
	d->interrupts.intx->bound = false;
}
