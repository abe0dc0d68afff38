/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl show --tree: output, messages, exit codes; and lspci reading its text. */
#include <jansson.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "enumerate.h"
#include "rulefile.h"
#include "run.h"
#include "suites.h"

#define TREE "$E show --tree --policy none --quirks none "

static const struct run_row cases[] = {
	{ "$E show --help", 0, "ecamctl show --tree [BDF...]", NULL },
	{ "$E show --help", 0, "--tree           the guest's machine as a tree", NULL },
	{ "$E show --policy none --quirks none", 2, NULL, "show needs an address or --all" },
	{ "$E show 02:00.0 --kind pvh " DEMO, 2, NULL, "need --tree" },
	{ "$E show 02:00.0 --memory 512 " DEMO, 2, NULL, "need --tree" },
	{ "$E show 02:00.0 --ecam none " DEMO, 2, NULL, "need --tree" },
	{ "$E show 02:00.0 --buses 64 " DEMO, 2, NULL, "need --tree" },
	{ "$E show 02:00.0 --bus0 " DEMO, 2, NULL, "need --tree" },
	{ "$E show 02:00.0 --bridge q35 " DEMO, 2, NULL, "need --tree" },
	{ "$E diff 02:00.0 --tree " DEMO, 2, NULL, "diff has no such option" },
	{ "$E plan 02:00.0 --tree " DEMO, 2, NULL, "plan has no such option" },
	{ TREE "--hex --json " DEMO, 2, NULL, "--hex and --json exclude each other" },
	{ TREE "--all 02:00.0 " DEMO, 2, NULL, "an address or --all, not both" },
	{ TREE "--topology host " DEMO, 2, NULL, "is bypassed or flattened" },
	{ TREE "--kind pv " DEMO, 2, NULL, "'pv' is not a kind of guest" },
	{ TREE "2:0 " DEMO, 2, NULL, "2:0: '2:0' is not an address" },
	{ TREE "02:00.0@1,colour=red " DEMO, 2, NULL, "colour" },
	{ TREE "09:00.0 " DEMO, 3, NULL, "no function 09:00.0" },
	{ TREE "--dump $T/no", 3, NULL, "No such file" },
	{ TREE "00:04.0 --dump tests/data/qemu.lspci", 3, NULL, "00:04.0: is a bridge" },
	{ TREE "02:00.0@3 " DEMO, 1, NULL, "slot 03 of the guest is the device model's" },
	{ TREE "02:00.0 02:00.0 " DEMO, 1, NULL, "02:00.0: it is listed twice" },
	/* without addresses, functions that cannot be attached are reported and left out */
	{ TREE "-n --dump tests/data/qemu.lspci", 0, ", host 08:02.0\n", "00:04.0: is a bridge" },
	{ "(echo 00:1c.0; printf '00: 86 80 10 9d 00 00 00 00 f1 00 04 06 00 00 81 00\\n'; for o "
	  "in "
	  "10 20 30; do echo $o: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00; done) > "
	  "$T/f; " TREE "--dump $T/f",
	  3, NULL, "none of its functions can be viewed" },
	{ "sed 's/^03:/10000:03:/' tests/data/demo.lspci > $T/v; " TREE "-n --dump $T/v", 0,
	  ", host 02:00.0\n", "10000:03:00.0: it cannot be attached: Xen knows segments up to " },
	/* the tree */
	{ TREE "-n --all --kind pvh " DEMO, 0,
	  "-[0000:00]-+-00.0  1b36:0008\n"
	  "           +-01.0  8086:10d3, host 02:00.0\n"
	  "           \\-02.0  1b36:0010, host 03:00.0\n",
	  NULL },
	{ TREE "-n --topology flattened " DEMO, 0,
	  "-[0000:00]-+-00.0  8086:1237, the device model's\n"
	  "           +-10.0-[01]----00.0  8086:10d3, host 02:00.0\n"
	  "           \\-11.0-[02]----00.0  1b36:0010, host 03:00.0\n",
	  NULL },
	{ TREE
	  "-n --kind pvh --topology flattened 0a:00.1 0a:00.0 05:00.0@3,topology=bypassed " DEVICES,
	  0,
	  "-[0000:00]-+-00.0  1b36:0008\n"
	  "           +-01.0-[01]--+-00.0  10de:2204, host 0a:00.0\n"
	  "           |            \\-00.1  10de:1aef, host 0a:00.1\n"
	  "           \\-03.0  14e4:432b, host 05:00.0\n",
	  NULL },
	{ TREE "-n --kind pvh --topology flattened 0a:00.1 " DEVICES, 0,
	  "           \\-01.0-[01]--+-00.0  1022:145a, placeholder\n"
	  "                        \\-00.1  10de:1aef, host 0a:00.1\n",
	  NULL },
	{ TREE "02:00.0 " DEMO, 0, "[8086:10d3], host 02:00.0\n", NULL },
	/* PCIEXBAR of a Q35, at 60, has the window: 256 buses, enabled */
	{ TREE "-n --kind pvh --bridge q35 --buses 256 02:00.0 " DEMO, 0,
	  "-[0000:00]-+-00.0  8086:29c0\n", NULL },
	{ TREE "--hex --kind pvh --bridge q35 --buses 256 02:00.0 --ecam 0xe0000000 " DEMO
	       "| sed -n 's/^60: //p' | head -1",
	  0, "01 00 00 e0 00 00 00 00", NULL },
	/* rules decide the topology */
	{ FILE_OF("p.json",
		  RULE("", "\"topology\":\"flattened\"")) "$E show --tree -n --quirks none "
							  "--policy $T/p.json "
							  "03:00.0 02:00.0,topology=bypassed " DEMO,
	  0, "-11.0-[01]----00.0  1b36:0010, host 03:00.0\n", NULL },
	/* and the multi-function bit of the header type, at 0e */
	{ TREE "--hex --topology flattened --kind pvh 0a:00.1 0a:00.0 " DEVICES
	       "| grep -A1 '^01:00.0' | tail -1 | cut -d' ' -f16",
	  0, "80\n", NULL },
	{ TREE "--hex --topology flattened --kind pvh 0a:00.0 " DEVICES
	       "| grep -A1 '^01:00.0' | tail -1 | cut -d' ' -f16",
	  0, "80\n", NULL },
	{ FILE_OF("p.json",
		  RULE("",
		       "\"multifunction\":\"clear\"")) "$E show --tree --quirks none --policy "
						       "$T/p.json "
						       "--hex "
						       "--topology flattened --kind pvh 0a:00.1 "
						       "0a:00.0 " DEVICES
						       "| grep -A1 '^01:00.0' | tail -1 | cut -d' "
						       "' -f16",
	  0, "00\n", NULL },
};

START_TEST(command_prints_and_exits_as_listed)
{
	run_row(&cases[_i]);
}
END_TEST

/* Machines: functions and options. */
static const char *const machines[] = {
	DEMO,
	DEMO "--topology flattened",
	DEMO "--kind pvh",
	DEMO "--kind pvh --topology flattened",
	DEVICES "--topology flattened",
	DEVICES "--kind pvh --topology flattened",
	DEVICES "--kind pvh 0a:00.1,topology=flattened 0a:00.0 05:00.0",
	DEVICES "--kind pvh 0a:00.1 03:00.0@4 --topology flattened",
	"--dump tests/data/qemu.lspci --topology flattened --kind pvh",
	"--dump tests/data/qemu.lspci --topology flattened 08:02.0 02:00.0 --ecam 0xfe800000",
	"--dump tests/data/extended.lspci --topology flattened --kind pvh",
	"--dump tests/data/standard.lspci --kind pvh",
};

/* lspci complains of nothing in the text, but it does if there are no kernel modules. */
START_TEST(lspci_draws_the_same_tree)
{
	char line[1024];
	struct run r;

	snprintf(line, sizeof(line),
		 TREE "%s >$T/t 2>/dev/null && " TREE "--hex %s >$T/x 2>/dev/null || exit 9; "
		      "sed -E 's/(\\[[0-9a-f]{4}:[0-9a-f]{4}\\]), .*$/\\1/' $T/t >$T/mine; "
		      "{ lspci -F $T/x -tvnn >$T/theirs; lspci -F $T/x -vvv >$T/v; } 2>&1 | "
		      "grep -v libkmod; diff $T/mine $T/theirs && ! grep -E '!!!|broken|unknown "
		      "header' $T/v && grep -c . $T/mine",
		 machines[_i], machines[_i]);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == 0, "%s: %s%s", machines[_i], r.out, r.err);
	ck_assert_msg(atoi(r.out) > 1 && !*r.err, "%s: %s%s", machines[_i], r.out, r.err);
	run_free(&r);
}
END_TEST

/* The functions of a machine, read from its text. */
static struct ec_dump_function text[64];
static unsigned int text_n;

static const struct ec_dump_function *text_at(struct ec_sbdf at)
{
	for (unsigned int i = 0; i < text_n; i++)
		if (!ec_sbdf_compare(text[i].sbdf, at))
			return text + i;
	return NULL;
}

static uint64_t read_text(void *ctx, const struct ec_access *a)
{
	const struct ec_dump_function *fn = text_at(a->at);

	(void)ctx;
	ck_assert(fn && !a->write);
	return ec_image_get(&fn->image, a->offset, a->length);
}

static void read_machine(const char *machine)
{
	struct ec_dump_reader reader;
	struct ec_diag diag;
	char line[512];
	struct run r;

	snprintf(line, sizeof(line), TREE "--hex %s 2>/dev/null", machine);
	r = run_shell(line, NULL);
	reader = (struct ec_dump_reader){ .text = r.out, .len = strlen(r.out) };
	for (text_n = 0; ec_dump_next(&reader, text + text_n, &diag) == 1; text_n++)
		ck_assert_uint_lt(text_n, EC_ARRAY_SIZE(text) - 1);
	run_free(&r);
}

static json_t *run_json(const char *what, const char *machine)
{
	char line[512];
	struct run r;
	json_t *j;

	snprintf(line, sizeof(line), "$E %s --policy none --quirks none --json %s 2>/dev/null",
		 what, machine);
	r = run_shell(line, NULL);
	j = json_loads(r.out, 0, NULL);
	ck_assert_msg(r.code == 0 && j, "%s: %s", line, r.out);
	run_free(&r);
	return j;
}

static struct ec_sbdf address(const json_t *j, const char *key)
{
	struct ec_sbdf at = { 0 };

	ck_assert_int_eq(ec_sbdf_parse(json_string_value(json_object_get(j, key)), &at), 0);
	return at;
}

static uint64_t number(const json_t *j, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(j, key));
}

static void check_port(const json_t *port)
{
	static const char *const keys[] = { "io", "memory", "prefetchable" };
	const struct guest_config g = { .access = read_text, .ecam = true };
	struct ec_sbdf at = address(port, "guest");
	struct ec_machine_range w[EC_WINDOWS];

	enumerate_read_windows(&g, at, w);
	for (unsigned int i = 0; i < EC_WINDOWS; i++) {
		const json_t *window = json_object_get(json_object_get(port, "windows"), keys[i]);

		ck_assert_uint_eq(w[i].size, number(window, "size"));
		ck_assert_uint_eq(w[i].base, number(window, "base"));
	}
	ck_assert_uint_eq(guest_config_read(&g, at, PCI_SECONDARY_BUS, 2),
			  number(port, "bus") << 8 | number(port, "bus"));
}

/* Type bits of a memory BAR; those of an I/O BAR are fewer. */
#define BAR_FLAGS 0xfull

static void check_bars(const json_t *fn)
{
	const struct ec_dump_function *f = text_at(address(fn, "guest"));
	const json_t *bar;
	size_t i;

	ck_assert_ptr_nonnull(f);
	for (i = 0; (bar = json_array_get(json_object_get(fn, "bars"), i)); i++) {
		unsigned int n = (unsigned int)number(bar, "bar");
		uint32_t offset = ec_bar_offset(n, PCI_HEADER_TYPE_NORMAL);
		uint64_t v = ec_image_get(&f->image, offset, 4), address = number(bar, "address");

		if (!strcmp(json_string_value(json_object_get(bar, "kind")), "64-bit"))
			v |= (uint64_t)ec_image_get(&f->image, offset + 4, 4) << 32;
		/* decode is off, also of the ROM */
		ck_assert_uint_eq(v & ~BAR_FLAGS, address & ~BAR_FLAGS);
		ck_assert(n < EC_BAR_ROM || !(v & PCI_ROM_ADDRESS_ENABLE));
	}
	ck_assert_uint_eq(ec_image_get(&f->image, PCI_COMMAND, 2) &
				  (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER),
			  0);
}

/* Machines for plan too, which needs addresses. */
static const char *const named[] = {
	DEMO "02:00.0 03:00.0",
	DEMO "02:00.0 03:00.0 --topology flattened",
	DEMO "02:00.0 03:00.0 --kind pvh",
	DEVICES "00:02.0 03:00.0 04:10.0 05:00.0 0a:00.0 0a:00.1 --topology flattened",
	DEVICES "00:02.0 03:00.0 04:10.0 05:00.0 0a:00.0 0a:00.1 --topology flattened --kind pvh",
	DEVICES "0a:00.1 03:00.0,topology=bypassed --topology flattened --kind pvh",
	DEVICES "0a:00.1@7 05:00.0@3 0a:00.0 --kind pvh",
};

START_TEST(tree_has_the_addresses_of_the_plan)
{
	json_t *plan = run_json("plan", named[_i]), *j = run_json("show --tree", named[_i]), *e;
	const json_t *tree = json_object_get(j, "tree");
	unsigned int ports = 0, functions = 0;
	size_t i;

	read_machine(named[_i]);
	ck_assert_uint_eq(json_array_size(tree), text_n);
	for (i = 0; (e = json_array_get(json_object_get(plan, "ports"), i)); i++)
		check_port(e);
	for (i = 0; (e = json_array_get(json_object_get(plan, "functions"), i)); i++)
		check_bars(e);
	for (i = 0; (e = json_array_get(tree, i)); i++) {
		const char *what = json_string_value(json_object_get(e, "what"));
		const struct ec_image *img = &text[i].image;

		ck_assert_uint_eq(json_object_size(e), 7);
		ck_assert_int_eq(ec_sbdf_compare(address(e, "guest"), text[i].sbdf), 0);
		ck_assert_uint_eq(ec_image_get(img, PCI_VENDOR_ID, 2), number(e, "vendor"));
		ck_assert_uint_eq(ec_image_get(img, PCI_DEVICE_ID, 2), number(e, "device"));
		ck_assert_uint_eq(ec_image_get(img, PCI_CLASS_DEVICE, 2), number(e, "class"));
		ports += !strcmp(what, "root port");
		functions += !strcmp(what, "function");
		ck_assert_int_eq(json_is_integer(json_object_get(e, "bus")),
				 !strcmp(what, "root port"));
		ck_assert_int_eq(json_is_string(json_object_get(e, "host")),
				 !strcmp(what, "function"));
	}
	ck_assert_uint_eq(ports, json_array_size(json_object_get(plan, "ports")));
	ck_assert_uint_eq(functions, json_array_size(json_object_get(plan, "functions")));
	json_decref(plan);
	json_decref(j);
}
END_TEST

Suite *suite_tools_cli_tree(void)
{
	Suite *s = suite_create("tools_cli_tree");
	TCase *t = tcase_create("tree");

	tcase_add_loop_test(t, command_prints_and_exits_as_listed, 0, EC_ARRAY_SIZE(cases));
	tcase_add_loop_test(t, lspci_draws_the_same_tree, 0, EC_ARRAY_SIZE(machines));
	tcase_add_loop_test(t, tree_has_the_addresses_of_the_plan, 0, EC_ARRAY_SIZE(named));
	suite_add_tcase(s, t);
	return s;
}
