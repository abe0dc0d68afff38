/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl as a program: its output, messages and exit codes. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "run.h"
#include "suites.h"

static const struct run_row cases[] = {
	{ "$E", 2, NULL, "Usage: ecamctl" },
	{ "$E --help", 0, "replay", NULL },
	{ "$E -h", 0, "caps", NULL },
	{ "$E --version", 0, "ecamctl 0.", NULL },
	{ "$E frobnicate", 2, NULL, "'frobnicate' is not a command" },
	/* near misses of commands, options and keys */
	{ "$E shwo", 2, NULL, "'shwo' is not a command; did you mean 'show'?" },
	{ "$E policy", 2, NULL, "'policy' is not a command; did you mean 'policy-for'?" },
	{ "$E show 02:00.0 --topolgy=host " DEMO, 2, NULL, "did you mean --topology?" },
	{ "$E show 02:00.0 --jsno " DEMO, 2, NULL, "did you mean --json?" },
	{ "$E list --frobnicate 2>&1 | grep -c mean", 1, "0\n", NULL },
	{ "$E show 02:00.0,topolgy=flattened " DEMO, 2, NULL,
	  "'topolgy' is not an option of an attach; did you mean 'topology'?" },
	{ "$E attach web 02:00.0,rooom=1 --socket $T/s", 2, NULL, "did you mean 'rom'?" },
	/* a wrong value is wrong usage, with ecamd or without */
	{ "$E show 02:00.0,hide=FOO " DEMO, 2, NULL, "no capability has this name" },
	{ "$E attach web 02:00.0,hide=FOO --socket $T/s", 2, NULL, "no capability has this name" },
	{ "$E attach web 02:00.0,rom=on --socket $T/s", 2, NULL, "'rom=on': \"rom\" must be one" },
	/* output that is lost */
	{ "$E --version >/dev/full", 5, NULL, "cannot write the output" },
	{ "$E list --help >/dev/full", 5, NULL, "cannot write the output" },
	{ "${E%/*}/ecamd --version >/dev/full", 5, NULL, "ecamd: cannot write the output" },
	{ "${E%/*}/ecamd --help >/dev/full", 5, NULL, "ecamd: cannot write the output" },
	{ "$E acpi --kind hvm --ecam e0000000 -o - >/dev/full", 5, NULL,
	  "cannot write the output" },
	{ "cd $T; $OLDPWD/$E acpi --kind hvm --ecam e0000000 -o - >a; "
	  "$OLDPWD/$E acpi --kind hvm --ecam e0000000 -o b; cmp a b && ls | grep -v out",
	  0, "a\nb\nerr\nin\n", NULL },
	{ "$E show --help", 0, "--topology", NULL },
	{ "$E list --help", 0, "Usage: ecamctl list", NULL },
	{ "$E diff --help", 0, "Exits 1", NULL },
	{ "$E replay --help", 0, "OFFSET LENGTH VALUE", NULL },
	{ "$E caps --help", 0, "--json", NULL },
	{ "$E show", 2, NULL, "needs an address or --all" },
	{ "$E show 02:00.0 --all " DEMO, 2, NULL, "not both" },
	{ "$E show 2:0.0 " DEMO, 2, NULL, "'2:0.0' is not an address" },
	{ "$E show 02:00.0 03:00.0 " DEMO, 2, NULL, "'03:00.0' is one argument too many" },
	{ "$E show 02:00.0 --hex --json " DEMO, 2, NULL, "exclude each other" },
	{ "$E show 02:00.0 --topology tree " DEMO, 2, NULL, "'tree' is not a topology" },
	{ "$E show 02:00.0 --bogus " DEMO, 2, NULL, "--bogus" },
	{ "$E show 02:00.0 --dump", 2, NULL, "requires an argument" },
	{ "$E replay --all " DEMO, 2, NULL, "no such option" },
	{ "$E replay " DEMO, 2, NULL, "replay needs an address" },
	{ "$E replay 02:00.0 --dump - < tests/data/demo.lspci", 2, NULL, "must be a file" },
	{ "$E caps x", 2, NULL, "'x' is one argument" },
	{ "$E caps --hex", 2, NULL, "no such option" },
	{ "$E list " DEMO, 0, "PM@40 MSI@50 EXP@70 MSI-X@b0 VPD@e0 | AER@100", NULL },
	{ "$E list -n " DEMO, 0, "02:00.0 0200: 8086:10d3 (rev 03)", NULL },
	{ "$E list --numeric --dump - < tests/data/demo.lspci", 0, "03:00.0 0108", NULL },
	{ "$E list --dump tests/data/qemu.lspci", 0,
	  "01:00.1 Non-Volatile memory controller [0108]: Red Hat, Inc. QEMU NVM Express", NULL },
	{ "$E show 0000:02:00.0 " DEMO, 0, "DEVCTL              2810     emulate", NULL },
	{ "$E show 02:00.0 " DEMO, 0, "Region 0: 64-bit, prefetchable [size=64M]\n", NULL },
	{ "$E show 02:00.0 " DEMO, 0, "Hidden: [160] Single Root I/O Virtualization (0010)", NULL },
	{ "$E plan", 2, NULL, "Try 'ecamctl plan --help'." },
	{ "$E plan 02:00.0 " DEMO " --kind pv", 2, NULL, "Try 'ecamctl plan --help'." },
	{ "$E show 08:02.0 --topology flattened --dump tests/data/qemu.lspci", 0,
	  "conventional: on bus 0", NULL },
	{ "$E caps", 0, "DVSEC", NULL },
	{ "$E diff 02:00.0 " DEMO, 1, "EXP.FLAGS", NULL },
	{ "$E diff 02:00.0 --topology host " DEMO, 0, "1 function: 0 places differ\n", NULL },
	{ "$E diff --all " DEMO, 1, "SR-IOV.", NULL },
	/* a guest without an interrupt controller for INTx */
	{ "$E show 02:00.0 " DEMO " | grep INTERRUPT_PIN", 0, " 01 ", NULL },
	{ "$E show 02:00.0 --no-intx " DEMO " | grep INTERRUPT_PIN", 0, " 00 ", NULL },
	{ "$E diff 02:00.0 --no-intx " DEMO, 1, "INTERRUPT_PIN            01       00 ", NULL },
	{ "echo r 0x3d 1 | $E replay 02:00.0 --no-intx " DEMO, 0, "\"value\":0,", NULL },
	{ "$E list --no-intx " DEMO, 2, NULL, "no such option" },
	/* requests to ecamd */
	{ "$E attach --help", 0, "ecam=ADDRESS|none", NULL },
	{ "$E detach --help", 0, "Usage: ecamctl detach GUEST BDF[,reset=none] [--socket PATH]",
	  NULL },
	{ "$E guests --help", 0, "/run/ecamd/control.sock", NULL },
	{ "$E attach", 2, NULL, "attach needs the name or number of a guest" },
	{ "$E attach ''", 2, NULL, "attach needs the name or number of a guest" },
	{ "$E attach web", 2, NULL, "attach needs a guest and an address" },
	{ "$E attach web 05:00.0 06:00.0", 2, NULL, "'06:00.0' is one argument too many" },
	{ "$E attach 05:00.0 web", 2, NULL, "web: 'web' is not an address" },
	{ "$E attach web 05:00.0@20", 2, NULL, "05:00.0@20: '@20' is not a slot" },
	{ "$E attach web 05:00.0,reset=none,", 2, NULL, "no option after a comma" },
	{ "$E attach web 05:00.0 --all", 2, NULL, "no such option" },
	{ "$E attach web 05:00.0 " DEMO, 2, NULL, "no such option" },
	{ "$E attach web 05:00.0 --socket", 2, NULL, "requires an argument" },
	{ "$E detach", 2, NULL, "detach needs the name or number of a guest" },
	{ "$E detach web", 2, NULL, "detach needs a guest and an address" },
	{ "$E detach web 05:00.0@1", 2, NULL, "05:00.0@1: detach has no key but reset=none" },
	{ "$E guests web", 2, NULL, "'web' is one argument too many" },
	{ "$E attach web 05:00.0 --socket $T/s", 5, NULL,
	  "ecamd is not running: nothing listens at" },
	{ "$E detach web 05:00.0 --socket $T/s", 5, NULL,
	  "ecamd is not running: nothing listens at" },
	{ "$E guests --json --socket $T/s", 5, NULL, "ecamd is not running: nothing listens at" },
	{ "$E guests --socket $T/in", 5, NULL, "ecamd is not running: nothing listens at" },
	/* root is permitted everything: run as nobody */
	{ "cp $E $T/e; mkdir -m 600 $T/d; chmod 711 $T; [ $(id -u) != 0 ] || "
	  "as='setpriv --reuid 65534 --regid 65534 --clear-groups'; $as $T/e guests --socket "
	  "$T/d/s",
	  4, NULL, "not permitted to connect to ecamd" },
	/* bad input */
	{ "$E show --version", 0, "ecamctl 0.", NULL },
	{ "$E list --dump tests/data/broken.lspci", 0, "(cut)",
	  "00:04.0: extended capability chain cut" },
	{ "(echo 00:06.0; for o in 00 10 20 30; do echo $o: ff ff ff ff 00 00 00 00 00 00 00 00 00 "
	  "00 "
	  "00 00; done) > $T/f; $E show --all --dump $T/f",
	  0, "ffff", "00:06.0: a virtual function without ids" },
	{ "sed '/^140/d' tests/data/demo.lspci > $T/f; $E show 02:00.0 --dump $T/f", 0, "hide",
	  "02:00.0: only 4080 of 4096 bytes were captured" },
	{ "$E show 02:00.1 " DEMO, 3, NULL, "no function 02:00.1" },
	{ "$E show --all --dump $T/nothing", 3, NULL, "nothing: No such file" },
	{ "$E show --all --dump $T", 3, NULL, "Is a directory" },
	{ "$E list --dump /dev/null", 3, NULL, "not a dump" },
	{ "head -c 9999 $E > $T/f; $E list --dump $T/f", 3, NULL, "not a dump" },
	{ "printf '02:00.0 x\\n00: 00 11\\n' > $T/f; $E list --dump $T/f", 3, NULL,
	  "/f:2: row 00 is truncated" },
	{ "gzip <tests/data/demo.lspci >$T/f; $E list -n --dump $T/f", 0, "03:00.0 0108", NULL },
	{ "iconv -t UTF-16 tests/data/demo.lspci >$T/f; $E list -n --dump $T/f", 0, "03:00.0 0108",
	  NULL },
	{ "sed 's/^/> /' tests/data/demo.lspci >$T/f; $E list -n --dump $T/f", 0, "03:00.0 0108",
	  NULL },
	{ "sed 's/ /\xc2\xa0/g' tests/data/demo.lspci >$T/f; $E list -n --dump $T/f", 0,
	  "03:00.0 0108", NULL },
	{ "gzip <tests/data/demo.lspci | head -c 999 >$T/f; $E list --dump $T/f", 3, NULL,
	  "/f: the compressed text is damaged or cut" },
	/* sizes and ids of `lspci -vvnn`, then rows of `lspci -xxxx`, or the other way round */
	{ "{ grep -v '^[0-9a-f]*: ' tests/data/demo.lspci; echo; grep -v '^.[A-Z]' "
	  "tests/data/demo.lspci; } >$T/f; $E show 02:00.0 -n --dump $T/f",
	  0, "Region 0: 64-bit, prefetchable [size=64M]\n", NULL },
	{ "{ grep -v '^.[A-Z]' tests/data/demo.lspci; echo; grep -v '^[0-9a-f]*: ' "
	  "tests/data/demo.lspci; } >$T/f; $E show 02:00.0 -n --dump $T/f",
	  0, "Region 0: 64-bit, prefetchable [size=64M]\n", NULL },
	{ "{ echo '09:00.0 x'; echo '09:00.1 x'; cat tests/data/demo.lspci; } >$T/f; $E list "
	  "--dump $T/f",
	  0, "02:00.0", "/f: 2 functions without hex rows skipped" },
	{ "{ echo '09:00.0 x'; cat tests/data/demo.lspci; } >$T/f; $E show 09:00.0 --dump $T/f "
	  "2>&1",
	  3, "/f:1: function 09:00.0 has no hex rows (made without -x?)", NULL },
	{ "echo '09:00.0 x' >$T/f; $E list --dump $T/f", 3, NULL,
	  "/f:1: function 09:00.0 has no hex rows" },
	{ "cat tests/data/demo.lspci tests/data/demo.lspci > $T/f; $E show --all --dump $T/f", 3,
	  NULL, "function 02:00.0 is already in line 1" },
	{ "(cat tests/data/demo.lspci; printf '04:00.0 x\\n00: 00') > $T/f; $E show --all --dump "
	  "$T/f",
	  3, NULL, ": row 00 is truncated" },
	{ "$E show 00:06.0 --dump tests/data/broken.lspci", 3, NULL, "00:06.0: reads all ones" },
	{ "$E show 00:07.0 --dump tests/data/broken.lspci --topology host", 3, NULL,
	  "00:07.0: header type 2" },
	{ "$E show 00:04.0 --dump tests/data/qemu.lspci", 3, NULL, "00:04.0: is a bridge" },
	{ "$E show 00:04.0 --dump tests/data/qemu.lspci --topology host", 0, "SUBORDINATE_BUS",
	  NULL },
	{ "$E show --all --dump tests/data/qemu.lspci", 0, "08:02.0", "00:04.0: is a bridge" },
	{ "$E show 00:01.0 --dump tests/data/broken.lspci", 0, "Capabilities: [b0] MSI-X",
	  "00:01.0: capability chain cut: the pointer at 0xe1 to 0x50 leads back" },
	{ "(echo 00:06.0; for o in 00 10 20 30; do echo $o: ff ff ff ff ff ff ff ff ff ff ff ff ff "
	  "ff "
	  "ff ff; done) > $T/f; $E show --all --dump $T/f",
	  3, NULL, "none of its functions" },
	{ "$E caps > /dev/full", 5, NULL, "cannot write the output" },
};

START_TEST(command_prints_and_exits_as_listed)
{
	run_row(&cases[_i]);
}
END_TEST

/* A script of replay, its exit code, and a part of the output or of the message. */
static const struct {
	const char *script;
	int code;
	const char *text;
} scripts[] = {
	{ "r 0 4\n", 0,
	  "{\"op\":\"r\",\"offset\":0,\"length\":4,\"value\":282296454,\"verdict\":\"served\","
	  "\"hardware\":[],\"actions\":[]}\n" },
	{ "# nothing\n\n  \t\n", 0, "" },
	{ "w 0x4 010 0x0000000000000004 # octal length 8", 0, "\"verdict\":\"served\"" },
	{ "r 0 8", 0, "\"value\":" },
	{ "r 0xffc 8\r\n", 0, "\"value\":18446744069414584320," },
	{ "r 0 3", 0, "\"value\":16777215,\"verdict\":\"malformed\"" },
	{ "w 0 3 0x1000000", 0, "\"verdict\":\"malformed\"" },
	{ "w 0 16 1", 0, "\"verdict\":\"malformed\"" },
	{ "w 0x1000 4 1", 0, "\"verdict\":\"dropped\"" },
	{ "r 0x20000000 8", 0, "\"value\":18446744073709551615,\"verdict\":\"served\"" },
	{ "w 0x44 2 3", 0, "{\"action\":\"power_state\",\"value\":3}" },
	{ "w 0x10 4 0xf0000000\nw 4 1 2", 0,
	  "{\"action\":\"map_bar\",\"bar\":0,\"address\":4026531840,\"size\":67108864}" },
	{ "w 7 1 0xff", 0,
	  "\"hardware\":[{\"op\":\"w\",\"offset\":7,\"length\":1,\"value\":249}]" },
	{ "r 0 4\nx 0 4\n", 3, "standard input:2: a line is" },
	{ "r 0\n", 3, "input:1: a read is" },
	{ "w 0 4\n", 3, "input:1: a write is" },
	{ "r 0 4 4\n", 3, "input:1: a read is" },
	{ "w 0 4 4 4\n", 3, "input:1: a write is" },
	{ "r zero 4\n", 3, "standard input:1: the view has no such register" },
	{ "r -1 4\n", 3, "the offset is not" },
	{ "r 0x100000000 4\n", 3, "the offset is not" },
	{ "r 0 4x\n", 3, "the length is not" },
	{ "w 0 2 0x10000\n", 3, "wider than the length" },
	{ "w 0 8 0x10000000000000000\n", 3, "the value is not" },
	/* offsets and values are hexadecimal, with 0x or without */
	{ "r ffc 4\n", 0, "{\"op\":\"r\",\"offset\":4092,\"length\":4," },
	{ "r 10 4\n", 0, "{\"op\":\"r\",\"offset\":16,\"length\":4,\"value\":12," },
	{ "r 08 4\n", 0, "\"offset\":8,\"length\":4,\"value\":33554435," },
	{ "w 10 4 f0000000\nw 4 1 2", 0,
	  "{\"action\":\"map_bar\",\"bar\":0,\"address\":4026531840,\"size\":67108864}" },
	{ "w 3c 1 10\nr 3c 1", 0, "\"offset\":60,\"length\":1,\"value\":16," },
	/* registers by their names, which have a length, and as setpci has them */
	{ "r VENDOR_ID\n", 0, "{\"op\":\"r\",\"offset\":0,\"length\":2,\"value\":32902," },
	{ "r device_id+1.b\n", 0, "\"offset\":3,\"length\":1,\"value\":16," },
	{ "r 2.w\n", 0, "\"offset\":2,\"length\":2,\"value\":4307," },
	{ "r CAPABILITIES\n", 0, "\"offset\":52,\"length\":1,\"value\":64," },
	{ "r CAP_PM+4.w\n", 0, "\"offset\":68,\"length\":2," },
	{ "r cap_exp+8.W 2\n", 0, "\"offset\":120,\"length\":2," },
	{ "r CAP10+8\n", 0, "\"offset\":120,\"length\":2," },
	{ "r ECAP_AER+4.l\n", 0, "\"offset\":260,\"length\":4," },
	{ "r ECAP_VNDR+8.l\n", 0, "\"offset\":456,\"length\":4,\"value\":3405705229," },
	{ "r ECAP0003@0+4.l\n", 3, "the offset is not" },
	{ "r ECAP0003+4.l@0\n", 0, "\"offset\":324,\"length\":4,\"value\":2309737967," },
	{ "r EXP.DEVCTL\n", 0, "\"offset\":120,\"length\":2," },
	{ "r EXP#1.DEVCTL # the first\n", 0, "\"offset\":120,\"length\":2," },
	{ "w PM.PMCSR 3", 0, "{\"action\":\"power_state\",\"value\":3}" },
	{ "w CAP_PM+4.w 2 3", 0, "{\"action\":\"power_state\",\"value\":3}" },
	{ "r 0 1\nr CAP_AGP+4.l\n", 3, "standard input:2: the view has no such" },
	{ "r ECAP_VNDR+8.l@1\n", 3, "the view has no such register or capability" },
	{ "r CAP_EXP+8.w 4\n", 3, "input:1: the register is given with another width" },
	{ "r CAP_EXP+9\n", 3, "the width is not known: append .b, .w or .l" },
	{ "w COMMAND 10000\n", 3, "wider than the length" },
	{ "r 10:4 4\n", 3, "the offset is not" },
};

START_TEST(script_is_played_or_refused)
{
	struct run r = run_shell("$E replay 02:00.0 " DEMO, scripts[_i].script);

	ck_assert_msg(r.code == scripts[_i].code, "%s: %d: %s", scripts[_i].script, r.code, r.err);
	ck_assert_msg(strstr(r.code ? r.err : r.out, scripts[_i].text) != NULL, "%s: %s%s",
		      scripts[_i].script, r.out, r.err);
	ck_assert_str_eq(r.code ? r.out : r.err, "");
	run_free(&r);
}
END_TEST

START_TEST(replay_reads_what_hex_prints)
{
	struct run r = run_shell(
		"for o in $(seq 0 4 4092); do printf 'r %x 4\\n' $o; done | $E replay 02:00.0 " DEMO
		" | sed 's/.*\"value\":\\([0-9]*\\),.*\"hard.*/\\1/' > $T/replay\n"
		"$E show 02:00.0 --hex " DEMO " | grep '^[0-9a-f]*: ' | cut -d: -f2 |"
		"tr -s ' ' '\\n' | grep . | paste - - - - |"
		"while read -r a b c d; do printf '%d\\n' 0x$d$c$b$a; done > $T/hex\n"
		"cmp $T/replay $T/hex && wc -l < $T/hex",
		NULL);

	ck_assert_msg(r.code == 0, "%s%s", r.out, r.err);
	ck_assert_str_eq(r.out, "1024\n");
	run_free(&r);
}
END_TEST

START_TEST(lspci_reads_the_hex_of_a_view)
{
	char line[512];
	struct run r;

	snprintf(line, sizeof(line),
		 "for t in bypassed flattened; do $E show --all --dump tests/data/%s.lspci "
		 "--topology $t --hex >$T/v 2>/dev/null || exit 9; lspci -F $T/v -vvv >$T/l; done; "
		 "grep -c '^[0-9a-f]*:' $T/l",
		 run_dumps[_i]);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == 0, "%s", r.err);
	/* lspci complains if there are no kernel modules */
	ck_assert_msg(!*r.err || strstr(r.err, "libkmod"), "%s", r.err);
	run_free(&r);
}
END_TEST

/* Numbers are integers, keys are as documented, and the registers cover the view. */
static void check_function(json_t *f)
{
	json_int_t pos = 0, size = json_integer_value(json_object_get(f, "size"));
	json_t *e;
	size_t i;

	ck_assert(json_is_string(json_object_get(f, "host")));
	ck_assert(json_is_string(json_object_get(f, "guest")));
	ck_assert(json_is_string(json_object_get(f, "topology")));
	for (i = 0; (e = json_array_get(json_object_get(f, "capabilities"), i)); i++) {
		ck_assert(json_is_integer(json_object_get(e, "id")));
		ck_assert(json_is_boolean(json_object_get(e, "extended")));
		ck_assert(json_is_integer(json_object_get(e, "offset")));
		ck_assert(json_is_integer(json_object_get(e, "length")));
		ck_assert(json_is_string(json_object_get(e, "name")));
		ck_assert(json_is_string(json_object_get(e, "treatment")));
	}
	for (i = 0; (e = json_array_get(json_object_get(f, "registers"), i)); i++) {
		ck_assert_int_eq(json_integer_value(json_object_get(e, "offset")), pos);
		pos += json_integer_value(json_object_get(e, "length"));
		ck_assert(json_is_integer(json_object_get(e, "value")));
		ck_assert(json_is_string(json_object_get(e, "name")));
		ck_assert(json_is_string(json_object_get(e, "treatment")));
	}
	ck_assert_int_eq(pos, size);
}

START_TEST(json_of_show_has_the_documented_keys)
{
	char line[256];
	struct run r;
	json_t *j, *f;
	size_t i;

	snprintf(line, sizeof(line), "$E show --all --json --dump tests/data/%s.lspci",
		 run_dumps[_i]);
	r = run_shell(line, NULL);
	j = json_loads(r.out, 0, NULL);
	ck_assert_int_eq(r.code, 0);
	ck_assert_msg(j != NULL, "%.2000s", r.out);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "version")), 1);
	ck_assert_uint_gt(json_array_size(json_object_get(j, "functions")), 0);
	for (i = 0; (f = json_array_get(json_object_get(j, "functions"), i)); i++)
		check_function(f);
	json_decref(j);
	run_free(&r);
}
END_TEST

START_TEST(json_of_caps_has_all_capabilities)
{
	struct run r = run_shell("$E caps --json", NULL);
	json_t *j = json_loads(r.out, 0, NULL);

	ck_assert(j != NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "capabilities")), 0x16 + 0x3b);
	json_decref(j);
	run_free(&r);
}
END_TEST

START_TEST(colours_are_on_terminals_without_NO_COLOR_only)
{
	struct run r = run_shell(
		"unset NO_COLOR; export TERM=xterm; $E show 02:00.0 " DEMO " | grep -c '\033'\n"
		"script -qec \"$E show 02:00.0 " DEMO "\" /dev/null | grep -c '\033'\n"
		"NO_COLOR=1 script -qec \"$E show 02:00.0 " DEMO "\" /dev/null | grep -c '\033'; :",
		NULL);

	ck_assert_int_eq(strncmp(r.out, "0\n", 2), 0);
	ck_assert_int_gt(atoi(r.out + 2), 20);
	ck_assert_str_eq(strrchr(r.out, '\n') - 2, "\n0\n");
	run_free(&r);
}
END_TEST

/* A line, and the completions of its last word after the last colon or equals sign. */
static const struct {
	const char *line, *offered;
} completions[] = {
	{ "ecamctl pol", "policy-for\n" },
	{ "ecamctl show --dump tests/data/devices.lspci 0a", "0a:00.0\n0a:00.1\n" },
	{ "ecamctl show --dump tests/data/devices.lspci 0a:", "00.0\n00.1\n" },
	{ "ecamctl plan --dump tests/data/devices.lspci 05:00", "00.0\n" },
	{ "ecamctl plan --topology f", "flattened\n" },
	{ "ecamctl plan --topology r", "root-port\n" },
	{ "ecamctl attach web 0a:00.0,top",
	  "00.0,topology=bypassed\n00.0,topology=flattened\n00.0,topology=bus0\n"
	  "00.0,topology=root-port\n" },
	{ "ecamctl attach web 0000:0a:00.0@5,rom=none,topology=",
	  "bypassed\nflattened\nbus0\nroot-port\n" },
	{ "ecamctl show 0a:00.0,bridge=q", "q35\n" },
	{ "ecamctl detach web 0a:00.0,", "\n" },
};

START_TEST(word_is_completed_as_listed)
{
	char line[256];
	struct run r;

	snprintf(line, sizeof(line), "bash tests/support/complete.bash '%s'", completions[_i].line);
	r = run_shell(line, NULL);
	ck_assert_str_eq(r.err, "");
	ck_assert_str_eq(r.out, completions[_i].offered);
	run_free(&r);
}
END_TEST

/* Options are compared with --help, keys with the message about a wrong one. */
START_TEST(completion_has_all_options_and_keys)
{
	struct run r = run_shell(
		"offer() { bash tests/support/complete.bash \"$1\"; }\n"
		"for c in $(offer 'ecamctl ' | grep -v ^--); do\n"
		"  $E $c --help | grep -oE '^  (-., )?--[a-z0-9-]+' | grep -oE -- '--.*' |\n"
		"    grep -v version | sort >$T/has; offer \"ecamctl $c --\" | sort >$T/offered\n"
		"  diff $T/has $T/offered && wc -l <$T/has\n"
		"done >$T/all; ! grep '^[<>]' $T/all && wc -l <$T/all\n"
		"$E attach g 0a:00.0,x=1 2>&1 | sed -n 's/.*attach: //p' | tr -d ' ' | tr , '\\n' "
		"|\n"
		"  sort >$T/has; offer 'ecamctl attach g 0a:00.0,' | sed 's/.*,//; s/=.*//' |\n"
		"  sort -u >$T/offered; diff $T/has $T/offered && wc -l <$T/has",
		NULL);

	ck_assert_str_eq(r.out, "14\n11\n");
	run_free(&r);
}
END_TEST

Suite *suite_tools_cli(void)
{
	Suite *s = suite_create("tools_cli");
	TCase *t = tcase_create("ecamctl");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, command_prints_and_exits_as_listed, 0, EC_ARRAY_SIZE(cases));
	tcase_add_loop_test(t, script_is_played_or_refused, 0, EC_ARRAY_SIZE(scripts));
	tcase_add_test(t, replay_reads_what_hex_prints);
	tcase_add_loop_test(t, lspci_reads_the_hex_of_a_view, 0, RUN_DUMPS);
	tcase_add_loop_test(t, json_of_show_has_the_documented_keys, 0, RUN_DUMPS);
	tcase_add_test(t, json_of_caps_has_all_capabilities);
	tcase_add_test(t, colours_are_on_terminals_without_NO_COLOR_only);
	tcase_add_loop_test(t, word_is_completed_as_listed, 0, EC_ARRAY_SIZE(completions));
	tcase_add_test(t, completion_has_all_options_and_keys);
	suite_add_tcase(s, t);
	return s;
}
