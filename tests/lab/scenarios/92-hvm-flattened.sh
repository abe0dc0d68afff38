# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# HVM guests with QEMU's devices, a network card and an NVMe behind root ports, and ECAM from acpi_firmware=. hvmloader
# leaves the root ports intact, and Linux uses them, also after a reboot.
# limit: 480
looks() {
	undisturbed h || return 1
	in_guest h 30 'lspci -n' | awk '$1 >= "00:10" { print $1, $2, $3 }' >"$state/h.seen"
	[ "$(tr '\n' ';' <"$state/h.seen")" = \
		'00:10.0 0604: 1b36:000c;00:11.0 0604: 1b36:000c;01:00.0 0200: 8086:10d3;02:00.0 0108: 1b36:0010;' ] ||
		{ cat "$state/h.seen"; return 1; }
}

# bound SERVICE...: whether both root ports have drivers for these services
bound() {
	local service port
	in_guest h 30 ports >"$state/h.ports"
	for port in 00:10.0 00:11.0; do
		for service in "$@"; do
			grep -qE "^0000:$port .*\b$service\b" "$state/h.ports" || { cat "$state/h.ports"; return 1; }
		done
	done
}

works() {
	in_guest h 60 'nic 0000:01:00.0' && in_guest h 60 'nvme 0000:02:00.0'
}

only
without_pciback
service
ecamctl acpi --kind hvm --ecam 0xfe800000 -o "$state/h.acpi"
guest h hvm 'passthrough = "enabled"' "acpi_firmware = \"$state/h.acpi\""
attach h "$NIC,topology=flattened,ecam=0xfe800000"
attach h "$NVME,topology=flattened"
start h 200
see "QEMU's devices are unchanged, and two root ports have a function each" looks
in_guest h 30 dmesg >"$state/h.dmesg"
see "Linux: ECAM from bus 1 on" grep -E 'MMCONFIG for domain 0000 .bus 01-03. at .mem 0xfe900000-0xfebfffff.' "$state/h.dmesg"
see "Linux: it controls PCI Express features" grep -E '_OSC: OS now controls .PCIeHotplug PME AER PCIeCapability.' "$state/h.dmesg"
see "the drivers of the root ports" bound pcie_pme pciehp
in_guest h 60 'lspci -vv -s 01:00.0' >"$state/h.nic"
see "AER of the card, by ECAM" grep -q 'Capabilities: \[100 v.\] Advanced Error Reporting' "$state/h.nic"
see "its serial number" grep -q 'Capabilities: \[140 v.\] Device Serial Number' "$state/h.nic"
works
destroy h

# the root ports' extended capabilities are on bus 0: for AER and DPC the window must contain it
ecamctl acpi --kind hvm --ecam 0xfe800000 --bus0 -o "$state/h.acpi"
guest h hvm 'passthrough = "enabled"' 'on_reboot = "restart"' "acpi_firmware = \"$state/h.acpi\""
attach h "$NIC,topology=flattened,ecam=0xfe800000,bus0=1"
attach h "$NVME,topology=flattened"
start h 200
see "QEMU's devices are unchanged, with bus 0 in the window" looks
see "the drivers of the root ports" bound pcie_pme aer pciehp dpc
works

# this kernel takes the root ports' interrupts as event channels: messages with a pirq
ecamctl detach h "$NIC"
see "the slot reports that the card is gone" in_guest h 60 'wait_for 100 eval "! lspci -n | grep -q 8086:10d3"; dmesg | grep -E "Slot.48.: Card not present"'
attach h "$NIC,topology=flattened"
see "the slot reports a new card" in_guest h 60 'wait_for 300 eval "lspci -n | grep -q 8086:10d3"; dmesg | grep -E "Slot.48.: Card present"'
works

reboot h 300
see "everything is there again" looks
see "the drivers of the root ports" bound pcie_pme aer pciehp dpc
works
