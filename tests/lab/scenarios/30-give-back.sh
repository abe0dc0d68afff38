# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# A device goes from a running guest to another; then both guests are destroyed with their devices in use. At last ecamd is killed,
# and another one gives the device to another guest.
# limit: 200
only p
without_pciback
service
count_accesses
if ! alive p; then
	guest p pvh
	attach p "$NVME@1"
	attach p "$NIC@2"
	start p
fi
detach p "$NVME" 01
see "its driver in dom0 has it again" until_true 20 has_driver "$NVME" nvme
guest q pvh
attach q "$NVME@1"
start q
in_guest q 60 'nvme 0000:00:01.0'
resets=$(accesses reset)
in_guest q 60 'nvme_reset 0000:00:01.0'
see "the guest's function level reset reset the device, once" [ "$(accesses reset)" = $((resets + 1)) ]
in_guest p 60 'nic 0000:00:02.0'

in_guest q 10 'dd if=/dev/nvme0n1 of=/dev/null bs=64k iflag=direct >/dev/null 2>&1 &'
resets=$(accesses reset)
destroy q
destroy p
returned() {
	has_driver "$NVME" nvme && has_driver "$NIC" e1000e
}
see "both drivers have their devices again" until_true 20 returned
see "each was reset" [ "$(accesses reset)" -ge $((resets + 2)) ]
in_dom0() {
	dd if="/dev/$(ls "/sys/bus/pci/devices/$NVME/nvme")n1" bs=64 count=1 | grep -q 'nvme1 sector 0'
}
see "dom0 reads the disk" until_true 20 in_dom0
see "no guest left" eval '! ecamctl guests | grep -q 0000:'
same_state() {
	xen_state >"$state/after"
	diff "$state/before" "$state/after"
}
see "owners, interrupts, permissions, xenstore as at the beginning" same_state

guest q pvh
attach q "$NVME"
attach q "$NIC"
destroy q
see "both could be attached again, and were given back" until_true 20 same_state
echo "memory of Xen, free: $(cat "$state/memory") MiB at the beginning, now $(free_memory)"
see "no memory lost" [ "$(free_memory)" -ge $(($(cat "$state/memory") - 3)) ]

guest q pvh
attach q "$NIC@1"
start q
in_guest q 60 'nic 0000:00:01.0'
service_killed
destroy q
see "pci-stub holds what nobody gave back" has_driver "$NIC" pci-stub
service
guest r pvh
attach r "$NIC@1"
start r
in_guest r 60 'nic 0000:00:01.0'
destroy r
see "its driver in dom0 has it again, and all is as at the beginning" until_true 20 same_state
