/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must hold for any view: thousands of random decisions over random functions, observed as a
 * guest does. The plan's registers are used only to find which bits may be written to the hardware.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/conf_dump.h"
#include "model_rules.h"
#include "suites.h"
#include "view/build.h"
#include "view/capture.h"

#define FUNCTIONS 4000u
#define SEED 0x72756c65u
#define ALL UINT32_MAX

/** A function with rules, and the guest that has it. */
struct ward {
	struct ec_model_rng rng;
	uint64_t seed;
	struct ec_image img;
	struct ec_region region[EC_BAR_MAX];
	struct ec_plan_options options;
	struct ec_model_rules rules;
	struct ec_plan plan;
	struct ec_plan plain; /* without rules */
	struct ec_model model;
	struct ec_conf_dump device;
	struct ec_image before;
	struct ec_function fn;
	struct ec_bus_map guest;
	bool reached[EC_CHAIN_MAX];
	unsigned int accesses; /* of the hardware */
};

static struct ward ward;

#define broken(w, ...)                                                                             \
	do {                                                                                       \
		char what[EC_DIAG_MAX + 32];                                                       \
                                                                                                   \
		snprintf(what, sizeof(what), __VA_ARGS__);                                         \
		ck_abort_msg("seed %#llx: %s", (unsigned long long)(w)->seed, what);               \
	} while (0)

static int hw_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct ward *w = ctx;

	w->accesses++;
	return ec_conf_dump_ops.read(&w->device, offset, len, value);
}

static int hw_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct ward *w = ctx;

	w->accesses++;
	return ec_conf_dump_ops.write(&w->device, offset, len, value);
}

static const struct ec_conf_ops ops = { .read = hw_read, .write = hw_write };

static uint32_t guest_read(struct ward *w, uint32_t offset, unsigned int len)
{
	struct ec_access a = { .offset = offset, .length = len };

	ec_access_handle(&w->guest, &a);
	return (uint32_t)a.value;
}

static uint8_t guest_write(struct ward *w, uint32_t offset, unsigned int len, uint32_t value)
{
	struct ec_access a = { .write = true, .offset = offset, .length = len, .value = value };

	ec_access_handle(&w->guest, &a);
	return a.verdict;
}

static void make(struct ward *w, uint64_t seed)
{
	w->rng.state = w->seed = seed;
	w->options = (struct ec_plan_options){ .topology = (enum ec_topology)(seed % 2) };
	if (ec_model_below(&w->rng, 4))
		w->options.region = w->region;
	ec_model_image(&w->rng, 0, &w->img, w->region);
	ec_model_rules(&w->rng, &w->img, &w->options, &w->rules, &w->plan);
	w->device.image = w->img;
	ec_plan_attached(&w->plan, &w->device.image);
	ec_plan_semantics(&w->plan, w->device.rw, w->device.w1c);
	if (ec_model_init(&w->model, &w->plan, &w->device))
		broken(w, "registers do not cover the view, each bit served by one");
	w->fn = (struct ec_function){
		.layout = &w->plan.layout, .shadow = w->plan.shadow, .hw = &ops, .hw_ctx = w
	};
	ec_bus_map_clear(&w->guest);
	ck_assert_int_eq(ec_bus_map_add(&w->guest, &w->fn), 0);
}

static uint64_t functions(void)
{
	const char *text = getenv("EC_RULES_FUNCTIONS");

	return text ? strtoull(text, NULL, 0) : FUNCTIONS;
}

/* ---- the lists ---- */

static void reach(struct ward *w, uint32_t at, bool extended, uint32_t id)
{
	for (unsigned int i = 0; i < w->plan.chain.n; i++) {
		const struct ec_link *l = &w->plan.chain.link[i];

		if (l->offset != at || l->extended != extended)
			continue;
		if (l->id != id || w->plan.cap[i].treatment == EC_HIDE)
			broken(w, "%02x at %x is linked, and hidden or another", id, at);
		if (w->reached[i])
			broken(w, "the list comes to %x again", at);
		w->reached[i] = true;
		return;
	}
	broken(w, "the list leads to %x, where there is none", at);
}

static void walk_std(struct ward *w)
{
	uint32_t at = guest_read(w, PCI_CAPABILITY_LIST, 1);
	bool listed = guest_read(w, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST;

	if (listed != (at != 0))
		broken(w, "STATUS says %d of a list at %x", listed, at);
	while (at) {
		if (at < 0x40 || at % 4 || at >= w->plan.layout.size)
			broken(w, "the standard list leads to %x", at);
		reach(w, at, false, guest_read(w, at, 1));
		at = guest_read(w, at + 1, 1);
	}
}

static void walk_ext(struct ward *w)
{
	uint32_t at = 0x100, header = w->plan.layout.size > 256 ? guest_read(w, at, 4) : 0;

	/* only a pointer */
	if (!(header & 0xfffff)) {
		at = header >> 20;
		if (at == 0x100)
			broken(w, "0x100 leads to itself");
	}
	while (at && header) {
		if (at < 0x100 || at % 4)
			broken(w, "the extended list leads to %x", at);
		header = guest_read(w, at, 4);
		reach(w, at, true, header & 0xffff);
		at = header >> 20;
	}
}

/* Both lists lead to the shown capabilities only, without a loop, within the space. */
static void check_lists(struct ward *w)
{
	memset(w->reached, 0, sizeof(w->reached));
	walk_std(w);
	walk_ext(w);
	for (unsigned int i = 0; i < w->plan.chain.n; i++)
		if (!w->reached[i] && w->plan.cap[i].treatment != EC_HIDE)
			broken(w, "%02x at %x is shown, and not linked", w->plan.chain.link[i].id,
			       w->plan.chain.link[i].offset);
}

/* Capabilities do not overlap, and none leaves its space. */
static void check_places(struct ward *w)
{
	uint16_t owner[EC_CONFIG_SIZE] = { 0 };

	for (unsigned int i = 0; i < w->plan.chain.n; i++) {
		const struct ec_link *l = &w->plan.chain.link[i];
		uint32_t end = l->offset + (uint32_t)w->plan.cap[i].whole;

		if (end > (l->extended ? 4096 : 256) || end > w->plan.layout.size)
			broken(w, "%02x at %x leaves the space", l->id, l->offset);
		for (uint32_t at = l->offset; at < end; at++) {
			if (owner[at])
				broken(w, "two capabilities have %x", at);
			owner[at] = (uint16_t)(i + 1);
		}
	}
}

/* A hidden capability is dead, except the pointer of the first extended one. */
static void check_dead(struct ward *w)
{
	for (unsigned int i = 0; i < w->plan.chain.n; i++) {
		uint32_t at = w->plan.chain.link[i].offset, end = at + w->plan.cap[i].whole;

		/* a shown one is dead past its length */
		if (w->plan.cap[i].treatment != EC_HIDE)
			at += w->plan.cap[i].length;
		w->accesses = 0;
		for (at += at == 0x100 ? 4 : 0; at < end; at++)
			if (guest_read(w, at, 1) || guest_write(w, at, 1, 0xff) != EC_V_DROPPED ||
			    guest_read(w, at, 1) || w->accesses)
				broken(w, "%x is of a hidden capability, and alive", at);
	}
}

/* ---- the header ---- */

/* BARs that the guest has not placed hold no address, and it can set all address bits. */
static void check_bars(struct ward *w)
{
	for (uint32_t at = PCI_BASE_ADDRESS_0; at <= PCI_BASE_ADDRESS_5; at += 4) {
		uint32_t v = guest_read(w, at, 4), sized;

		if (v & ~0xfu)
			broken(w, "%08x is the host's address at %x", v, at);
		guest_write(w, at, 4, ALL);
		sized = guest_read(w, at, 4) & ~0xfu;
		guest_write(w, at, 4, 0);
		if (guest_read(w, at, 4) & ~0xfu)
			broken(w, "the BAR at %x cannot be placed", at);
		if (sized && !w->plan.layout.params.bar_kind[(at - PCI_BASE_ADDRESS_0) / 4])
			broken(w, "the BAR at %x is none, and has a size", at);
	}
	if (guest_read(w, PCI_HEADER_TYPE, 1) & 0x7f)
		broken(w, "the header has another layout");
}

/* ---- the hardware ---- */

/*
 * The tables apply to the hardware's capabilities wherever rules move or end them. The host's
 * topology has those: a guest's topology may give one more registers, and a rule may hide them.
 */
static void check_places_of_host(struct ward *w)
{
	struct ec_plan_options plain = w->options;

	plain.rules = NULL;
	plain.topology = EC_HOST;
	if (ec_plan_build(&w->plain, &w->img, &plain, NULL))
		broken(w, "it cannot be viewed without rules");
	for (unsigned int i = 0; i < w->plain.n; i++) {
		const struct ec_plan_reg *r = &w->plain.reg[i];
		uint32_t was = ec_image_get(&w->before, r->from, r->reg.len);
		uint32_t is = ec_image_get(&w->device.image, r->from, r->reg.len);

		if (r->span == r->reg.len && (was ^ is) & r->reg.host)
			broken(w, "the host's %s at %x was written", r->reg.name, r->from);
	}
}

/* Writing ones and zeros everywhere changes no bit that the host must own. */
static void check_hardware(struct ward *w)
{
	bool asked = false;

	for (unsigned int i = 0; i < w->rules.ruled.all.n; i++)
		asked |= w->rules.ruled.all.decision[i].set->verb == EC_SET_PERMISSIVE;
	w->before = w->device.image;
	for (unsigned int round = 0; round < 4; round++)
		for (uint32_t at = 0; at < w->plan.layout.size; at += 4)
			guest_write(w, at, 4, round & 1 ? 0 : round ? 0x5a5a5a5a : ALL);
	for (uint32_t at = 0; at < w->plan.layout.size; at++) {
		uint32_t home = ec_model_home(&w->model, at);
		const struct ec_plan_reg *r = &w->plan.reg[w->model.reg_at[at]];
		unsigned int shift = (at - r->offset) * 8;
		uint8_t changed = w->before.byte[home] ^ w->device.image.byte[home];

		if (shift < 32 && changed & (uint8_t)(r->reg.host >> shift) && !r->added &&
		    w->model.seen_at[home] == at)
			broken(w, "bits of the host's changed at %x", at);
		if (r->served[EC_PASS] & r->reg.host)
			broken(w, "bits of the host's are passed at %x", at);
	}
	check_places_of_host(w);
	if (w->fn.permissive_writes && !asked)
		broken(w, "written by permission of no rule");
}

/* ---- capture ---- */

static int image_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct ec_image *img = ctx;

	if (offset + len > img->size)
		return -EACCES;
	*value = ec_image_get(img, offset, len);
	return 0;
}

/* The view made of what is captured for it is the one made of all bytes. */
START_TEST(a_capture_gives_the_view_of_all_bytes_with_random_rules)
{
	static const struct ec_conf_ops image_ops = { .read = image_read };
	static struct ec_plan plan;
	static struct ec_image img;
	struct ward *w = &ward;
	struct ec_captured captured;
	struct ec_diag diag;

	for (uint64_t f = 0; f < functions() / 4; f++) {
		make(w, ~(uint64_t)SEED - f);
		if (ec_capture_take(&(struct ec_capture_request){ &image_ops, &w->img,
								  EC_CAPTURE_PLAN, &w->options },
				    &plan, &img, &captured, &diag))
			broken(w, "cannot be captured: %s", diag.text);
		w->options.live = true;
		if (ec_plan_build(&plan, &img, &w->options, &diag))
			broken(w, "captured, it is refused: %s", diag.text);
		for (unsigned int i = 0; i < plan.n && i < w->plan.n; i++) {
			const struct ec_plan_reg *a = &w->plan.reg[i], *b = &plan.reg[i];
			uint32_t kept = (a->served[EC_FREEZE] | a->served[EC_EMULATE]) | a->fixed;

			if (a->offset != b->offset || a->span != b->span)
				broken(w, "captured, %x is another register", a->offset);
			if (!a->reg.exact && (memcmp(a->served, b->served, sizeof(a->served)) ||
					      a->fixed != b->fixed || (a->value ^ b->value) & kept))
				broken(w, "captured, %s at %x is another", a->reg.name, a->offset);
		}
		if (plan.n != w->plan.n)
			broken(w, "captured, it has other registers");
	}
	ec_bus_map_clear(&w->guest);
}
END_TEST

START_TEST(random_rules_do_not_break_what_holds_for_any_view)
{
	struct ward *w = &ward;
	unsigned int refused = 0, made = 0;
	uint64_t todo = functions();

	for (uint64_t f = 0; f < todo; f++) {
		make(w, SEED + f);
		check_lists(w);
		check_places(w);
		check_dead(w);
		check_bars(w);
		check_hardware(w);
		check_lists(w);
		check_dead(w);
		refused += w->rules.refused;
		made += w->rules.ruled.all.n;
	}
	/* both are of many kinds */
	ck_assert_uint_gt(refused, todo / 4);
	ck_assert_uint_gt(made, todo);
	ec_bus_map_clear(&w->guest);
}
END_TEST

Suite *suite_view_rules_property(void)
{
	Suite *s = suite_create("view_rules_property");
	TCase *t = tcase_create("property");

	tcase_set_timeout(t, 300);
	tcase_add_test(t, random_rules_do_not_break_what_holds_for_any_view);
	tcase_add_test(t, a_capture_gives_the_view_of_all_bytes_with_random_rules);
	suite_add_tcase(s, t);
	return s;
}
