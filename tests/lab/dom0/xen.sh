# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The state of Xen and of dom0's kernel: owners, interrupts, permissions; counts of configuration accesses.

# debug_keys KEY...: Xen's output
debug_keys() {
	local key
	xl dmesg -c >/dev/null
	for key in "$@"; do
		xl debug-keys "$key"
	done
	xl dmesg | sed 's/^(XEN) \[[^]]*\] //'
}

# The state that must be the same after all devices were given back, without numbers that only count up.
xen_state() {
	echo "guests: $(xl list | awk 'NR > 1 { print $1 }' | xargs)"
	debug_keys q Q i | awk '
		/^General information for domain/ { print; dom0 = / 0:$/ }
		dom0 && /^    I\/O/ { print "dom0 may:" $0 }
		/ - node / { n = /MSIs/ ? NF - 10 : 0; print "device", $1, "of", $3, "with", n, "MSIs" }
		/ d[1-9][0-9]*:/ { print "interrupt of a guest: " $0 }
		/PCI-MSI.*mapped, unbound/ { unbound++ }
		END { print unbound + 0, "MSIs mapped, but not bound" }'
	echo "xenstore, devices: $(xenstore-ls /libxl/pci 2>/dev/null)"
	echo "xenstore, guests: $(xenstore-list /local/domain | xargs)"
	for device in "$NVME_SRIOV" "$NIC" "$NVME" "$NIC_TWIN" "$NVME_TWIN" "$VIRTIO"; do
		echo "driver of $device: $(driver_of "$device")"
		echo "override of $device: $(cat "/sys/bus/pci/devices/$device/driver_override")"
	done
}

# Xen's free memory, in MiB
free_memory() {
	xl info free_memory
}

tracing=/sys/kernel/tracing

# Makes dom0's kernel count resets and the configuration accesses of programs.
count_accesses() {
	local name
	[ ! -e "$tracing/events/lab" ] || return 0
	for name in pci_user_{read,write}_config_{byte,word,dword} pci_reset_function; do
		echo "p:lab/$name $name" >>"$tracing/kprobe_events"
	done
	echo 1 >"$tracing/events/lab/enable"
}

# accesses REGEX: the number so far
accesses() {
	awk -v want="$1" '$1 ~ want { sum += $2 } END { print sum + 0 }' "$tracing/kprobe_profile"
}

host_accesses() {
	accesses '^pci_user_'
}

# resident SIZE of a process, KiB
resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}
