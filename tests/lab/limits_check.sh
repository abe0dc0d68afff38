#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests dom0/limits.sh by figures, without a machine: `work` is replaced by the speed that it would find.
set -uo pipefail
# shellcheck source=tests/lab/dom0/limits.sh
. "$(dirname "$0")/dom0/limits.sh"
bad=0
unset SECONDS # a plain variable from here on

check() {
	[ "$2" = "$3" ] || { echo "limits.sh: $1: $2, wanted $3"; bad=1; }
}

# microseconds of work, on a machine F times as slow
percent_of $((reference * 1000))
check 'the reference machine' "$measured" 100
percent_of $((reference * 250))
check 'a faster one' "$measured" 100
percent_of $((reference * 3500))
check 'one 3.5 times as slow' "$(shown "$measured")" 3.50

# tell START NOW PASSED LIMIT: what a limit does that was set at START percent, after PASSED seconds, at NOW percent
tell() {
	local words=
	percent=$1 most=$(($1 * 3)) measured=$1 now=$2
	SECONDS=$3
	if late 0 "$4" 2>/dev/null; then
		words=wrong
		! too_slow || words=slow
		passed "$4" it 2>&1 | grep -q '^too slow: ' && words="$words, said"
	fi
	told="${words:-waits} $(shown "$percent")"
}

measure() {
	measured=$now
}

while read -r start now seconds limit wanted; do
	tell "$start" "$now" "$seconds" "$limit"
	check "$start% then $now%, $seconds of $limit s" "$told" "$wanted"
done <<'END'
100 100 19  20 waits 1.00
100 100 20  20 wrong 1.00
200 200 39  20 waits 2.00
200 200 40  20 wrong 2.00
200 100 40  20 wrong 2.00
100 250 20  20 waits 2.50
100 900 20  20 waits 3.00
200 900 40  20 waits 6.00
END

# no longer than `most`; then it is the machine
percent=100 most=300 now=900 SECONDS=20
late 0 20 2>/dev/null
SECONDS=59
late 0 20 2>/dev/null
check 'before the longest limit' "$?" 1
SECONDS=60
late 0 20 2>/dev/null
check 'the longest limit' "$?" 0
check 'its line' "$(passed 20 'the disk' 2>&1)" "too slow: the disk: not within 20 s x 3.00; the machine's factor is 9.00"
now=280
late 0 20 2>/dev/null
check 'the same at a speed within it' "$(passed 20 'the disk' 2>&1)" "the disk: not within 20 s x 3.00; the machine's factor is 2.80"
exit "$bad"
