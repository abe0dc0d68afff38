/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files as parts of a shell line; see run.h. */
#ifndef EC_TESTS_RULEFILE_H
#define EC_TESTS_RULEFILE_H

/* Shell that writes a file of rules to $T/NAME. */
#define FILE_OF(name, rules) "printf '%s' '{\"version\":1,\"rules\":[" rules "]}' >$T/" name "; "
/* A rule, and parts of one. */
#define RULE(match, set) "{\"match\":{" match "},\"set\":{" set "}}"
#define FREEZE(name) "\"registers\":[{\"register\":\"" name "\",\"treatment\":\"freeze\"}]"
#define START(name, value)                                                                         \
	"\"registers\":[{\"register\":\"" name "\",\"treatment\":\"emulate\",\"value\":" value "}" \
	"]"
#define NIC "\"bdf\":\"02:00.0\""

#endif
