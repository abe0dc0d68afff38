#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the fuzzers' seeds: texts like lspci's, and bytes in the formats of harness.h and
# harness_access.c. Usage: tests/fuzz/seeds.sh (from the top of the tree).
set -eu
cd "$(dirname "$0")/seeds"
mkdir -p fuzz_dump fuzz_chain fuzz_access fuzz_rules

# bytes FILE HEX...: words of hex digits, two per byte; 16-bit numbers have the low byte first
bytes() {
	local file=$1 hex
	shift
	hex=$(printf '%s' "$@")
	# shellcheck disable=SC2059 # the escapes are wanted
	printf "$(sed 's/../\\x&/g' <<<"$hex")" >"$file"
}

# image KIND SEED-OR-NOTHING PATCHES...: the image of harness_image(), without holes
image() {
	local kind=$1 seed=$2
	shift 2
	printf '%s%s%02x' "$kind" "$seed" $#
	printf '%s' "$@" 00
}

# patch OFFSET HEX: up to 16 bytes at an offset
patch() {
	local where=$((0x$1 + ((${#2} / 2 - 1) << 12)))
	printf '%02x%02x%s' $((where & 255)) $((where >> 8)) "$2"
}

row() { # row OFFSET HEX...: 16 bytes, the given ones first
	local off=$1 i
	shift
	printf '%s:' "$off"
	for ((i = 0; i < 16; i++)); do printf ' %s' "${1:-00}"; shift $(($# ? 1 : 0)); done
	echo
}

header() { # the four rows of a header with BAR 0 of 32 bits and capabilities from 40
	row 00 86 80 10 15 07 05 10 00 01 00 00 02 10 00 80
	row 10 00 00 80 fe 01 e0 00 00 0c 00 00 f8 40 00 00 00
	row 20
	row 30 00 00 00 00 40 00 00 00 00 00 00 00 0b 01
}

{
	echo '00:1f.6 Ethernet controller [0200]: Intel Corporation [8086:1510] (rev 01)'
	header
} >fuzz_dump/header
{
	echo '0001:0a:1f.7 Class 0200: Device [1af4:1041]'
	printf '\tSubsystem: any\r\n'
	printf '\tRegion 0: Memory at fe800000 (32-bit, non-prefetchable) [size=16K]\n'
	printf '\tRegion 1: I/O ports at e000 [size=32]\n'
	printf '\tRegion 2: Memory at 40f8000000 (64-bit, prefetchable) [size=8G]\n'
	printf '\tExpansion ROM at fe900000 [disabled] [size=512K]\n'
	header
	row 40 01 50 03 00 08
	row 50 05 70 86 00
	row 70 10 00 02 00 c2 8f 00 00
	row ff0 de ad
} >fuzz_dump/verbose
{
	printf '\xef\xbb\xbf00:00.0 Host bridge\r\n'
	header | sed 's/$/\r/'
	printf '\r\n00:01.0 PCI bridge\r\n'
	row 00 86 80 01 19 07 05 10 00 00 00 04 06 00 00 01
	row 10
	row 20
	row 30 00 00 00 00 40
	row 40 10 00 42 01
	echo
	echo '00:02.0 nothing'
	for off in 00 10 20 30; do row $off ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff; done
} >fuzz_dump/several
{
	echo '00:00.0 holes'
	header
	row 80 09 00
	row 100 01 00 01 14
	row 140 0b 00 01 00
	echo '00:00.1 only one row'
	row 200 01
} >fuzz_dump/holes
{
	echo '00:1d.0 conventional'
	header
	row 40 09 f0 08
	row f0 01 00 03
} >fuzz_dump/conventional
n=1
for bad in '10: 00 00' '18: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00' '00: gg' '00:'; do
	printf '00:00.0 bad\n%s\n' "$bad" >"fuzz_dump/bad-$n"
	n=$((n + 1))
done
{ header; } >fuzz_dump/no-function
{ echo '00:00.0 twice' && header && header; } >fuzz_dump/twice
echo '00:00.0 without rows' >fuzz_dump/no-rows

# chains: 8 bytes of hidden flags, options, image
some=5500aa0000000000 none=0000000000000000 all=ffffffffffffffff
bytes fuzz_chain/bare $none 00 "$(image 00 '')"
bytes fuzz_chain/card $some 00 "$(image 01 '')"
bytes fuzz_chain/card-256 $all 03 "$(image 05 '')"
bytes fuzz_chain/card-64 $none 00 "$(image 09 '')"
bytes fuzz_chain/loop $some 00 "$(image 01 '' "$(patch 71 50)" "$(patch 152 0110)")"
bytes fuzz_chain/low $none 00 "$(image 01 '' "$(patch 34 3c)" "$(patch 102 f10f)")"
bytes fuzz_chain/ones $none 00 "$(image 01 '' "$(patch 70 ffff)" "$(patch 150 ffffffff)")"
bytes fuzz_chain/stub $none 02 "$(image 01 '' "$(patch 100 2300)")"
bytes fuzz_chain/null $all 00 "$(image 01 '' "$(patch 100 00000014)")"
bytes fuzz_chain/holes $none 00 01 00 02 5000 140c
# as many as fit: each points to the next dword
bytes fuzz_chain/longest $some 00 00fe "$(for ((at = 64; at < 4096; at += 16)); do
	printf '%02xf%x' $((at & 255)) $((at >> 8))
	for ((cap = at; cap < at + 16; cap += 4)); do
		next=$(((cap + 4) % (cap < 256 ? 256 : 4096)))
		[ $cap -lt 256 ] && printf '09%02x0300' $next || printf '0b00%x1%02x' $((next & 15)) $((next >> 4))
	done
done)$(patch 06 1000)$(patch 34 40)" 00
bytes fuzz_chain/sizes $none 00 "$(printf '11%s0000' 0f000c0402010c0000000d0110000b)"
bytes fuzz_chain/cardbus $none 00 "$(image 00 '' "$(patch 0e 02)" "$(patch 06 10)" "$(patch 14 48)")"
# a register that only partly fits its capability, in the host topology
bytes fuzz_chain/part 00000001ffffffffffff3c02 0011f10f0100ffffffffffffffffff07000002fa0010140000
bytes fuzz_chain/bridge $some 00 "$(image 0f 07)"
for seed in 01 02 03 04; do bytes "fuzz_chain/any-$seed" $some 02 "$(image 0e $seed)"; done

# accesses: image, options, accesses (see harness_access.c)
sizing=25100007ffffffff24100025140007ffffffff2414002504000307002d0400030600
bytes fuzz_access/bars "$(image 01 '')" 01 $sizing
bytes fuzz_access/registers "$(image 01 '')" 00 "$(for ((i = 0; i < 48; i++)); do
	printf '05%02x00ffffffff04%02x0007%02x00%016x' $i $i $i $((i * 0x0101010101))
done)"
bytes fuzz_access/odd "$(image 01 '')" 01 22ffff2641002e00102ffe0f010203040506070832fcffffff2e00062a4400
bytes fuzz_access/lengths "$(image 01 '')" 01 2e00000e0000002f0000030102032e1000ff2e100081
bytes fuzz_access/poked "$(image 01 '')" 04 644400a5647a0012657a0034ffff
bytes fuzz_access/failing "$(image 01 '')" 01 a0780000a1780000ffa47800019a780002e5780001ffffffff
bytes fuzz_access/no-function "$(image 01 '')" 01 e40000f0e5000010ffffffffe4000082
bytes fuzz_access/power "$(image 01 '' "$(patch 42 0300)")" 01 23440003002344000100224400234400020022440023440000
bytes fuzz_access/host "$(image 0f 09)" 02 2400002404002534000fffffff
bytes fuzz_access/all-sorts "$(image 06 21)" 08 3412 "$sizing" 05400001020304
bytes fuzz_access/exact "$(image 0e 22)" 19 7856 05400001020304 03410001020700420015410002
for seed in 31 32 33; do
	bytes "fuzz_access/fails-$seed" "$(image 06 $seed)" 08 ${seed}00 "$(for ((i = 0; i < 60; i++)); do
		printf '97%02x00%02x%08x%08x' $((i * 5)) $((i & 3)) $((i * 0x5a5a5a5)) $((~i & 0xffffffff))
	done)" d74000010102030405060708
done
for seed in 05 06; do
	bytes "fuzz_access/any-$seed" "$(image 0e $seed)" 25 "$(for ((i = 0; i < 64; i++)); do
		printf '%02x%02x%02x' $((i * 8 % 64 & 0x26)) $((i * 7 % 256)) $((i % 2))
		printf '17%02x00%08x%08x' $i $((i * 0x1010101)) $((i << 20))
	done)"
done

# rules: some files of the parser's tests
for file in good/{everything,comments,names,match-{address,numbers,range,mask,types,has-caps,guests,buses},capabilities,registers,ranges} \
	good/{add,move,link,sizes,express-link,interrupts,reset,escaped-key} semantic/{range-backwards,mask-of-a-byte,add-at-2} \
	bad/{key-of-rule,has-cap-unknown,behind-escapes,control-characters} syntax/{same-key,cut,latin-1}; do
	cp "../../data/rules/$file.json" "fuzz_rules/${file#*/}"
done
