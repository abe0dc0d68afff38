# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016 # dom0/lib.sh sets what is used here; guests expand
# Below a Q35's host bridge, only the second function of a device: a placeholder is its function 0. Then the first is
# attached too. The guest reboots and finds the same machine.
# limit: 240
shape() {
	in_guest m 20 'lspci -n' | awk '{ print $1, $2, $3 }' | tr '\n' ';'
}

looks() {
	local seen
	seen=$(shape)
	[ "$seen" = "$1" ] || { echo "the guest sees $seen"; return 1; }
}

alone='00:00.0 0600: 8086:29c0;00:01.0 0604: 1b36:000c;01:00.0 1300: 1022:145a;01:00.1 0108: 1b36:0010;'
both='00:00.0 0600: 8086:29c0;00:01.0 0604: 1b36:000c;01:00.0 0200: 8086:10d3;01:00.1 0108: 1b36:0010;'

only
without_pciback
service
guest m pvh 'on_reboot = "restart"'
attach m "$NVME_TWO,topology=flattened,bridge=q35"
start m
see "a placeholder is function 0" looks "$alone"
see "ECAM of 64 buses, as the host bridge says" in_guest m 20 \
	"dmesg | grep -E 'MMCONFIG for domain 0000 .bus 00-3f. at .mem 0xf8000000-0xfbffffff.' && [ \$(setpci -s 00:00.0 60.l) = f8000005 ]"
in_guest m 60 'nvme 0000:01:00.1'
see "dom0 keeps the first function" has_driver "$NIC_TWO" e1000e

before=$(xl domid m)
reboot m
see "it is a new domain" [ "$(xl domid m)" != "$before" ]
see "it has the same functions" looks "$alone"
in_guest m 60 'nvme 0000:01:00.1'

attach m "$NIC_TWO,topology=flattened"
see "both functions work" in_guest m 60 \
	'echo 1 >/sys/bus/pci/devices/0000:01:00.0/remove; echo 1 >/sys/bus/pci/rescan; lspci -n | grep -q "01:00.0 0200: 8086:10d3"'
reboot m
see "both are behind one root port" looks "$both"
in_guest m 60 'nvme 0000:01:00.1'
in_guest m 60 'nic 0000:01:00.0'
ecamctl guests
see "the tables describe ECAM again" in_guest m 20 "dmesg | grep -E 'MMCONFIG for domain 0000'"
uuid=$(xenstore-read "/local/domain/$(xl domid m)/vm")
see "it has notes" xenstore-exists "/tool/ecamd/guest/${uuid#/vm/}"
destroy m
see "a destroyed guest leaves no notes" until_true 20 eval '! xenstore-exists "/tool/ecamd/guest/${uuid#/vm/}"'
see "dom0 has both functions" until_true 20 eval 'has_driver "$NIC_TWO" e1000e && has_driver "$NVME_TWO" nvme'

# after a restart of ecamd, slots are not given by address, but as they were
same_slots() {
	ecamctl guests >"$state/r.guests" &&
		grep -q "$NVME  0000:00:01.0" "$state/r.guests" && grep -q "$NIC  0000:00:02.0" "$state/r.guests"
}
guest r pvh
attach r "$NVME"
attach r "$NIC"
see "slots in the order of the attaches" same_slots
service_stop
see "dom0 has both" until_true 20 eval 'has_driver "$NVME" nvme && has_driver "$NIC" e1000e'
service
see "the same after ecamd's restart" until_true 30 same_slots
start r
in_guest r 60 'nvme 0000:00:01.0'
