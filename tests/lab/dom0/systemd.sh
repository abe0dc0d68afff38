#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs systemd with the unit of ecamd alone. dom0's first process is a script, and systemd must be a first process: it
# is that of a PID namespace, as in a container. Devices, /sys, /run and the network are dom0's.
# Usage: unshare -m -p -f systemd.sh
mount -t proc proc /proc
mount -t xenfs xenfs /proc/xen
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /etc/systemd/system/ecamd.service.d
cp /opt/dom0/ecamd.service /etc/systemd/system/
printf '[Service]\nStandardOutput=append:/run/ecamd.log\nStandardError=inherit\n' >/etc/systemd/system/ecamd.service.d/log.conf
exec env container=lab /usr/lib/systemd/systemd --system --unit=basic.target --log-target=kmsg --log-level=info
