/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/chain.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"

/* the pointer's two low bits are reserved: software masks them, PCI 6.7 */
#define POINTER_MASK (~3u)
/* of an extended capability's header */
#define EXT_NEXT(header) ((header) >> 20)
#define EXT_NEXT_BYTE 2u

const char *const ec_chain_fault_text[EC_CHAIN_FAULTS] = {
	[EC_CHAIN_OK] = "is good",
	[EC_CHAIN_LOW] = "leads where no capability can be",
	[EC_CHAIN_LOOP] = "leads back into the chain",
	[EC_CHAIN_OUTSIDE] = "leads to bytes that were not captured",
	[EC_CHAIN_ONES] = "leads to all ones",
	[EC_CHAIN_EMPTY] = "leads to an empty header",
};

/* The dwords at which a capability was found. */
struct visited {
	uint32_t map[EC_CONFIG_DWORDS / 32];
};

static bool visit(struct visited *v, uint32_t offset)
{
	uint32_t dword = offset / 4, bit = 1u << (dword % 32);

	if (v->map[dword / 32] & bit)
		return false;
	v->map[dword / 32] |= bit;
	return true;
}

/* Can a capability be at @to, whose header has @len bytes? The caller reads the header. */
static enum ec_chain_fault check(const struct ec_image *img, struct visited *seen, uint32_t to,
				 uint32_t first, uint32_t len)
{
	if (to < first)
		return EC_CHAIN_LOW;
	if (!ec_image_has(img, to, len))
		return EC_CHAIN_OUTSIDE;
	return visit(seen, to) ? EC_CHAIN_OK : EC_CHAIN_LOOP;
}

static void walk_std(const struct ec_image *img, struct ec_chain *out)
{
	struct visited seen = { 0 };
	uint32_t type = ec_image_get(img, PCI_HEADER_TYPE, 1) & EC_HEADER_TYPE_MASK, to;
	uint32_t at =
		type == PCI_HEADER_TYPE_CARDBUS ? PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST;

	if (!(ec_image_get(img, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return;
	while ((to = ec_image_get(img, at, 1) & POINTER_MASK)) {
		struct ec_link *l = out->link + out->n;
		enum ec_chain_fault fault = check(img, &seen, to, EC_STD_FIRST, 2);

		if (!fault && ec_image_get(img, to, 1) == ec_ones(1))
			fault = EC_CHAIN_ONES;
		if (fault) {
			out->std_cut =
				(struct ec_chain_cut){ (uint8_t)fault, (uint16_t)at, (uint16_t)to };
			return;
		}
		if (out->n)
			l[-1].next = (uint16_t)to;
		*l = (struct ec_link){ .offset = (uint16_t)to,
				       .id = (uint16_t)ec_image_get(img, to, 1) };
		out->n++;
		at = to + PCI_CAP_LIST_NEXT;
	}
}

static enum ec_chain_fault check_ext(const struct ec_image *img, struct visited *seen, uint32_t to)
{
	enum ec_chain_fault fault = check(img, seen, to, EC_EXT_FIRST, 4);

	if (fault)
		return fault;
	if (ec_image_get(img, to, 4) == ec_ones(4))
		return EC_CHAIN_ONES;
	return ec_image_get(img, to, 4) ? EC_CHAIN_OK : EC_CHAIN_EMPTY;
}

static void walk_ext(const struct ec_image *img, struct ec_chain *out)
{
	struct visited seen = { 0 };
	uint32_t at = EC_EXT_FIRST, to = EC_EXT_FIRST;

	if (!ec_image_has(img, EC_EXT_FIRST, 4) || !ec_image_get(img, EC_EXT_FIRST, 4))
		return;
	while (to) {
		struct ec_link *l = out->link + out->n;
		enum ec_chain_fault fault = check_ext(img, &seen, to);
		uint32_t header = ec_image_get(img, to, 4);

		if (fault) {
			out->ext_cut =
				(struct ec_chain_cut){ (uint8_t)fault, (uint16_t)at, (uint16_t)to };
			return;
		}
		if (out->n > out->n_std)
			l[-1].next = (uint16_t)to;
		*l = (struct ec_link){ .offset = (uint16_t)to,
				       .id = (uint16_t)header,
				       .version = EC_EXT_CAP_VERSION(header),
				       .extended = true };
		out->n++;
		at = to + EXT_NEXT_BYTE;
		to = EXT_NEXT(header) & POINTER_MASK;
	}
}

/* Sets the room of links [from, n): the distance to the next higher one, or to @end. */
static void measure(struct ec_chain *c, unsigned int from, unsigned int n, uint32_t end)
{
	uint16_t by_dword[EC_CONFIG_DWORDS];
	uint32_t above = end;

	if (from == n)
		return;
	memset(by_dword, 0, sizeof(by_dword));
	for (unsigned int i = from; i < n; i++)
		by_dword[c->link[i].offset / 4] = (uint16_t)(i + 1);
	for (uint32_t d = end / 4; d-- > 0;) {
		if (!by_dword[d])
			continue;
		c->link[by_dword[d] - 1].room = (uint16_t)(above - d * 4);
		above = d * 4;
	}
}

void ec_chain_walk(const struct ec_image *img, struct ec_chain *out)
{
	out->n = 0;
	out->std_cut = out->ext_cut = (struct ec_chain_cut){ 0 };
	walk_std(img, out);
	out->n_std = out->n;
	measure(out, 0, out->n, img->size < EC_EXT_FIRST ? img->size : EC_EXT_FIRST);
	walk_ext(img, out);
	measure(out, out->n_std, out->n, img->size);
}

void ec_chain_insert(struct ec_chain *chain, unsigned int at, const struct ec_link *link,
		     uint32_t size)
{
	unsigned int first = link->extended ? chain->n_std : 0;
	struct ec_link *l = chain->link + at;

	memmove(l + 1, l, (chain->n - at) * sizeof(*l));
	*l = *link;
	l->next = 0;
	if (at > first) {
		l->next = l[-1].next;
		l[-1].next = l->offset;
	}
	chain->n++;
	if (link->extended) {
		measure(chain, chain->n_std, chain->n, size);
		return;
	}
	chain->n_std++;
	measure(chain, 0, chain->n_std, size < EC_EXT_FIRST ? size : EC_EXT_FIRST);
}

void ec_chain_relink(const struct ec_chain *chain, const bool *hidden, struct ec_relinked *out)
{
	uint16_t next = 0;

	memset(out, 0, sizeof(*out));
	for (unsigned int i = chain->n; i-- > chain->n_std;) {
		out->next[i] = next;
		if (!hidden[i])
			next = chain->link[i].offset;
	}
	if (chain->n > chain->n_std && hidden[chain->n_std]) {
		out->stub = true;
		out->stub_next = out->next[chain->n_std];
	}
	next = 0;
	for (unsigned int i = chain->n_std; i-- > 0;) {
		out->next[i] = next;
		if (!hidden[i])
			next = chain->link[i].offset;
	}
	out->first_std = (uint8_t)next;
}
