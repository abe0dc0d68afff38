#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: tools/deps.sh build|check|bench|fuzz|coverage|lint|lab
# Installs the Debian packages that a make target needs. NO_INSTALL=1: only list the missing ones.
set -eu

build='gcc libc6-dev libpci-dev libsysfs-dev libjansson-dev libsystemd-dev libxen-dev zlib1g-dev pkg-config pci.ids acpica-tools'
check="$build check pciutils bsdutils python3-jsonschema"
fuzz="$build clang libclang-rt-dev"
bench="$build valgrind pciutils"
# the last line has libraries of Xen's tools and of QEMU, which are unpacked, not installed
lab="$check qemu-system-x86 systemd cpio xz-utils kmod perl syslinux mtools
	libxenmisc4.17 libyajl2 libpixman-1-0 libspice-server1 libusb-1.0-0 libfdt1 libjpeg62-turbo libglib2.0-0 libpng16-16"
lint="$check clang-format cppcheck mandoc shellcheck systemd"

case ${1-} in
build) want=$build ;;
check) want=$check ;;
bench) want=$bench ;;
fuzz) want=$fuzz ;;
coverage) want=$check ;;
lint) want=$lint ;;
lab) want=$lab ;;
*)
	echo "usage: $0 build|check|bench|fuzz|coverage|lint|lab" >&2
	exit 2
	;;
esac

command -v dpkg-query >/dev/null || exit 0
missing=
for p in $want; do
	case $(dpkg-query -W -f '${Status} ' "$p" 2>/dev/null) in
	*'install ok installed '*) ;;
	*) missing="$missing $p" ;;
	esac
done
[ -n "$missing" ] || exit 0
if [ "${NO_INSTALL-}" = 1 ]; then
	echo "missing packages:$missing" >&2
	exit 0
fi
echo "installing:$missing" >&2
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list
if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	echo "cannot install:$missing" >&2
	exit 1
fi
