#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the lab's images once, into a cache: Xen, Linux, dom0's and the guests' RAM disks.
# Usage: images.sh [CACHE]. A part is built again when its inputs have changed.
#
# Xen's packages are not installed: they would start services and change the boot loader. They are
# downloaded and unpacked, and dom0's files are copied from there.
set -euo pipefail
lab=$(cd "$(dirname "$0")" && pwd)
cache=$(realpath -m "${1:-${LAB_CACHE:-build/lab}}")
mkdir -p "$cache/stamps"
cd "$cache"

packages=(xen-hypervisor-4.17-amd64 xen-utils-4.17 xen-utils-common xenstore-utils qemu-system-xen
	busybox-static kmod pciutils seabios qemu-system-data ipxe-qemu nvme-cli libnvme1 libjson-c5)
dom0_modules=(xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs xen-pciback xen-acpi-processor xen-netback
	xen-blkback pci-stub nvme e1000e virtio_pci virtio_net virtio_blk 9p 9pnet_virtio loop)
guest_modules=(nvme e1000e virtio_pci virtio_net xenfs xen-privcmd xen-evtchn af_packet)

# part NAME INPUT... -- FUNCTION: calls FUNCTION unless it was called with the same inputs before.
part() {
	local name=$1 sum inputs=()
	shift
	while [ "$1" != -- ]; do
		inputs+=("$1")
		shift
	done
	sum=$(cat "${inputs[@]}" | sha256sum)
	[ "$(cat "stamps/$name" 2>/dev/null)" != "$sum" ] || return 0
	echo "lab: making $name" >&2
	rm -f "stamps/$name"
	"$2"
	echo "$sum" >"stamps/$name"
}

fetch() {
	local kernel deb
	kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
	[ -n "$kernel" ] || { echo "lab: no kernel package: is apt-get update due?" >&2; return 1; }
	rm -rf debs x
	mkdir debs x
	(cd debs && apt-get download -q "${packages[@]}" "$kernel" >log 2>&1) || { cat debs/log >&2; return 1; }
	for deb in debs/*.deb; do
		dpkg -x "$deb" x
	done
	depmod -b x "$(version)"
}

version() {
	basename x/boot/vmlinuz-* | sed 's/^vmlinuz-//'
}

# Raw ELF: QEMU's multiboot loader needs it for Xen, and unpacking a kernel is slow under emulation.
kernels() {
	local at
	zcat x/boot/xen-4.17-amd64.gz >xen
	cp "x/boot/vmlinuz-$(version)" vmlinuz
	at=$(perl -0777 -ne 'print index($_, "\xFD7zXZ\0")' vmlinuz)
	# what follows the archive is not xz's: neither end of the pipe ends well
	tail -c +$((at + 1)) vmlinuz | xz -dc --single-stream >vmlinux 2>/dev/null || true
	[ "$(head -c 4 vmlinux | tail -c 3)" = ELF ]
}

# add_program ROOT FILE DESTINATION: copies a program with its libraries.
add_program() {
	local root=$1 file=$2 library
	install -D -m 755 "$file" "$root/$3"
	{ LD_LIBRARY_PATH=$cache/x/usr/lib/x86_64-linux-gnu ldd "$file" 2>/dev/null || true; } |
		awk '/=> \// { print $3 } /^[ \t]*\/lib64/ { print $1 }' |
		while read -r library; do
			case $library in
			/lib64/*) install -D "$library" "$root/usr/lib64/${library##*/}" ;;
			*) install -D "$library" "$root/usr/lib/x86_64-linux-gnu/${library##*/}" ;;
			esac
		done
}

add_modules() {
	local root=$1 kernel modules name
	shift
	kernel=$(version)
	modules=lib/modules/$kernel
	mkdir -p "$root/$modules"
	cp "x/$modules"/modules.{order,builtin,builtin.modinfo} "$root/$modules/"
	for name in "$@"; do
		modprobe -d "$cache/x" -S "$kernel" --show-depends "$name" | awk '/^insmod/ { print $2 }'
	done | sed "s#^.*/$modules/##" | sort -u | while read -r name; do
		install -D -m 644 "x/$modules/$name" "$root/$modules/$name"
	done
	depmod -b "$root" "$kernel"
}

# A root directory with busybox; /bin, /sbin and /lib are links into /usr.
make_root() {
	local root=$1 name
	rm -rf "$root"
	mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,proc,sys,dev,tmp,run,root,mnt,etc,share,var/log}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name"
	done
	ln -s ../run "$root/var/run"
	ln -s /run "$root/var/lock"
	install -m 755 x/bin/busybox "$root/usr/bin/busybox"
	for name in $(x/bin/busybox --list); do
		[ -e "$root/usr/bin/$name" ] || ln -s busybox "$root/usr/bin/$name"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	add_program "$root" x/usr/bin/lspci /usr/bin/lspci
	add_program "$root" x/usr/bin/setpci /usr/bin/setpci
}

pack() {
	(cd "$1" && find . | sort | cpio -o -H newc --quiet -R 0:0)
}

guest() {
	local program
	make_root guest
	add_modules guest "${guest_modules[@]}"
	for program in "$lab"/guest/*.c; do
		gcc -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -static -o "guest/usr/bin/$(basename "$program" .c)" "$program"
	done
	install -m 755 "$lab/guest/init" guest/init
	install -m 644 "$lab/guest/tools.sh" guest/tools.sh
	pack guest >guest.cpio
	gzip -1 <guest.cpio >guest.cpio.gz
}

# HVM guests boot from a disk: QEMU hands a kernel to SeaBIOS byte by byte, which takes 35 s of emulated time.
disk() {
	local arguments='console=hvc0 pci=noearly tsc=reliable iomem=relaxed'
	rm -f hvm.img
	truncate -s 48M hvm.img
	mformat -i hvm.img -t 96 -h 16 -s 63 ::
	syslinux -i hvm.img
	printf 'DEFAULT lab\nLABEL lab\n KERNEL vmlinuz\n INITRD initrd\n APPEND %s\n' "$arguments" >syslinux.cfg
	mcopy -i hvm.img syslinux.cfg ::syslinux.cfg
	mcopy -i hvm.img vmlinuz ::vmlinuz
	mcopy -i hvm.img guest.cpio.gz ::initrd
}

dom0() {
	local bin=x/usr/lib/xen-4.17/bin name
	make_root dom0
	for name in xl xenstored xenconsoled xenconsole xen-init-dom0 libxl-save-helper xenctx xen-hvmctx lsevtchn \
		xen-hptool xenstore-control; do
		add_program dom0 "$bin/$name" "/usr/lib/xen-4.17/bin/$name"
		ln -sf "../lib/xen-4.17/bin/$name" "dom0/usr/bin/$name"
	done
	for name in x/usr/bin/xenstore*; do
		[ -L "$name" ] || add_program dom0 "$name" "/usr/bin/${name##*/}"
	done
	mkdir -p dom0/usr/lib/xen-4.17/boot dom0/usr/share/{qemu,seabios,misc} dom0/var/lib/xen{,stored} \
		dom0/var/log/xen/console dom0/guest
	cp x/usr/lib/xen-4.17/boot/hvmloader dom0/usr/lib/xen-4.17/boot/
	add_program dom0 x/usr/libexec/xen-qemu-system-i386 /usr/libexec/xen-qemu-system-i386
	cp x/usr/share/seabios/*.bin dom0/usr/share/seabios/
	cp -r x/usr/share/qemu/{linuxboot*.bin,kvmvapic.bin,keymaps} dom0/usr/share/qemu/
	cp /usr/share/misc/pci.ids dom0/usr/share/misc/
	cp -r x/etc/xen dom0/etc/
	add_program dom0 /bin/bash /usr/bin/bash
	add_program dom0 x/bin/kmod /usr/bin/kmod
	add_program dom0 x/usr/sbin/nvme /usr/sbin/nvme
	# for ecamd's unit; no other services
	add_program dom0 /lib/systemd/systemd /usr/lib/systemd/systemd
	add_program dom0 /bin/systemctl /usr/bin/systemctl
	install -D -m 644 -t dom0/usr/lib/systemd/system /lib/systemd/system/{basic,sysinit,shutdown}.target
	add_modules dom0 "${dom0_modules[@]}"
	install -m 755 "$lab/dom0/init" dom0/init
	cp vmlinux dom0/guest/
	pack dom0 >dom0.cpio
}

self=$lab/images.sh
part packages <(echo "${packages[@]}") -- fetch
part kernels "$self" stamps/packages -- kernels
part guest "$self" stamps/packages "$lab"/guest/* -- guest
part disk "$self" stamps/{guest,kernels} -- disk
part dom0 "$self" stamps/{packages,kernels} "$lab/dom0/init" -- dom0
