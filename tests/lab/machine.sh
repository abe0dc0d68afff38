# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The emulated machine: boot, jobs, stop. Sourced by lab.sh, which sets the directories `lab`, `build` and `cache`.
# One machine at a time: `run` is its directory, `pid` its QEMU, `mail` the directory of the jobs for dom0's agent.

: "${lab:?}" "${build:?}" "${cache:?}"

# CPU features that QEMU 7.2 does not emulate correctly below Xen are off: PV dom0 crashes with SMAP, PVH guests with
# RDTSCP. With XSAVE, one in four programs of dom0 reads back wrong values while guests run (33 of 139 crashed or
# failed while a guest with two virtual CPUs ran; without XSAVE 0 of 293).
cpu=max,-smap,-smep,-rdtscp,-xsave
# no-sharept: the emulation reports EPT although it has none, and Xen would share its tables with the IOMMU.
xen_arguments='console=com1 com1=115200,8n1 console_timestamps=boot loglvl=all guest_loglvl=all noreboot
	conring_size=1m dom0_mem=1536M,max:1536M dom0_max_vcpus=1 iommu=verbose,debug,no-sharept altp2m=1'
linux_arguments='console=hvc0 ignore_loglevel=0'

# The order decides the devices' addresses in dom0; dom0/lib.sh names them.
# shellcheck disable=SC2054 # commas are QEMU's
topology=(
	# first: the DMA of devices after it is translated
	-device intel-iommu,intremap=on,caching-mode=on,aw-bits=48
	-device pcie-root-port,id=rp1,bus=pcie.0,addr=4.0,chassis=1,slot=1
	-device pcie-root-port,id=rp2,bus=pcie.0,addr=5.0,chassis=2,slot=2
	-device pcie-root-port,id=rp3,bus=pcie.0,addr=6.0,chassis=3,slot=3
	-device pcie-root-port,id=rp4,bus=pcie.0,addr=7.0,chassis=4,slot=4
	-device pcie-root-port,id=rp5,bus=pcie.0,addr=8.0,chassis=5,slot=5
	-device pcie-root-port,id=rp6,bus=pcie.0,addr=9.0,chassis=6,slot=6
	-device pcie-root-port,id=rp7,bus=pcie.0,addr=b.0,chassis=7,slot=7
	-device pcie-root-port,id=rp8,bus=pcie.0,addr=c.0,chassis=8,slot=8
	-device pcie-root-port,id=rp9,bus=pcie.0,addr=d.0,chassis=9,slot=9
	# 01:00.0 NVMe with SR-IOV
	-device nvme-subsys,id=ss0,nqn=ss0
	-drive file=nvme0.img,if=none,id=d0,format=raw
	-device "nvme,id=nvme0,serial=LAB0,bus=rp1,subsys=ss0,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=4,max_ioqpairs=26,msix_qsize=30"
	-device nvme-ns,drive=d0,nsid=1,bus=nvme0
	# 02:00.0 e1000e
	-netdev user,id=n0,restrict=on -device e1000e,id=nic0,bus=rp2,netdev=n0,mac=52:54:00:00:00:10
	# 03 to 06: a switch, with an NVMe at 05:00.0 and a virtio-net at 06:00.0
	-device x3130-upstream,id=up,bus=rp3
	-device xio3130-downstream,id=dn0,bus=up,chassis=10,slot=0
	-device xio3130-downstream,id=dn1,bus=up,chassis=11,slot=1
	-drive file=nvme1.img,if=none,id=d1,format=raw
	-device nvme,id=nvme1,serial=LAB1,bus=dn0,drive=d1
	-netdev user,id=n1,restrict=on
	-device virtio-net-pci,id=vnet,bus=dn1,netdev=n1,aer=on,iommu_platform=on,disable-legacy=on
	# 07 and 08: a bridge to conventional PCI
	-device pcie-pci-bridge,id=pb,bus=rp4
	-device pci-testdev,id=tdev,bus=pb,addr=1.0
	-netdev user,id=n2,restrict=on -device e1000,id=nic2,bus=pb,addr=2.0,netdev=n2
	# 09 stays empty; 0a:00.0 is a virtio-net whose errors are signalled
	-netdev user,id=n6,restrict=on
	-device virtio-net-pci,id=vnet6,bus=rp6,netdev=n6,aer=on,iommu_platform=on,disable-legacy=on
	# 0b:00.0 and 0c:00.0: twins of 02:00.0 and 05:00.0
	-netdev user,id=n7,restrict=on -device e1000e,id=nic7,bus=rp7,netdev=n7,mac=52:54:00:00:00:17
	-drive file=nvme8.img,if=none,id=d8,format=raw
	-device nvme,id=nvme8,serial=LAB8,bus=rp8,drive=d8
	# 0d:00.0 and 0d:00.1: a device of two functions
	-netdev user,id=n9,restrict=on -device e1000e,id=nic9,bus=rp9,addr=0.0,multifunction=on,netdev=n9,mac=52:54:00:00:00:19
	-drive file=nvme9.img,if=none,id=d9,format=raw
	-device nvme,id=nvme9,serial=LAB9,bus=rp9,addr=0.1,drive=d9
	# integrated endpoints
	-device edu,id=edu,bus=pcie.0,addr=a.0
	-device ich9-intel-hda,id=hda,bus=pcie.0,addr=1b.0
)

# fill_share: the files for dom0: the programs under test, their libraries, scripts
fill_share() {
	local share=$1 program library
	mkdir -p "$share"/{dom0,scenarios,mail,logs,guest,bin,lib}
	cp "$lab"/dom0/*.sh "$share/dom0/"
	cp "$lab"/scenarios/*.sh "$share/scenarios/"
	sed 's,@SBIN@,/usr/bin,' "$lab/../../tools/ecamd.service.in" >"$share/dom0/ecamd.service"
	cp "$cache/guest.cpio" "$cache/hvm.img" "$share/guest/"
	for program in ecamd ecamctl xl-iommu.so; do
		[ -e "$build/$program" ] || continue
		cp "$build/$program" "$share/bin/"
		ldd "$build/$program" | awk '/=> \// { print $3 }' | while read -r library; do
			cp "$library" "$share/lib/"
		done
	done
}

# boot DIRECTORY: returns when dom0's agent answers
boot() {
	run=$1
	mail=$run/share/mail
	local name
	mkdir -p "$run"
	fill_share "$run/share"
	for name in nvme0 nvme1 nvme8 nvme9; do
		truncate -s 64M "$run/$name.img"
		echo "ECAMD-LAB $name sector 0" | dd of="$run/$name.img" conv=notrunc status=none
	done
	# in its directory: the name of a socket must be short
	(
		cd "$run" || exit
		exec qemu-system-x86_64 -M q35,kernel-irqchip=split -accel tcg,thread=multi -cpu "$cpu" -m 4G -smp 2 \
			-display none -no-reboot -nodefaults \
			-kernel "$cache/xen" -append "${xen_arguments//$'\n\t'/ }" \
			-initrd "$cache/vmlinux $linux_arguments,$cache/dom0.cpio" \
			-chardev socket,id=ser,path=console,server=on,wait=off,logfile=serial.log -serial chardev:ser \
			-chardev socket,id=mon,path=monitor,server=on,wait=off -mon mon,mode=readline \
			"${topology[@]}" -fsdev local,id=labfs,path=share,security_model=none \
			-device virtio-9p-pci,fsdev=labfs,mount_tag=labshare,disable-legacy=on,iommu_platform=on,bus=pcie.0,addr=1.0
	) >"$run/qemu.log" 2>&1 </dev/null &
	pid=$!
	echo "$pid" >"$run/pid"
	# 15 s, by a speed that is not known yet
	wait_file "$mail/ready" 300
}

# wait_file FILE SECONDS: waits until it exists; fails if the machine stops
wait_file() {
	local end=$((SECONDS + $2))
	until [ -e "$1" ]; do
		kill -0 "$pid" 2>/dev/null || { echo "the machine stopped" >&2; return 1; }
		[ "$SECONDS" -lt "$end" ] || { echo "no $(basename "$1") after $2 s" >&2; return 1; }
		sleep 0.1
	done
}

# The emulation sometimes loses dom0's timer. dom0 then sleeps until input on its console wakes it (seen twice, with
# both processors idle for minutes).
nudge() {
	# shellcheck disable=SC2016 # perl's
	local line='my $s = IO::Socket::UNIX->new("console") or exit; print $s "\n"; sleep 1'
	while sleep 10; do
		(cd "$run" && exec perl -MIO::Socket::UNIX -e "$line")
	done
}

# dom0 SECONDS COMMAND: runs it in dom0's shell, with its output and status. 255: no answer.
dom0() {
	local limit=$1 number=1 name
	while [ -e "$mail/$number.job" ]; do
		number=$((number + 1))
	done
	name=$mail/$number
	printf '%s\n' "$2" >"$name.new"
	mv "$name.new" "$name.job"
	nudge &
	wait_file "$name.rc" "$limit" || limit=
	kill $! 2>/dev/null
	[ -n "$limit" ] || return 255
	cat "$name.out"
	return "$(cat "$name.rc")"
}

stop() {
	[ -n "${pid:-}" ] || return 0
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	pid=
	# space: the disks and copies of the images
	rm -rf "$run"/*.img "$run/share/"{guest,lib,bin} "$run/console" "$run/monitor" "$run/pid"
}

# find_kept: finds the machine that LAB_KEEP=1 left running
find_kept() {
	local file
	for file in "$build"/lab/runs/*/pid; do
		run=$(dirname "$file")
		mail=$run/share/mail
		pid=$(cat "$file")
		! kill -0 "$pid" 2>/dev/null || return 0
	done
	echo "no machine is running" >&2
	return 1
}

# emulator_fault LINES: whether the serial log after LINES lines shows a fault that only QEMU's emulation can cause:
# a guest was inside Xen's own code, where no guest can get; or it died right after a read of the timer's port 42,
# which Xen emulates, in a loop of its kernel that does nothing else.
emulator_fault() {
	local rip
	rip=$(tail -n "+$(($1 + 1))" "$run/serial.log" | tr -d '\r' | awk '
		/Triple fault/ { near = NR }
		near && NR - near < 12 && match($0, /RIP: *[0-9a-f]+:\[<[0-9a-f]+>\]/) { print substr($0, RSTART + RLENGTH - 18, 16) }' |
		tail -n 1)
	case $rip in
	'') return 1 ;;
	ffff82d0*) return 0 ;;
	esac
	# shellcheck disable=SC2016 # as objdump writes it
	objdump -d --start-address=$((0x$rip - 2)) --stop-address=$((0x$rip)) "$cache/vmlinux" 2>/dev/null | grep -q 'in  *$0x42,%al'
}
