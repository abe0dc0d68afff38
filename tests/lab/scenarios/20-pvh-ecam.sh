# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# A PVH guest with MCFG uses its ECAM window and finds the extended capabilities.
# limit: 180
only p
service
if ! alive p; then
	guest p pvh 'vcpus = 2'
	attach p "$NVME@1"
	attach p "$NIC@2"
	start p
fi
in_guest p 20 'dmesg' >"$state/p.dmesg"
see "Linux: the window of four buses" grep -E 'MMCONFIG for domain 0000 \[bus 00-03\] at \[mem 0xfd000000-0xfd3fffff\]' "$state/p.dmesg"
see "Linux: the window is used" grep -E 'MMCONFIG at .* reserved in ACPI motherboard resources' "$state/p.dmesg"
in_guest p 20 'lspci -vv -s 00:02.0' >"$state/p.lspci"
see "AER of the card" grep -q 'Capabilities: \[100 v.\] Advanced Error Reporting' "$state/p.lspci"
see "its serial number" grep -q 'Capabilities: \[140 v.\] Device Serial Number' "$state/p.lspci"
# both virtual CPUs at once: neither may wait for ever
in_guest p 150 '(for i in 1 2 3; do lspci -xxxx >/dev/null; done) & for i in 1 2 3; do lspci -xxxx >/dev/null; done; wait'
see "ecamd still serves it" in_guest p 20 'lspci -s 00:01.0 -x'
