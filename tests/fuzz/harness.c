/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/harness.h"

#include <errno.h>
#include <pci/header.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "model.h"
#include "view/build.h"

static char text[512];

int harness_run(harness_fn *fn, const uint8_t *data, size_t size)
{
	const char *broken = fn(data, size);

	if (broken) {
		fprintf(stderr, "broken: %s\n", broken);
		abort();
	}
	return 0;
}

void harness_start(void)
{
	text[0] = 0;
}

void harness_fail(const char *fmt, ...)
{
	va_list args;

	if (text[0])
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
}

const char *harness_text(void)
{
	return text[0] ? text : NULL;
}

uint64_t harness_take(struct harness_input *in, unsigned int len)
{
	uint64_t v;

	if ((size_t)(in->end - in->at) < len) {
		in->at = in->end;
		return 0;
	}
	v = ec_get_le(in->at, len);
	in->at += len;
	return v;
}

/* Results of ec_model_image(), once per type and seed: it takes longer than the rest. */
struct plausible {
	bool made;
	struct ec_image img;
	struct ec_region region[EC_BAR_MAX];
};

static const struct plausible *plausible(unsigned int type, uint8_t seed)
{
	static struct plausible all[2][256];
	struct plausible *p = &all[type][seed];
	struct ec_model_rng rng = { seed };

	if (!p->made)
		ec_model_image(&rng, type, &p->img, p->region);
	p->made = true;
	return p;
}

/* The function before the input's patches. */
static void start_from(struct harness_input *in, unsigned int kind, struct ec_image *img,
		       struct ec_region *region)
{
	struct fixture f;

	memset(region, 0, EC_BAR_MAX * sizeof(*region));
	if (kind & 2) {
		const struct plausible *p = plausible(kind & 1, (uint8_t)harness_take(in, 1));

		*img = p->img;
		memcpy(region, p->region, sizeof(p->region));
		return;
	}
	if (kind & 1)
		fixture_nic(&f);
	else
		fixture_init(&f, EC_CONFIG_SIZE, 0);
	*img = f.img;
}

static void patch(struct harness_input *in, uint8_t *byte)
{
	for (unsigned int n = (unsigned int)harness_take(in, 1); n && in->at < in->end; n--) {
		uint32_t where = (uint32_t)harness_take(in, 2);

		for (uint32_t i = 0; i <= where >> 12; i++)
			byte[(where + i) % EC_CONFIG_SIZE] = (uint8_t)harness_take(in, 1);
	}
}

static void punch(struct harness_input *in, bool *hole)
{
	for (unsigned int n = (unsigned int)harness_take(in, 1); n && in->at < in->end; n--) {
		uint32_t where = (uint32_t)harness_take(in, 2);

		for (uint32_t i = 0; i <= where >> 10; i++)
			hole[(where + i) % EC_CONFIG_DWORDS] = true;
	}
}

void harness_image(struct harness_input *in, struct ec_image *img, struct harness_regions *regions)
{
	unsigned int kind = (unsigned int)harness_take(in, 1);
	bool hole[EC_CONFIG_DWORDS] = { false };
	struct ec_image from;
	uint32_t size;

	start_from(in, kind, &from, regions->region);
	regions->given = kind & 16;
	for (unsigned int i = 0; regions->given && i < EC_BAR_MAX; i++) {
		unsigned int bits = (unsigned int)harness_take(in, 2);

		if (bits)
			regions->region[i] = (struct ec_region){ .size = 1ull << (bits & 63),
								 .flags = bits >> 8 & 0xf };
	}
	patch(in, from.byte);
	punch(in, hole);
	size = (const uint32_t[]){ EC_CONFIG_SIZE, 256, 64, from.size }[kind >> 2 & 3];
	ec_image_clear(img);
	for (uint32_t d = 0; d < size / 4; d++)
		if (!hole[d])
			ec_image_put(img, d * 4, from.byte + d * 4, 4);
}

/* The result that ec_plan_build() must have for @img. */
static int plan_answer(const struct ec_image *img, enum ec_topology topology)
{
	uint32_t type = img->byte[PCI_HEADER_TYPE] & 0x7f;
	bool gone = true;

	for (uint32_t d = 0; d < 16; d++)
		if (!(img->present[0] >> d & 1))
			return -ENODATA;
	for (uint32_t i = 0; i < 64; i++)
		gone &= img->byte[i] == 0xff;
	if (gone)
		return -ENODEV;
	return type == 0 || (type == 1 && topology == EC_HOST) ? 0 : -EOPNOTSUPP;
}

bool harness_plan(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options)
{
	static const struct ec_conf_dump nothing;
	static struct ec_model model;
	const char *topology = ec_topology_names[options->topology];
	int rc, want = plan_answer(img, options->topology);
	struct ec_diag diag = { .text = "" };

	rc = ec_plan_build(plan, img, options, &diag);
	if (rc != want)
		harness_fail("plan, %s: returns %d, not %d: %s", topology, rc, want, diag.text);
	if (rc && !diag.text[0])
		harness_fail("plan, %s: does not say why not", topology);
	if (rc)
		return false;
	if (plan->layout.size != img->size || !plan->layout.n_masks || !plan->layout.words ||
	    plan->layout.n_masks > EC_ARRAY_SIZE(plan->layout.masks) ||
	    plan->layout.words > EC_SHADOW_MAX)
		harness_fail("plan, %s: the layout's figures", topology);
	for (uint32_t d = 0; d < EC_CONFIG_DWORDS; d++)
		if (plan->layout.cell[d].masks >= plan->layout.n_masks ||
		    plan->layout.cell[d].word >= plan->layout.words)
			harness_fail("plan, %s: the cell of %x", topology, d * 4);
	if (plan->shadow[EC_WORD_ZERO])
		harness_fail("plan, %s: slot 0 is not 0", topology);
	if (ec_model_init(&model, plan, &nothing))
		harness_fail("plan, %s: registers do not cover the view once", topology);
	return true;
}
