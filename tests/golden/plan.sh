#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plan.sh ECAMCTL: prints plans and trees of the fixtures with real BARs. With -n, because pci.ids changes.
set -eu
ecamctl=$1

plan() { # plan FIXTURE ARGUMENT...
	echo "== $*"
	fixture=$1
	shift
	"$ecamctl" plan "$@" --dump "tests/data/$fixture.lspci" --policy none --quirks none
	echo "== --json"
	"$ecamctl" plan "$@" --dump "tests/data/$fixture.lspci" --policy none --quirks none --json
	echo "== --tree"
	"$ecamctl" show --tree "$@" --dump "tests/data/$fixture.lspci" --policy none --quirks none
}

for kind in hvm pvh; do
	for topology in bypassed flattened; do
		plan demo 02:00.0 03:00.0 --kind "$kind" --topology "$topology" -n
		plan devices 00:02.0 03:00.0 04:10.0 05:00.0 0a:00.0 0a:00.1 --kind "$kind" \
			--topology "$topology" -n
	done
done
# one function of two, slots, a topology for one function, memory and ECAM window
plan devices 0a:00.1@7 03:00.0 05:00.0@3,topology=bypassed --kind pvh --topology flattened -n \
	--memory 2048 --ecam 0xe0000000
plan qemu 08:02.0 02:00.0 --kind hvm --topology flattened -n --ecam 0xfe800000
# the host bridge of a Q35; bus 0 in the window of an HVM guest
plan demo 02:00.0 03:00.0 --kind pvh --topology flattened -n --bridge q35 --buses 256
plan demo 02:00.0 --kind hvm --topology flattened -n --ecam 0xfe800000 --bus0
