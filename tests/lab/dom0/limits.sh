# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Limits of time. Each is written in seconds of an idle machine like that on which `work` takes `reference` ms, and counts
# `percent` of that. A limit that passes is no failure yet: the speed is measured again, and the wait goes on if the
# machine has become slower, up to `most`. Beyond that it is too slow to say what is wrong.

reference=1400
: "${percent:=100}" "${most:=$((percent * 3))}" "${measured:=$percent}"

# What scenarios do most: a shell's own steps, and starting processes. A new shell: in one that has forked, the same
# steps take three times as long under emulation.
work() {
	# shellcheck disable=SC2016 # the new shell's
	bash -c 'for ((i = 0; i < 20000; i++)); do :; done; for i in {1..20}; do /bin/true; done'
}

# percent_of MICROSECONDS: sets `measured`; a machine faster than the reference counts as that
percent_of() {
	measured=$(($1 / 10 / reference))
	[ "$measured" -ge 100 ] || measured=100
}

# measure: sets `measured` by the time of `work`
measure() {
	local begin=${EPOCHREALTIME//[!0-9]/}
	work
	percent_of $((${EPOCHREALTIME//[!0-9]/} - begin))
}

# shown PERCENT: as a factor
shown() {
	printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}

# late BEGIN SECONDS: whether the limit has passed since BEGIN, a value of $SECONDS
late() {
	[ $(((SECONDS - $1) * 100)) -ge $(($2 * percent)) ] || return 1
	measure
	[ "$measured" -gt "$percent" ] && [ "$percent" -lt "$most" ] || return 0
	percent=$((measured < most ? measured : most))
	echo "limits: now x $(shown "$percent")" >&2
	return 1
}

# too_slow: whether `late` said yes although the machine is too slow
too_slow() {
	[ "$measured" -gt "$most" ]
}

# passed SECONDS WHAT: says on stderr that the limit passed; `too slow` at the line's start is for lab.sh
passed() {
	local word=
	! too_slow || word='too slow: '
	echo "$word$2: not within $1 s x $(shown "$percent"); the machine's factor is $(shown "$measured")" >&2
}
