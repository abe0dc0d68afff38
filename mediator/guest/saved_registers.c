/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel saves registers before a reset and restores them after it: also what the guest wrote
 * in them, which is then the next guest's or the host's. So ecamd restores these itself.
 */
#include "guest/saved_registers.h"

#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/hardware.h"

/** Registers that a function loses on its way from D3hot to D0, at most. */
#define LOST_MAX 20
/** Registers of which a guest may write bits in the hardware, at most. */
#define PASSED_MAX 64

/* What a reset loses of the header and the host has set up; the kernel restores most of it. */
static const uint8_t header_at[] = { 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30, 0x3c };

/* A register of the hardware and what is restored of it. */
struct saved {
	uint16_t offset; /* in the hardware */
	uint8_t len;
	bool valid;     /* value has been read */
	uint32_t mask;  /* bits that are restored */
	uint32_t clear; /* bits that are written as 0: RW1C, RsvdZ */
	uint32_t value;
};

struct ec_saved_registers {
	uint32_t ids;
	uint16_t command; /* without bus mastering */
	uint32_t header[EC_ARRAY_SIZE(header_at)];
	unsigned int n_passed, n_lost;
	struct saved passed[PASSED_MAX], lost[LOST_MAX];
};

struct ec_saved_registers *ec_saved_registers_new(void)
{
	return calloc(1, sizeof(struct ec_saved_registers));
}

int ec_saved_registers_header(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_saved_registers *s = d->saved;
	uint32_t command;
	int rc = ec_hardware_read(d, PCI_VENDOR_ID, 4, &s->ids);

	if (!rc)
		rc = ec_hardware_read(d, PCI_COMMAND, 2, &command);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(header_at) && !rc; i++)
		rc = ec_hardware_read(d, header_at[i], 4, s->header + i);
	if (rc) {
		ec_diag_set(diag, 0, "it cannot be read: %s", strerror(-rc));
		return rc;
	}
	s->command = (uint16_t)(command & ~(uint32_t)PCI_COMMAND_MASTER);
	return 0;
}

/* The kernel's copy is not trusted: a device may have other ways to change these registers. */
int ec_saved_registers_restore_header(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_saved_registers *s = d->saved;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(header_at) && !ec_hardware_is_vf(d); i++) {
		uint32_t now;
		int rc = ec_hardware_read(d, header_at[i], 4, &now);

		if (!rc && now != s->header[i])
			rc = ec_hardware_write(d, header_at[i], 4, s->header[i]);
		if (rc) {
			ec_diag_set(diag, 0, "register %02x is not restored: %s", header_at[i],
				    strerror(-rc));
			return rc;
		}
	}
	return 0;
}

uint32_t ec_saved_registers_ids(const struct ec_device *d)
{
	return d->saved->ids;
}

uint16_t ec_saved_registers_command(const struct ec_device *d)
{
	return d->saved->command;
}

#define REBAR_MAX 6u

/*
 * What is restored beside the header: what the host has set up in capabilities, of which the guest
 * has a copy at most. Resizable BARs first: the header's BARs are of their size.
 */
static const struct {
	uint16_t id;
	bool extended;
	uint8_t offset, len, times; /* times: so often, 8 bytes apart */
} lost[] = {
	{ PCI_EXT_CAP_ID_REBAR, true, 8, 4, REBAR_MAX },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL2, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL2, 2, 1 },
	{ PCI_EXT_CAP_ID_ACS, true, PCI_ACS_CTRL, 2, 1 },
	{ PCI_EXT_CAP_ID_ATS, true, PCI_ATS_CTRL, 2, 1 },
	{ PCI_EXT_CAP_ID_LTR, true, PCI_LTR_MAX_SNOOP, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_MASK, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_SEVER, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_COR_MASK, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, 4, 1 },
};

/* Those of capability @i of the chain that row @k is about. */
static void note_row(struct ec_saved_registers *s, const struct ec_plan *plan, unsigned int i,
		     unsigned int k)
{
	const struct ec_plan_cap *c = plan->cap + i;

	if (plan->chain.link[i].id != lost[k].id ||
	    plan->chain.link[i].extended != lost[k].extended || c->added || c->moved_away)
		return;
	for (unsigned int j = 0; j < lost[k].times && s->n_lost < LOST_MAX; j++) {
		unsigned int at = lost[k].offset + 8 * j;

		if (at + lost[k].len <= c->whole)
			s->lost[s->n_lost++] = (struct saved){ .offset = (uint16_t)(c->from + at),
							       .len = lost[k].len,
							       .mask = UINT32_MAX };
	}
}

/* COMMAND has its own way; of bytes that no row names it is not known what a write does. */
static bool is_put_back(const struct ec_plan_reg *r, const struct ec_reg_masks *m)
{
	return m->hw_rw && !r->rest && !r->added && !r->reg.exact &&
	       (r->cap || r->offset != PCI_COMMAND);
}

/* A function that is gone reads all ones; a byte may have that value. */
static bool is_value(const struct saved *k, uint32_t value)
{
	return k->len == 1 || value != (uint32_t)ec_ones(k->len);
}

static void read_now(struct ec_device *d, struct saved *k, unsigned int n)
{
	for (; n--; k++)
		k->valid =
			!ec_hardware_read(d, k->offset, k->len, &k->value) && is_value(k, k->value);
}

/* The bytes with bits that differ, by the narrowest accesses. */
static void put_back(struct ec_device *d, const struct saved *k, uint32_t now)
{
	uint32_t v = (now & ~k->mask & ~k->clear) | (k->value & k->mask);
	unsigned int shift = k->offset % 4;
	struct ec_span run[2];
	unsigned int n = ec_spans(ec_byte_bits((now ^ k->value) & k->mask) << shift, run);

	for (unsigned int i = 0; i < n; i++)
		ec_hardware_write(d, k->offset - shift + run[i].first, run[i].len,
				  v >> (run[i].first - shift) * 8 & (uint32_t)ec_ones(run[i].len));
}

static void restore(struct ec_device *d, const struct saved *k, unsigned int n)
{
	for (; n--; k++) {
		uint32_t now;

		if (k->valid && !ec_hardware_read(d, k->offset, k->len, &now) && is_value(k, now) &&
		    (now ^ k->value) & k->mask)
			put_back(d, k, now);
	}
}

static void note_passed(struct ec_device *d, const struct ec_plan *plan)
{
	struct ec_saved_registers *s = d->saved;

	for (unsigned int i = 0; i < plan->n && s->n_passed < PASSED_MAX; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);

		if (is_put_back(r, &m))
			s->passed[s->n_passed++] =
				(struct saved){ .offset = r->from,
						.len = r->reg.len,
						.mask = m.hw_rw,
						.clear = r->reg.w1c | r->reg.rsvdz };
	}
	read_now(d, s->passed, s->n_passed);
}

void ec_saved_registers_note(struct ec_device *d, const struct ec_plan *plan)
{
	note_passed(d, plan);
	if (!plan->layout.params.pm_hw)
		return;
	for (unsigned int k = 0; k < EC_ARRAY_SIZE(lost); k++)
		for (unsigned int i = 0; i < plan->chain.n; i++)
			note_row(d->saved, plan, i, k);
}

void ec_saved_registers_restore_passed(struct ec_device *d)
{
	restore(d, d->saved->passed, d->saved->n_passed);
}

void ec_saved_registers_read_lost(struct ec_device *d)
{
	read_now(d, d->saved->lost, d->saved->n_lost);
}

void ec_saved_registers_restore_lost(struct ec_device *d)
{
	restore(d, d->saved->lost, d->saved->n_lost);
}
