/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel accesses the data, by its file `vpd`, not ecamd by the registers. The kernel's lock
 * keeps its drivers, dom0's programs and functions that share the registers apart (Linux
 * PCI_DEV_FLAGS_VPD_REF_F0); the kernel knows where the data end, since some cards hang past that,
 * and which data are broken. VFIO does the same.
 */
#include "guest/vpd.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "guest/budget.h"
#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/log.h"

/* The kernel's time-out is 125 ms (Linux drivers/pci/vpd.c), and all guests wait for it. After so
 * many failures the device is not asked again. */
#define FAILURES_MAX 3u

#define MS_NS 1000000u

/*
 * A token is a millisecond of the device's, which other guests wait for: an access takes at least
 * one. Two seconds read 8 KiB, more than known devices have, from a device that is fast, and 1 KiB
 * from one that takes 8 ms a dword; then a tenth of the time is left for it.
 */
static const struct ec_budget_limits limits = { .burst = 2048, .interval_ns = 10 * MS_NS };

/* Dwords that an address can name. */
#define WORDS ((PCI_VPD_ADDR_MASK + 1u) / 4)

struct ec_vpd_state {
	uint64_t request; /* that accessed the data last */
	unsigned int failures;
	struct ec_budget budget;
	bool exhausted;             /* the budget was, which is logged once */
	uint32_t end;               /* the data end here or before; UINT32_MAX: not known */
	uint32_t *word;             /* WORDS of them that were read; NULL: none */
	uint64_t valid[WORDS / 64]; /* a bit per word */
};

struct ec_vpd_state *ec_vpd_new(void)
{
	struct ec_vpd_state *s = calloc(1, sizeof(*s));

	if (s)
		s->end = UINT32_MAX;
	return s;
}

void ec_vpd_free(struct ec_vpd_state *s)
{
	if (s)
		free(s->word);
	free(s);
}

static uint32_t *word_at(struct ec_device *d, uint32_t offset)
{
	const struct ec_layout *l = d->function.layout;

	return d->function.shadow + l->cell[offset / 4].word;
}

static bool may_access(struct ec_device *d)
{
	struct ec_vpd_state *s = d->hardware.vpd;

	if (ec_hardware_gone(d) || s->failures >= FAILURES_MAX)
		return false;
	if (ec_budget_take(&s->budget, &limits, ec_now(d->guest->backends)))
		return true;
	if (!s->exhausted)
		ec_log(d, "the guest accesses its VPD too often: beyond the limit they read all "
			  "ones, and writes are dropped");
	s->exhausted = true;
	return false;
}

/* One access of the kernel. The time past the first millisecond, for which there was a token, is
 * paid afterwards. */
static int timed(struct ec_device *d, uint32_t offset, bool write, uint32_t *value)
{
	const struct ec_backends *b = d->guest->backends;
	uint64_t begin = ec_now(b), end;
	int rc = ec_host_vpd(b, d->host, offset, write, value);

	end = ec_now(b);
	for (uint64_t ms = (end - begin) / MS_NS; ms > 1; ms--)
		if (!ec_budget_take(&d->hardware.vpd->budget, &limits, end))
			break;
	return rc;
}

static int transfer(struct ec_device *d, uint32_t offset, bool write, uint32_t *value)
{
	int rc;

	if (!may_access(d))
		return -EIO;
	rc = timed(d, offset, write, value);
	/* past their end is no fault of theirs */
	if (!rc || rc == -ENODATA)
		return rc;
	ec_complain(d, "VPD at %x: %s", offset, strerror(-rc));
	if (++d->hardware.vpd->failures == FAILURES_MAX)
		ec_log(d, "its VPD are not asked for any more");
	return rc;
}

/*
 * The data change by writes of the guest alone, or of another function's guest if functions share
 * them. So a dword is read once; only a write that a rule allows makes it unknown. Without memory
 * for the copy the budget is the limit.
 */
static uint32_t read_word(struct ec_device *d, uint32_t offset)
{
	struct ec_vpd_state *s = d->hardware.vpd;
	uint32_t i = offset / 4, value = UINT32_MAX;
	int rc;

	if (s->word && s->valid[i / 64] >> i % 64 & 1)
		return s->word[i];
	if (offset >= s->end)
		return UINT32_MAX;
	rc = transfer(d, offset, false, &value);
	if (rc == -ENODATA)
		s->end = offset;
	if (rc)
		return UINT32_MAX;
	if (!s->word)
		s->word = calloc(WORDS, sizeof(*s->word));
	if (s->word) {
		s->word[i] = value;
		s->valid[i / 64] |= 1ull << i % 64;
	}
	return value;
}

static void write_word(struct ec_device *d, uint32_t offset, uint32_t value)
{
	uint32_t i = offset / 4;

	d->hardware.vpd->valid[i / 64] &= ~(1ull << i % 64);
	transfer(d, offset, true, &value);
}

void ec_vpd_access(struct ec_device *d, uint32_t address)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint32_t offset = address & PCI_VPD_ADDR_MASK & ~3u;
	bool write = address & PCI_VPD_ADDR_F;

	if (!f->vpd || d->hardware.vpd->request == d->guest->request)
		return;
	d->hardware.vpd->request = d->guest->request;
	if (!write) {
		*word_at(d, f->vpd + (uint32_t)PCI_VPD_DATA) = read_word(d, offset);
	} else if (f->vpd_write) {
		write_word(d, offset, *word_at(d, f->vpd + (uint32_t)PCI_VPD_DATA));
	} else {
		ec_complain(d, "a write to its VPD is dropped: no rule allows it");
	}
	/* done is when the flag is the other way round */
	*word_at(d, f->vpd) ^= (uint32_t)PCI_VPD_ADDR_F << 16;
}
