#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs one scenario in dom0. Usage: scenario.sh NAME SECONDS PERCENT, the last two as in limits.sh
cd /opt/scenarios || exit
export percent=${3:-100}
# shellcheck source=tests/lab/dom0/lib.sh
. /opt/dom0/lib.sh
export most
status=0
# shellcheck disable=SC2016 # for the other shell, the leader of a process group
setsid bash -c '
	set -eEuo pipefail
	for part in lib xen views; do
		. /opt/dom0/$part.sh
	done
	[ -e $state/before ] || { xen_state >$state/before; free_memory >$state/memory; }
	trap "echo \"FAILED: line \$LINENO: \$BASH_COMMAND\"" ERR
	. "$0"' "/opt/scenarios/$1.sh" &
child=$!
begin=$SECONDS
while kill -0 "$child" 2>/dev/null; do
	if late "$begin" "$2"; then
		echo "FAILED: not done in time"
		passed "$2" "the scenario"
		kill -- "-$child"
		pause 5
		kill -9 -- "-$child" 2>/dev/null
		break
	fi
	pause 0.3
done
wait "$child" || status=$?
if [ "$status" != 0 ]; then
	[ ! -e /run/ecamd.log ] || tail -n 10 /run/ecamd.log
	{
		xl list
		if [ -e /run/ecamd.pid ]; then
			grep State "/proc/$(cat /run/ecamd.pid)/status"
			cat "/proc/$(cat /run/ecamd.pid)/stack"
		fi
		dmesg
		xl dmesg
	} >"/share/logs/$1.failed" 2>&1
	cp "$state"/* /share/logs/
	tidy
fi
exit "$status"
