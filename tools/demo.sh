#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two functions of a shipped dump, as a guest would see them: demo.sh ECAMCTL.
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

say 'A network card, bypassed: on bus 0 of the guest, where it must be an integrated endpoint without a link.'
show 02:00.0 bypassed
say 'An NVMe disk, flattened: below an emulated root port, so it stays an endpoint with the link it has.'
show 03:00.0 flattened

say 'Where the card differs from the host: BARs to be placed, one MSI vector, and SR-IOV and ARI gone.'
echo "\$ ecamctl diff 02:00.0 --dump $dump"
"$e" diff 02:00.0 --dump "$dump" || [ $? = 1 ]
say 'Where the disk differs: LTR, L1SS and ARI would need the port and the host; they are hidden and dead.'
echo "\$ ecamctl diff 03:00.0 --topology flattened --dump $dump"
"$e" diff 03:00.0 --topology flattened --dump "$dump" || [ $? = 1 ]
