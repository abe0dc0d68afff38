#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# acpi_run.sh ECAMCTL 'ARGUMENTS OF ecamctl acpi' 'METHOD ARGUMENTS': evaluates a method of the SSDT, and prints the
# bytes of the buffer that it returns.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# hvmloader's DSDT has a root bridge; iasl wants an id of it
bridge=
case $2 in *hvm*) bridge='Device (PCI0) { Name (_HID, EisaId ("PNP0A03")) }' ;; esac
echo "DefinitionBlock (\"\", \"DSDT\", 2, \"ECAMD\", \"TEST\", 1) { Scope (_SB) { $bridge } }" >"$work/dsdt.asl"
# shellcheck disable=SC2086 # a list
"$1" acpi $2 -o "$work/tables"
head -c "$(($(od -An -tu4 -j4 -N4 "$work/tables")))" "$work/tables" >"$work/ssdt.aml"
iasl -p "$work/dsdt" "$work/dsdt.asl" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
acpiexec -b "evaluate $3" "$work/dsdt.aml" "$work/ssdt.aml" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep -E '(Error|Warning|AE_)' "$work/log" && exit 1
sed -n '/^Evaluation of/,$s/.*[0-9A-F]\{4\}: \(\([0-9A-F][0-9A-F] \)*\).*/\1/p' "$work/log" | tr -d '\n'
