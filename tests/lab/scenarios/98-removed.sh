# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# Dom0 removes a virtual function that a guest uses, or unbinds the driver of its physical function: held by xen-pciback and by
# pci-stub.
# limit: 420
#
# The last scenario: if the kernel is faster than ecamd, the vectors stay bound, and Xen 4.17 panics when the guest ends
# ("Xen BUG at arch/x86/irq.c:1753"). Then the guest is left running, and what ecamd reports is checked.
vf=0000:01:00.1

no_functions() {
	echo 0 >"$pf/sriov_numvfs"
}

unbind_pf() {
	echo "$NVME_SRIOV" >"$pf/driver/unbind"
}

bind_pf() {
	echo "$NVME_SRIOV" >/sys/bus/pci/drivers/nvme/bind
	until_true 20 [ -e "$pf/nvme" ]
}

# given GUEST STUB: a virtual function for a new guest, which uses it
given() {
	functions 1
	queues 1
	guest "$1" pvh
	attach "$1" "$vf@1"
	see "$2 holds it" has_driver $vf "$2"
	start "$1"
	in_guest "$1" 60 'nvme 0000:00:01.0'
}

all_ones() {
	[ "$(in_guest "$1" 20 'setpci -s 00:01.0 0.l')" = ffffffff ]
}

# lost GUEST: ecamd has taken the function from the guest
lost() {
	see "the log says so" until_true 10 grep -qE "$1.*$vf: is gone" /run/ecamd.log
	see "its registers read all ones" all_ones "$1"
	if grep -q "$1.*$vf.*Xen stops the host" /run/ecamd.log; then
		echo "    the kernel was faster than ecamd: the guest is left running"
		see "it is held" eval "ecamctl guests | grep -q '$vf *held'"
	else
		echo "    ecamd was faster than the kernel"
		see "it is not held" eval "! ecamctl guests | grep -q held"
		destroy "$1"
	fi
}

only
without_pciback
service
modprobe xen-pciback
given v pciback
refused 1 'not permitted' no_functions
see "the kernel keeps a function that xen-pciback holds" [ -e /sys/bus/pci/devices/$vf ]
in_guest v 60 'nvme 0000:00:01.0'
# xen-pciback releases it; nvme leaves virtual functions enabled
unbind_pf
lost v
see "xen-pciback does not hold it" eval '! has_driver "$vf" pciback'
bind_pf

without_pciback
given w pci-stub
unbind_pf
see "the guest keeps a function that pci-stub holds" eval '! all_ones w'
bind_pf
no_functions
see "it is gone" [ ! -e /sys/bus/pci/devices/$vf ]
lost w
