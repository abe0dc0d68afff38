/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rig.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "view/build.h"

static void record(struct rig *r, bool write, uint32_t offset, uint32_t len, uint32_t value)
{
	ck_assert_uint_lt(r->n, RIG_LOG_MAX);
	r->hw[r->n].write = write;
	r->hw[r->n].offset = offset;
	r->hw[r->n].len = len;
	r->hw[r->n++].value = value;
}

static int read_hw(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct rig *r = ctx;
	int rc;

	ck_assert(len == 1 || len == 2 || len == 4);
	ck_assert_uint_eq(offset % len, 0);
	if (r->fail_reads)
		return -r->fail_reads;
	rc = ec_conf_dump_ops.read(&r->device, offset, len, value);
	record(r, false, offset, len, *value);
	return rc;
}

static int write_hw(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct rig *r = ctx;

	ck_assert(len == 1 || len == 2 || len == 4);
	ck_assert_uint_eq(offset % len, 0);
	record(r, true, offset, len, value);
	if (r->fail_writes)
		return -r->fail_writes;
	return ec_conf_dump_ops.write(&r->device, offset, len, value);
}

static const struct ec_conf_ops ops = { .read = read_hw, .write = write_hw };

struct rig *rig_new(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	return r;
}

void rig_free(struct rig *r)
{
	ec_bus_map_clear(&r->guest);
	free(r);
}

void rig_attach(struct rig *r, const struct ec_image *img, enum ec_topology topology,
		const struct ec_region *region)
{
	struct ec_plan_options o = { .topology = topology, .region = region };

	rig_attach_options(r, img, &o);
}

void rig_attach_options(struct rig *r, const struct ec_image *img,
			const struct ec_plan_options *options)
{
	struct ec_diag diag = { 0 };

	ec_bus_map_clear(&r->guest);
	ck_assert_msg(!ec_plan_build(&r->plan, img, options, &diag), "%s", diag.text);
	r->device.image = *img;
	ec_plan_attached(&r->plan, &r->device.image);
	ec_plan_semantics(&r->plan, r->device.rw, r->device.w1c);
	r->function = (struct ec_function){
		.layout = &r->plan.layout, .shadow = r->plan.shadow, .hw = &ops, .hw_ctx = r
	};
	ck_assert_int_eq(ec_bus_map_add(&r->guest, &r->function), 0);
	r->n = 0;
}

uint64_t rig_read(struct rig *r, uint32_t offset, uint32_t len)
{
	r->n = 0;
	r->last = (struct ec_access){ .offset = offset, .length = len };
	ec_access_handle(&r->guest, &r->last);
	return r->last.value;
}

enum ec_verdict rig_write(struct rig *r, uint32_t offset, uint32_t len, uint64_t value)
{
	r->n = 0;
	r->last = (struct ec_access){
		.write = true, .offset = offset, .length = len, .value = value
	};
	ec_access_handle(&r->guest, &r->last);
	return r->last.verdict;
}

bool rig_has_cap(struct rig *r, uint16_t id, bool extended)
{
	uint32_t at = extended ? 0x100 : (uint32_t)rig_read(r, 0x34, 1);

	for (unsigned int hops = 0; at && hops < 1024; hops++) {
		uint32_t header = (uint32_t)rig_read(r, at, 4);

		if ((header & (extended ? 0xffff : 0xff)) == id)
			return true;
		at = extended ? header >> 20 : header >> 8 & 0xff;
	}
	return false;
}
