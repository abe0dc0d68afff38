#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copies the shared directory into dom0's memory: each access to it takes milliseconds.
cp /share/guest/* /guest/
for program in /share/bin/*; do
	# not over a program that runs
	cp "$program" "/usr/bin/new-${program##*/}" && mv "/usr/bin/new-${program##*/}" "/usr/bin/${program##*/}"
done
for library in /share/lib/*; do
	[ -e "/usr/lib/x86_64-linux-gnu/${library##*/}" ] || cp "$library" /usr/lib/x86_64-linux-gnu/
done
rm -rf /opt/dom0 /opt/scenarios
cp -r /share/dom0 /share/scenarios /opt/
