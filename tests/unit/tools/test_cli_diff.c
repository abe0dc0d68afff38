/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl diff: with the host, with the view without rules, and with other rules. */
#include <stdio.h>

#include "core/bits.h"
#include "rulefile.h"
#include "run.h"
#include "suites.h"

#define NO_RULES "--quirks none --policy none "
#define BY(file) "-n " DEMO "--quirks none --policy $T/" file " "

/* A register that reads the hardware, then also writes it: no value changes. */
#define VSEC(treatment)                                                                            \
	"{\"name\":\"mine\",\"set\":{\"ranges\":[{\"capability\":\"VSEC\",\"offset\":8,"           \
	"\"length\":4,\"treatment\":\"" treatment "\"}]}}"

static const struct run_row rows[] = {
	{ "$E diff --help", 0, "--against A", NULL },
	{ "$E diff 02:00.0 --against $T/none " DEMO NO_RULES, 3, NULL, "/none: No such file" },
	{ "$E show 02:00.0 --against host " DEMO NO_RULES, 2, NULL, "show has no such option" },
	{ "$E show 02:00.0 -v " DEMO NO_RULES, 2, NULL, "show has no such option" },
	/* the host: what differs only because the guest starts at power-on is counted */
	{ "$E diff 02:00.0 -n " DEMO NO_RULES
	  " | grep -cE 'COMMAND|BASE_ADDRESS|INTERRUPT_LINE'; :",
	  0, "0\n", NULL },
	{ "$E diff 02:00.0 -n " DEMO NO_RULES, 1,
	  " only because a guest starts at power-on (see -v)\n", NULL },
	{ "$E diff 02:00.0 -n -v " DEMO NO_RULES, 1,
	  "\t004     COMMAND                  0507     0000 ", NULL },
	{ "$E diff 02:00.0 -n --verbose " DEMO NO_RULES " | tail -n 1 | sed 's/: [0-9]*/:/'", 0,
	  "1 function: places differ\n", NULL },
	{ "$E diff 02:00.0 --against host --topology host -n " DEMO NO_RULES, 0,
	  "1 function: 0 places differ\n", NULL },
	{ FILE_OF("a.json", VSEC("pass")) "$E diff --all " BY("a.json") "| tail -n 1", 0,
	  "2 functions: ", NULL },
	/* the rule that is responsible */
	{ FILE_OF("a.json",
		  RULE(NIC, "\"capabilities\":{\"DSN\":\"hide\"}")) "$E diff 02:00.0 " BY("a.json"),
	  1, "89abcdef 00000000 hide [/", NULL },
	{ FILE_OF("a.json",
		  RULE(NIC, "\"capabilities\":{\"DSN\":\"hide\"}")) "$E diff 02:00.0 " BY("a.json"),
	  1, "/a.json: rule 1: set.capabilities.DSN]\n", NULL },
	/* the view without rules: a change that changes no value */
	{ FILE_OF("a.json", VSEC("pass")) "$E diff 02:00.0 --against default " BY("a.json"), 1,
	  "\t1c8-1cb VSEC.body                                  read -> pass [/", NULL },
	{ FILE_OF("a.json", VSEC("pass")) "$E diff 02:00.0 --against default " BY("a.json"), 1,
	  "/a.json: mine: set.ranges[0]]\n1 function: 1 place differs\n", NULL },
	{ FILE_OF("a.json",
		  RULE(NIC, START("CACHE_LINE_SIZE",
				  "64"))) "$E diff 02:00.0 --against default " BY("a.json"),
	  1, "\t00c     CACHE_LINE_SIZE          00       40       emulate [", NULL },
	{ FILE_OF("a.json",
		  RULE(NIC, "\"rom\":\"host\"")) "$E diff 02:00.0 --against default " BY("a.json"),
	  0, "1 function: 0 places differ\n", NULL },
	{ "$E diff 02:00.0,hide=DSN --against default -n " DEMO NO_RULES, 1,
	  "freeze -> hide [attach: ", NULL },
	/* other rules */
	{ FILE_OF("a.json", VSEC("pass"))
		  FILE_OF("b.json", VSEC("hide")) "$E diff 02:00.0 --against "
						  "$T/b.json " BY("a.json"),
	  1, "register                 other    guest    treatment\n", NULL },
	{ FILE_OF("a.json", VSEC("pass"))
		  FILE_OF("b.json", VSEC("hide")) "$E diff 02:00.0 --against "
						  "$T/b.json " BY("a.json"),
	  1, "hide -> pass [/", NULL },
	{ FILE_OF("b.json", VSEC("hide")) "$E diff 02:00.0 --against $T/b.json -n " DEMO NO_RULES,
	  1, "hide -> read [without /", NULL },
	{ FILE_OF("b.json", VSEC("hide")) "$E diff 02:00.0 --against $T/b.json " BY("b.json"), 0,
	  "1 function: 0 places differ\n", NULL },
	/* a virtual function has the ids that its physical function reports */
	{ "$E diff 04:10.0 -n " DEVICES NO_RULES, 1, "04:10.0 0200: 8086:154c (rev 02)\n", NULL },
};

START_TEST(command_prints_and_exits_as_listed)
{
	run_row(rows + _i);
}
END_TEST

Suite *suite_tools_cli_diff(void)
{
	Suite *s = suite_create("tools_cli_diff");
	TCase *t = tcase_create("ecamctl diff");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, command_prints_and_exits_as_listed, 0, EC_ARRAY_SIZE(rows));
	suite_add_tcase(s, t);
	return s;
}
