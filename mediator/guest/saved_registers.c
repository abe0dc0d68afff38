/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel saves registers before a reset and restores them after it: also what the guest wrote
 * in them, which is then the next guest's or the host's. So ecamd restores these itself.
 */
#include "guest/saved_registers.h"

#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/lost.h"
#include "core/bits.h"
#include "guest/hardware.h"

/** Registers of which a guest may write bits in the hardware, at most. */
#define PASSED_MAX 64
/** Registers with error status bits: DEVSTA, LNKSTA, UNCOR_STATUS, COR_STATUS, and root port's. */
#define ERRORS_MAX 8

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
	uint16_t command;                    /* without bus mastering */
	uint32_t header[EC_LOST_HEADER_MAX]; /* in the order of ec_lost_header() */
	unsigned int n_passed, n_host, n_lost, n_errors;
	struct saved passed[PASSED_MAX], host[EC_LOST_REGISTERS_MAX]; /* as it was attached */
	struct saved lost[EC_LOST_REGISTERS_MAX];                     /* before it entered D3hot */
	struct saved errors[ERRORS_MAX];                              /* mask: status bits, RW1C */
};

struct ec_saved_registers *ec_saved_registers_new(void)
{
	return calloc(1, sizeof(struct ec_saved_registers));
}

int ec_saved_registers_header(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_saved_registers *s = d->hardware.saved;
	uint8_t at[EC_LOST_HEADER_MAX];
	unsigned int n = ec_lost_header(at);
	uint32_t command;
	int rc = ec_hardware_read(d, PCI_VENDOR_ID, 4, &s->ids);

	if (!rc)
		rc = ec_hardware_read(d, PCI_COMMAND, 2, &command);
	for (unsigned int i = 0; i < n && !rc; i++)
		rc = ec_hardware_read(d, at[i], 4, s->header + i);
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
	const struct ec_saved_registers *s = d->hardware.saved;
	uint8_t at[EC_LOST_HEADER_MAX];
	unsigned int n = ec_hardware_is_vf(d) ? 0 : ec_lost_header(at);

	for (unsigned int i = 0; i < n; i++) {
		uint32_t now;
		int rc = ec_hardware_read(d, at[i], 4, &now);

		if (!rc && now != s->header[i])
			rc = ec_hardware_write(d, at[i], 4, s->header[i]);
		if (rc) {
			ec_diag_set(diag, 0, "register %02x is not restored: %s", at[i],
				    strerror(-rc));
			return rc;
		}
	}
	return 0;
}

uint32_t ec_saved_registers_ids(const struct ec_device *d)
{
	return d->hardware.saved->ids;
}

uint16_t ec_saved_registers_command(const struct ec_device *d)
{
	return d->hardware.saved->command;
}

/* Notes register @r for each capability of that kind in the plan's chain. */
static void note_lost(struct ec_saved_registers *s, const struct ec_plan *plan,
		      const struct ec_lost_register *r)
{
	for (unsigned int i = 0; i < plan->chain.n && s->n_host < EC_LOST_REGISTERS_MAX; i++) {
		const struct ec_link *l = plan->chain.link + i;
		const struct ec_plan_cap *c = plan->cap + i;

		if (l->id != r->cap->id || l->extended != r->cap->extended || c->added ||
		    c->moved_away || r->offset + r->len > c->whole)
			continue;
		s->host[s->n_host++] = (struct saved){ .offset = (uint16_t)(c->from + r->offset),
						       .len = r->len,
						       .mask = UINT32_MAX };
	}
}

/* COMMAND is restored apart. A write to bytes that no row names may do anything. */
static bool is_put_back(const struct ec_plan_reg *r, const struct ec_reg_masks *m)
{
	return m->hw_rw && !r->rest && !r->added && !r->reg.exact &&
	       (r->cap || r->offset != PCI_COMMAND);
}

static void read_now(struct ec_device *d, struct saved *k, unsigned int n)
{
	for (; n--; k++)
		k->valid = !ec_hardware_read(d, k->offset, k->len, &k->value);
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

		if (k->valid && !ec_hardware_read(d, k->offset, k->len, &now) &&
		    (now ^ k->value) & k->mask)
			put_back(d, k, now);
	}
}

static void note_passed(struct ec_device *d, const struct ec_plan *plan)
{
	struct ec_saved_registers *s = d->hardware.saved;

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

/* Error status bits of the PCI Express capability and of AER. */
static void note_errors(struct ec_saved_registers *s, const struct ec_plan *plan)
{
	for (unsigned int i = 0; i < plan->n && s->n_errors < ERRORS_MAX; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		const struct ec_link *l = r->cap ? plan->chain.link + r->cap - 1 : NULL;

		if (!l || !r->reg.w1c || r->rest || r->added ||
		    (l->extended ? l->id != PCI_EXT_CAP_ID_AER : l->id != PCI_CAP_ID_EXP))
			continue;
		s->errors[s->n_errors++] =
			(struct saved){ .offset = r->from, .len = r->reg.len, .mask = r->reg.w1c };
	}
}

void ec_saved_registers_note(struct ec_device *d, const struct ec_plan *plan)
{
	struct ec_lost_register lost[EC_LOST_REGISTERS_MAX];
	struct ec_saved_registers *s = d->hardware.saved;
	unsigned int n = ec_lost_registers(lost);

	note_passed(d, plan);
	note_errors(s, plan);
	for (unsigned int i = 0; i < n; i++)
		note_lost(s, plan, lost + i);
	read_now(d, s->host, s->n_host);
	if (plan->layout.params.pm_hw) {
		memcpy(s->lost, s->host, sizeof(s->lost));
		s->n_lost = s->n_host;
	}
}

void ec_saved_registers_restore_host(struct ec_device *d)
{
	const struct ec_saved_registers *s = d->hardware.saved;
	uint32_t now;

	restore(d, s->host, s->n_host);
	for (unsigned int i = 0; i < s->n_errors; i++) {
		const struct saved *k = s->errors + i;

		if (!ec_hardware_read(d, k->offset, k->len, &now) && now & k->mask)
			ec_hardware_write(d, k->offset, k->len, now & k->mask);
	}
}

void ec_saved_registers_restore_passed(struct ec_device *d)
{
	restore(d, d->hardware.saved->passed, d->hardware.saved->n_passed);
}

void ec_saved_registers_read_lost(struct ec_device *d)
{
	read_now(d, d->hardware.saved->lost, d->hardware.saved->n_lost);
}

void ec_saved_registers_restore_lost(struct ec_device *d)
{
	restore(d, d->hardware.saved->lost, d->hardware.saved->n_lost);
}
