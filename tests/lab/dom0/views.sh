# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Compares two texts of `lspci -xxxx`: a guest's planned view, and the view it has.

# load FILE: reads its bytes into the array `bytes`
load() {
	# the lines have no gaps, so a byte's index is its offset
	mapfile -t bytes < <(tr -d '\r' <"$1" | awk '
		BEGIN { for (i = 0; i < 256; i++) value[sprintf("%02x", i)] = i }
		/^[0-9a-f]+: / { for (i = 2; i <= 17; i++) print value[$i] }')
}

# may OFFSET BYTES MASK...: the guest may have changed these bits, one mask per byte from OFFSET on
may() {
	local offset=$(($1))
	shift
	while [ $# != 0 ]; do
		mask[offset]=$((${mask[offset]:-0} | $1))
		offset=$((offset + 1))
		shift
	done
}

# The registers that Linux and its drivers program, by the planned view: nothing else may differ.
programmed() {
	local at id i
	mask=()
	may 0x04 0x47 0x05 # COMMAND: I/O, memory, master, parity, SERR, INTx off
	may 0x0c 0xff 0xff # CACHE_LINE_SIZE, LATENCY
	for ((at = 0x10; at < 0x28; at += 4)); do # BARs, but for what kind they are
		may "$at" $((bytes[at] & 1 ? 0xfc : 0xf0)) 0xff 0xff 0xff
		if [ $((bytes[at] & 7)) = 4 ]; then
			at=$((at + 4))
			may "$at" 0xff 0xff 0xff 0xff
		fi
	done
	may 0x30 0x01 0xf8 0xff 0xff # the ROM's BAR
	may 0x3c 0xff # INTERRUPT_LINE
	at=${bytes[0x34]}
	for i in {1..48}; do
		[ "$at" != 0 ] || break
		id=${bytes[at]}
		case $id in
		1) may $((at + 4)) 0x03 0x81 ;; # PM: PMCSR's state, PME enable and status
		5) # MSI: enable and count, address, data
			may $((at + 2)) 0x71
			may $((at + 4)) 0xfc 0xff 0xff 0xff
			if [ $((bytes[at + 2] & 0x80)) != 0 ]; then
				may $((at + 8)) 0xff 0xff 0xff 0xff 0xff 0xff
			else
				may $((at + 8)) 0xff 0xff
			fi
			;;
		16) may $((at + 8)) 0xff 0xff ;; # EXP: DEVCTL
		17) may $((at + 2)) 0 0xc0 ;; # MSI-X: mask all, enable
		esac
		at=${bytes[at + 1]}
	done
}

# compare_views PLANNED SEEN: prints the differences that the guest did not program, and fails if there is one
compare_views() {
	local i bad=0 promised=() changed=0
	load "$1"
	promised=("${bytes[@]}")
	[ "${#promised[@]}" = 4096 ] || [ "${#promised[@]}" = 256 ] || { echo "$1: ${#promised[@]} bytes"; return 1; }
	programmed
	load "$2"
	[ "${#bytes[@]}" = "${#promised[@]}" ] || { echo "the guest sees ${#bytes[@]} of ${#promised[@]} bytes"; return 1; }
	for i in "${!promised[@]}"; do
		[ "${promised[i]}" != "${bytes[i]}" ] || continue
		if [ $(((promised[i] ^ bytes[i]) & ~${mask[i]:-0})) != 0 ]; then
			printf 'byte 0x%03x: promised %02x, seen %02x\n' "$i" "${promised[i]}" "${bytes[i]}"
			bad=1
		fi
		changed=$((changed + 1))
	done
	echo "${#bytes[@]} bytes, of which the guest programmed $changed"
	return "$bad"
}
