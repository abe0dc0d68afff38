# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# A PVH guest with an unmodified kernel, an NVMe and a network card, each behind a root port. It finds ECAM, drives the
# root ports, renumbers a bus, resets one, and survives the removal and insertion of the card.
# limit: 300
port1=00:01.0 port2=00:02.0

# tree WANTED: the guest's tree as lspci -tn draws it, on one line
tree() {
	local seen
	seen=$(in_guest f 20 'lspci -tn' | tr -d ' \n')
	[ "$seen" = "$1" ] || { echo "the guest's tree is $seen"; return 1; }
}

# messages that neither Linux nor lspci may print
quiet() {
	in_guest f 20 'dmesg' >"$state/f.dmesg"
	! grep -iE "can't (claim|assign|access)|failed to assign|no space for|not (claimed|reserved)|firmware bug|conflict|AE_|No handler or method" "$state/f.dmesg"
}

only
without_pciback
service
for device in "$NVME" "$NIC"; do
	ecamctl dump "$device" >"$state/$device.dump"
	ecamctl show "$device" --hex --no-intx --topology flattened --dump "$state/$device.dump" >"$state/$device.view"
done

guest f pvh 'vcpus = 2' 'cmdline = "console=hvc0 pci=noearly,pcie_bus_perf tsc=reliable iomem=relaxed"'
attach f "$NVME,topology=flattened"
attach f "$NIC,topology=flattened"
start f
see "Linux: ECAM of four buses" in_guest f 20 "dmesg | grep -E 'MMCONFIG for domain 0000 .bus 00-03. at .mem 0xfd000000-0xfd3fffff.'"
see "Linux: it controls PCI Express features" in_guest f 20 "dmesg | grep -E '_OSC: OS now controls .PCIeHotplug PME AER PCIeCapability.'"
see "two root ports, a function behind each" tree '-[0000:00]-+-00.0+-01.0-[01]----00.0\-02.0-[02]----00.0'
in_guest f 20 ports >"$state/f.ports"
for port in $port1 $port2; do
	for service in pcie_pme aer pciehp dpc; do
		see "$port: $service" grep -E "^0000:$port .*\b$service\b" "$state/f.ports"
	done
done
see "Linux reports no errors" quiet
see "lspci reports no errors" in_guest f 60 '! lspci -vvv 2>&1 >/dev/null | grep .'
in_guest f 60 'nvme 0000:01:00.0'
in_guest f 60 'nic 0000:02:00.0'
in_guest f 60 'lspci -xxxx -s 01:00.0' >"$state/f.nvme"
compare_views "$state/$NVME.view" "$state/f.nvme"
in_guest f 60 'lspci -xxxx -s 02:00.0' >"$state/f.nic"
compare_views "$state/$NIC.view" "$state/f.nic"
ecamctl plan f >"$state/f.plan"
see "ecamctl plan: as it was planned" grep -q '^00:02.0 root port of bus 02' "$state/f.plan"

see "pcie_bus_perf: both ends have one payload" in_guest f 20 \
	'test "$(lspci -vvs 01:00.0 | grep -o "MaxPayload [0-9]*" | sort -u)" = "$(lspci -vvs 00:01.0 | grep -o "MaxPayload [0-9]*" | sort -u)"'

in_guest f 60 'echo 1 >/sys/bus/pci/devices/0000:02:00.0/remove; setpci -s 00:02.0 18.l=00030300; echo 1 >/sys/bus/pci/rescan'
see "the second bus is bus 3" tree '-[0000:00]-+-00.0+-01.0-[01]----00.0\-02.0-[03]----00.0'
in_guest f 60 'nic 0000:03:00.0'
see "ecamctl shows its new address" eval "ecamctl guests | grep -q '$NIC  0000:03:00.0'"

see "the guest resets the first bus" in_guest f 60 \
	'modprobe -r nvme && echo bus >/sys/bus/pci/devices/0000:01:00.0/reset_method && echo 1 >/sys/bus/pci/devices/0000:01:00.0/reset'
in_guest f 60 'nvme 0000:01:00.0'

ecamctl detach f "$NIC"
see "the slot reports that the card is gone" in_guest f 60 'wait_for 100 eval "! lspci -n | grep -q 8086:10d3"; dmesg | grep -E "Slot.34.: Card not present"'
see "dom0 has the card" until_true 20 has_driver "$NIC" e1000e
attach f "$NIC,topology=flattened"
see "the slot reports a new card" in_guest f 60 'wait_for 300 eval "lspci -n | grep -q 8086:10d3"; dmesg | grep -E "Slot.34.: Card present"'
in_guest f 60 'nic 0000:03:00.0'
