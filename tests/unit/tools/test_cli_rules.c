/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl where rules decide: options, explain, policy-for. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "rulefile.h"
#include "run.h"
#include "suites.h"

#define NO_QUIRKS DEMO "--quirks none "
#define SITE "--policy tests/rules/site.json"

/* A rule for functions behind a root port, and the number of capabilities that it hides. */
#define PORT_HIDES RULE("\"bus\":\"port\"", "\"capabilities\":{\"DSN\":\"hide\"}")
#define COUNT_HIDDEN_OF(what)                                                                      \
	"$E show " what " -n " NO_QUIRKS " --policy $T/a.json | grep -c Hidden.*Serial; :"
#define COUNT_HIDDEN COUNT_HIDDEN_OF("02:00.0")

/* A dump in $T/d of a card whose MSI-X has its pending bits past the end of BAR 3. */
#define PBA_PAST                                                                                   \
	"sed 's/^b0: \\(11 e0 3f 80 03 00 00 00 03\\) 20/b0: \\1 80/' tests/data/demo.lspci "      \
	">$T/d; "

static const struct run_row cases[] = {
	/* options */
	{ "$E show --help", 0, "--policy PATH", NULL },
	{ "$E diff --help", 0, "/usr/share/ecamd/quirks.d", NULL },
	{ "$E replay --help", 0, "--guest G ", NULL },
	{ "$E list " NO_QUIRKS, 2, NULL, "no such option" },
	{ "$E caps --policy none", 2, NULL, "no such option" },
	{ "$E detach web 05:00.0 --guest web", 2, NULL, "no such option" },
	{ "$E show 02:00.0 " NO_QUIRKS " --policy", 2, NULL, "requires an argument" },
	{ "$E show 02:00.0 " NO_QUIRKS " --guest ''", 2, NULL, "--guest needs a name" },
	{ "$E show 02:00.0 " NO_QUIRKS " --guest ,12345678-1234-1234-1234-123456789abc", 2, NULL,
	  "--guest needs a name" },
	{ "$E show 02:00.0 " NO_QUIRKS " --guest web,1234", 2, NULL, "'1234' is not a UUID" },
	{ "$E show 02:00.0 " NO_QUIRKS " --guest web,12345678-1234-1234-1234-123456789abcd", 2,
	  NULL, "is not a UUID" },
	{ "$E show 02:00.0 " NO_QUIRKS " $(seq -f '--policy %g' 65)", 2, NULL,
	  "more than 64 paths" },
	{ "$E show 02:00.0@20 " NO_QUIRKS, 2, NULL, "'@20' is not a slot" },
	{ "$E show 02:00.0,strict=1 " NO_QUIRKS, 2, NULL,
	  "'strict' is not an option of an attach" },
	{ "$E show 02:00.0,rom=maybe " NO_QUIRKS " --policy none", 2, NULL, "'rom=maybe': " },
	{ "$E show 02:00.0,hide=MSI-Y " NO_QUIRKS " --policy none", 2, NULL, "'hide=MSI-Y': " },
	{ "$E list 02:00.0,rom=none " NO_QUIRKS, 2, NULL, "no such option" },
	/* order of decisions */
	{ "$E show 02:00.0 -n " NO_QUIRKS " " SITE, 0, " freeze, 00ff emulate\n", NULL },
	{ "$E show 02:00.0 -n " NO_QUIRKS " " SITE, 0, "View: flattened, 4096 bytes", NULL },
	{ "$E show 02:00.0 -n " NO_QUIRKS " " SITE " --topology bypassed", 0,
	  "View: bypassed, 4096 bytes", NULL },
	{ "$E show 02:00.0 --json " NO_QUIRKS " " SITE, 0, "\"topology\":\"flattened\"", NULL },
	/* synonyms are accepted; output has the names */
	{ "$E show 02:00.0 --json --topology root-port " NO_QUIRKS " --policy none", 0,
	  "\"topology\":\"flattened\"", NULL },
	{ "$E show 02:00.0 --json --topology bus0 " NO_QUIRKS " " SITE, 0,
	  "\"topology\":\"bypassed\"", NULL },
	{ "$E show 02:00.0,topology=root-port --json " NO_QUIRKS " --policy none", 0,
	  "\"topology\":\"flattened\"", NULL },
	{ "$E show 02:00.0,topology=bus0 --json " NO_QUIRKS " " SITE, 0,
	  "\"topology\":\"bypassed\"", NULL },
	{ "$E show 02:00.0 --topology host " NO_QUIRKS " " SITE " | grep -c freeze; :", 0, "0\n",
	  NULL },
	{ "$E show 02:00.0 -n " NO_QUIRKS " " SITE " --policy none | grep DEVCTL2\\ ", 0, "emulate",
	  NULL },
	{ "$E show 02:00.0 -n " NO_QUIRKS " --policy none " SITE " | grep DEVCTL\\ ", 0, "freeze",
	  NULL },
	{ "$E diff 02:00.0 -n " NO_QUIRKS " " SITE " | grep CACHE_LINE", 0, "10       20       ",
	  NULL },
	{ "echo r c 1 | $E replay 02:00.0 " NO_QUIRKS " " SITE, 0, "\"value\":32,", NULL },
	{ "$E show --all -n " NO_QUIRKS " " SITE " | grep -c 'Hidden.*Device Serial'", 0, "1\n",
	  NULL },
	/* files in byte order, later ones win; quirks before policy, attach after */
	{ "mkdir $T/d; " FILE_OF("d/B.json", RULE("", "\"capabilities\":{\"DSN\":\"hide\"}"))
		  FILE_OF("d/a.json",
			  RULE("", "\"capabilities\":{\"DSN\":\"show\"}")) "$E show 02:00.0 "
									   "-n " NO_QUIRKS
									   " --policy $T/d | grep "
									   "'Device Serial'",
	  0, "Capabilities: [140]", NULL },
	{ FILE_OF("a.json", RULE("", "\"capabilities\":{\"DSN\":\"hide\"}")) FILE_OF(
		  "b.json",
		  RULE("",
		       "\"capabilities\":{\"DSN\":\"show\"}")) "$E show 02:00.0 -n " NO_QUIRKS
							       " --policy $T/b.json --policy "
							       "$T/a.json | grep 'Device Serial'",
	  0, "Hidden: [140]", NULL },
	{ FILE_OF("a.json", RULE("", "\"capabilities\":{\"DSN\":\"hide\"}")) FILE_OF(
		  "b.json",
		  RULE("",
		       "\"capabilities\":{\"DSN\":\"show\"}")) "$E show 02:00.0 -n " NO_QUIRKS
							       " --policy $T/b.json --quirks "
							       "$T/a.json | grep 'Device Serial'",
	  0, "Capabilities: [140]", NULL },
	{ FILE_OF("b.json",
		  RULE("", "\"capabilities\":{\"DSN\":\"show\"}")) "$E show "
								   "02:00.0@5,hide=DSN,hide=AER "
								   "-n " NO_QUIRKS
								   " --policy $T/b.json | grep -c "
								   "'Hidden.*(000[13])'",
	  0, "2\n", NULL },
	/* matches of a bus, if rules decide the bus */
	{ FILE_OF("a.json", PORT_HIDES "," RULE(NIC, "\"topology\":\"flattened\"")) COUNT_HIDDEN, 0,
	  "1\n", NULL },
	{ FILE_OF("a.json", PORT_HIDES "," RULE(NIC, "\"topology\":\"bypassed\"")) COUNT_HIDDEN, 0,
	  "0\n", NULL },
	{ FILE_OF("a.json", PORT_HIDES "," RULE(NIC, "\"topology\":\"flattened\""))
		  COUNT_HIDDEN_OF("02:00.0 --topology bypassed"),
	  0, "0\n", NULL },
	{ FILE_OF("a.json", PORT_HIDES "," RULE(NIC, "\"topology\":\"flattened\""))
		  COUNT_HIDDEN_OF("02:00.0,topology=bypassed"),
	  0, "0\n", NULL },
	{ FILE_OF("a.json", PORT_HIDES) COUNT_HIDDEN_OF("02:00.0,topology=flattened"), 0, "1\n",
	  NULL },
	/* the second result counts, whatever its topology is */
	{ FILE_OF("a.json", PORT_HIDES "," RULE(NIC ",\"bus\":\"root\"",
						"\"topology\":\"flattened\"")) "$E show 02:00.0 "
									       "-n " NO_QUIRKS
									       " --policy "
									       "$T/a.json",
	  0, "View: bypassed, 4096 bytes", NULL },
	/* matches of a guest */
	{ FILE_OF("a.json",
		  RULE("\"guest\":\"web*\"",
		       "\"capabilities\":{\"DSN\":\"hide\"}")) "for g in web1 db "
							       "web,00000000-0000-0000-0000-"
							       "00000000000A; do $E show 02:00.0 "
							       "-n " NO_QUIRKS
							       " --guest $g --policy $T/a.json; "
							       "done | grep -c Hidden.*Serial",
	  0, "2\n", NULL },
	{ FILE_OF("a.json",
		  RULE("\"guest\":\"00000000-0000-0000-0000-00000000000a\"",
		       "\"capabilities\":{\"DSN\":\"hide\"}")) "for g in web1 "
							       "web,00000000-0000-0000-0000-"
							       "00000000000A; do $E show 02:00.0 "
							       "-n " NO_QUIRKS
							       " --guest $g --policy $T/a.json; "
							       "done | grep -c Hidden.*Serial",
	  0, "1\n", NULL },
	/* bad files */
	{ "$E show 02:00.0 " NO_QUIRKS " --policy $T/none.json", 3, NULL,
	  "/none.json: No such file" },
	{ "$E show 02:00.0 " NO_QUIRKS " --quirks $T/none", 3, NULL, "/none: No such file" },
	{ "printf '{\\n ]' >$T/a.json; $E show 02:00.0 " NO_QUIRKS " --policy $T/a.json", 3, NULL,
	  "/a.json:2:" },
	{ "printf '{\"version\":1,\\n\"rules\":[{\"set\":{},\"mach\":{}}]}' >$T/a.json; $E show "
	  "02:00.0 " NO_QUIRKS " --policy $T",
	  3, NULL, "/a.json:2:" },
	{ "printf '{\"version\":1,\\n\"rules\":[{\"set\":{},\"mach\":{}}]}' >$T/a.json; $E show "
	  "02:00.0 " NO_QUIRKS " --policy $T",
	  3, NULL, ": rules[0]" },
	{ "head -c 5000000 /dev/zero >$T/a.json; $E show 02:00.0 " NO_QUIRKS " --policy $T", 3,
	  NULL, "/a.json: File too large" },
	{ FILE_OF("a.json",
		  "{\"name\":\"bars\",\"set\":{\"registers\":[{\"register\":"
		  "\"BASE_ADDRESS_0\",\"treatment\":\"pass\"}]}}") "$E show 02:00.0 " NO_QUIRKS
								   " --policy $T/a.json",
	  3, NULL, "/a.json: bars: set.registers[0]: BASE_ADDRESS_0 at 10: " },
	/* check, policy-for */
	{ "$E check --help", 0, "[PATH...] [--dump FILE] [--format gcc]", NULL },
	{ "$E check $T/none " NO_QUIRKS, 2, NULL, "no such option" },
	{ "$E check $T/none --dump tests/data/demo.lspci", 3, "1 file, 0 rules", "/none: No such" },
	{ "$E check tests/rules/site.json --dump $T/none", 3, NULL, "/none: No such" },
	{ "$E check - --dump tests/data/demo.lspci <tests/rules/site.json", 1, "1 file, 2 rules",
	  "warning: -:22:19: this card: set.registers[0]: " },
	/* a machine without functions is not refused */
	{ "mkdir -p $T/bus/pci/devices; SYSFS_PATH=$T $E check tests/rules/site.json", 0,
	  "1 file, 2 rules, 0 functions: 0 errors, 0 warnings", "no visible PCI function" },
	{ "$E policy-for", 2, NULL, "policy-for needs an address" },
	{ "$E policy-for --help", 0, "/etc/ecamd/policy.d", NULL },
	{ "$E policy-for 00:04.0 --dump tests/data/qemu.lspci", 3, NULL, "is a bridge" },
	/* explain */
	{ "$E explain --help", 0, "OFFSET[:LENGTH]|NAME", NULL },
	{ "$E explain", 2, NULL, "explain needs an address and a register" },
	{ "$E explain 02:00.0 " NO_QUIRKS, 2, NULL, "explain needs an address and a register" },
	{ "$E explain 02:00.0 4 4 " NO_QUIRKS, 2, NULL, "'4' is one argument too many" },
	{ "$E explain 02:00.0 4x " NO_QUIRKS, 2, NULL, "'4x' is not a register" },
	{ "$E explain 02:00.0 1000 " NO_QUIRKS, 2, NULL, "'1000' is not a register" },
	{ "$E explain 02:00.0 0x4:0 " NO_QUIRKS, 2, NULL, "'0x4:0' has no good length" },
	{ "$E explain 02:00.0 4:x " NO_QUIRKS, 2, NULL, "'4:x' has no good length" },
	{ "$E explain 02:00.0 0xfff:2 " NO_QUIRKS, 2, NULL,
	  "'0xfff:2' reaches past the end of the configuration space" },
	{ "$E explain 02:00.0 CAP_EXP+x " NO_QUIRKS, 2, NULL, "has no good offset after +" },
	{ "$E explain 02:00.0 CAP_EXP@x " NO_QUIRKS, 2, NULL, "has no good number after @" },
	/* offsets are hexadecimal, lengths are not */
	{ "$E explain 02:00.0 140 -n " NO_QUIRKS, 0, "\t140     DSN.CAP_ID ", NULL },
	{ "$E explain 02:00.0 0010 -n " NO_QUIRKS, 0, "\t010     BASE_ADDRESS_0 ", NULL },
	{ "$E explain 02:00.0 af -n " NO_QUIRKS, 0, "\t0ac     gap ", NULL },
	{ "$E explain 02:00.0 10:16 -n " NO_QUIRKS " | grep -c BASE_", 0, "4\n", NULL },
	/* setpci's names */
	{ "$E explain 02:00.0 CAP_EXP+8.w -n " NO_QUIRKS, 0, "\t078     EXP.DEVCTL ", NULL },
	{ "$E explain 02:00.0 ECAP_AER+4.l -n " NO_QUIRKS, 0, "\t104     AER.UNCOR_STATUS ", NULL },
	{ "$E explain 02:00.0 cap11+2 -n " NO_QUIRKS, 0, "\t0b2     MSI-X.FLAGS ", NULL },
	{ "$E explain 02:00.0 COMMAND.l -n " NO_QUIRKS " | grep -c '^.00'", 0, "2\n", NULL },
	{ "$E explain 02:00.0 ECAP_VNDR@1 -n " NO_QUIRKS, 3, NULL,
	  "02:00.0: no capability of 'ECAP_VNDR@1'" },
	/* a capability as a whole */
	{ "$E explain 02:00.0 AER -n " NO_QUIRKS " | grep -c '^.1.*AER.'", 0, "12\n", NULL },
	{ "$E explain 02:00.0 ECAP_AER -n " NO_QUIRKS " | grep -c '^.1.*AER.'", 0, "12\n", NULL },
	{ "$E explain 02:00.0 msi-x#1 -n " NO_QUIRKS " | grep -c '^.0b.*MSI-X.'", 0, "5\n", NULL },
	{ "$E explain 02:00.0 ext:0x0003 -n " NO_QUIRKS " | grep -c '^.14.*DSN.'", 0, "4\n", NULL },
	{ "$E explain 02:00.0 LTR -n " NO_QUIRKS, 3, NULL, "no register or capability 'LTR'" },
	{ "$E explain 02:00.0 DEVCTL " NO_QUIRKS, 3, NULL, "do you mean EXP.DEVCTL?" },
	{ "$E explain 02:00.0 devctl " NO_QUIRKS, 3, NULL,
	  "no register 'devctl': do you mean EXP.DEVCTL?" },
	{ "$E explain 02:00.0 EXP.DEVCTL9 " NO_QUIRKS, 3, NULL, "do you mean EXP.DEVCTL?" },
	{ "$E explain 02:00.0 comand " NO_QUIRKS, 3, NULL, "do you mean COMMAND?" },
	{ "$E explain 02:00.0 EXP.NOTHING " NO_QUIRKS, 3, NULL,
	  "no register or capability 'EXP.NOTHING'" },
	{ "$E explain 02:00.1 4 " NO_QUIRKS, 3, NULL, "no function 02:00.1" },
	{ "$E explain 08:02.0 0x100 --dump tests/data/qemu.lspci", 3, NULL,
	  "08:02.0: the view has 256 bytes" },
	{ "$E explain 02:00.0 COMMAND -n " NO_QUIRKS " --policy none", 0,
	  "\ttable     emulate, 003c pass [pciutils header.h]\n", NULL },
	{ "$E explain 02:00.0 4:1 -n " NO_QUIRKS " --policy none", 0, "\t004     COMMAND ", NULL },
	{ "$E explain 02:00.0 0x04:0x3 -n " NO_QUIRKS " --policy none | grep -c '^.0'", 0, "2\n",
	  NULL },
	{ "$E explain 02:00.0 EXP#1.DEVCTL -n " NO_QUIRKS " " SITE, 0,
	  "\trule      freeze [tests/rules/site.json: network cards: "
	  "set.registers[0]]\n",
	  NULL },
	{ FILE_OF("a.json",
		  RULE("", FREEZE("CAP_EXP+8.w"))) "$E explain 02:00.0 EXP.DEVCTL -n " NO_QUIRKS
						   " --policy $T/a.json",
	  0, "rule      freeze [/", NULL },
	{ "$E explain 02:00.0 ext:SR-IOV.CTRL -n " NO_QUIRKS, 0, "table     SR-IOV hide [Linux",
	  NULL },
	{ "$E explain 02:00.0 16GT.CTL " NO_QUIRKS, 3, NULL,
	  "no register or capability '16GT.CTL'" },
	{ "$E explain 02:00.0 EXP.LNKCAP -n " NO_QUIRKS " --policy none", 0,
	  "topology  hide [bypassed]", NULL },
	{ "$E explain 02:00.0,hide=DSN DSN.CAP_ID -n " NO_QUIRKS " --policy none", 0,
	  "rule      hide [attach: ", NULL },
	{ FILE_OF("a.json",
		  RULE("",
		       "\"aer\":{\"correctable_mask\":\"0x2041\"}")) "$E explain 02:00.0 "
								     "AER.COR_MASK -n " NO_QUIRKS
								     " --policy $T/a.json",
	  0, "rule      emulate, starts as 00002041 [", NULL },
	{ FILE_OF("a.json",
		  RULE("", "\"ranges\":[{\"offset\":\"0x1d8\",\"length\":4,\"treatment\":"
			   "\"pass\"},{\"offset\":\"0x1d8\",\"length\":4,\"treatment\":"
			   "\"pass\",\"w1c\":255}]")) "$E explain 02:00.0 0x1d8 -n " NO_QUIRKS
						      " --policy $T/a.json",
	  0,
	  "\t\tffffff00 pass: reads the hardware, a write reaches the hardware\n\t\t000000ff pass: "
	  "reads "
	  "the hardware, a written 1 reaches",
	  NULL },
	{ FILE_OF("a.json",
		  RULE("", "\"ranges\":[{\"offset\":\"0x1d8\",\"length\":4,\"treatment\":"
			   "\"pass\"},{\"offset\":\"0x1d8\",\"length\":4,\"treatment\":\"pass\","
			   "\"w1c\":255}]")) "$E explain 02:00.0 0x1d8 -n " NO_QUIRKS
					     " --policy $T/a.json | grep -c 'rule.*pass'",
	  0, "2\n", NULL },
	/* initial values of the copy */
	{ FILE_OF("a.json",
		  RULE("", START("CACHE_LINE_SIZE",
				 "64"))) "$E explain 02:00.0 CACHE_LINE_SIZE -n " NO_QUIRKS
					 " --policy $T/a.json",
	  0, "rule      emulate, starts as 40 [", NULL },
	{ FILE_OF("a.json", RULE("", START("CACHE_LINE_SIZE",
					   "0"))) "$E explain 02:00.0 CACHE_LINE_SIZE -n " NO_QUIRKS
						  " --policy $T/a.json",
	  0, "rule      emulate, starts as 00 [", NULL },
	{ FILE_OF("a.json",
		  RULE("", FREEZE("AER.UNCOR_MASK") ",\"aer\":{\"uncorrectable_mask\":"
						    "\"0x4000\"}")) "$E explain 02:00.0 "
								    "AER.UNCOR_MASK -n " NO_QUIRKS
								    " --policy $T/a.json",
	  0, "starts as 00004000 [", NULL },
	{ "$E explain 02:00.0 gap -n " NO_QUIRKS " --policy none", 0,
	  "table     gap freeze [in no table]", NULL },
	/* what the function's own values hide: its reason, and no other */
	{ PBA_PAST "$E explain 02:00.0 MSI-X.FLAGS -n --dump $T/d --quirks none --policy none "
		   "| tail -n 2",
	  0,
	  "\t\ttable     MSI-X emulate [pciutils header.h]\n"
	  "\t\tfunction  hide: its pending bits end past their BAR: 8 bytes at 8000 of BAR 3, "
	  "which "
	  "has 4000 [captured values]\n",
	  NULL },
	{ PBA_PAST "$E explain 02:00.0 MSI-X.FLAGS --json --dump $T/d --quirks none --policy none",
	  0, "{\"by\":\"function\",\"source\":\"captured values\",\"text\":\"hide: its pending",
	  NULL },
	{ "sed 's/^b0: 11 e0 3f 80 03/b0: 11 e0 3f 80 02/' tests/data/demo.lspci >$T/d; $E explain "
	  "02:00.0 MSI-X.FLAGS -n --dump $T/d --quirks none --policy none",
	  0, "function  hide: its table is not in a memory BAR [", NULL },
	{ "sed 's/^50: 05 70/50: 05 b0/; s/^b0: 11 e0/b0: 11 bc/; s/\\(^b0.*\\) 00 00 00 00$/\\1 "
	  "05 e0 00 "
	  "00/' tests/data/demo.lspci >$T/d; $E explain 02:00.0 MSI#2.CAP_ID -n --dump $T/d "
	  "--quirks "
	  "none --policy none",
	  0, "function  hide: another capability of this id is before it [", NULL },
	{ PBA_PAST "$E policy-for 02:00.0 --dump $T/d --quirks none --policy none", 0,
	  "MSI-X is hidden: its pending bits, 8 bytes at 0x8000, end past BAR 3 of 0x4000 bytes.",
	  NULL },
	{ PBA_PAST "$E policy-for 02:00.0 --dump $T/d --quirks none --policy none", 0,
	  "\\\"pba_offset\\\": \\\"0x1000\\\"\"", NULL },
	{ PBA_PAST FILE_OF(
		  "p.json",
		  RULE("", "\"msix\":{\"pba_offset\":\"0x1000\"}")) "$E policy-for "
								    "02:00.0 --dump $T/d "
								    "--quirks none --policy "
								    "$T/p.json",
	  0, "\"MSI-X\": \"show\"", NULL },
};

START_TEST(command_prints_and_exits_as_listed)
{
	run_row(&cases[_i]);
}
END_TEST

START_TEST(written_policy_changes_no_view_and_has_no_warning)
{
	char line[1024];
	struct run r;

	snprintf(
		line, sizeof(line),
		"D=tests/data/%s.lspci; N='--quirks none'; $E list -n --dump $D 2>/dev/null | "
		"grep -o '^[0-9a-f:]*\\.[0-7]' | while read -r at; do "
		"$E show $at --json --dump $D $N --policy none >$T/a 2>/dev/null || continue; "
		"$E policy-for $at --dump $D $N --policy none >$T/p.json 2>/dev/null || exit 9; "
		"for t in bypassed flattened; do for p in none $T/p.json; do "
		"$E show $at --topology $t --json --dump $D $N --policy $p 2>/dev/null; "
		"done | uniq -c | grep -q '^ *2 ' || { echo $at $t; $E show $at --dump $D $N "
		"--policy "
		"$T/p.json 2>&1 | head; exit 8; }; done; "
		"$E check $T/p.json --dump $D 2>$T/e >&2 || { cat $T/e; exit 7; }; echo good; done",
		run_dumps[_i]);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == 0 && strstr(r.out, "good"), "%d: %.2000s%.2000s", r.code, r.out,
		      r.err);
	run_free(&r);
}
END_TEST

/* Keys are as documented, and each bit of a register is in one mask. */
static void check_explained(json_t *reg)
{
	json_int_t bits = 0, length = json_integer_value(json_object_get(reg, "length"));
	json_t *e;
	size_t i;

	ck_assert(json_is_integer(json_object_get(reg, "offset")));
	ck_assert(json_is_integer(json_object_get(reg, "value")));
	ck_assert(json_is_string(json_object_get(reg, "name")));
	for (i = 0; (e = json_array_get(json_object_get(reg, "bits"), i)); i++) {
		json_int_t mask = json_integer_value(json_object_get(e, "mask"));

		ck_assert(json_is_string(json_object_get(e, "treatment")));
		ck_assert(json_is_string(json_object_get(e, "write")));
		ck_assert(json_is_boolean(json_object_get(e, "constant")));
		ck_assert_int_eq(bits & mask, 0);
		bits |= mask;
	}
	ck_assert(length > 4 || bits == (json_int_t)ec_ones((unsigned int)length) || bits == 0xff);
	ck_assert_uint_gt(json_array_size(json_object_get(reg, "decisions")), 0);
	for (i = 0; (e = json_array_get(json_object_get(reg, "decisions"), i)); i++) {
		const char *by = json_string_value(json_object_get(e, "by"));
		bool rule = by && !strcmp(by, "rule");

		ck_assert(by && (rule || !strcmp(by, "table") || !strcmp(by, "topology")));
		ck_assert(json_is_string(json_object_get(e, "text")));
		ck_assert(json_is_string(json_object_get(e, "source")) == !rule);
		ck_assert(json_is_string(json_object_get(e, "file")) == rule);
		ck_assert(json_is_string(json_object_get(e, "rule")) == rule);
		ck_assert(json_is_string(json_object_get(e, "path")) == rule);
	}
}

START_TEST(json_of_explain_has_the_documented_keys)
{
	struct run r = run_shell("$E explain 02:00.0 0:4096 --json " NO_QUIRKS " " SITE, NULL);
	json_t *j = json_loads(r.out, 0, NULL), *e;
	size_t i;

	ck_assert_int_eq(r.code, 0);
	ck_assert_msg(j != NULL, "%.2000s", r.out);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "version")), 1);
	ck_assert_str_eq(json_string_value(json_object_get(j, "host")), "0000:02:00.0");
	ck_assert_uint_gt(json_array_size(json_object_get(j, "registers")), 100);
	for (i = 0; (e = json_array_get(json_object_get(j, "registers"), i)); i++)
		check_explained(e);
	json_decref(j);
	run_free(&r);
}
END_TEST

/* A name of a file is bytes; JSON is UTF-8: what is not becomes U+FFFD, and the rest stays. */
START_TEST(json_is_utf8_whatever_a_file_is_called)
{
	struct run r = run_shell("f=\"$T/$(printf '\\377k\\303\\244\\342\\202.json')\"; "
				 "cp tests/rules/site.json \"$f\"; $E explain 02:00.0 0:1000 "
				 "--json " NO_QUIRKS " --policy \"$f\"; rm \"$f\"",
				 NULL);
	json_t *j = json_loads(r.out, 0, NULL);

	ck_assert_msg(j != NULL, "%.2000s", r.out);
	ck_assert_ptr_nonnull(strstr(r.out, "/\\ufffdk\xc3\xa4\\ufffd\\ufffd.json\""));
	json_decref(j);
	run_free(&r);
}
END_TEST

START_TEST(explain_lists_all_decisions_in_order)
{
	struct run r = run_shell("$E explain 02:00.0 EXP.DEVCTL -n " NO_QUIRKS " " SITE
				 " | grep -E '^\\s+(table|topology|rule) '",
				 NULL);

	ck_assert_str_eq(r.out,
			 "\t\ttable     emulate, 0600 constant 0000 [QEMU xen_pt_config_init.c]\n"
			 "\t\trule      freeze [tests/rules/site.json: network "
			 "cards: set.registers[0]]\n"
			 "\t\trule      freeze, 00ff emulate, 0080 constant 0000 "
			 "[tests/rules/site.json: this card: set.registers[0]]\n");
	run_free(&r);
}
END_TEST

Suite *suite_tools_cli_rules(void)
{
	Suite *s = suite_create("tools_cli_rules");
	TCase *t = tcase_create("ecamctl rules");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, command_prints_and_exits_as_listed, 0, EC_ARRAY_SIZE(cases));
	tcase_add_loop_test(t, written_policy_changes_no_view_and_has_no_warning, 0, RUN_DUMPS);
	tcase_add_test(t, json_of_explain_has_the_documented_keys);
	tcase_add_test(t, json_is_utf8_whatever_a_file_is_called);
	tcase_add_test(t, explain_lists_all_decisions_in_order);
	suite_add_tcase(s, t);
	return s;
}
