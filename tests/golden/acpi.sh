#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# acpi.sh ECAMCTL FOLDER: writes the disassembled tables of some machines to FOLDER. Fails if iasl complains, or if a
# table that is compiled again from its text differs.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

complain() { # complain WHAT: prints it with iasl's output, and exits
	echo "$1:"
	cat "$work/log"
	exit 1
}

# disassemble NAME FILE: without the comment at its start, which has the time, and without what each version of iasl
# prints in its own way: the size of a field, blanks before its name, the title of the table
disassemble() {
	iasl -p "$2" -d "$2" >"$work/log" 2>&1 || complain "$1 cannot be disassembled"
	! grep -iE 'error|warning|incorrect' "$work/log" "$2.dsl" >"$work/found" ||
		complain "$1: $(cat "$work/found")"
	sed -E -e '1,/^ \*\//d' -e 's/^\[([0-9A-F]+h) ([0-9]+) +[0-9A-F]+h?\] +/[\1 \2] /' -e 's/ +\[Memory Mapped .*\]$//' \
		"$2.dsl" >"$folder/$1.dsl"
}

again() { # again NAME FILE
	iasl -we -oi -p "$2-again" "$2.dsl" >"$work/log" 2>&1 || complain "$1 does not compile again"
	tail -c +37 "$2" >"$work/old"
	tail -c +37 "$2-again.aml" | cmp - "$work/old" >>"$work/log" || complain "$1 is not the same again"
}

ecamctl=$1 folder=$2
while read -r name arguments; do
	# shellcheck disable=SC2086 # a list
	"$ecamctl" acpi $arguments -o "$work/tables"
	# the SSDT comes first; its header has its length
	n=$(od -An -tu4 -j4 -N4 "$work/tables")
	head -c "$((n))" "$work/tables" >"$work/$name-ssdt"
	tail -c +"$((n + 1))" "$work/tables" >"$work/$name-mcfg"
	disassemble "$name-ssdt" "$work/$name-ssdt"
	disassemble "$name-mcfg" "$work/$name-mcfg"
	again "$name-ssdt" "$work/$name-ssdt"
done <<'END'
hvm --kind hvm --ecam 0xfe800000,4
hvm-bus0 --kind hvm --ecam 0xe0000000,256 --bus0
pvh --kind pvh --ecam 0xfd000000,4 --io 0x2000-0x9fff --window32 0xfe000000-0xfebfffff --window64 0x4000000000-0x4fffffffff
pvh-bus0 --kind pvh --ecam 0xfd000000,1 --window64 0x4000000000-0x4fffffffff
END
