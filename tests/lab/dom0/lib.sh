# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Functions for scenarios. Runs in dom0. All seconds are those of limits.sh.
# shellcheck source=tests/lab/dom0/limits.sh
. /opt/dom0/limits.sh

# The devices of tests/lab/machine.sh
export NVME_SRIOV=0000:01:00.0 NIC=0000:02:00.0 NVME=0000:05:00.0 NIC_TWIN=0000:0b:00.0 NVME_TWIN=0000:0c:00.0
export VIRTIO=0000:0a:00.0 NIC_TWO=0000:0d:00.0 NVME_TWO=0000:0d:00.1

state=/run/lab
poll=0.2
exec {never}<> <(:)
mkdir -p "$state"

fail() {
	echo "FAILED: $*"
	exit 1
}

# see WHAT COMMAND...: the command must succeed; its output is shown if it fails
see() {
	local what=$1 out
	shift
	out=$("$@" 2>&1) || { echo "$out"; fail "$what"; }
	echo "seen: $what"
}

# refused STATUS REGEX COMMAND...: the command must fail with this status and message on stderr
refused() {
	local status=$1 regex=$2 rc=0
	shift 2
	"$@" >"$state/stdout" 2>"$state/stderr" || rc=$?
	if [ "$rc" != "$status" ] || ! grep -qE -- "$regex" "$state/stderr"; then
		cat "$state/stdout" "$state/stderr"
		fail "$*: status $rc; wanted $status and /$regex/"
	fi
	echo "seen: refused: $(head -n 1 "$state/stderr")"
}

# pause SECONDS: sleeps without starting a process
pause() {
	read -rt "$1" -u "$never" || true
}

# until_true SECONDS COMMAND...
until_true() {
	local limit=$1 begin=$SECONDS
	shift
	until "$@" >/dev/null 2>&1; do
		! late "$begin" "$limit" || { passed "$limit" "$*"; return 1; }
		pause 0.1
	done
}

uptime_ms() {
	sed 's/\([0-9]*\)\.\([0-9]*\).*/\1\20/' /proc/uptime
}

# --- guests ---

console_of() {
	echo "/var/log/xen/console/guest-$1.log"
}

# guest NAME pvh|hvm [LINE OF ITS CONFIGURATION]...: creates it paused. `iommu=none` before it: without an IOMMU;
# `iommu=force`: with one even if libxl would not. Of two lines for one key the later counts.
guest() {
	local name=$1 kind=$2 config=$state/$1.cfg preload=
	shift 2
	rm -f "$(console_of "$name")"
	echo 0 >"$state/$name.number"
	{
		printf '%s\n' "name = \"$name\"" "type = \"$kind\"" 'vcpus = 1' 'tsc_mode = "native"' 'on_crash = "destroy"' \
			'on_reboot = "destroy"' 'on_poweroff = "destroy"'
		if [ "$kind" = pvh ]; then
			[ "${iommu-}" = none ] || preload=/usr/bin/xl-iommu.so
			printf '%s\n' 'memory = 256' 'kernel = "/guest/vmlinux"' 'ramdisk = "/guest/guest.cpio"' \
				'cmdline = "console=hvc0 pci=noearly tsc=reliable iomem=relaxed"'
		else
			cp /guest/hvm.img "/guest/$name.img"
			printf '%s\n' 'memory = 320' 'vga = "none"' 'vnc = 0' 'sdl = 0' 'usb = 0' 'serial = "none"' \
				'hdtype = "ahci"' 'boot = "c"' \
				"disk = ['format=raw,vdev=hda,access=rw,backendtype=qdisk,target=/guest/$name.img']"
		fi
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$config"
	# what passthrough= would do, but for guests that libxl refuses it to
	[ "${iommu-}" != force ] || preload=/usr/bin/xl-iommu.so
	LD_PRELOAD=$preload xl create -p "$config" >"$state/$name.create" 2>&1 || { cat "$state/$name.create"; return 1; }
}

# start NAME [SECONDS]: unpauses it and waits until it takes commands. Its boot time goes to /run/lab/NAME.boot.
start() {
	local name=$1 limit=${2:-100} begin
	begin=$(uptime_ms)
	xl unpause "$name"
	until_true_alive "$name" "$limit" booted "$name" 1 || return 1
	echo $(($(uptime_ms) - begin)) >"$state/$name.boot"
	echo "guest $name: ready after $(cat "$state/$name.boot") ms"
}

# booted NAME TIMES: whether it has booted TIMES times
booted() {
	[ "$(grep -c '^LAB-GUEST ready' "$(console_of "$1")")" -ge "$2" ]
}

# reboot NAME [SECONDS]: waits until the new domain takes commands. The guest needs 'on_reboot = "restart"'.
reboot() {
	local name=$1 limit=${2:-100} begin=$SECONDS times domid
	times=$(grep -c '^LAB-GUEST ready' "$(console_of "$name")")
	domid=$(xl domid "$name")
	xl reboot "$name" || return 1
	# between the two domains there is none of the name
	until alive "$name" && [ "$(xl domid "$name" 2>/dev/null)" != "$domid" ]; do
		! late "$begin" "$limit" || { xl list; passed "$limit" "guest $name: reboot"; return 1; }
		pause "$poll"
	done
	until_true_alive "$name" "$limit" booted "$name" $((times + 1)) || return 1
	echo "guest $name: domain $domid is domain $(xl domid "$name")"
}

alive() {
	xl domid "$1" >/dev/null 2>&1
}

# until_true_alive NAME SECONDS COMMAND...: fails when the guest is gone
until_true_alive() {
	local name=$1 limit=$2 begin=$SECONDS turn=0
	shift 2
	until "$@" >/dev/null 2>&1; do
		turn=$((turn + 1))
		[ $((turn % 10)) != 0 ] || alive "$name" || { echo "guest $name is gone"; return 1; }
		! late "$begin" "$limit" || { tail -n 20 "$(console_of "$name")"; passed "$limit" "guest $name: $*"; return 1; }
		pause "$poll"
	done
}

tty_of() {
	xenstore-read "/local/domain/$(xl domid "$1")/console/tty"
}

# in_guest NAME SECONDS COMMAND: runs it in the guest's shell, with its output and status
in_guest() {
	# the guest's own limits (guest/tools.sh) have the same factor
	local name=$1 limit=$2 command="percent=$percent; $3" number log
	log=$(console_of "$name")
	number=$(($(cat "$state/$name.number") + 1))
	echo "$number" >"$state/$name.number"
	# a line may get lost on its way; the guest takes each number once
	printf '%s %s\n' "$number" "$command" >"$(tty_of "$name")"
	if ! until_true_alive "$name" 5 grep -q "^LAB-BEGIN $number" "$log" >/dev/null 2>&1; then
		echo "guest $name: said again: $3" >&2
		printf '%s %s\n' "$number" "$command" >"$(tty_of "$name")"
	fi
	until_true_alive "$name" "$limit" grep -q "^LAB-END $number " "$log" || return 1
	tr -d '\r' <"$log" | awk -v n="$number" '
		$1 == "LAB-END" && $2 == n { exit $3 }
		on && NR > on + 1 { print line }
		on { line = $0 }
		$1 == "LAB-BEGIN" && $2 == n { on = NR }'
}

# QEMU's devices in an HVM guest, as lspci -n lists them
qemus='00:00.0 0600: 8086:1237
00:01.0 0601: 8086:7000
00:01.1 0101: 8086:7010
00:01.3 0680: 8086:7113
00:02.0 ff80: 5853:0001
00:03.0 0106: 8086:2922'

# undisturbed NAME: whether all of them are there, with their BARs and their driver
undisturbed() {
	local seen
	seen=$(in_guest "$1" 30 'lspci -n' | awk '$1 < "00:10" { print $1, $2, $3 }')
	[ "$seen" = "$qemus" ] || { echo "$seen"; return 1; }
	in_guest "$1" 30 'lspci -v -s 00:02.0; lspci -v -s 00:03.0' >"$state/$1.qemu"
	[ "$(grep -cE '(Memory|I/O ports) at [0-9a-f]+ ' "$state/$1.qemu")" = 4 ] || { cat "$state/$1.qemu"; return 1; }
	grep -q 'driver in use: xen-platform-pci' "$state/$1.qemu"
}

destroy() {
	xl destroy "$1" 2>/dev/null
	until_true 20 gone "$1" || return 1
	rm -f "/guest/$1.img"
}

# only NAME...: destroys all other guests and gives their devices back
only() {
	local name keep
	for name in $(xl list | awk 'NR > 1 && $1 != "Domain-0" { print $1 }'); do
		for keep in "$@"; do
			[ "$keep" != "$name" ] || continue 2
		done
		destroy "$name" || return 1
	done
}

gone() {
	! xl list "$1" >/dev/null 2>&1
}

# mappings NAME: how often BARs were mapped for it and unmapped, since it was created
mappings() {
	xl dmesg | awk -v name="$1" -v domid="d$(xl domid "$1") " '
		index($0, "memory_map:add: " domid) { maps++ }
		index($0, "memory_map:remove: " domid) { unmaps++ }
		END { printf "guest %s: BARs mapped %d times, unmapped %d times\n", name, maps, unmaps }'
}

# --- virtual functions of the NVMe controller ---

pf=/sys/bus/pci/devices/$NVME_SRIOV
pf_disk() {
	ls "$pf/nvme"
}

# queues NUMBER: gives the secondary controller two queues (one for administration) and an interrupt, and puts it online
queues() {
	local disk
	disk=/dev/$(pf_disk)
	nvme virt-mgmt "$disk" -c "$1" -r 0 -n 0 -a 7 >/dev/null
	nvme virt-mgmt "$disk" -c "$1" -r 0 -n 2 -a 8 >/dev/null
	nvme virt-mgmt "$disk" -c "$1" -r 1 -n 1 -a 8 >/dev/null
	nvme virt-mgmt "$disk" -c "$1" -r 0 -n 0 -a 9 >/dev/null
}

# functions NUMBER: enables this number of virtual functions, without letting dom0's driver probe them
functions() {
	echo 0 >"$pf/sriov_drivers_autoprobe"
	echo "$1" >"$pf/sriov_numvfs"
}

# --- ecamd ---

service() {
	[ ! -e /run/ecamd.pid ] || ! kill -0 "$(cat /run/ecamd.pid)" 2>/dev/null || return 0
	modprobe pci-stub
	# setsid: the job that started it ends
	setsid ecamd >/run/ecamd.log 2>&1 </dev/null &
	echo $! >/run/ecamd.pid
	until_true 10 grep -q '^ecamd: ready' /run/ecamd.log || { cat /run/ecamd.log; return 1; }
}

service_stop() {
	[ -e /run/ecamd.pid ] || return 0
	kill "$(cat /run/ecamd.pid)" 2>/dev/null
	until_true 20 ecamd_gone
	rm -f /run/ecamd.pid
}

# service_killed: as by the kernel when memory is short
service_killed() {
	kill -9 "$(cat /run/ecamd.pid)"
	until_true 20 ecamd_gone
	rm -f /run/ecamd.pid
}

ecamd_gone() {
	! kill -0 "$(cat /run/ecamd.pid)" 2>/dev/null
}

# attach GUEST BDF[@SLOT][,KEY=VALUE...]
attach() {
	ecamctl attach "$@" || return 1
}

# detach GUEST BDF SLOT: removes it in the guest first
detach() {
	in_guest "$1" 20 "echo 1 >/sys/bus/pci/devices/0000:00:$3.0/remove" && ecamctl detach "$1" "$2"
}

# driver_of BDF: its driver in dom0, or nothing
driver_of() {
	basename "$(readlink "/sys/bus/pci/devices/$1/driver")" 2>/dev/null
}

has_driver() {
	[ "$(driver_of "$1")" = "$2" ]
}

pciback_loaded() {
	[ -e /sys/bus/pci/drivers/pciback ]
}

without_pciback() {
	! pciback_loaded || rmmod xen-pciback
}

# After a failure: removes everything that the scenario left.
tidy() {
	local name device
	# each guest has one, which would restart it
	killall -q xl
	for name in $(xl list | awk 'NR > 1 && $1 != "Domain-0" { print $2 }'); do
		xl destroy "$name" 2>/dev/null
	done
	service_stop
	[ ! -e /run/ecamd.pid ] || kill -9 "$(cat /run/ecamd.pid)"
	echo 0 >"/sys/bus/pci/devices/$NVME_SRIOV/sriov_numvfs"
	rm -rf /etc/ecamd
	rm -f /run/ecamd.pid /guest/*.img.* "$state"/*.{number,cfg,boot}
	for device in $(xl pci-assignable-list 2>/dev/null); do
		xl pci-assignable-remove -r "$device"
	done
	without_pciback
}
