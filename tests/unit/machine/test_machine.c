/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots of a guest's machine: which function is where, and which is refused. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "machine_check.h"
#include "suites.h"

#define NO -1
#define MAX 4

/* What a function is. */
enum how { FLAT, BYPASS, CONVENTIONAL, VF };

static struct ec_machine_function make(const char *host, enum how how, int slot, int previous)
{
	struct ec_machine_function fn = machine_function(host);

	fn.express = how != CONVENTIONAL;
	fn.is_vf = how == VF;
	fn.topology = how == BYPASS ? EC_BYPASSED : EC_FLATTENED;
	fn.has_slot = slot != NO;
	fn.slot = (uint8_t)slot;
	fn.has_previous_slot = previous != NO;
	fn.previous_slot = (uint8_t)previous;
	return fn;
}

/* Functions with requested and previous slot, their guest address and slot. NULL ends a list. */
static const struct {
	enum ec_machine_kind kind;
	uint32_t spare;
	struct {
		const char *host;
		enum how how;
		int slot, previous;
		const char *guest;
		uint8_t on_bus_0;
	} fn[MAX];
} placed[] = {
	/* from slot 1 (PVH) or 10 (HVM) on, by host address */
	{ EC_MACHINE_PVH, 0, { { "03:00.0", FLAT, NO, NO, "01:00.0", 1 } } },
	{ EC_MACHINE_HVM, 0, { { "03:00.0", FLAT, NO, NO, "01:00.0", 0x10 } } },
	{ EC_MACHINE_PVH, 0, { { "03:00.0", BYPASS, NO, NO, "00:01.0", 1 } } },
	{ EC_MACHINE_HVM, 0, { { "03:00.1", BYPASS, NO, NO, "00:10.0", 0x10 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "04:00.0", FLAT, NO, NO, "02:00.0", 2 },
	    { "03:00.0", FLAT, NO, NO, "01:00.0", 1 } } },
	/* requested slots come first, and buses go by slots */
	{ EC_MACHINE_PVH,
	  0,
	  { { "03:00.0", FLAT, NO, NO, "02:00.0", 2 }, { "04:00.0", FLAT, 1, NO, "01:00.0", 1 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "03:00.0", FLAT, 0x1f, NO, "02:00.0", 0x1f },
	    { "04:00.0", FLAT, NO, NO, "01:00.0", 1 } } },
	/* previous slots come before others; a requested slot outweighs the previous one */
	{ EC_MACHINE_PVH,
	  0,
	  { { "03:00.0", FLAT, NO, NO, "02:00.0", 2 }, { "04:00.0", FLAT, NO, 1, "01:00.0", 1 } } },
	{ EC_MACHINE_PVH, 0, { { "03:00.0", FLAT, 5, 3, "01:00.0", 5 } } },
	/* one slot of the host: one root port, with the host's function numbers */
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.1", FLAT, NO, NO, "01:00.1", 1 },
	    { "0a:00.0", FLAT, NO, NO, "01:00.0", 1 },
	    { "0a:00.7", FLAT, NO, NO, "01:00.7", 1 },
	    { "0a:01.0", FLAT, NO, NO, "02:00.0", 2 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.0", FLAT, NO, NO, "01:00.0", 3 }, { "0a:00.1", FLAT, 3, NO, "01:00.1", 3 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.0", FLAT, NO, 4, "01:00.0", 4 }, { "0a:00.1", FLAT, NO, NO, "01:00.1", 4 } } },
	/* not with another segment, bypassed, conventional, or with a virtual function */
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.0", FLAT, NO, NO, "01:00.0", 1 },
	    { "0001:0a:00.1", FLAT, NO, NO, "02:00.1", 2 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.0", BYPASS, NO, NO, "00:01.0", 1 },
	    { "0a:00.1", BYPASS, NO, NO, "00:02.0", 2 },
	    { "0a:00.2", FLAT, NO, NO, "01:00.2", 3 },
	    { "0a:00.3", CONVENTIONAL, NO, NO, "00:04.0", 4 } } },
	{ EC_MACHINE_PVH,
	  0,
	  { { "0a:00.1", VF, NO, NO, "01:00.0", 1 },
	    { "0a:00.2", VF, NO, NO, "02:00.0", 2 },
	    { "0a:00.3", FLAT, NO, NO, "03:00.3", 3 } } },
	/* a flattened function prefers a spare root port; others do not use one */
	{ EC_MACHINE_PVH,
	  1u << 6 | 1u << 9,
	  { { "03:00.0", FLAT, NO, NO, "01:00.0", 6 },
	    { "04:00.0", FLAT, 9, NO, "02:00.0", 9 },
	    { "05:00.0", BYPASS, NO, NO, "00:01.0", 1 } } },
	{ EC_MACHINE_HVM, 1u << 0x10, { { "03:00.0", CONVENTIONAL, NO, NO, "00:11.0", 0x11 } } },
};

START_TEST(a_function_gets_this_slot)
{
	static struct ec_machine_plan plan;
	struct ec_machine_function fn[MAX];
	struct ec_machine_limits limits;
	struct ec_diag diag;
	char at[EC_SBDF_MAX];
	unsigned int n = 0;

	ec_machine_defaults(placed[_i].kind, &limits);
	limits.spare = placed[_i].spare;
	for (; n < MAX && placed[_i].fn[n].host; n++)
		fn[n] = make(placed[_i].fn[n].host, placed[_i].fn[n].how, placed[_i].fn[n].slot,
			     placed[_i].fn[n].previous);
	ck_assert_msg(!ec_machine_build(&limits, fn, n, &plan, &diag), "%s", diag.text);
	machine_check(&limits, fn, &plan);
	for (unsigned int i = 0; i < n; i++) {
		ck_assert_str_eq(ec_sbdf_print(plan.place[i].guest, false, at),
				 placed[_i].fn[i].guest);
		ck_assert_uint_eq(plan.place[i].slot, placed[_i].fn[i].on_bus_0);
	}
}
END_TEST

/* Functions of which one is refused, and the message. */
static const struct {
	enum ec_machine_kind kind;
	struct {
		const char *host;
		enum how how;
		int slot, previous;
		uint16_t class;
	} fn[2];
	int rc;
	const char *text;
} refused[] = {
	{ EC_MACHINE_HVM,
	  { { "03:00.0", FLAT, 0xf, NO } },
	  -EBUSY,
	  "03:00.0: slot 0f of the guest is the device model's" },
	{ EC_MACHINE_PVH,
	  { { "03:00.0", BYPASS, 0, NO } },
	  -EBUSY,
	  "03:00.0: slot 00 of the guest is the host bridge's" },
	{ EC_MACHINE_HVM, { { "03:00.0", FLAT, NO, 3 } }, -EBUSY, "device model's" },
	{ EC_MACHINE_PVH, { { "03:00.0", FLAT, 32, NO } }, -EINVAL, "03:00.0: slots are 00 to 1f" },
	{ EC_MACHINE_PVH, { { "03:00.0", FLAT, NO, 99 } }, -EINVAL, "03:00.0: slots are 00 to 1f" },
	{ EC_MACHINE_PVH,
	  { { "04:00.0", FLAT, 5, NO }, { "03:00.0", BYPASS, 5, NO } },
	  -EBUSY,
	  "04:00.0: slot 05 is taken by 03:00.0" },
	{ EC_MACHINE_PVH,
	  { { "03:00.0", FLAT, 5, NO }, { "04:00.0", FLAT, NO, 5 } },
	  -EBUSY,
	  "03:00.0: slot 05 is taken by 04:00.0" },
	{ EC_MACHINE_PVH,
	  { { "0a:00.0", FLAT, 5, NO }, { "0a:00.1", FLAT, 6, NO } },
	  -EBUSY,
	  "0a:00.1: slot 06 is not possible: it is behind one root port with 0a:00.0" },
	{ EC_MACHINE_PVH,
	  { { "03:00.0", FLAT, NO, NO }, { "03:00.0", BYPASS, 7, NO } },
	  -EINVAL,
	  "03:00.0: it is listed twice" },
	{ EC_MACHINE_HVM,
	  { { "03:00.0", BYPASS, NO, NO, 0x0680 } },
	  -EPERM,
	  "03:00.0: a function of class 0680 on bus 0 stops hvmloader" },
	{ EC_MACHINE_HVM, { { "03:00.0", CONVENTIONAL, NO, NO, 0x0680 } }, -EPERM, "hvmloader" },
	{ EC_MACHINE_HVM, { { "03:00.0", FLAT, NO, NO, 0x0680 } }, 0, "" },
	{ EC_MACHINE_PVH, { { "03:00.0", BYPASS, NO, NO, 0x0680 } }, 0, "" },
};

START_TEST(an_impossible_slot_is_refused)
{
	static struct ec_machine_plan plan;
	struct ec_machine_function fn[2];
	struct ec_machine_limits limits;
	struct ec_diag diag = { 0 };
	unsigned int n = 0;
	int rc;

	ec_machine_defaults(refused[_i].kind, &limits);
	for (; n < 2 && refused[_i].fn[n].host; n++) {
		fn[n] = make(refused[_i].fn[n].host, refused[_i].fn[n].how, refused[_i].fn[n].slot,
			     refused[_i].fn[n].previous);
		fn[n].class = refused[_i].fn[n].class;
	}
	rc = ec_machine_build(&limits, fn, n, &plan, &diag);
	ck_assert_msg(rc == refused[_i].rc, "%d: %s", rc, diag.text);
	ck_assert_msg(strstr(diag.text, refused[_i].text) != NULL, "%s", diag.text);
	/* without a diag, too */
	ck_assert_int_eq(ec_machine_build(&limits, fn, n, &plan, NULL), rc);
}
END_TEST

static const struct {
	struct ec_machine_limits set; /* the limits */
	int rc;
	const char *text;
} limited[] = {
	{ { .kind = EC_MACHINE_KINDS }, -EINVAL, "no such kind" },
	{ { .kind = EC_MACHINE_PVH, .taken = 1, .spare = 1 },
	  -EINVAL,
	  "a spare root port in a slot" },
	{ { .kind = EC_MACHINE_PVH, .ecam_buses = 257 }, -EINVAL, "at most 256 buses" },
	{ { .hole = 255 }, -EINVAL, "256 to 3840" },
	{ { .hole = 3841 }, -EINVAL, "256 to 3840" },
	{ { .memory = 1ull << 52 }, -EINVAL, "less than 4 PiB of memory" },
	{ { .model_mmio = (1ull << 32) + 1 }, -EINVAL, "need too many addresses" },
	{ { .model_io = 0x10001 }, -EINVAL, "need too many addresses" },
	{ { .kind = EC_MACHINE_HVM, .model_mmio = 1ull << 32 }, -ENOSPC, "what the device model" },
	{ { .kind = EC_MACHINE_PVH, .spare = 0xfffffffe, .ecam = true, .ecam_buses = 31 },
	  -ENOSPC,
	  "31 buses: 32 hold all root ports" },
	{ { .kind = EC_MACHINE_PVH, .spare = 0xfffffffe, .hotplug = true, .memory = 1ull << 33 },
	  -ENOSPC,
	  "the window of a spare root port does not fit below 4 GiB" },
};

START_TEST(limits_are_checked)
{
	static struct ec_machine_plan plan;
	struct ec_diag diag;
	int rc = ec_machine_build(&limited[_i].set, NULL, 0, &plan, &diag);

	ck_assert_msg(rc == limited[_i].rc, "%d: %s", rc, diag.text);
	ck_assert_msg(strstr(diag.text, limited[_i].text) != NULL, "%s", diag.text);
}
END_TEST

/* 31 root ports of a PVH guest with eight functions each; the next function has no slot. */
START_TEST(the_32nd_slot_is_refused)
{
	static struct ec_machine_function fn[EC_MACHINE_MAX + 1];
	static struct ec_machine_plan plan;
	struct ec_machine_limits limits;
	struct ec_diag diag;

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	for (unsigned int i = 0; i <= EC_MACHINE_MAX; i++) {
		fn[i] = machine_function("00:00.0");
		fn[i].host.bus = (uint8_t)(i / 8);
		fn[i].host.devfn = i % 8;
	}
	ck_assert_int_eq(ec_machine_build(&limits, fn, 248, &plan, &diag), 0);
	machine_check(&limits, fn, &plan);
	ck_assert_uint_eq(plan.ports, 31);
	ck_assert_uint_eq(plan.ecam_buses, 32);
	ck_assert_uint_eq(plan.memory_max, 4000);
	ck_assert_int_eq(ec_machine_build(&limits, fn, 249, &plan, &diag), -EBUSY);
	ck_assert_str_eq(diag.text, "1f:00.0: the guest has no slot left on bus 0");
	ck_assert_int_eq(ec_machine_build(&limits, fn, 257, &plan, &diag), -EINVAL);
	ck_assert_int_eq(ec_machine_build(&limits, fn, 0, &plan, &diag), 0);
	machine_check(&limits, fn, &plan);
}
END_TEST

START_TEST(topology_host_is_refused)
{
	static struct ec_machine_plan plan;
	struct ec_machine_function fn = machine_function("03:00.0");
	struct ec_machine_limits limits;
	struct ec_diag diag;

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	fn.topology = EC_HOST;
	ck_assert_int_eq(ec_machine_build(&limits, &fn, 1, &plan, &diag), -EINVAL);
	ck_assert_str_eq(diag.text, "03:00.0: a guest's topology is bypassed or flattened");
}
END_TEST

START_TEST(kinds_are_parsed)
{
	ck_assert_int_eq(ec_machine_kind_parse("hvm"), EC_MACHINE_HVM);
	ck_assert_int_eq(ec_machine_kind_parse("pvh"), EC_MACHINE_PVH);
	ck_assert_int_eq(ec_machine_kind_parse("pv"), -EINVAL);
}
END_TEST

Suite *suite_machine_machine(void)
{
	Suite *s = suite_create("machine_machine");
	TCase *t = tcase_create("machine");

	tcase_add_loop_test(t, a_function_gets_this_slot, 0, EC_ARRAY_SIZE(placed));
	tcase_add_loop_test(t, an_impossible_slot_is_refused, 0, EC_ARRAY_SIZE(refused));
	tcase_add_loop_test(t, limits_are_checked, 0, EC_ARRAY_SIZE(limited));
	tcase_add_test(t, the_32nd_slot_is_refused);
	tcase_add_test(t, topology_host_is_refused);
	tcase_add_test(t, kinds_are_parsed);
	suite_add_tcase(s, t);
	return s;
}
