# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# ecamd under the installed systemd unit with its sandbox: attach, reset, detach, stop, start, restart after a kill.
# limit: 240
only
service_stop
without_pciback
modprobe pci-stub
count_accesses
rm -f /run/ecamd.log
setsid unshare -m -p -f bash /opt/dom0/systemd.sh >"$state/systemd.log" 2>&1 </dev/null &
# in its namespace: systemd answers only processes that it can see
unit() { nsenter -t "$(pidof systemd)" -p -m systemctl "$@"; }
until_true 60 unit is-active basic.target

of_ecamd() { grep -q "$2" "/proc/$(pidof ecamd)/$1"; }
unit start ecamd
pidof ecamd >/run/ecamd.pid
see "ecamd is ready under its unit" unit is-active ecamd
see "it is confined by seccomp" of_ecamd status 'Seccomp:.2'
see "it has two capabilities" of_ecamd status 'CapEff:.0*201000$'
see "it is spared when memory is short" of_ecamd oom_score_adj '^-900$'
see "and has its uevents" eval '! grep uevents /run/ecamd.log'

guest p pvh
attach p "$NVME@1"
attach p "$NIC@2"
start p
in_guest p 60 'nvme 0000:00:01.0'
in_guest p 60 'nic 0000:00:02.0'
resets=$(accesses reset)
in_guest p 60 'nvme_reset 0000:00:01.0'
see "the guest's reset reset the device" [ "$(accesses reset)" = $((resets + 1)) ]
kill -HUP "$(pidof ecamd)"
detach p "$NIC" 02
see "a driver of dom0 has the detached device" until_true 20 has_driver "$NIC" e1000e

unit stop ecamd
see "it ended in order" [ "$(unit show -P Result ecamd)" = success ]
see "a driver of dom0 has the other device" until_true 20 has_driver "$NVME" nvme
unit start ecamd
given_again() { ecamctl guests | grep -q "$NVME"; }
see "the guest has its device again" until_true 20 given_again
destroy p
see "and dom0 after the guest" until_true 20 has_driver "$NVME" nvme

pid=$(pidof ecamd)
kill -KILL "$pid"
restarted() { [ "$(pidof ecamd)" != "$pid" ] && unit is-active ecamd; }
see "systemd starts it again after a kill" until_true 30 restarted
guest p pvh
attach p "$NVME@1"
destroy p
unit stop ecamd
rm -f /run/ecamd.pid
kill -KILL "$(pidof systemd)"
