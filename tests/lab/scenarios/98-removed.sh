# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# Dom0 is asked to remove a virtual function that a guest uses: the kernel refuses, as xen-pciback holds it.
# limit: 240
#
# With pci-stub the kernel removes it, and Xen 4.17 may panic at once ("Xen BUG at arch/x86/irq.c:1753", see
# mediator/hypervisor/NOTES.md): that is no scenario, tests/unit/supervisor/test_host_events.c plays it.
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
