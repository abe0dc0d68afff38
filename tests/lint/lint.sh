#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that can be wrong with the sources before they run.
# shellcheck disable=SC2317 # every step is called by name
# Usage: lint.sh 'COMPILER AND FLAGS' HEADERS C_FILES SHELLS (each one word list).
set -u
compile=$1 headers=$2 sources=$3 shells=$4
bad=0

step() { # step NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "ok    $name"
	else
		echo "FAIL  $name"
		bad=1
	fi
}

# Each header compiles alone.
self_contained() {
	local h rc=0
	for h in $headers; do
		echo "#include \"$h\"" | $compile -fsyntax-only -x c - || { echo "$h: needs another header first"; rc=1; }
	done
	return "$rc"
}

# The first line names the licence.
licensed() {
	local f rc=0
	for f in $headers $sources $shells; do
		head -2 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || { echo "$f: no SPDX line"; rc=1; }
	done
	return "$rc"
}

# No file over 500 lines, no function over 60.
sizes() {
	# shellcheck disable=SC2086 # lists
	awk '
	FNR == 1 { open = 0 }
	FNR == 501 { print FILENAME ": more than 500 lines"; bad = 1 }
	/^{/ { open = FNR }
	/^}/ && open {
		if (FNR - open - 1 > 60) { print FILENAME ":" open ": a function of " FNR - open - 1 " lines"; bad = 1 }
		open = 0
	}
	END { exit bad }' $headers $sources
}

formatted() {
	# shellcheck disable=SC2086
	clang-format --dry-run -Werror $headers $sources
}

checked() {
	# shellcheck disable=SC2086
	cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
		--suppress=missingIncludeSystem --suppress=checkersReport -D__x86_64__ \
		--error-exitcode=1 -I. -Imediator -Itests/support -Itests/unit $sources
}

shells() {
	# shellcheck disable=SC2086
	shellcheck -S info $shells
}

manuals() {
	local pages=(tools/man/*.[1-8])
	[ ! -e "${pages[0]}" ] || mandoc -Tlint -Wwarning "${pages[@]}"
}

# systemd takes every line of the unit, its exposure is at most 4, and nothing hides what ecamd needs.
unit() {
	local dir rc=0
	dir=$(mktemp -d) || return 1
	sed 's,@SBIN@/ecamd,/bin/true,' tools/ecamd.service.in >"$dir/ecamd.service"
	systemd-analyze verify --man=no "$dir/ecamd.service" 2>&1 | grep . && rc=1
	systemd-analyze security --no-pager --offline=true --threshold=40 "$dir/ecamd.service" >"$dir/report" 2>&1 ||
		{ cat "$dir/report"; rc=1; }
	grep -nE '^(ProtectKernelTunables|Private(Network|Users|Devices)|ProtectProc|ProcSubset)=' tools/ecamd.service.in && rc=1
	rm -r "$dir"
	return "$rc"
}

step "floors" tests/lint/floors.py
step "documents" tests/lint/documents.py
step "words" tests/lint/words.py
step "headers stand alone" self_contained
step "licences" licensed
step "sizes" sizes
step "clang-format" formatted
step "cppcheck" checked
step "shellcheck" shells
step "man pages" manuals
step "systemd unit" unit
exit "$bad"
