# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What Xen and dom0's kernel tell of themselves: owners, interrupts, permissions; configuration accesses.

# debug_keys KEY...: what Xen says to them
debug_keys() {
	local key
	xl dmesg -c >/dev/null
	for key in "$@"; do
		xl debug-keys "$key"
	done
	xl dmesg | sed 's/^(XEN) \[[^]]*\] //'
}

# What must be the same when all devices were given back. Numbers that only count up are left out.
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

# pages of 4 KiB that Xen has to give, in MiB
free_memory() {
	xl info free_memory
}

tracing=/sys/kernel/tracing

# From now on dom0's kernel counts the configuration accesses that programs make, and resets.
count_accesses() {
	local name
	[ ! -e "$tracing/events/lab" ] || return 0
	for name in pci_user_{read,write}_config_{byte,word,dword} pci_reset_function; do
		echo "p:lab/$name $name" >>"$tracing/kprobe_events"
	done
	echo 1 >"$tracing/events/lab/enable"
}

# accesses REGEX: how many until now
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
