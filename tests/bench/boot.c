/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot.h"

#include "core/bits.h"
#include "world.h"

/* Add an access, or several equal ones. */
struct step {
	uint16_t offset;
	uint8_t len, times;
	bool write;
	uint32_t value;
};

#define R(offset, len, times)                                                                      \
	{                                                                                          \
		offset, len, times, false, 0                                                       \
	}
#define W(offset, len, value)                                                                      \
	{                                                                                          \
		offset, len, 1, true, value                                                        \
	}
/* Size a BAR and restore it. */
#define SIZE(offset, value) R(offset, 4, 1), W(offset, 4, ~0u), R(offset, 4, 1), W(offset, 4, value)

static const struct step fw_probe[] = {
	R(0x00, 2, 2), R(0x00, 4, 1), R(0x08, 4, 2), R(0x0e, 1, 3), R(0x0a, 2, 2), R(0x3d, 1, 2),
};

static const struct step fw_assign[] = {
	R(0x04, 2, 4),        W(0x04, 2, 0), SIZE(0x10, 0),      SIZE(0x18, 0),
	SIZE(0x1c, 0),        SIZE(0x20, 0), SIZE(0x24, 0),      SIZE(0x30, 0),
	W(0x10, 4, 8u << 28), W(0x14, 4, 0), W(0x18, 4, 0xc000), W(0x1c, 4, 9u << 28),
	W(0x20, 4, 0),        W(0x24, 4, 0), W(0x3c, 1, 11),     W(0x04, 2, 3),
	W(0x04, 2, 7),
};

static const struct step os_probe[] = {
	R(0x00, 4, 4),  R(0x0e, 1, 2),      R(0x08, 4, 2),        R(0x06, 2, 6),
	R(0x34, 1, 10), R(0x04, 2, 8),      R(0x3d, 1, 1),        R(0x3c, 1, 1),
	R(0x2c, 2, 1),  R(0x2e, 2, 1),      W(0x04, 2, 4),        SIZE(0x10, 8u << 28),
	SIZE(0x14, 0),  SIZE(0x18, 0xc000), SIZE(0x1c, 9u << 28), SIZE(0x20, 0),
	SIZE(0x24, 0),  SIZE(0x30, 0),      W(0x04, 2, 7),
};

static const struct step os_caps[] = {
	R(0x40, 2, 7), R(0x50, 2, 6), R(0x70, 2, 6), R(0xb0, 2, 5), R(0xe0, 2, 4), R(0x42, 2, 2),
	R(0x44, 2, 4), R(0x52, 2, 3), R(0x72, 2, 3), R(0x74, 4, 4), R(0x78, 2, 2), R(0x7c, 4, 1),
	R(0x94, 4, 1), R(0xb2, 2, 2), R(0xb4, 4, 1), R(0xb8, 4, 1),
};

static const struct step os_driver[] = {
	R(0x04, 2, 6),      W(0x04, 2, 6), W(0x04, 2, 7),      W(0x04, 2, 0x407),
	W(0x04, 2, 7),      R(0x0c, 1, 2), W(0x0c, 1, 16),     R(0x44, 2, 1),
	W(0x44, 2, 0x100),  W(0x44, 2, 0), R(0xb2, 2, 1),      W(0xb2, 2, 0xc000),
	W(0xb2, 2, 0x8000), R(0x78, 2, 1), W(0x78, 2, 0x2910), W(0x3c, 1, 11),
};

#define PHASE(table, config)                                                                       \
	{                                                                                          \
		table, EC_ARRAY_SIZE(table), config                                                \
	}

/* Each phase covers all functions before the next one begins. */
static const struct phase {
	const struct step *step;
	size_t n;
	bool config; /* by CF8, as firmware does; else by ECAM */
} phases[] = {
	PHASE(fw_probe, true), PHASE(fw_assign, true),  PHASE(os_probe, false),
	PHASE(os_caps, false), PHASE(os_driver, false),
};

static size_t append(struct ioreq *out, const struct phase *p, struct ec_sbdf at)
{
	size_t n = 0;

	for (const struct step *s = p->step; s < p->step + p->n; s++) {
		struct ioreq req = p->config ? bench_config_read(at, s->offset, s->len)
					     : bench_ecam_read(at, s->offset, s->len);

		if (s->write)
			req = bench_as_write(req, s->value);
		for (unsigned int i = 0; i < s->times; i++, n++)
			if (out)
				out[n] = req;
	}
	return n;
}

struct ioreq *boot_trace(size_t *len)
{
	struct ioreq *trace = NULL;
	size_t n;

	for (int filled = 0; filled < 2; filled++) {
		n = 0;
		for (const struct phase *p = phases; p < phases + EC_ARRAY_SIZE(phases); p++)
			for (unsigned int i = 0; i < BOOT_FUNCTIONS; i++)
				n += append(trace ? trace + n : NULL, p, bench_sbdf(i));
		if (!trace)
			trace = bench_alloc(n, sizeof(*trace));
	}
	*len = n;
	return trace;
}
