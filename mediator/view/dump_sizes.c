/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/dump_sizes.h"

#include <pci/header.h>

#include "capabilities/bits.h"
#include "capabilities/rebar.h"
#include "core/bar.h"
#include "core/bits.h"
#include "core/chain.h"
#include "core/pci_bits.h"

/* Bytes of the unit of sizes in Resizable BAR, as a power of two. */
#define REBAR_UNIT 20

/* The address and, for its kind of space, the end of a bridge's window. */
struct window {
	uint64_t base, end; /* [base, end) */
};

static uint8_t type_of(const struct ec_dump_function *fn)
{
	return (uint8_t)(ec_image_get(&fn->image, PCI_HEADER_TYPE, 1) & EC_HEADER_TYPE_MASK);
}

static void fill_resizable(struct ec_dump_function *fn)
{
	static struct ec_chain chain;

	ec_chain_walk(&fn->image, &chain);
	for (unsigned int i = chain.n_std; i < chain.n; i++) {
		const struct ec_link *l = chain.link + i;
		struct ec_cap_at at = { .img = &fn->image, .offset = l->offset, .room = l->room };

		for (uint32_t k = 0; l->id == PCI_EXT_CAP_ID_REBAR && k < ec_rebar_count(&at);
		     k++) {
			uint32_t ctrl =
				ec_image_get(&fn->image, l->offset + EC_REBAR_CTRL + 8 * k, 4);
			struct ec_region *r = fn->region + (ctrl & EC_REBAR_CTRL_IDX);

			if (!r->size)
				r->size = 1ull << (REBAR_UNIT + ((ctrl & EC_REBAR_CTRL_SIZE) >> 8));
		}
	}
}

/* The windows of memory and of prefetchable memory. */
static void read_windows(const struct ec_image *img, struct window w[2])
{
	uint64_t upper = ec_image_get(img, PCI_PREF_BASE_UPPER32, 4);
	uint64_t upper_limit = ec_image_get(img, PCI_PREF_BASE_UPPER32 + 4, 4);

	for (unsigned int i = 0; i < 2; i++) {
		uint32_t at = i ? PCI_PREF_MEMORY_BASE : PCI_MEMORY_BASE;

		/* bits 31:20 of the address in bits 15:4 */
		w[i].base = (uint64_t)(ec_image_get(img, at, 2) & 0xfff0) << 16;
		w[i].end = ((uint64_t)(ec_image_get(img, at + 2, 2) & 0xfff0) << 16) + (1u << 20);
	}
	w[1].base |= upper << 32;
	w[1].end += upper_limit << 32;
}

static uint64_t limit(uint64_t most, uint64_t address, uint64_t end)
{
	uint64_t room = end - address;

	return end > address && (!most || room < most) ? room : most;
}

/* @bridge: above the function; NULL: not known. */
static void fill_most(struct ec_dump_function *fn, const struct ec_dump_function *bridge)
{
	struct ec_bar bar[EC_BAR_MAX];
	struct window window[2] = { { 0, 0 } };

	ec_bar_decode(&fn->image, fn->region, type_of(fn), bar);
	if (bridge)
		read_windows(&bridge->image, window);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		uint64_t at = bar[i].addr, most = 0;

		if (!bar[i].guessed || !at || bar[i].kind == EC_BAR_UPPER)
			continue;
		for (unsigned int k = 0; k < EC_BAR_MAX; k++)
			if (bar[k].addr && (bar[k].kind == EC_BAR_IO) == (bar[i].kind == EC_BAR_IO))
				most = limit(most, at, bar[k].addr);
		for (unsigned int k = 0; k < 2 && bar[i].kind != EC_BAR_IO; k++)
			if (at >= window[k].base && at < window[k].end)
				most = limit(most, at, window[k].end);
		fn->region[i].most = most;
	}
}

void ec_dump_sizes_fill(struct ec_dump_function *fn, unsigned int n)
{
	/* by secondary bus, in segment 0 */
	const struct ec_dump_function *above[256] = { NULL };

	for (unsigned int i = 0; i < n; i++)
		if (type_of(fn + i) == PCI_HEADER_TYPE_BRIDGE && !fn[i].sbdf.segment)
			above[ec_image_get(&fn[i].image, PCI_SECONDARY_BUS, 1)] = fn + i;
	above[0] = NULL;
	for (unsigned int i = 0; i < n; i++) {
		if (type_of(fn + i) > PCI_HEADER_TYPE_BRIDGE)
			continue;
		fill_resizable(fn + i);
		fill_most(fn + i, fn[i].sbdf.segment ? NULL : above[fn[i].sbdf.bus]);
	}
}
