/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl check: errors and warnings. */
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "rulefile.h"
#include "run.h"
#include "suites.h"

#define FROZEN "\"treatment\":\"freeze\""
#define RANGE(cap, offset, length)                                                                 \
	"\"ranges\":[{" cap "\"offset\":" offset ",\"length\":" length "," FROZEN "}]"
#define BITS(name, bits) "\"registers\":[{\"register\":\"" name "\"," FROZEN "," bits "}]"
#define ALL_HIDDEN                                                                                 \
	"\"capabilities\":{\"MSI-X\":\"hide\",\"MSI\":\"hide\",\"AER\":\"hide\",\"DSN\":\"hide\"," \
	"\"PM\":\"hide\"}"
/* The card with the pending bits of MSI-X past the end of BAR 3. */
#define PBA_PAST                                                                                   \
	"sed 's/^b0: \\(11 e0 3f 80 03 00 00 00 03\\) 20/b0: \\1 80/' $D >$T/../d; D=$T/../d; "
#define NO_MSI "\"msi\":{\"disable\":true},\"msix\":{\"disable\":true}"

/* Shell that writes files of rules, the exit code, the summary, and a part of stderr. */
static const struct {
	const char *files;
	int code;
	const char *summary, *err;
} checks[] = {
	{ FILE_OF("a.json", RULE(NIC, FREEZE("EXP.DEVCTL"))), 0,
	  "1 file, 1 rule, 2 functions: 0 errors, 0 warnings\n", NULL },
	{ "", 1, "0 files, 0 rules, 2 functions: 0 errors, 1 warning\n",
	  "/p: no rules: it has no file *.json" },
	{ FILE_OF("a.json", RULE(NIC, "\"machine\":{\"ecam\":\"0xe0000000\",\"buses\":64,"
				      "\"bus0\":true,\"bridge\":\"q35\"}")),
	  0, "1 file, 1 rule, 2 functions: 0 errors, 0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"machine\":{\"buses\":64}"))
		  FILE_OF("b.json", RULE(NIC, "\"machine\":{\"buses\":128}")),
	  1, "0 errors, 1 warning\n", "set.machine.buses: overrides a different value of " },
	{ "echo >$T/a.json; " FILE_OF("b.json", "{}") FILE_OF("c.json", RULE(NIC, "")), 3,
	  "3 files, 1 rule, 0 functions: 2 errors, 0 warnings\n", "/a.json:2:1: " },
	{ "echo >$T/a.json; " FILE_OF("b.json", "{}"), 3, "2 files, 0 rules", "/b.json:1:" },
	/* conflicts */
	{ FILE_OF("a.json", RULE(NIC, FREEZE("EXP.DEVCTL"))) FILE_OF(
		  "b.json",
		  RULE("\"vendor\":\"0x8086\"",
		       "\"registers\":[{\"register\":\"EXP.DEVCTL\",\"treatment\":\"hide\"}]")),
	  1, "2 functions: 0 errors, 1 warning\n",
	  "/b.json:1:72: rule 1: set.registers[0]: overrides a different value of " },
	{ FILE_OF("a.json", RULE(NIC, FREEZE("EXP.DEVCTL")))
		  FILE_OF("b.json", RULE("\"vendor\":\"0x8086\"", FREEZE("EXP.DEVCTL"))),
	  0, "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"rom\":\"none\""))
		  FILE_OF("b.json", RULE("\"bdf\":\"03:*\"", "\"rom\":\"host\"")),
	  1, "1 warning\n", "set.rom: no function" },
	{ FILE_OF("a.json", RULE("", "\"permissive\":true") "," RULE("", "\"permissive\":false")),
	  1, "1 warning\n",
	  "/a.json:1:94: rule 2: set.permissive: overrides a different value of " },
	/* rules that never match */
	{ FILE_OF("a.json", "{\"final\":true,\"set\":{}}," RULE(NIC, "\"permissive\":true")), 1,
	  "1 warning\n", "/a.json:1:47: rule 2: is never reached: " },
	{ FILE_OF("a.json", "{\"final\":true,\"match\":{" NIC
			    "},\"set\":{}}," RULE(NIC, "\"permissive\":true")),
	  1, "1 warning\n", "/a.json:1:73: rule 2: is never reached: " },
	{ FILE_OF("a.json", "{\"final\":true,\"match\":{\"vendor\":\"0x8086\"},\"set\":{}}," RULE(
				    NIC, "\"permissive\":true")),
	  1, "1 warning\n", "/a.json:1:75: rule 2: applies to no function" },
	{ FILE_OF("a.json", RULE("\"pcie_type\":\"none\",\"has_cap\":\"AER\"", "")), 1,
	  "1 warning\n", "can never match: a conventional function has no such" },
	{ FILE_OF("a.json", RULE("\"pcie_type\":\"none\",\"vf\":true", "")), 1, "1 warning\n",
	  "can never match: a virtual function is PCI Express" },
	{ FILE_OF("a.json", RULE("\"pcie_type\":\"none\",\"bus\":\"root\"", "")), 1, "1 warning\n",
	  "can never match: a conventional function is on the" },
	{ FILE_OF("a.json", RULE("\"pcie_type\":\"rciep\",\"bus\":\"conventional\"", "")), 1,
	  "1 warning\n", "can never match: a PCI Express function is not on" },
	{ FILE_OF("a.json", RULE("\"pcie_type\":[\"root_port\",\"upstream\"]", "")), 1,
	  "1 warning\n", "can never match: bridges cannot be attached" },
	/* rules that match nothing, settings that decide nothing */
	{ FILE_OF("a.json", RULE("\"bdf\":\"04:*\"", "")), 1, "1 warning\n",
	  "/a.json:1:23: rule 1: matches no function of tests/data/demo.lspci" },
	{ FILE_OF("a.json", RULE(NIC, FREEZE("EXP.DEVCTL9"))), 1, "1 warning\n",
	  "set.registers[0]: no such register in EXP; did you mean DEVCTL?" },
	{ FILE_OF("a.json", RULE(NIC, FREEZE("DEVCTL"))), 3, "1 error, 0 warnings\n",
	  "/a.json:1:82: rules[0].set.registers[0].register: " },
	{ FILE_OF("a.json", RULE(NIC, "\"capabilities\":{\"TPH\":\"hide\"}")), 1, "1 warning\n",
	  "set.capabilities.TPH: no function" },
	{ FILE_OF("a.json", RULE(NIC, "\"rebar\":\"hide\"")), 1, "1 warning\n",
	  "set.rebar: no function" },
	{ FILE_OF("a.json", RULE(NIC, "\"vf\":{\"ids\":true}")), 1, "1 warning\n",
	  "set.vf.ids: no " },
	/* and why they decide nothing */
	{ FILE_OF("a.json", RULE(NIC, "\"bars\":{\"4\":{\"hide\":true}}")), 1, "1 warning\n",
	  "set.bars.4.hide: no function of tests/data/demo.lspci that the rule matches has a BAR "
	  "4" },
	{ FILE_OF("a.json", RULE("\"bdf\":\"03:*\"", "\"rom\":\"none\"")), 1, "1 warning\n",
	  "set.rom: no function of tests/data/demo.lspci that the rule matches has an expansion "
	  "ROM" },
	{ FILE_OF("a.json", RULE(NIC, FREEZE("SR-IOV.CTRL"))), 1, "1 warning\n",
	  "set.registers[0]: the capability is hidden" },
	{ FILE_OF("a.json",
		  RULE(NIC, "\"capabilities\":{\"DSN\":\"hide\"}," FREEZE("DSN.SERIAL_LO"))),
	  1, "1 warning\n", "set.registers[0]: the capability is hidden" },
	{ FILE_OF("a.json",
		  RULE(NIC, "\"capabilities\":{\"SR-IOV\":\"show\"}," FREEZE("SR-IOV.CTRL"))),
	  0, "0 warnings\n", NULL },
	{ FILE_OF("a.json",
		  RULE(NIC, "\"vpd\":\"hide\"," RANGE("\"capability\":\"VPD\",", "2", "2"))),
	  1, "1 warning\n", "set.ranges[0]: the capability is hidden" },
	{ FILE_OF("a.json", RULE(NIC, "\"vpd\":\"hide\"," RANGE("", "\"0xe2\"", "2"))), 1,
	  "1 warning\n", "set.ranges[0]: the capability is hidden" },
	{ FILE_OF("a.json", RULE(NIC, RANGE("", "\"0xe6\"", "4"))), 0, "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, RANGE("\"capability\":\"VSEC\",", "24", "4"))), 1,
	  "1 warning\n", "set.ranges[0]: is past the end of VSEC" },
	{ FILE_OF("a.json", RULE(NIC, RANGE("\"capability\":\"VSEC\",", "20", "8"))), 1,
	  "1 warning\n", "set.ranges[0]: reaches past the end of VSEC" },
	{ FILE_OF("a.json", RULE(NIC, RANGE("\"capability\":\"VSEC\",", "20", "4"))), 0,
	  "0 warnings\n", NULL },
	/* what is hidden, one warning for each setting that decides nothing of it */
	{ FILE_OF("a.json",
		  RULE(NIC, ALL_HIDDEN ",\"msix\":{\"vectors\":4},\"msi\":{\"vectors\":4},"
				       "\"aer\":{\"correctable_mask\":4},\"dsn\":\"zero\","
				       "\"pm\":{\"d3\":\"allow\"}")),
	  1, "0 errors, 5 warnings\n", "set.msix.vectors: the capability is hidden by " },
	{ FILE_OF("a.json", RULE(NIC, ALL_HIDDEN ",\"pm\":{\"pme\":false,\"no_soft_reset\":true}")),
	  1, "0 errors, 2 warnings\n",
	  "/a.json:1:152: rule 1: set.pm.pme: the capability is hidden by " },
	{ FILE_OF("a.json",
		  RULE(NIC, ALL_HIDDEN ",\"msi\":{\"disable\":true},\"msix\":{\"disable\":"
				       "true},\"vpd\":\"hide\"")),
	  0, "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"vpd\":\"read\"") "," RULE(NIC, "\"vpd\":\"hide\"")), 1,
	  "1 warning\n", "rule 2: set.vpd: overrides" },
	{ FILE_OF("a.json", RULE(NIC, "\"capabilities\":{\"EXP\":\"hide\"},\"express\":{\"link\":"
				      "\"hide\",\"type\":\"legacy\"}")),
	  1, "2 warnings\n", "set.express.link: the capability is hidden by " },
	{ FILE_OF("a.json", RULE(NIC, "\"vpd\":\"hide\",\"capabilities\":{\"VPD\":\"show\"}")), 1,
	  "1 warning\n", "set.capabilities.VPD: the capability is hidden by " },
	{ FILE_OF("a.json", RULE(NIC, "\"move\":[{\"capability\":\"SR-IOV\",\"to\":\"0x200\"}]")),
	  1, "1 warning\n",
	  "set.move[0]: the capability is hidden by default; \"capabilities\" can show it" },
	/* what hides it may be the function's own values */
	{ PBA_PAST FILE_OF("a.json", RULE(NIC, "\"capabilities\":{\"MSI-X\":\"show\"},\"msix\":{"
					       "\"vectors\":2}")),
	  1, "2 warnings\n",
	  "set.capabilities.MSI-X: the capability is hidden: its pending bits end past their BAR" },
	{ PBA_PAST FILE_OF("a.json", RULE(NIC, "\"msix\":{\"pba_offset\":\"0x1000\"}")), 0,
	  "0 warnings\n", NULL },
	{ PBA_PAST FILE_OF("a.json", RULE(NIC, "\"msix\":{\"pba_offset\":\"0x1000\"},"
					       "\"capabilities\":{\"MSI-X\":\"hide\"}")),
	  1, "1 warning\n", "set.msix.pba_offset: the capability is hidden by " },
	/* what the function does not have, or never gets */
	{ FILE_OF("a.json", RULE("\"bdf\":\"03:*\"", "\"msi\":{\"vectors\":1}")), 1, "1 warning\n",
	  "set.msi.vectors: no function of tests/data/demo.lspci that the rule matches has MSI" },
	{ "D=tests/data/qemu.lspci; " FILE_OF(
		  "a.json", RULE("\"bdf\":\"08:02.0\"", "\"topology\":\"flattened\"")),
	  1, "1 warning\n", "set.topology: a conventional function is on bus 0 in any case" },
	{ FILE_OF("a.json", RULE(NIC, "\"msi\":{\"vectors\":4}")), 1, "1 warning\n",
	  "set.msi.vectors: a guest gets one vector, without mask bits, in any case" },
	{ FILE_OF("a.json", RULE(NIC, "\"msi\":{\"vectors\":1,\"maskable\":false}")), 0,
	  "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"unknown_capabilities\":\"pass\"")), 1, "1 warning\n",
	  "set.unknown_capabilities: no function of tests/data/demo.lspci that the rule matches "
	  "has a capability of an "
	  "unknown id" },
	{ FILE_OF("a.json", RULE(NIC, "\"aer\":{\"correctable_mask\":4}")), 1, "1 warning\n",
	  "set.aer.correctable_mask: has bits that are not in the register" },
	/* matches that are written as other tools print them */
	{ FILE_OF("a.json", RULE("\"class\":\"0x0200\"", "")), 1, "2 warnings\n",
	  "match.class: a class has 24 bits: did you mean \"0x020000/0xffff00\" instead of "
	  "0x000200?" },
	{ FILE_OF("a.json", RULE("\"class\":\"0x0200/0xff00\"", "")), 1, "2 warnings\n",
	  "did you mean \"0x020000/0xff0000\"" },
	{ FILE_OF("a.json", RULE("\"class\":\"0x0200-0x02ff\"", "")), 1, "2 warnings\n",
	  "did you mean \"0x020000-0x02ffff\"" },
	{ FILE_OF("a.json", RULE("\"class\":[\"0x000000/0xff0000\",\"0x020000/0xff0000\"]", "")), 0,
	  "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE("\"bdf\":\"02:00\"", "")), 1, "2 warnings\n",
	  "match.bdf: '0000:02:00' is not an address: write SSSS:BB:DD.F, or a pattern such as "
	  "0000:02:00*" },
	/* the parser does not know a register whose table depends on the instance */
	{ FILE_OF("a.json", RULE(NIC, BITS("EXP.DEVCTL", "\"mask\":\"0x10000\""))), 1,
	  "1 warning\n", "set.registers[0]: \"mask\" has more bits than the register" },
	{ FILE_OF("a.json", RULE(NIC, BITS("EXP.DEVCTL", "\"value\":\"0x10000\""))), 1,
	  "1 warning\n", "set.registers[0]: \"value\" has more bits than the register" },
	/* decisions that are hardly meant */
	{ FILE_OF("a.json", RULE(NIC, "\"topology\":\"flattened\"")), 0, "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"topology\":\"bypassed\"")), 0, "0 warnings\n", NULL },
	/* rules are matched again on the bus that rules decide */
	{ FILE_OF("a.json", RULE(NIC, "\"topology\":\"flattened\"") "," RULE(
				    NIC ",\"bus\":\"root\"", FREEZE("EXP.DEVCTL"))),
	  1, "1 warning\n",
	  "rule 2: applies to no function of tests/data/demo.lspci: rules before it are final, or "
	  "put it on another bus" },
	{ FILE_OF("a.json", RULE(NIC, "\"add\":[{\"capability\":\"DSN\",\"at\":\"auto\","
				      "\"bytes\":\"0011223344556677\"}]")),
	  1, "1 warning\n", "set.add[0]: the device has this capability already" },
	{ FILE_OF("a.json", RULE(NIC, "\"reset\":{\"methods\":[\"flr\"],"
				      "\"forbid\":[\"flr\",\"pm\"]}")),
	  1, "1 warning\n", "set.reset.forbid: no reset method is left" },
	{ FILE_OF("a.json", RULE(NIC, "\"reset\":{\"methods\":[\"flr\"]}") "," RULE(
				    "", "\"reset\":{\"forbid\":[\"flr\"]}")),
	  1, "1 warning\n", "rule 2: set.reset.forbid: no reset method is left" },
	/* a method that the function's configuration space excludes */
	{ FILE_OF("a.json", RULE(NIC, "\"reset\":{\"methods\":[\"af_flr\"]}")), 1, "1 warning\n",
	  "set.reset.methods: no reset method is left" },
	{ FILE_OF("a.json", RULE(NIC, "\"reset\":{\"methods\":[\"flr\"]}")), 0, "0 warnings\n",
	  NULL },
	{ FILE_OF("a.json", RULE(NIC, "\"reset\":{\"methods\":[\"af_flr\",\"bus\"]}")), 0,
	  "0 warnings\n", NULL },
	{ FILE_OF("a.json", RULE(NIC, NO_MSI ",\"intx\":{\"disable\":true}")), 1, "1 warning\n",
	  "set.intx.disable: no interrupt is left" },
	{ FILE_OF("a.json", RULE(NIC, NO_MSI)), 0, "0 warnings\n", NULL },
	/* rules that match a guest are tried for it */
	{ FILE_OF("a.json", RULE("\"guest\":\"web*\"", FREEZE("EXP.DEVCTL"))), 0, "0 warnings\n",
	  NULL },
	{ FILE_OF("a.json", RULE("\"guest\":\"00000000-0000-0000-0000-000000000001\"",
				 FREEZE("EXP.DEVCTL9"))),
	  1, "1 warning\n", "set.registers[0]: no " },
	/* views that cannot be built */
	{ FILE_OF("a.json", "{\"name\":\"bars\",\"match\":{" NIC "},\"set\":{\"registers\":["
			    "{\"register\":\"BASE_ADDRESS_0\",\"treatment\":\"pass\"}]}}"),
	  3, "1 file, 1 rule, 2 functions: 1 error, 0 warnings\n",
	  "/a.json:1:84: bars: set.registers[0]: " },
};

/* Intel VMD: a function that cannot be attached is reported, and no rule matches it. */
static const struct run_row large_segments[] = {
	{ "sed 's/^03:/10000:03:/' tests/data/demo.lspci > $T/v; " FILE_OF(
		  "a.json", RULE(NIC, FREEZE("EXP.DEVCTL"))) "$E check $T/a.json --dump $T/v",
	  0, "1 file, 1 rule, 1 function: 0 errors, 0 warnings\n",
	  "10000:03:00.0: it cannot be attached: Xen knows segments up to ffff" },
	{ "sed 's/^03:/10000:03:/' tests/data/demo.lspci > $T/v; " FILE_OF(
		  "a.json", RULE("\"bdf\":\"10000:*\"", "")) "$E check $T/a.json --dump $T/v",
	  1, "1 file, 1 rule, 1 function: 0 errors, 1 warning\n",
	  "/a.json:1:23: rule 1: matches no function of" },
};

/* The program in another place than this tree; where ecamd is installed there is nothing to see. */
#define AWAY                                                                                       \
	"[ ! -e /usr/share/ecamd ] || { echo 0 files, 0 rules, 2 functions DEVCTL; "               \
	"echo warning: there are no quirks in / >&2; exit 1; }; mkdir $T/bin; cp $E $T/bin/e; "

/* The installed rules, messages for editors, an error once. */
static const struct run_row others[] = {
	/* the quirks of this source tree, of which none has to match */
	{ "$E check " DEMO, 0, " 2 functions: 0 errors, 0 warnings\n", NULL },
	/* and without a tree those of the prefix, which are missing */
	{ AWAY "$T/bin/e check " DEMO, 1, "0 files, 0 rules, 2 functions",
	  "warning: there are no quirks in /" },
	{ AWAY "$T/bin/e show 02:00.0 --quirks none " DEMO "; $T/bin/e show 02:00.0 " DEMO
	       "| grep -q '0 files'",
	  1, "DEVCTL", "warning: there are no quirks in /" },
	{ "unset MAKEFLAGS MFLAGS MAKELEVEL; make -n BUILD=${E%/*} PREFIX=/opt/x all | "
	  "grep -c 'EC_PREFIX=.*\"/opt/x\"'",
	  0, "3\n", NULL },
	{ "MAKEFLAGS= make -n install BUILD=${E%/*} PREFIX=/opt/x DESTDIR=/d | grep share/man/man5",
	  0, "sed 's,/usr/\\(share\\|lib\\)/ecamd,/opt/x/\\1/ecamd,g'", NULL },
	{ FILE_OF("a.json", RULE("", FREEZE("EXP.DEVCTL9"))) "cd $T; $OLDPWD/$E check --format gcc "
							     "a.json --dump $OLDPWD/tests/data/"
							     "demo.lspci",
	  1, "0 errors, 1 warning\n",
	  "a.json:1:55: warning: rule 1: set.registers[0]: no such register in EXP; did" },
	{ "echo '{\"rules\":[]}' >$T/a.json; $E check --format gcc $T/a.json", 3, "1 error,",
	  "/a.json:1:1: error: \"version\" is missing\n" },
	{ "$E check --format gcc $T/none", 3, "1 error", "/none:1:1: error: No such file" },
	{ "$E check --format emacs $T", 2, NULL, "'emacs' is not a format: gcc" },
	/* a rule that makes the views of two functions impossible */
	{ FILE_OF("a.json",
		  RULE("", "\"registers\":[{\"register\":\"BASE_ADDRESS_0\","
			   "\"treatment\":\"pass\"}]")) "$E check --format gcc $T/a.json " DEMO
							"2>&1 | grep -c :55:",
	  0, "1\n", NULL },
};

START_TEST(installed_rules_and_formats)
{
	run_row(others + _i);
}
END_TEST

START_TEST(a_function_that_xen_cannot_name_is_reported_and_not_tried)
{
	run_row(large_segments + _i);
}
END_TEST

START_TEST(errors_and_warnings_are_counted_and_reported)
{
	struct run r;
	char line[2048];

	snprintf(line, sizeof(line),
		 "mkdir $T/p; T=$T/p; D=tests/data/demo.lspci; %s $E check $T --dump $D",
		 checks[_i].files);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == checks[_i].code, "%s: exit %d: %s%s", line, r.code, r.out, r.err);
	run_says("stdout", r.out, checks[_i].summary, line);
	ck_assert_msg(strchr(r.out, '\n') == strrchr(r.out, '\n'), "%s", r.out);
	run_says("stderr", r.err, checks[_i].err, line);
	run_free(&r);
}
END_TEST

Suite *suite_tools_cli_check(void)
{
	Suite *s = suite_create("tools_cli_check");
	TCase *t = tcase_create("ecamctl check");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, errors_and_warnings_are_counted_and_reported, 0,
			    EC_ARRAY_SIZE(checks));
	tcase_add_loop_test(t, installed_rules_and_formats, 0, EC_ARRAY_SIZE(others));
	tcase_add_loop_test(t, a_function_that_xen_cannot_name_is_reported_and_not_tried, 0,
			    EC_ARRAY_SIZE(large_segments));
	suite_add_tcase(s, t);
	return s;
}
