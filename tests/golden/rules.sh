#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# rules.sh ECAMCTL FOLDER: writes the views and explanations of rules.table to FOLDER.
# With -n, because pci.ids changes.
set -eu
grep -v '^#' tests/golden/rules.table | while read -r name policy fixture bdf guest places; do
	say() { # say COMMAND ARGUMENT...
		echo "== $*"
		"$ecamctl" "$@" -n --dump "tests/data/$fixture.lspci" --quirks none --policy "$policy" \
			--guest "$guest" 2>&1
	}
	ecamctl=$1
	say show "$bdf" >"$2/$name.view"
	for place in $places; do
		say explain "$bdf" "$place"
	done >"$2/$name.explain"
done
