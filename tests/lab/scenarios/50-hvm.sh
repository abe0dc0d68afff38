# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# An HVM guest with QEMU's devices, a network card and an NVMe; without xen-pciback, then with it.
# limit: 180
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
mappings h
echo "$(cat "$state/h.boot") $(($(host_accesses) - before))" >"$state/h.figures"
see "QEMU's devices are unchanged" undisturbed h
in_guest h 60 'nic 0000:00:10.0'
in_guest h 60 'nvme 0000:00:11.0'
mappings h

detach h "$NVME" 11
detach h "$NIC" 10
modprobe xen-pciback
attach h "$NIC@10"
attach h "$NVME@11"
see "xen-pciback holds the card" has_driver "$NIC" pciback
in_guest h 20 'echo 1 >/sys/bus/pci/rescan'
in_guest h 60 'nic 0000:00:10.0'
in_guest h 60 'nvme 0000:00:11.0'
see "QEMU's devices are unchanged" undisturbed h
