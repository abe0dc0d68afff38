# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# Dom0 removes virtual functions while a guest uses them and their vectors are bound: held by xen-pciback, and by pci-stub.
# limit: 240
#
# The last scenario: if the kernel is faster than ecamd, the vectors stay bound, and Xen 4.17 panics when the guest ends
# ("Xen BUG at arch/x86/irq.c:1753"). Then the guest is left running, and what ecamd reports is checked.
pf=/sys/bus/pci/devices/$NVME_SRIOV vf=0000:01:00.1

queues() {
	local disk
	disk=/dev/$(ls "$pf/nvme")
	nvme virt-mgmt "$disk" -c 1 -r 0 -n 0 -a 7 >/dev/null
	nvme virt-mgmt "$disk" -c 1 -r 0 -n 2 -a 8 >/dev/null
	nvme virt-mgmt "$disk" -c 1 -r 1 -n 1 -a 8 >/dev/null
	nvme virt-mgmt "$disk" -c 1 -r 0 -n 0 -a 9 >/dev/null
}

# functions NUMBER: enables this number of virtual functions, without letting dom0's driver probe them
functions() {
	echo 0 >"$pf/sriov_drivers_autoprobe"
	echo "$1" >"$pf/sriov_numvfs"
}

only
without_pciback
service
functions 1
queues
modprobe xen-pciback
guest v pvh
attach v "$vf@1"
see "xen-pciback holds it" has_driver $vf pciback
start v
in_guest v 60 'nvme 0000:00:01.0'
refused 1 'not permitted' functions 0
see "the kernel keeps a function that xen-pciback holds" [ -e /sys/bus/pci/devices/$vf ]
in_guest v 60 'nvme 0000:00:01.0'
detach v "$vf" 01
destroy v
without_pciback

guest w pvh
attach w "$vf@1"
attach w "$NIC@3"
see "pci-stub holds it" has_driver $vf pci-stub
start w
in_guest w 60 'nvme 0000:00:01.0'
functions 0
see "it is gone" [ ! -e /sys/bus/pci/devices/$vf ]
see "the log says so" until_true 10 grep -qE "$vf: is gone" /run/ecamd.log
see "its registers read all ones" in_guest w 20 '[ "$(setpci -s 00:01.0 0.l)" = ffffffff ]'
in_guest w 60 'nic 0000:00:03.0'
if grep -q 'Xen stops the host' /run/ecamd.log; then
	echo "    the kernel was faster than ecamd: the guest is left running"
	see "it is held" eval 'ecamctl guests | grep -q "$vf *held"'
else
	see "its vectors were unbound in time" eval "! ecamctl guests | grep -q held"
	destroy w
	see "the other function was given back" until_true 20 has_driver "$NIC" e1000e
fi
