#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make.sh BUILD: writes tests/data and tests/golden. Look at the diff before you commit it.
set -eu
"$1/fixtures" tests/data
for f in tests/data/*.lspci; do
	name=$(basename "$f" .lspci)
	tests/golden/view.sh "$1/ecamctl" "$name" >"tests/golden/$name.view"
done
rm -f tests/golden/rules/*
tests/golden/rules.sh "$1/ecamctl" tests/golden/rules
rm -f tests/golden/acpi/*
tests/golden/acpi.sh "$1/ecamctl" tests/golden/acpi
tests/golden/plan.sh "$1/ecamctl" >tests/golden/plan.txt
git --no-pager diff --stat -- tests/data tests/golden
