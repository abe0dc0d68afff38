# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# Two virtual functions of an NVMe controller, whose physical function dom0 keeps, in two guests: their views, that they
# work, and what happens when the physical function is reset or unbound or a virtual function is removed.
# limit: 240
#
# QEMU 7.2's secondary controllers have no queues and no interrupts until the primary one assigns them ("not ready,
# CSTS=0x2"). They keep them over function level resets of their own, and so over attaches and detaches, but not over a
# reset of the primary controller.
vf1=0000:01:00.1 vf2=0000:01:00.2

# online NUMBER: whether it is online
online() {
	nvme list-secondary "/dev/$(pf_disk)" | awk -v n="$(printf '0x%04x' "$1")" '
		$1 == "SCID" { hit = $NF == n }
		hit && $1 == "SCS" { found = /Online/ }
		END { exit !found }'
}

bound() {
	[ -n "$(pf_disk)" ] && has_driver "$NVME_SRIOV" nvme
}

only
without_pciback
service
functions 2
queues 1
queues 2
# a virtual function's ids and BARs are empty: they are in the physical function (SR-IOV 3.4.1)
see "its own ids are all ones, its BAR 0" [ "$(setpci -s $vf1 0.l 10.l | tr '\n' ' ')" = 'ffffffff 00000000 ' ]
read -r bar_start bar_end _ <"/sys/bus/pci/devices/$vf1/resource"

guest v pvh
attach v "$vf1@1"
guest w pvh
attach w "$vf2@1"
refused 5 'virtual functions' ecamctl attach v "$NVME_SRIOV@3"
see "the attach left them their queues" eval 'online 1 && online 2'
start v
start w
see "ids and class" [ "$(in_guest v 20 'lspci -n -s 00:01.0' | awk '{ print $2, $3 }')" = '0108: 1b36:0010' ]
in_guest v 20 'lspci -vvv -s 00:01.0' >"$state/v.lspci"
see "no memory decoded yet" grep -q 'Control: I/O- Mem- BusMaster-' "$state/v.lspci"
see "no interrupt pin" eval "! grep -q 'Interrupt: pin' '$state/v.lspci'"
see "MSI-X" grep -q 'MSI-X: Enable- Count=1 ' "$state/v.lspci"
see "no ARI, no SR-IOV" eval "! grep -qE 'ARI|SR-IOV' '$state/v.lspci'"
in_guest v 60 'nvme 0000:00:01.0'
in_guest w 60 'nvme 0000:00:01.0'
see "memory decode on, as the driver set it" [ "$(in_guest v 20 'setpci -s 00:01.0 4.b')" = 06 ]
size=$(in_guest v 20 'cat /sys/bus/pci/devices/0000:00:01.0/resource' | awk 'NR == 1 { printf "%d", $2 - $1 }')
see "a BAR as large as the function's" [ "$size" = $((bar_end - bar_start)) ]

count_accesses
resets=$(accesses reset)
in_guest v 60 'nvme_reset 0000:00:01.0'
see "the guest's function level reset reset the function, once" [ "$(accesses reset)" = $((resets + 1)) ]
see "it left the queues" online 1

# unbinding and binding the physical function's driver resets the controllers
echo "$NVME_SRIOV" >/sys/bus/pci/drivers/nvme/unbind
in_guest v 60 'nvme 0000:00:01.0'
echo "$NVME_SRIOV" >/sys/bus/pci/drivers/nvme/bind
until_true 20 bound
see "the new driver took the queues away" eval '! online 1 && ! online 2'
gives_up='echo 1 >/sys/class/nvme/$(slot_of 0000:00:01.0 nvme)/reset_controller; wait_for 300 eval "! slot_of 0000:00:01.0 nvme"'
again='echo 0000:00:01.0 >/sys/bus/pci/drivers/nvme/bind; nvme 0000:00:01.0'
in_guest v 60 "$gives_up" >/dev/null
in_guest w 60 "$gives_up" >/dev/null
queues 1
queues 2
in_guest v 60 "$again"
in_guest w 60 "$again"

# functions held by xen-pciback are marked as assigned, and Linux does not remove assigned functions
detach v "$vf1" 01
detach w "$vf2" 01
destroy w
modprobe xen-pciback
attach v "$vf1@1"
refused 1 'not permitted' functions 0
ecamctl detach v "$vf1"
without_pciback

# functions held by pci-stub are removed, without bound interrupts (see above); others must not be affected
in_guest v 20 'modprobe -r nvme'
attach v "$vf1@1"
attach v "$NIC@3"
in_guest v 20 'echo 1 >/sys/bus/pci/rescan'
see "the guest has it" in_guest v 20 '[ "$(setpci -s 00:01.0 0.l)" = 00101b36 ]'
functions 0
see "it is gone" [ ! -e /sys/bus/pci/devices/$vf1 ]
see "its registers read all ones" in_guest v 20 '[ "$(setpci -s 00:01.0 6.w)" = ffff ]'
in_guest v 60 'nic 0000:00:03.0'
destroy v
see "the other function was given back" until_true 20 has_driver "$NIC" e1000e
functions 2
queues 1
guest w pvh
attach w "$vf1"
destroy w
see "the new function could be attached, and was given back" until_true 20 eval "! xenstore-read /libxl/pci/0000-01-00-1/domid"
functions 0
echo 1 >"$pf/sriov_drivers_autoprobe"
