/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0015, Resizable BAR, and 0x0024, the same for virtual functions, hidden. */
#include <stddef.h>

#include "capabilities/rebar.h"

#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX
#define LSPCI .source = EC_SRC_LSPCI

/* clang-format off */
#define CTRL_BITS (EC_REBAR_CTRL_IDX | EC_REBAR_CTRL_NBAR | EC_REBAR_CTRL_SIZE | EC_REBAR_CTRL_SIZES)

/* host: another size moves other BARs. The view shows the current one alone: ec_rebar_single(). */
#define SIZES_OF(n, turn) \
	{ 0x04 + 8 * n, 4, EC_FREEZE, "CAP" #n, LNX }, \
	{ 0x08 + 8 * n, 4, EC_FREEZE, "CTRL" #n, EC_HOST_RW(EC_REBAR_CTRL_SIZE), .rsvdp = EC_OTHERS32(CTRL_BITS), .lost = turn, LSPCI }
#define BAR(n) SIZES_OF(n, EC_LOST_SIZES)
#define VF_BAR(n) SIZES_OF(n, EC_LOST_NEVER)

static const struct ec_reg rebar_rows[] = {
	BAR(0), BAR(1), BAR(2), BAR(3), BAR(4), BAR(5),
};

/* The service restores no SR-IOV: the host keeps the physical function. */
static const struct ec_reg vf_rebar_rows[] = {
	VF_BAR(0), VF_BAR(1), VF_BAR(2), VF_BAR(3), VF_BAR(4), VF_BAR(5),
};
/* clang-format on */

/* The first 28 sizes from 1 MiB have a bit in CAP, from bit 4; the others in CTRL, from bit 16. */
#define CAP_SIZES 28u
#define SIZES 44u

bool ec_rebar_single(uint32_t *cap, uint32_t *ctrl)
{
	uint32_t size = (*ctrl & EC_REBAR_CTRL_SIZE) >> 8;

	if (size >= SIZES)
		return false;
	*cap = size < CAP_SIZES ? 1u << (4 + size) : 0;
	*ctrl = (*ctrl & (EC_REBAR_CTRL_IDX | EC_REBAR_CTRL_NBAR | EC_REBAR_CTRL_SIZE)) |
		(size < CAP_SIZES ? 0 : 1u << (16 + size - CAP_SIZES));
	return true;
}

static uint32_t bars(const struct ec_cap_at *at)
{
	return (ec_at_get(at, EC_REBAR_CTRL, 4) & EC_REBAR_CTRL_NBAR) >> 5;
}

static uint32_t rebar_length(const struct ec_cap_at *at)
{
	return 4 + 8 * bars(at);
}

unsigned int ec_rebar_count(const struct ec_cap_at *at)
{
	uint32_t n = bars(at), seen = 0;

	if (n > 6 || at->room < rebar_length(at))
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t cap, ctrl = ec_at_get(at, EC_REBAR_CTRL + 8 * i, 4),
			      bar = 1u << (ctrl & EC_REBAR_CTRL_IDX);

		if (bar > 1u << 5 || seen & bar || !ec_rebar_single(&cap, &ctrl))
			return 0;
		seen |= bar;
	}
	return n;
}

/* Resizable BAR is shown with one size or not at all. */
static const char *rebar_hide(const struct ec_cap_at *at)
{
	return ec_rebar_count(at) ? NULL : "its registers state no size for each of its BARs";
}

#define RULE "4 + 8 x BARs (bits 7:5 of the dword at +8)"

const struct ec_cap ec_cap_rebar = {
	EC_EXT(0x15, "REBAR", "Resizable BAR", EC_FREEZE, 12, RULE, EC_SRC_LINUX),
	.once = true,
	.probe = 0x1554, /* the six control registers, at +8, +10, ... +30 */
	.length = rebar_length,
	.rows = EC_ROWS(rebar_rows),
	.hide = rebar_hide,
};

const struct ec_cap ec_cap_vf_rebar = {
	EC_EXT(0x24, "VF-REBAR", "VF Resizable BAR", EC_HIDE, 12, RULE, EC_SRC_PCIUTILS),
	.probe = 1u << 2,
	.length = rebar_length,
	.rows = EC_ROWS(vf_rebar_rows),
};
