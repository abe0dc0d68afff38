/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/hardware.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/bits.h"
#include "guest/budget.h"
#include "guest/guest.h"
#include "guest/log.h"

/* What of COMMAND belongs to ecamd; the other bits are the guest's, or unused. */
#define OWN_COMMAND (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_DISABLE_INTx)

/* Vendor id that a function reads while it answers with Configuration Request Retry Status. */
#define NOT_READY 0x0001u

struct ec_hardware {
	struct ec_conf_fd conf;
	bool is_vf;
	uint16_t command;    /* wanted bits of OWN_COMMAND */
	bool master;         /* the guest has turned bus mastering on */
	bool master_cleared; /* something else has turned it off since */
	bool master_off;     /* it stays off */
	struct ec_budget masters;
	bool gone; /* it does not answer any more */
	bool dead; /* its last reset failed: no access of the guest reaches it until one succeeds */
};

/*
 * Xen turns bus mastering off if a device's DMA faults too often (XSA-5), since the faults take a
 * processor. A guest that turns it on again undoes that. A few are allowed: a recovery of the host
 * from an error turns it off, too.
 */
static const struct ec_budget_limits master_limits = { .burst = 4, .interval_ns = 15000000000 };

struct ec_hardware *ec_hardware_new(void)
{
	struct ec_hardware *h = calloc(1, sizeof(*h));

	if (h)
		h->conf.fd = -1;
	return h;
}

void ec_hardware_open(struct ec_device *d, int fd, bool is_vf)
{
	d->hardware.config->conf.fd = fd;
	d->hardware.config->is_vf = is_vf;
}

bool ec_hardware_is_vf(const struct ec_device *d)
{
	return d->hardware.config->is_vf;
}

void ec_hardware_close(struct ec_device *d)
{
	close(d->hardware.config->conf.fd);
	d->hardware.config->conf.fd = -1;
}

void ec_hardware_set_gone(struct ec_device *d, const char *why)
{
	if (d->hardware.config->gone)
		return;
	ec_log(d, "is gone: %s", why);
	d->hardware.config->gone = true;
	d->guest->lost = true;
}

bool ec_hardware_gone(const struct ec_device *d)
{
	return d->hardware.config->gone;
}

void ec_hardware_set_dead(struct ec_device *d)
{
	d->hardware.config->dead = true;
}

bool ec_hardware_dead(const struct ec_device *d)
{
	return d->hardware.config->dead;
}

static int read_register(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t *value)
{
	return d->guest->backends->conf->read(&d->hardware.config->conf, offset, len, value);
}

/*
 * A register reads all ones: is that its value? A function that is gone reads all ones everywhere.
 * The vendor id shows it, but not of a virtual function, whose ids read ffff always (PCI Express
 * 9.3.4.1.1, 9.3.4.1.2). Its class is that of its physical function (9.3.4.1.6), and no class is
 * ffffff. Vendor id 0001 means that the function is not ready after a reset (2.3.2).
 * Returns 0: it is the value; -EAGAIN: not ready; or another negative errno.
 */
static int check_ones(struct ec_device *d)
{
	bool vf = d->hardware.config->is_vf;
	uint32_t v;
	int rc = read_register(d, vf ? PCI_CLASS_REVISION : PCI_VENDOR_ID, 4, &v);

	if (rc)
		return rc;
	if (vf ? v == UINT32_MAX : (v & UINT16_MAX) == UINT16_MAX) {
		ec_hardware_set_gone(d, "its configuration space reads all ones");
		return -ENODEV;
	}
	return !vf && (v & UINT16_MAX) == NOT_READY ? -EAGAIN : 0;
}

/*
 * All ones is checked here, once for all users: no value of a function that is gone is derived
 * from, compared, or written back.
 */
int ec_hardware_read(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t *value)
{
	uint32_t v;
	int rc = d->hardware.config->gone ? -ENODEV : read_register(d, offset, len, &v);

	if (!rc && v == (uint32_t)ec_ones(len))
		rc = check_ones(d);
	if (rc == -ENODEV)
		ec_hardware_set_gone(d, "the kernel has removed it");
	if (!rc)
		*value = v;
	return rc;
}

int ec_hardware_write(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t value)
{
	int rc;

	if (d->hardware.config->gone)
		return -ENODEV;
	rc = d->guest->backends->conf->write(&d->hardware.config->conf, offset, len, value);
	if (rc == -ENODEV)
		ec_hardware_set_gone(d, "the kernel has removed it");
	return rc;
}

static int own_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	return ec_hardware_read(ctx, offset, len, value);
}

static int own_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	return ec_hardware_write(ctx, offset, len, value);
}

const struct ec_conf_ops ec_hardware_ops = { own_read, own_write };

static int guest_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct ec_device *d = ctx;

	if (ec_hardware_dead(d))
		return -EIO;
	d->counts.hardware_reads++;
	return ec_hardware_read(d, offset, len, value);
}

void ec_hardware_note_master(struct ec_device *d)
{
	struct ec_hardware *h = d->hardware.config;
	uint32_t command;

	if (!h->master || ec_hardware_read(d, PCI_COMMAND, 2, &command) ||
	    command & PCI_COMMAND_MASTER)
		return;
	h->master = false;
	h->master_cleared = true;
}

static bool may_master(struct ec_device *d)
{
	struct ec_hardware *h = d->hardware.config;

	if (!h->master_cleared)
		return true;
	if (!h->master_off &&
	    ec_budget_take(&h->masters, &master_limits, ec_now(d->guest->backends))) {
		h->master_cleared = false;
		return true;
	}
	if (!h->master_off)
		ec_complain(d, "bus mastering was turned off too often, by Xen if DMA faults: it "
			       "stays off until the function is reset");
	h->master_off = true;
	return false;
}

/* The guest writes @byte, the lower one of COMMAND. Returns what the hardware gets. */
static uint32_t limit_master(struct ec_device *d, uint32_t byte)
{
	ec_hardware_note_master(d);
	if (byte & PCI_COMMAND_MASTER && !may_master(d))
		byte &= ~(uint32_t)PCI_COMMAND_MASTER;
	d->hardware.config->master = byte & PCI_COMMAND_MASTER;
	return byte;
}

static int guest_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct ec_device *d = ctx;

	if (ec_hardware_dead(d))
		return -EIO;
	/* aligned accesses begin with that byte, or do not have it */
	if (offset == PCI_COMMAND)
		value = limit_master(d, value);
	d->counts.hardware_writes++;
	return ec_hardware_write(d, offset, len, value);
}

const struct ec_conf_ops ec_hardware_guest_ops = { guest_read, guest_write };

/*
 * The standard has these bits of a virtual function 0 for ever (PCI Express 9.3.4.1). Memory enable
 * is written nevertheless, as Linux does: QEMU's virtual functions decode only with their own.
 */
static uint32_t own_mask(const struct ec_device *d)
{
	return d->hardware.config->is_vf ? PCI_COMMAND_MEMORY : OWN_COMMAND;
}

static void write_own(struct ec_device *d)
{
	uint32_t v, own = own_mask(d);

	if (ec_hardware_read(d, PCI_COMMAND, 2, &v))
		return;
	ec_hardware_write(d, PCI_COMMAND, 2, (v & ~own) | (d->hardware.config->command & own));
}

void ec_hardware_decode(struct ec_device *d, uint16_t command)
{
	d->hardware.config->command = command | PCI_COMMAND_DISABLE_INTx;
	write_own(d);
}

void ec_hardware_intx(struct ec_device *d, bool on)
{
	struct ec_hardware *h = d->hardware.config;

	h->command = (uint16_t)((h->command & ~PCI_COMMAND_DISABLE_INTx) |
				(on ? 0 : PCI_COMMAND_DISABLE_INTx));
	write_own(d);
}

uint16_t ec_hardware_own_command(const struct ec_device *d)
{
	return d->hardware.config->command;
}

void ec_hardware_allow_intx(struct ec_device *d)
{
	d->hardware.config->command &= (uint16_t)~PCI_COMMAND_DISABLE_INTx;
}

void ec_hardware_command_set(struct ec_device *d, uint32_t command)
{
	d->hardware.config->master = command & PCI_COMMAND_MASTER;
	ec_hardware_write(d, PCI_COMMAND, 2, command & ~(OWN_COMMAND & ~own_mask(d)));
}

void ec_hardware_was_reset(struct ec_device *d)
{
	d->hardware.config->master_off = false;
	d->hardware.config->dead = false;
}
