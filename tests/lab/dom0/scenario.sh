#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs one scenario in dom0. Usage: scenario.sh NAME SECONDS
cd /opt/scenarios || exit
status=0
# shellcheck disable=SC2016 # for the other shell
timeout -k 5 "$2" bash -c '
	set -eEuo pipefail
	for part in lib xen views; do
		. /opt/dom0/$part.sh
	done
	[ -e $state/before ] || { xen_state >$state/before; free_memory >$state/memory; }
	trap "echo \"FAILED: line \$LINENO: \$BASH_COMMAND\"" ERR
	. "$0"' "/opt/scenarios/$1.sh" || status=$?
if [ "$status" != 0 ]; then
	[ "$status" = 124 ] && echo "FAILED: not done after $2 s"
	# shellcheck source=tests/lab/dom0/lib.sh
	. /opt/dom0/lib.sh
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
