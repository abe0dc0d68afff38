/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables as iasl disassembles them and as a guest executes them, and `ecamctl acpi`, which
 * writes them. `make golden` rewrites the expected texts.
 */
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "run.h"
#include "suites.h"

START_TEST(disassembled_tables_are_the_golden_ones)
{
	struct run r = run_shell("mkdir $T/d && tests/golden/acpi.sh $E $T/d && "
				 "diff -r tests/golden/acpi $T/d",
				 NULL);

	ck_assert_msg(r.code == 0, "tests/golden/acpi differs:\n%.4000s%s", r.out, r.err);
	run_free(&r);
}
END_TEST

#define HVM "--kind hvm --ecam 0xfe800000,4"
#define PVH "--kind pvh --ecam 0xfd000000,4"
#define OSC "\\_SB.PCI0._OSC "
#define ROOT OSC "(5b 4d db 33 f7 1f 1c 40 96 57 74 41 c0 3d d7 66) "
/* the UUID of the platform-wide _OSC */
#define OTHER OSC "(6e b0 11 08 27 4a f9 44 8d 60 3c bb c2 2e 7b 48) "
#define BUS "88 0D 00 02 0C 00 00 00 00 00 03 00 00 00 04 00 "
#define IO "88 0D 00 01 0C 03 00 00 00 20 FF 9F 00 00 00 80 "
#define M32 "87 17 00 00 0C 01 00 00 00 00 00 00 00 FE FF FF BF FE 00 00 00 00 00 00 C0 00 "
#define M64                                                                                        \
	"8A 2B 00 00 0C 01 00 00 00 00 00 00 00 00 00 00 00 00 40 00 00 00 FF FF FF FF 4F 00 00 "  \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 10 00 00 00 "
#define END "79 00 "

/* A machine, the method that a guest calls, and the bytes that it returns. */
static const struct {
	const char *machine, *method, *bytes;
} runs[] = {
	{ PVH, "\\_SB.PCI0._CRS", BUS END },
	{ PVH " --io 0x2000-0x9fff", "\\_SB.PCI0._CRS", BUS IO END },
	{ PVH " --window32 0xfe000000-0xfebfffff", "\\_SB.PCI0._CRS", BUS M32 END },
	{ PVH " --window64 0x4000000000-0x4fffffffff", "\\_SB.PCI0._CRS", BUS M64 END },
	{ PVH " --io 0x2000-0x9fff --window32 0xfe000000-0xfebfffff "
	      "--window64 0x4000000000-0x4fffffffff",
	  "\\_SB.PCI0._CRS", BUS IO M32 M64 END },
	{ PVH, "\\_SB.ECAM._CRS", "86 09 00 01 00 00 00 FD 00 00 40 00 " END },
	{ HVM, "\\_SB.ECAM._CRS", "86 09 00 01 00 00 90 FE 00 00 30 00 " END },
	{ HVM " --bus0", "\\_SB.ECAM._CRS", "86 09 00 01 00 00 80 FE 00 00 40 00 " END },
	/* Linux queries all that it supports, then requests what was granted */
	{ PVH, ROOT "1 3 (01 00 00 00 1f 00 00 00 ff 00 00 00)",
	  "11 00 00 00 1F 00 00 00 9D 00 00 00 " },
	{ PVH, ROOT "1 3 (00 00 00 00 1f 00 00 00 9d 00 00 00)",
	  "00 00 00 00 1F 00 00 00 9D 00 00 00 " },
	{ HVM, ROOT "1 3 (01 00 00 00 1f 00 00 00 1f 00 00 00)",
	  "11 00 00 00 1F 00 00 00 1D 00 00 00 " },
	{ HVM, ROOT "1 3 (00 00 00 00 1f 00 00 00 10 00 00 00)",
	  "00 00 00 00 1F 00 00 00 10 00 00 00 " },
	/* an unknown revision, a buffer without a third dword, another UUID */
	{ PVH, ROOT "2 3 (00 00 00 00 00 00 00 00 01 00 00 00)",
	  "08 00 00 00 00 00 00 00 01 00 00 00 " },
	{ PVH, ROOT "1 2 (00 00 00 00 00 00 00 00)", "02 00 00 00 00 00 00 00 " },
	{ HVM, OTHER "1 3 (00 00 00 00 00 00 00 00 ff 00 00 00)",
	  "04 00 00 00 00 00 00 00 FF 00 00 00 " },
	{ HVM, OTHER "1 1 (00 00 00 00)", "04 00 00 00 " },
};

START_TEST(a_method_returns_these_bytes)
{
	char line[512];
	struct run r;

	snprintf(line, sizeof(line), "tests/golden/acpi_run.sh $E '%s' '%s'", runs[_i].machine,
		 runs[_i].method);
	r = run_shell(line, NULL);
	ck_assert_int_eq(r.code, 0);
	ck_assert_str_eq(r.out, runs[_i].bytes);
	run_free(&r);
}
END_TEST

/* A command line, its exit code, and what stdout and stderr contain; NULL: nothing. */
static const struct {
	const char *line;
	int code;
	const char *out, *err;
} cases[] = {
	{ "$E --help", 0, "\n  acpi ", NULL },
	{ "$E acpi --help", 0, "--window64 A-B", NULL },
	{ "$E acpi --version", 0, "ecamctl 0.", NULL },
	{ "$E acpi", 2, NULL, "needs --kind and --ecam" },
	{ "$E acpi --kind hvm", 2, NULL, "needs --kind and --ecam" },
	{ "$E acpi --ecam 0xfe800000", 2, NULL, "needs --kind and --ecam" },
	{ "$E acpi " HVM, 0, "0xfe900000-0xfebfffff\nECAM buses     01 to 03\n", NULL },
	{ "$E acpi --kind hvm --ecam 0xfe800000", 0, "01 to 03\nSSDT ", NULL },
	{ "$E acpi " HVM " --bus0", 0, "0xfe800000-0xfebfffff\nECAM buses     00 to 03\n", NULL },
	{ "$E acpi " PVH " --io 0x2000-0x9fff", 0, "I/O window     0x2000-0x9fff\n", NULL },
	{ "$E acpi " PVH, 0, "root buses     00 to 03\n", NULL },
	{ "$E acpi --kind pv --ecam 0xfe800000", 2, NULL, "'pv' is not a kind" },
	{ "$E acpi --kind hvm --ecam fe800000,4", 0, "0xfe900000-0xfebfffff\n", NULL },
	{ "$E acpi " PVH " --io 2000-9fff", 0, "I/O window     0x2000-0x9fff\n", NULL },
	{ "$E acpi --kind hvm --ecam fg800000", 2, NULL, "'fg800000' is not a window" },
	{ "$E acpi --kind hvm --ecam 0xfe800000,", 2, NULL, "is not a window" },
	{ "$E acpi --kind hvm --ecam 0xfe800000,0", 2, NULL, "is not a window" },
	{ "$E acpi --kind hvm --ecam 0xfe800000,257", 2, NULL, "is not a window" },
	{ "$E acpi --kind hvm --ecam 0xfe800000,4x", 2, NULL, "is not a window" },
	{ "$E acpi --kind hvm --ecam -1", 2, NULL, "'-1' is not a window" },
	{ "$E acpi --kind hvm --ecam 0x1ffffffffffffffff", 2, NULL, "is not a window" },
	{ "$E acpi --kind hvm --ecam 0xfe800000,1", 2, NULL, "has no bus from 1 to 0" },
	{ "$E acpi " HVM " --io 0x2000-0x2fff", 2, NULL, "is hvmloader's" },
	{ "$E acpi " PVH " --io 0x2000", 2, NULL, "'0x2000' is not a window" },
	{ "$E acpi " PVH " --window32 0-0", 2, NULL, "'0-0' is not a window" },
	{ "$E acpi " PVH " --window64 1-2-3", 2, NULL, "'1-2-3' is not a window" },
	{ "$E acpi " PVH " --window32 0xfd000000-0xfdffffff", 2, NULL, "covers the ECAM window" },
	{ "$E acpi " PVH " x", 2, NULL, "'x' is one argument too many" },
	{ "$E acpi " PVH " --bogus", 2, NULL, "--bogus" },
	{ "$E acpi " PVH " -o $T/x && wc -c < $T/x", 0, "580\n", NULL },
	{ "$E acpi " PVH " --output $T/no/x", 5, NULL, "/no/x: No such file" },
	{ "$E acpi " PVH " --output /dev/full", 5, NULL, "/dev/full: No space left" },
	{ "$E acpi " HVM " >/dev/full", 5, NULL, "No space left" },
};

START_TEST(ecamctl_acpi_exits_and_prints)
{
	struct run r = run_shell(cases[_i].line, NULL);

	ck_assert_msg(r.code == cases[_i].code, "%s: exit %d, not %d: %s", cases[_i].line, r.code,
		      cases[_i].code, r.err);
	ck_assert_msg(cases[_i].out ? strstr(r.out, cases[_i].out) != NULL : !*r.out, "%s: %s",
		      cases[_i].line, r.out);
	ck_assert_msg(cases[_i].err ? strstr(r.err, cases[_i].err) != NULL : !*r.err, "%s: %s",
		      cases[_i].line, r.err);
	run_free(&r);
}
END_TEST

Suite *suite_acpi_aml(void)
{
	Suite *s = suite_create("acpi_aml");
	TCase *t = tcase_create("acpi_aml");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, disassembled_tables_are_the_golden_ones);
	tcase_add_loop_test(t, a_method_returns_these_bytes, 0, EC_ARRAY_SIZE(runs));
	tcase_add_loop_test(t, ecamctl_acpi_exits_and_prints, 0, EC_ARRAY_SIZE(cases));
	suite_add_tcase(s, t);
	return s;
}
