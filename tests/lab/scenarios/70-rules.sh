# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# Rules in a real guest: a hidden capability, a passed range, a single vector, which moves between processors; and a wrong file.
# limit: 120
only
service
mkdir -p /etc/ecamd/policy.d
cat >/etc/ecamd/policy.d/50-card.json <<'END'
{ "version": 1, "rules": [ { "name": "the card",
  "match": { "vendor": "0x8086", "device": "0x10d3", "guest": "ruled" },
  "set": { "capabilities": { "AER": "hide" },
           "ranges": [ { "offset": "0x60", "length": 4, "treatment": "pass" } ] } },
  { "name": "one vector", "match": { "class": "0x010802", "guest": "ruled" }, "set": { "msix": { "vectors": 1 } } } ] }
END
see "ecamctl explain names the rule" eval "ecamctl explain '$NIC' 0x60 --guest ruled | grep -q '50-card.json.*the card'"

guest ruled pvh 'vcpus = 2'
echo '{ "version": 2 }' >/etc/ecamd/policy.d/60-wrong.json
refused 5 '60-wrong.json:1:.*version' ecamctl attach ruled "$NIC@2"
see "the refused card still has its driver" has_driver "$NIC" e1000e
rm /etc/ecamd/policy.d/60-wrong.json
attach ruled "$NIC@2"
attach ruled "$NVME@1,hide=EXP"
start ruled

in_guest ruled 20 'lspci -vv -s 00:02.0' >"$state/ruled.lspci"
see "AER is hidden" eval "! grep -q 'Advanced Error Reporting' '$state/ruled.lspci'"
see "the capability after it is not" grep -q 'Capabilities: \[140 v.\] Device Serial Number' "$state/ruled.lspci"
see "the option of the attach counts" eval "! in_guest ruled 20 'lspci -v -s 00:01.0' | grep -q 'Express'"
in_guest ruled 20 'setpci -s 00:02.0 60.l=12345678 64.l=9abcdef0' >/dev/null
see "the guest reads what it wrote" eval "in_guest ruled 20 'setpci -s 00:02.0 60.l 64.l' | tr '\n' ' ' | grep -q '^12345678 00000000'"
see "it reached the device, only in the range" [ "$(setpci -s "$NIC" 60.l 64.l | tr '\n' ' ')" = '12345678 00000000 ' ]
in_guest ruled 60 'nvme 0000:00:01.0'
see "no interrupt is lost while it moves" in_guest ruled 60 'nvme_moves 0000:00:01.0 300'
rm -r /etc/ecamd
destroy ruled
