# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# A PVH guest with an NVMe and a network card, xen-pciback not loaded.
# limit: 100
only
without_pciback
service
see "xen-pciback is not loaded" eval '! pciback_loaded'
ecamctl dump "$NVME" >"$state/nvme.dump"
ecamctl show "$NVME" --hex --no-intx --topology bypassed --dump "$state/nvme.dump" >"$state/nvme.view"

guest p pvh 'vcpus = 2'
attach p "$NVME@1"
attach p "$NIC@2"
see "pci-stub holds the device" has_driver "$NVME" pci-stub
start p
mappings p
in_guest p 60 'nvme 0000:00:01.0'
in_guest p 60 'nic 0000:00:02.0'
mappings p
in_guest p 20 'lspci -xxxx -s 00:01.0' >"$state/nvme.guest"
compare_views "$state/nvme.view" "$state/nvme.guest"
