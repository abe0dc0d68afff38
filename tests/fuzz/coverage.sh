#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the lines of floors 0 to 3 that ran, per file, from gcov; fails below LEAST percent.
# Takes the floors from the table in HACKING.md. Run from the top of the tree.
# Usage: coverage.sh OBJECTS LEAST
set -eu -o pipefail
objects=$1 least=$2

# lines "FLOOR PATH"
floors=$(awk -F'|' '/^\| *[0-9]/ {
	gsub(/[` ]/, "", $2)
	gsub(/[` ]/, "", $3)
	n = split($3, paths, ",")
	for (i = 1; i <= n; i++) print $2, paths[i]
}' HACKING.md)
[ -n "$floors" ] || { echo "coverage: no table in HACKING.md" >&2; exit 1; }

# A line of a header is in many objects: it ran if it ran in one of them. A file is on the floor of
# the longest path that matches it. gcov prints "-" for no code, "#####" and "=====" for code that
# did not run.
find "$objects" -name '*.gcno' -print0 | sort -z | xargs -0 gcov --stdout 2>/dev/null |
	awk -F: -v floors="$floors" -v least="$least" '
	function wanted(file,    i, len, floor) {
		for (i = 1; i <= n; i++)
			if (index(file, path[i]) == 1 && length(path[i]) > len) {
				len = length(path[i])
				floor = on[i]
			}
		return len && floor <= 3
	}
	BEGIN {
		n = split(floors, row, "\n")
		for (i = 1; i <= n; i++) {
			split(row[i], f, " ")
			on[i] = f[1] + 0
			path[i] = f[2]
		}
	}
	$2 + 0 == 0 && $3 == "Source" { file = $4; keep = wanted(file); next }
	!keep || $2 + 0 == 0 || $1 ~ /^ *-$/ { next }
	{
		key = file ":" $2 + 0
		if (!(key in seen)) { seen[key] = 1; lines[file]++ }
		if ($1 !~ /[#=]/ && !(key in ran)) { ran[key] = 1; run[file]++ }
	}
	END {
		for (file in lines) {
			printf "%5.1f %%  %4d of %4d  %s\n", 100 * run[file] / lines[file], run[file], lines[file], file | "sort -k 6"
			all += lines[file]
			good += run[file]
		}
		close("sort -k 6")
		if (!all) { print "coverage: nothing was measured"; exit 1 }
		printf "%5.1f %%  %4d of %4d  floors 0 to 3, at least %d %% required\n", 100 * good / all, good, all, least
		exit 100 * good < least * all
	}'
