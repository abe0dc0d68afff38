/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/p2m.h"

#include <errno.h>

bool ec_p2m_free(const struct ec_p2m *p, uint64_t gfn, uint64_t n)
{
	if (!n || gfn + n < gfn)
		return false;
	for (unsigned int i = 0; i < p->n; i++)
		if (gfn < p->run[i].gfn + p->run[i].n && p->run[i].gfn < gfn + n)
			return false;
	return true;
}

int ec_p2m_add(struct ec_p2m *p, const struct ec_p2m_range *run)
{
	if (!ec_p2m_free(p, run->gfn, run->n))
		return -EEXIST;
	if (p->n == EC_P2M_MAX)
		return -ENOSPC;
	p->run[p->n++] = *run;
	return 0;
}

int ec_p2m_take(struct ec_p2m *p, const struct ec_device *device, unsigned int bar,
		struct ec_p2m_range *out)
{
	for (unsigned int i = 0; i < p->n; i++) {
		if (p->run[i].device != device || p->run[i].bar != bar)
			continue;
		*out = p->run[i];
		p->run[i] = p->run[--p->n];
		return 1;
	}
	return 0;
}

void ec_p2m_remove(struct ec_p2m *p, unsigned int i)
{
	p->run[i] = p->run[--p->n];
}

void ec_p2m_orphan(struct ec_p2m *p, const struct ec_device *device)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->run[i].device == device)
			p->run[i].device = NULL;
}

const struct ec_p2m_range *ec_p2m_trapped(const struct ec_p2m *p, uint64_t gpa)
{
	uint64_t gfn = gpa / EC_PAGE_SIZE;

	for (unsigned int i = 0; i < p->n; i++)
		if (p->run[i].trapped && p->run[i].device && gfn >= p->run[i].gfn &&
		    gfn - p->run[i].gfn < p->run[i].n)
			return p->run + i;
	return NULL;
}
