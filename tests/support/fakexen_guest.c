/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests: creation, start, death, and memory. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakexen_state.h"
#include "pvh.h"

uint8_t *fx_memory(const struct fx_guest *g, uint64_t gpa, uint64_t len)
{
	if (gpa < FAKEXEN_RAM && len <= FAKEXEN_RAM - gpa)
		return g->ram + gpa;
	for (unsigned int i = 0; i < g->areas; i++) {
		const struct fx_area *a = g->area + i;

		if (gpa >= a->gpa && len <= a->len && gpa - a->gpa <= a->len - len)
			return a->p + (gpa - a->gpa);
	}
	return NULL;
}

bool fx_has_memory(const struct fx_guest *g, uint64_t gpa, uint64_t len)
{
	bool has = len && gpa < FAKEXEN_RAM;

	for (unsigned int i = 0; i < g->areas; i++)
		has = has || g->area[i].gpa - gpa < len ||
		      (len && gpa - g->area[i].gpa < g->area[i].len);
	return has;
}

void fx_free_memory(struct fx_guest *g)
{
	free(g->ram);
	g->ram = NULL;
	while (g->areas)
		free(g->area[--g->areas].p);
}

/* A dead guest is kept while servers point at it. */
static struct fx_guest *room_for_guest(struct fakexen *f)
{
	for (unsigned int i = 0; i < f->guests; i++) {
		bool used = !f->guest[i].dead;

		for (unsigned int j = 0; j < FAKEXEN_SERVERS; j++)
			used = used || f->guest[i].server[j];
		if (!used)
			return f->guest + i;
	}
	ck_assert_uint_lt(f->guests, FX_GUESTS);
	return f->guest + f->guests++;
}

struct ec_guest_info *fakexen_guest(struct fakexen *f, uint32_t domid, const char *name)
{
	struct fx_guest *g;

	ck_assert_msg(!fx_guest(f, domid), "domain %u lives", domid);
	g = room_for_guest(f);
	*g = (struct fx_guest){ .domid = domid,
				.ram = calloc(1, FAKEXEN_RAM),
				.info = { .hvm = true,
					  .device_model = true,
					  .intx = true,
					  .pirqs = true,
					  .iommu = true,
					  .started = true,
					  .memory = FAKEXEN_RAM,
					  .address_bits = 40,
					  .vcpus = 2,
					  .max_gfn = FAKEXEN_RAM / EC_PAGE_SIZE - 1 } };
	if (!g->ram)
		abort();
	snprintf(g->name, sizeof(g->name), "%s", name);
	return &g->info;
}

static struct fx_guest *need(struct fakexen *f, uint32_t domid)
{
	struct fx_guest *g = fx_guest(f, domid);

	ck_assert_msg(g != NULL, "no domain %u", domid);
	return g;
}

uint8_t *fakexen_memory(struct fakexen *f, uint32_t domid)
{
	return need(f, domid)->ram;
}

uint8_t *fakexen_more_memory(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len)
{
	struct fx_guest *g = need(f, domid);
	struct fx_area *a = g->area + g->areas;

	ck_assert_uint_lt(g->areas, FX_AREAS);
	ck_assert((gpa | len) % EC_PAGE_SIZE == 0 && !fx_has_memory(g, gpa, len));
	*a = (struct fx_area){ gpa, len, calloc(1, len) };
	if (!a->p)
		abort();
	g->areas++;
	return a->p;
}

uint8_t *fakexen_memory_at(struct fakexen *f, uint32_t domid, uint64_t gpa, uint64_t len)
{
	return fx_memory(need(f, domid), gpa, len);
}

void fakexen_introduce(struct fakexen *f, uint32_t domid)
{
	struct fx_guest *g = need(f, domid);

	fx_note(f, "introduced d%u", domid);
	g->held = true;
	g->info.started = false;
	fx_store_event(f, EC_STORE_CAME);
}

void fx_run(struct fakexen *f, struct fx_guest *g)
{
	if (g->held || g->pauses || g->info.started)
		return;
	fx_note(f, "start d%u", g->domid);
	g->info.started = true;
}

void fakexen_unpause(struct fakexen *f, uint32_t domid)
{
	struct fx_guest *g = need(f, domid);

	g->held = false;
	fx_run(f, g);
}

void fakexen_shutdown(struct fakexen *f, uint32_t domid, bool reboot)
{
	fx_note(f, "shutdown d%u", domid);
	need(f, domid)->info.rebooting = reboot;
	fx_store_event(f, EC_STORE_DIED);
}

void fakexen_start_info(struct fakexen *f, uint32_t domid, uint64_t gpa)
{
	need(f, domid)->start_info = gpa;
}

void fakexen_pvh(struct fakexen *f, uint32_t domid)
{
	struct fx_guest *g = need(f, domid);
	struct pvh *p = malloc(sizeof(*p));

	if (!p)
		abort();
	pvh_setup(p);
	memcpy(fakexen_more_memory(f, domid, PVH_START, sizeof(p->start)), p->start,
	       sizeof(p->start));
	memcpy(fakexen_more_memory(f, domid, PVH_ACPI, sizeof(p->acpi)), p->acpi, sizeof(p->acpi));
	free(p);
	g->info.device_model = g->info.intx = g->info.pirqs = false;
	g->start_info = PVH_START;
}

void fakexen_node(struct fakexen *f, uint32_t domid, const char *path, const char *value)
{
	struct fx_guest *g = need(f, domid);
	struct fx_node *n = g->node + g->nodes;

	ck_assert_uint_lt(g->nodes, FX_NODES);
	g->nodes++;
	snprintf(n->path, sizeof(n->path), "%s", path);
	snprintf(n->value, sizeof(n->value), "%s", value);
}

void fakexen_kill(struct fakexen *f, uint32_t domid)
{
	struct fx_guest *g = need(f, domid);

	fx_note(f, "death d%u", domid);
	g->dead = true;
	fx_free_memory(g);
	for (unsigned int i = 0; i < f->items; i++)
		if (f->item[i].kind == FX_MSI && f->item[i].guest == g &&
		    !fx_device(f, fx_overlapping(f, FX_PIRQ, g, f->item[i].a, 1)->at))
			fx_violation(f, "Xen panics: d%u ends with a vector of a removed function",
				     domid);
	for (unsigned int i = 0; i < f->items;)
		if (f->item[i].guest == g)
			fx_drop(f, f->item + i);
		else
			i++;
	for (unsigned int i = 0; i < f->devices; i++)
		if (f->device[i].owner == g)
			f->device[i].owner = NULL;
	for (unsigned int i = 0; i < FAKEXEN_SERVERS; i++)
		if (g->server[i])
			g->server[i]->posted = 0;
	fx_store_event(f, EC_STORE_DIED);
}
