# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Commands for guests. Each function prints what it found, and fails if that is wrong.

# scaled NUMBER: the number times the factor of limits, which in_guest of dom0/lib.sh sets
scaled() {
	echo $(($1 * ${percent:-100} / 100))
}

# wait_for TENTHS COMMAND...
wait_for() {
	left=$(scaled "$1")
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || { echo "waited in vain for: $*"; return 1; }
		sleep 0.1
	done
}

# interrupts WORD: the sum of all processors in the lines of /proc/interrupts that contain WORD
interrupts() {
	awk -v word="$1" 'NR == 1 { cpus = NF } index($0, word) { for (i = 2; i < 2 + cpus; i++) sum += $i }
		END { print sum + 0 }' /proc/interrupts
}

# slot_of BDF CLASS-OF-SYSFS: the device that a driver made of the function (eth0, nvme0)
slot_of() {
	ls "/sys/bus/pci/devices/$1/$2" 2>/dev/null
}

# nvme BDF: writes and reads 1 MiB without the page cache; prints the MSI-X interrupts that it took
nvme() {
	modprobe nvme
	wait_for 150 slot_of "$1" nvme || return 1
	disk=/dev/$(slot_of "$1" nvme)n1
	wait_for 100 [ -b "$disk" ] || return 1
	head -c 64 "$disk" | head -n 1
	dd if=/dev/urandom of=/tmp/written bs=64k count=16 2>/dev/null
	dd if=/tmp/written of="$disk" bs=64k seek=16 oflag=direct conv=fsync 2>/dev/null || return 1
	echo 3 >/proc/sys/vm/drop_caches
	dd if="$disk" of=/tmp/read bs=64k skip=16 count=16 iflag=direct 2>/dev/null || return 1
	sum=$(sha256sum </tmp/written)
	[ "$(sha256sum </tmp/read)" = "$sum" ] || { echo "read back something else"; return 1; }
	echo "nvme: 1 MiB read back, sha256 ${sum%% *}"
	echo "nvme: $(interrupts nvme) interrupts"
	echo "nvme: MSI vectors: $(find "/sys/bus/pci/devices/$1/msi_irqs" -type f | wc -l)"
	[ "$(interrupts nvme)" -gt 0 ] && grep nvme /proc/interrupts | grep -q 'msi\|MSI\|xen-pirq'
}

# nvme_moves BDF TIMES: reads the disk while its only interrupt moves between two processors; no read waits for an interrupt in vain
nvme_moves() {
	disk=/dev/$(slot_of "$1" nvme)n1
	irq=$(ls "/sys/bus/pci/devices/$1/msi_irqs")
	moves=0
	while [ "$moves" -lt "$2" ]; do
		dd if="$disk" of=/dev/null bs=4k count=16 iflag=direct 2>/dev/null &
		moves=$((moves + 1))
		echo $((moves % 2 + 1)) >"/proc/irq/$irq/smp_affinity" || return 1
		wait "$!" || return 1
	done
	grep "^ *$irq:" /proc/interrupts
	! dmesg | grep -i 'nvme.*timeout' && awk -v irq="$irq:" '$1 == irq { exit !($2 && $3) }' /proc/interrupts
}

# nvme_reset BDF: a function level reset by the guest; then the disk works again
nvme_reset() {
	modprobe -r nvme || return 1
	grep -q flr "/sys/bus/pci/devices/$1/reset_method" || return 1
	echo 1 >"/sys/bus/pci/devices/$1/reset" || return 1
	nvme "$1"
}

# nic BDF: the link, a lease from the DHCP server, and its answers to ARP
nic() {
	modprobe af_packet
	modprobe e1000e
	wait_for 150 slot_of "$1" net || return 1
	name=$(slot_of "$1" net)
	ip link set "$name" up
	wait_for 150 grep -q 1 "/sys/class/net/$name/carrier" || return 1
	echo "nic: link up, $(cat "/sys/class/net/$name/speed") Mbit/s"
	udhcpc -i "$name" -n -q -t "$(scaled 5)" -T 2 -s /bin/true 2>&1 | grep lease || return 1
	ip addr add 10.0.2.15/24 dev "$name" 2>/dev/null
	arping -c 5 -w "$(scaled 10)" -I "$name" 10.0.2.2 | grep -c reply | sed 's/$/ answers to ARP/' | sed 's/^/nic: /'
	counts="$(cat "/sys/class/net/$name/statistics/rx_packets") $(cat "/sys/class/net/$name/statistics/tx_packets")"
	echo "nic: received and sent: $counts, interrupts: $(interrupts "$name")"
	[ "${counts%% *}" -gt 0 ] && [ "$(interrupts "$name")" -gt 0 ]
}

# ports: each PCI Express port with a driver, with its services' drivers; the number of a service without one
ports() {
	for port in /sys/bus/pci/drivers/pcieport/*:*; do
		[ -e "$port" ] || continue
		line=${port##*/}
		for service in "$port/${port##*/}":pcie*; do
			[ -e "$service" ] || continue
			driver=$(readlink "$service/driver") || driver=${service##*:}
			line="$line ${driver##*/}"
		done
		echo "$line"
	done
}
