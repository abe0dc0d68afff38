# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# Attaches that are refused, and the messages.
# limit: 60
only
service
iommu=none guest no-iommu pvh
refused 5 '[Ii][Oo][Mm][Mm][Uu]' ecamctl attach no-iommu "$NVME_TWIN"
destroy no-iommu

iommu=force guest pod hvm 'maxmem = 400'
refused 5 'populate' ecamctl attach pod "$NVME_TWIN"
destroy pod

guest alt hvm 'passthrough = "enabled"' 'altp2m = "mixed"'
refused 5 'altp2m' ecamctl attach alt "$NVME_TWIN"
destroy alt

# a migration whose receiver reads nothing: the guest's memory is logged until the receiver exits
guest m pvh
banner='xl migration receiver ready, send binary domain data.'
rm -f /run/far; mkfifo /run/far
xl migrate -s '' m "echo '$banner'; read -rt 30 line <>/run/far" >"$state/migrate.log" 2>&1 &
migration=$!
saver_waits() { grep -q pipe_write "/proc/$(pidof libxl-save-helper)/wchan"; }
until_true 20 saver_waits
refused 5 'being migrated' ecamctl attach m "$NVME_TWIN"
see "the refused device is the host's again" until_true 20 has_driver "$NVME_TWIN" nvme
echo >/run/far
wait "$migration" || true
destroy m

guest r pvh
refused 5 'nobody' ecamctl attach nobody "$NVME_TWIN"
refused 5 'No such|no such|there is no' ecamctl attach r 7f:00.0
node=/libxl/pci/0000-0c-00-0
xenstore-write "$node/domid" "$(xl domid r)"
refused 5 'has it|use' ecamctl attach r "$NVME_TWIN"
xenstore-rm "$node"
attach r "$NVME_TWIN@5"
see "xenstore has the domain id" [ "$(xenstore-read "$node/domid")" = "$(xl domid r)" ]
refused 5 'has it' ecamctl attach r "$NVME_TWIN@6"
refused 5 'slot|00:05' ecamctl attach r "$NIC_TWIN@5"
refused 2 'slot|20' ecamctl attach r "$NIC_TWIN@20"
refused 2 '.' ecamctl attach r
see "the refused card still has its driver" has_driver "$NIC_TWIN" e1000e
destroy r
see "the device was given back" until_true 20 has_driver "$NVME_TWIN" nvme
see "xenstore has no claim" eval "! xenstore-read $node/domid"
