/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl plan: output, messages, exit codes, JSON. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "rulefile.h"
#include "run.h"
#include "suites.h"

#define PLAN "$E plan --policy none --quirks none "

#define MACHINE                                                                                    \
	FILE_OF("m.json", RULE("", "\"machine\":{\"ecam\":\"0xe0000000\",\"buses\":256,"           \
				   "\"bridge\":\"q35\"}"))                                         \
	"$E plan --quirks none --policy $T/m.json " DEMO

#define VMD "sed 's/^03:/10000:03:/' tests/data/demo.lspci > $T/v; "

static const struct run_row cases[] = {
	{ "$E plan --help", 0, "--kind K         kind of guest: hvm (default) or pvh", NULL },
	{ "$E plan --help", 0, "--policy PATH", NULL },
	{ "$E --help", 0, "plan       show where a guest would find functions", NULL },
	{ PLAN DEMO, 2, NULL, "plan needs an address or a guest" },
	{ PLAN DEMO "web", 2, NULL, "web: 'web' is not an address" },
	{ "$E plan --help", 0, "ecamctl plan GUEST [--json] [-n] [--socket PATH]", NULL },
	{ "$E plan web 05:00.0", 2, NULL,
	  "'web' is not an address, and only one guest can be named" },
	{ PLAN DEMO "02:00", 2, NULL, "02:00: '02:00' is not an address" },
	{ "$E plan web --kind pvh", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --memory 512", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --ecam none", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --buses 4", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --bus0", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --bridge q35", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --topology flattened", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --policy none", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --quirks none", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --guest web", 2, NULL, "no option changes the machine of" },
	{ "$E plan web --socket $T/s", 5, NULL, "ecamd is not running: nothing listens at" },
	{ "$E plan 7 --json --socket $T/in", 5, NULL, "ecamd is not running: nothing listens at" },
	{ PLAN DEMO "2:0.0", 2, NULL, "2:0.0: '2:0.0' is not an address" },
	{ PLAN DEMO "02:00.0@20", 2, NULL, "'@20' is not a slot" },
	{ PLAN DEMO "02:00.0,topology=tree", 2, NULL, "topology=tree" },
	{ PLAN DEMO "02:00.0 --kind pv", 2, NULL, "'pv' is not a kind of guest: hvm or pvh" },
	{ PLAN DEMO "02:00.0 --memory 1G", 2, NULL, "'1G' is not a memory size: write MiB" },
	{ PLAN DEMO "02:00.0 --memory 0", 2, NULL, "'0' is not a memory size" },
	{ PLAN DEMO "02:00.0 --memory 4294967296", 2, NULL, "is not a memory size" },
	{ PLAN DEMO "02:00.0 --ecam there", 2, NULL,
	  "'there' is not an address: write a hexadecimal number" },
	{ PLAN DEMO "02:00.0 --ecam -1", 2, NULL, "'-1' is not an address" },
	{ PLAN DEMO "02:00.0 --buses 0", 2, NULL, "'0' is not a number of buses: 1 to 256" },
	{ PLAN DEMO "02:00.0 --buses 257", 2, NULL, "'257' is not a number of buses" },
	{ PLAN DEMO "02:00.0 --buses 0x40", 2, NULL, "'0x40' is not a number of buses" },
	{ PLAN DEMO "02:00.0 --bridge Q35", 2, NULL, "'Q35' is not a host bridge: plain or q35" },
	{ PLAN DEMO "02:00.0,buses=257", 2, NULL,
	  "'buses=257': \"buses\" must be a number from 1 to" },
	{ PLAN DEMO "02:00.0,bridge=i440fx", 2, NULL, "\"bridge\" must be one of plain, q35" },
	{ PLAN DEMO "02:00.0 --topology host", 2, NULL, "is bypassed or flattened" },
	{ PLAN DEMO "02:00.0 --hex", 2, NULL, "plan has no such option" },
	{ "$E diff 02:00.0 --bus0 " DEMO, 2, NULL, "diff has no such option" },
	{ "$E diff 02:00.0 --kind pvh " DEMO, 2, NULL, "diff has no such option" },
	{ PLAN DEMO "09:00.0", 3, NULL, "no function 09:00.0" },
	{ PLAN "02:00.0 --dump $T/no", 3, NULL, "No such file" },
	{ PLAN "--dump tests/data/qemu.lspci 00:04.0", 3, NULL, "00:04.0: is a bridge" },
	/* Intel VMD: only Linux knows this segment */
	{ VMD PLAN "--dump $T/v 10000:03:00.0", 1, NULL,
	  "10000:03:00.0: it cannot be attached: Xen knows segments up to ffff" },
	{ VMD PLAN "--dump $T/v 02:00.0 -n", 0, "00:10.0 is 02:00.0", NULL },
	{ "sed 's/^03:/ffff:03:/' tests/data/demo.lspci > $T/v; " PLAN
	  "--dump $T/v ffff:03:00.0 -n",
	  0, "00:10.0 is ffff:03:00.0", NULL },
	/* no place */
	{ PLAN DEMO "02:00.0 02:00.0", 1, NULL, "02:00.0: it is listed twice" },
	{ PLAN DEMO "02:00.0@3", 1, NULL, "02:00.0: slot 03 of the guest is the device model's" },
	{ PLAN DEMO "02:00.0@1f 03:00.0@1f", 1, NULL, "03:00.0: slot 1f is taken by 02:00.0" },
	{ PLAN DEMO "02:00.0 --ecam 0xfd000000", 1, NULL, "these addresses belong to hvmloader" },
	{ PLAN DEVICES "0a:00.0 --kind pvh --memory 4096", 1, NULL,
	  "0a:00.0: BAR 0 (32-bit, 16M) does not fit below 4 GiB: memory= of at most 3840 makes "
	  "room" },
	{ PLAN DEMO "02:00.0 --bridge q35", 1, NULL,
	  "the device model has the guest's host bridge" },
	{ PLAN DEMO "02:00.0 --kind pvh --bridge q35 --buses 4", 1, NULL,
	  "the ECAM window of host bridge q35 must have 64, 128 or 256 buses, not 4" },
	{ PLAN DEMO "02:00.0 --kind pvh --bridge q35 --ecam 0xe1000000", 1, NULL,
	  "at a multiple of its size, 64 MiB, not at 0xe1000000" },
	{ PLAN DEMO "02:00.0 --ecam 0xfe800000 --buses 1", 1, NULL,
	  "the ECAM window has only bus 0, which is the device model's" },
	{ PLAN DEMO "02:00.0,buses=4 03:00.0,buses=8", 1, NULL,
	  "03:00.0: machine.buses differs from that of a function before it" },
	{ PLAN DEMO "02:00.0,ecam=none 03:00.0,ecam=0xfe800000", 1, NULL,
	  "03:00.0: machine.ecam differs from that of a function before it" },
	/* places */
	{ PLAN DEMO "02:00.0", 0, "00:10.0 is 02:00.0 Ethernet controller [0200]: Intel", NULL },
	{ PLAN DEMO "02:00.0@12", 0, "00:12.0 is 02:00.0", NULL },
	{ PLAN DEMO "02:00.0 --kind pvh", 0, "    hole         any memory=\n", NULL },
	{ PLAN DEMO "02:00.0 --kind pvh --ecam none | grep -c ECAM; :", 0, "0\n", NULL },
	{ PLAN DEMO "02:00.0 | grep -c ECAM; :", 0, "0\n", NULL },
	{ PLAN DEMO "02:00.0 --ecam 0xfe800000", 0,
	  "    ECAM         fe900000-febfffff [size=3M], buses 01-03\n",
	  "02:00.0: it is on bus 0, which is in the ECAM window with bus0=1 only" },
	{ PLAN DEMO "02:00.0 --ecam fe800000 --topology flattened", 0,
	  "    ECAM         fe900000-febfffff [size=3M], buses 01-03\n", NULL },
	/* a conventional function has no extended configuration space to miss */
	{ PLAN "--dump tests/data/qemu.lspci 08:02.0 --ecam 0xfe800000", 0,
	  "    ECAM         fe900000-febfffff [size=3M], buses 01-03\n", NULL },
	{ PLAN DEMO "02:00.0 --ecam 0xfe800000 --bus0", 0,
	  "    ECAM         fe800000-febfffff [size=4M], buses 00-03\n", NULL },
	{ PLAN DEMO "02:00.0,ecam=0xfe800000 03:00.0,bus0=1,buses=3", 0,
	  "    ECAM         fe800000-feafffff [size=3M], buses 00-02\n", NULL },
	{ PLAN DEMO "02:00.0 --kind pvh", 0,
	  "    ECAM         fd000000-fd3fffff [size=4M], buses 00-03\n", NULL },
	{ PLAN DEMO "02:00.0 --kind pvh --bridge q35", 0, "00:00.0 host bridge q35\n", NULL },
	{ PLAN DEMO "02:00.0,bridge=q35,buses=128 --kind pvh", 0,
	  "    ECAM         f0000000-f7ffffff [size=128M], buses 00-7f\n", NULL },
	/* an option wins over the settings of functions */
	{ PLAN DEMO "02:00.0,buses=4 03:00.0,buses=8 --kind pvh --buses 16", 0, ", buses 00-0f\n",
	  NULL },
	{ PLAN DEMO "02:00.0,ecam=none,bridge=q35 --kind pvh --ecam 0xf4000000 --bridge plain", 0,
	  "    ECAM         f4000000-f43fffff [size=4M], buses 00-03\n", NULL },
	{ MACHINE "02:00.0 03:00.0 --kind pvh", 0,
	  "    ECAM         e0000000-efffffff [size=256M], buses 00-ff\n", NULL },
	{ MACHINE "02:00.0 --kind pvh --ecam none | grep -c ECAM; :", 0, "0\n", NULL },
	/* an attach specification wins over a file */
	{ MACHINE "02:00.0,buses=64 --kind pvh", 0, "buses 00-3f\n", NULL },
	{ MACHINE "02:00.0,bridge=plain 03:00.0 --kind pvh", 1, NULL,
	  "03:00.0: machine.bridge differs" },
	{ PLAN DEVICES "0a:00.1 --topology flattened", 0,
	  "  01:00.0 placeholder: function 0 is not given\n  01:00.1 is 0a:00.1", NULL },
	{ PLAN DEVICES "0a:00.0 --topology flattened", 0, "hole         mmio_hole=512\n", NULL },
	{ PLAN DEVICES "0a:00.0 --kind pvh --topology flattened", 0,
	  "hole         memory= and maxmem= of at most 3840\n", NULL },
	/* the topology of one function wins over --topology, and that over rules */
	{ PLAN DEMO "03:00.0,topology=flattened", 0, "01:00.0 is 03:00.0", NULL },
	{ PLAN DEMO "03:00.0,topology=bypassed --topology flattened", 0, "00:10.0 is 03:00.0",
	  NULL },
	{ FILE_OF("p.json",
		  RULE("", "\"topology\":\"flattened\"")) "$E plan --quirks none --policy "
							  "$T/p.json " DEMO
							  "03:00.0 02:00.0,topology=bypassed",
	  0, "01:00.0 is 03:00.0", NULL },
	{ "$E plan --quirks none --policy $T/none.json " DEMO "03:00.0", 3, NULL, "none.json" },
	/* a hidden ROM needs no address */
	{ PLAN DEMO "02:00.0,rom=none | grep -c ROM; :", 0, "0\n", NULL },
};

START_TEST(command_prints_and_exits_as_listed)
{
	run_row(&cases[_i]);
}
END_TEST

static void check_window(const json_t *window)
{
	ck_assert(window != NULL);
	if (json_is_null(window))
		return;
	ck_assert(json_is_integer(json_object_get(window, "base")));
	ck_assert_int_gt(json_integer_value(json_object_get(window, "size")), 0);
}

static void check_windows(const json_t *of, const char *last)
{
	const json_t *w = json_object_get(of, "windows");

	ck_assert_uint_eq(json_object_size(w), 3);
	check_window(json_object_get(w, "io"));
	check_window(json_object_get(w, "memory"));
	check_window(json_object_get(w, last));
}

static json_t *plan_json(const char *line)
{
	struct run r = run_shell(line, NULL);
	json_t *j = json_loads(r.out, 0, NULL);

	ck_assert_int_eq(r.code, 0);
	ck_assert_msg(j != NULL, "%.2000s", r.out);
	run_free(&r);
	return j;
}

START_TEST(json_of_a_pvh_plan_has_the_documented_keys)
{
	json_t *j = plan_json(PLAN DEVICES "0a:00.1 03:00.0@1e,topology=bypassed --json "
					   "--topology flattened --kind pvh");
	json_t *functions = json_object_get(j, "functions"), *f, *b, *p;

	ck_assert_uint_eq(json_object_size(j), 9);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "version")), 1);
	ck_assert_str_eq(json_string_value(json_object_get(j, "kind")), "pvh");
	ck_assert(json_is_null(json_object_get(j, "mmio_hole")));
	ck_assert(json_is_null(json_object_get(j, "memory_max")));
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(j, "ecam"), "buses")),
			 4);
	check_window(json_object_get(j, "ecam"));
	check_window(json_object_get(json_object_get(j, "ecam"), "registered"));
	ck_assert_uint_eq(json_object_size(json_object_get(j, "ecam")), 5);
	ck_assert_str_eq(json_string_value(json_object_get(j, "bridge")), "plain");
	check_windows(j, "high");
	p = json_array_get(json_object_get(j, "ports"), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "ports")), 1);
	ck_assert_str_eq(json_string_value(json_object_get(p, "guest")), "0000:00:01.0");
	ck_assert_int_eq(json_integer_value(json_object_get(p, "bus")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(p, "physical_slot")), 33);
	ck_assert(json_is_true(json_object_get(p, "placeholder")));
	check_windows(p, "prefetchable");
	ck_assert_uint_eq(json_array_size(functions), 2);
	f = json_array_get(functions, 0);
	ck_assert_str_eq(json_string_value(json_object_get(f, "host")), "0000:0a:00.1");
	ck_assert_str_eq(json_string_value(json_object_get(f, "guest")), "0000:01:00.1");
	ck_assert_str_eq(json_string_value(json_object_get(f, "topology")), "flattened");
	f = json_array_get(functions, 1);
	ck_assert_str_eq(json_string_value(json_object_get(f, "topology")), "bypassed");
	ck_assert_int_eq(json_integer_value(json_object_get(f, "slot")), 0x1e);
	b = json_array_get(json_object_get(f, "bars"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(b, "bar")), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(b, "size")), 16384);
	ck_assert(json_is_false(json_object_get(b, "guessed")));
	ck_assert_int_gt(json_integer_value(json_object_get(b, "address")), 0xffffffff);
	json_decref(j);
}
END_TEST

START_TEST(json_of_an_hvm_plan_has_hole_and_registered_window)
{
	json_t *j = plan_json(PLAN DEMO "02:00.0 --json"), *ecam, *registered;

	ck_assert_int_eq(json_integer_value(json_object_get(j, "mmio_hole")), 256);
	ck_assert(json_is_null(json_object_get(j, "memory_max")));
	ck_assert(json_is_null(json_object_get(j, "ecam")));
	ck_assert(json_is_null(json_object_get(j, "bridge")));
	ck_assert_uint_eq(json_array_size(json_object_get(j, "ports")), 0);
	json_decref(j);
	j = plan_json(PLAN DEMO "02:00.0 --json --ecam 0xfe800000 --buses 3");
	ecam = json_object_get(j, "ecam");
	registered = json_object_get(ecam, "registered");
	ck_assert_int_eq(json_integer_value(json_object_get(ecam, "base")), 0xfe800000);
	ck_assert_int_eq(json_integer_value(json_object_get(ecam, "size")), 0x300000);
	ck_assert_int_eq(json_integer_value(json_object_get(ecam, "buses")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(ecam, "first_bus")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(registered, "base")), 0xfe900000);
	ck_assert_int_eq(json_integer_value(json_object_get(registered, "size")), 0x200000);
	json_decref(j);
}
END_TEST

Suite *suite_tools_cli_plan(void)
{
	Suite *s = suite_create("tools_cli_plan");
	TCase *t = tcase_create("ecamctl_plan");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, command_prints_and_exits_as_listed, 0, EC_ARRAY_SIZE(cases));
	tcase_add_test(t, json_of_a_pvh_plan_has_the_documented_keys);
	tcase_add_test(t, json_of_an_hvm_plan_has_hole_and_registered_window);
	suite_add_tcase(s, t);
	return s;
}
