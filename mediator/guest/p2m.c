/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/p2m.h"

#include <errno.h>

bool ec_p2m_free(const struct ec_p2m *p, uint64_t gfn, uint64_t n)
{
	if (!n || gfn + n < gfn)
		return false;
	for (unsigned int i = 0; i < p->n; i++)
		if (gfn < p->range[i].gfn + p->range[i].n && p->range[i].gfn < gfn + n)
			return false;
	return true;
}

int ec_p2m_add(struct ec_p2m *p, const struct ec_p2m_range *range)
{
	if (!ec_p2m_free(p, range->gfn, range->n))
		return -EEXIST;
	if (p->n == EC_P2M_MAX)
		return -ENOSPC;
	p->range[p->n++] = *range;
	return 0;
}

int ec_p2m_take(struct ec_p2m *p, const struct ec_device *device, unsigned int bar,
		struct ec_p2m_range *out)
{
	for (unsigned int i = 0; i < p->n; i++) {
		if (p->range[i].device != device || p->range[i].bar != bar)
			continue;
		*out = p->range[i];
		p->range[i] = p->range[--p->n];
		return 1;
	}
	return 0;
}

void ec_p2m_remove(struct ec_p2m *p, unsigned int i)
{
	p->range[i] = p->range[--p->n];
}

void ec_p2m_orphan(struct ec_p2m *p, const struct ec_device *device)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->range[i].device == device)
			p->range[i].device = NULL;
}

const struct ec_p2m_range *ec_p2m_trapped(const struct ec_p2m *p, uint64_t gpa)
{
	uint64_t gfn = gpa / EC_PAGE_SIZE;

	for (unsigned int i = 0; i < p->n; i++)
		if (p->range[i].trapped && p->range[i].device && gfn >= p->range[i].gfn &&
		    gfn - p->range[i].gfn < p->range[i].n)
			return p->range + i;
	return NULL;
}
