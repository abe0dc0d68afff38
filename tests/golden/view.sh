#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# view.sh ECAMCTL NAME: prints list, show and diff of a fixture.
# With -n, because pci.ids changes; without rules, because installed ones differ.
set -u
dump=tests/data/$2.lspci
echo "== list"
"$1" list -n --dump "$dump"
topologies="bypassed flattened"
# only there bridges and hidden capabilities are decoded
[ "$2" = tables ] && topologies="bypassed host"
for t in $topologies; do
	echo "== show --topology $t"
	"$1" show --all -n --policy none --quirks none --topology "$t" --dump "$dump" 2>/dev/null
	# shellcheck disable=SC2069 # stderr only
	"$1" show --all -n --policy none --quirks none --topology "$t" --dump "$dump" 2>&1 >/dev/null
done
# a line for every dword that a broken chain hides shows nothing new
case $2 in broken | extended | tables) exit 0 ;; esac
echo "== diff"
"$1" diff --all -v -n --policy none --quirks none --dump "$dump" 2>/dev/null
exit 0
