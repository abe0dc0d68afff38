# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# An HVM guest, QEMU's devices beside ours: a network card and an NVMe, without xen-pciback, then with it.
# limit: 180
qemus='00:00.0 0600: 8086:1237
00:01.0 0601: 8086:7000
00:01.1 0101: 8086:7010
00:01.3 0680: 8086:7113
00:02.0 ff80: 5853:0001
00:03.0 0106: 8086:2922'

undisturbed() {
	local seen
	seen=$(in_guest h 20 'lspci -n' | awk '$1 < "00:10" { print $1, $2, $3 }')
	[ "$seen" = "$qemus" ] || { echo "$seen"; return 1; }
	in_guest h 20 'lspci -v -s 00:02.0; lspci -v -s 00:03.0' >"$state/h.qemu"
	[ "$(grep -cE '(Memory|I/O ports) at [0-9a-f]+ ' "$state/h.qemu")" = 4 ] || { cat "$state/h.qemu"; return 1; }
	grep -q 'driver in use: xen-platform-pci' "$state/h.qemu"
}

only
without_pciback
service
guest h hvm 'passthrough = "enabled"'
attach h "$NIC@10,ecam=0xe0000000"
attach h "$NVME@11"
see "pci-stub holds the card" has_driver "$NIC" pci-stub
count_accesses
before=$(host_accesses)
start h
echo "$(cat "$state/h.boot") $(($(host_accesses) - before))" >"$state/h.figures"
see "QEMU's devices as ever" undisturbed
in_guest h 60 'nic 0000:00:10.0'
in_guest h 60 'nvme 0000:00:11.0'

detach h "$NVME" 11
detach h "$NIC" 10
modprobe xen-pciback
attach h "$NIC@10"
attach h "$NVME@11"
see "xen-pciback holds the card" has_driver "$NIC" pciback
in_guest h 20 'echo 1 >/sys/bus/pci/rescan'
in_guest h 60 'nic 0000:00:10.0'
in_guest h 60 'nvme 0000:00:11.0'
see "QEMU's devices as ever" undisturbed
