#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# demo.sh ECAMCTL: the views of two functions of a dump in this repository.
set -eu
e=$1
dump=tests/data/demo.lspci

say() {
	printf '\n# %s\n' "$1"
}

show() { # show BDF TOPOLOGY
	echo "\$ ecamctl show $1 --topology $2 --dump $dump"
	"$e" show "$1" --topology "$2" --dump "$dump"
}

say 'A network card, bypassed: on bus 0 of the guest, as an integrated endpoint without a link.'
show 02:00.0 bypassed
say 'An NVMe disk, flattened: behind an emulated root port, as an endpoint with its link.'
show 03:00.0 flattened

say 'Where the card differs from the host: BARs are not set, MSI has one vector, SR-IOV and ARI are hidden.'
echo "\$ ecamctl diff 02:00.0 -v --dump $dump"
"$e" diff 02:00.0 -v --dump "$dump" || [ $? = 1 ]
say 'Where the disk differs: LTR, L1SS and ARI need the root port and the host; they are hidden.'
echo "\$ ecamctl diff 03:00.0 --topology flattened --dump $dump"
"$e" diff 03:00.0 --topology flattened --dump "$dump" || [ $? = 1 ]
