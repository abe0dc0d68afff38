#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boots Xen under QEMU's software emulation and runs scenarios in it, the files of tests/lab/scenarios.
#
# Usage: lab.sh [NAME...]      the scenarios with these names or numbers; default: all
#        lab.sh --dom0 COMMAND runs COMMAND in dom0 of the machine that was kept, after `. /opt/dom0/lib.sh`
#        lab.sh --update       copies the current programs, scenarios and scripts into that machine
#   LAB_REPEAT=N               repeats the scenarios N times, each time in a new machine
#   LAB_KEEP=1                 leaves the machine running at the end; with the name `none` it only boots
#   LAB_CACHE=DIR              downloads and images of the lab (build/lab)
#   EC_BUILD=DIR               has ecamd, ecamctl and xl-iommu.so, and gets the logs (build)
#
# A line "# limit: N" in a scenario is its time limit in seconds, times the factor of dom0/limits.sh. The machine's serial log, the guests' consoles
# and ecamd's log are kept in build/lab/runs/TIME-TURN/.
set -uo pipefail
lab=$(cd "$(dirname "$0")" && pwd)
build=$(realpath -m "${EC_BUILD:-build}")
cache=$(realpath -m "${LAB_CACHE:-build/lab}")
export lab build cache
# shellcheck source=tests/lab/machine.sh
. "$lab/machine.sh"
# shellcheck source=tests/lab/dom0/limits.sh
. "$lab/dom0/limits.sh"

results=() passes=0 failures=0 slow=0 pid=

chosen() {
	local file name want
	for file in "$lab"/scenarios/*.sh; do
		name=$(basename "$file" .sh)
		[ $# != 0 ] || { echo "$name"; continue; }
		for want in "$@"; do
			case $name in
			"$want" | "$want"-*) echo "$name" ;;
			esac
		done
	done
}

limit_of() {
	sed -n 's/^# limit: //p' "$lab/scenarios/$1.sh"
}

# no_answer NAME: stops the machine
no_answer() {
	echo "FAILED: the machine does not answer" >>"$run/$1.log"
	stop
}

# One try of a scenario in the running machine, with limits as its speed is now. The machine is stopped if it does not
# answer: dom0 itself makes limits longer, up to three times.
try() {
	local name=$1 limit status=0
	limit=$(limit_of "$name")
	limit=${limit:-60}
	# shellcheck disable=SC2016 # dom0's
	percent=$(dom0 120 '. /opt/dom0/limits.sh; measure; echo "$measured"') || { percent=100; no_answer "$name"; return 255; }
	echo "lab: $name: limits x $(shown "$percent")"
	dom0 $((limit * percent * 3 / 100 + 60)) "bash /opt/dom0/scenario.sh $name $limit $percent" >"$run/$name.log" || status=$?
	[ "$status" != 255 ] || no_answer "$name"
	return "$status"
}

# again_after LINES: whether the failure is the emulator's (LINES: see emulator_fault) or the load's; sets `verdict` and `note`
again_after() {
	verdict=FAIL
	if emulator_fault "$1"; then
		note=' (retried: emulator fault)'
	elif grep -q '^too slow: ' "$run/$name.log"; then
		verdict=SLOW
		note=' (retried: too slow)'
	else
		return 1
	fi
}

# scenario DIRECTORY NAME: runs it, and once more after a fault of the emulator, or if the machine became too slow
scenario() {
	local name=$2 begin=$SECONDS mark=0 note='' verdict=PASS
	[ -n "$pid" ] || boot "$1" || { stop; verdict=FAIL; note=' (no boot)'; }
	if [ "$verdict" = PASS ]; then
		mark=$(wc -l <"$run/serial.log")
		if ! try "$name" && again_after "$mark"; then
			cp "$run/$name.log" "$run/$name.first.log"
			mark=$(wc -l <"$run/serial.log")
			{ [ -n "$pid" ] || boot "$1-again"; } && if try "$name"; then
				verdict=PASS
			else
				again_after "$mark" || true
			fi
		fi
	fi
	case $verdict in
	PASS) passes=$((passes + 1)) ;;
	FAIL) failures=$((failures + 1)) ;;
	SLOW) slow=$((slow + 1)) ;;
	esac
	results+=("$verdict  $name  $((SECONDS - begin)) s, limits x $(shown "$percent")$note")
	echo "lab: ${results[-1]}"
	sed 's/^/    /' "$run/$name.log" 2>/dev/null
}

keep() {
	echo "lab: dom0 has a shell on $run/console (a socket); to stop it: kill $pid"
	trap - EXIT
	exit 0
}

case ${1-} in
--dom0)
	find_kept && dom0 "${LAB_LIMIT:-120}" ". /opt/dom0/lib.sh; . /opt/dom0/xen.sh; . /opt/dom0/views.sh; $2"
	exit
	;;
--update)
	find_kept && fill_share "$run/share" && dom0 60 'bash /share/dom0/update.sh'
	exit
	;;
esac

"$lab/images.sh" "$cache" || exit
mapfile -t names < <(chosen "$@")
[ "${#names[@]}" != 0 ] || [ "${1-}" = none ] || { echo "no such scenario: $*" >&2; exit 2; }
trap stop EXIT
trap 'exit 130' INT TERM
begin=$SECONDS
for turn in $(seq "${LAB_REPEAT:-1}"); do
	directory=$build/lab/runs/$(date +%m%d-%H%M%S)-$turn
	number=0
	for name in "${names[@]}"; do
		number=$((number + 1))
		scenario "$directory-$number" "$name"
	done
	if [ -n "${LAB_KEEP:-}" ]; then
		[ -n "$pid" ] || boot "$directory" || exit
		keep
	fi
	stop
done
echo "lab: $((SECONDS - begin)) s, logs in $build/lab/runs"
printf '%s\n' "${results[@]}"
echo "$passes passed, $failures failed, $slow too slow"
# 3: nothing was seen to be wrong
exit $((failures ? 1 : slow ? 3 : 0))
