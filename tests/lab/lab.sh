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
# A line "# limit: N" in a scenario is its time limit in seconds. The machine's serial log, the guests' consoles
# and ecamd's log are kept in build/lab/runs/TIME-TURN/.
set -uo pipefail
lab=$(cd "$(dirname "$0")" && pwd)
build=$(realpath -m "${EC_BUILD:-build}")
cache=$(realpath -m "${LAB_CACHE:-build/lab}")
export lab build cache
# shellcheck source=tests/lab/machine.sh
. "$lab/machine.sh"

results=() passed=0 failed=0 pid=

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

# One try of a scenario in the running machine. The machine is stopped if it does not answer.
try() {
	local name=$1 limit status=0
	limit=$(limit_of "$name")
	limit=${limit:-60}
	dom0 $((limit + 30)) "bash /opt/dom0/scenario.sh $name $limit" >"$run/$name.log" || status=$?
	[ "$status" != 255 ] || { echo "FAILED: the machine does not answer" >>"$run/$name.log"; stop; }
	return "$status"
}

# scenario DIRECTORY NAME: runs it, and once more after a fault of the emulator
scenario() {
	local name=$2 begin=$SECONDS mark=0 note='' verdict=PASS
	[ -n "$pid" ] || boot "$1" || { stop; verdict=FAIL; note=' (no boot)'; }
	if [ "$verdict" = PASS ]; then
		mark=$(wc -l <"$run/serial.log")
		if ! try "$name"; then
			verdict=FAIL
			if emulator_fault "$mark"; then
				note=' (retried: emulator fault)'
				cp "$run/$name.log" "$run/$name.first.log"
				{ [ -n "$pid" ] || boot "$1-again"; } && try "$name" && verdict=PASS
			fi
		fi
	fi
	case $verdict in
	PASS) passed=$((passed + 1)) ;;
	FAIL) failed=$((failed + 1)) ;;
	esac
	results+=("$verdict  $name  $((SECONDS - begin)) s$note")
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
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
