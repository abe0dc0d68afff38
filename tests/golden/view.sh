#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that ecamctl says of a fixture: view.sh ECAMCTL NAME.
# Numbers alone: pci.ids changes. By the tables alone: what is installed here is no matter.
set -u
dump=tests/data/$2.lspci
echo "== list"
"$1" list -n --dump "$dump"
topologies="bypassed flattened"
# bridges, and what is hidden, are decoded there alone
[ "$2" = tables ] && topologies="bypassed host"
for t in $topologies; do
	echo "== show --topology $t"
	"$1" show --all -n --policy none --quirks none --topology "$t" --dump "$dump" 2>/dev/null
	# shellcheck disable=SC2069 # stderr alone is wanted
	"$1" show --all -n --policy none --quirks none --topology "$t" --dump "$dump" 2>&1 >/dev/null
done
# every dword that a broken chain hides, line by line, tells nothing new
case $2 in broken | extended | tables) exit 0 ;; esac
echo "== diff"
"$1" diff --all -n --policy none --quirks none --dump "$dump" 2>/dev/null
exit 0
