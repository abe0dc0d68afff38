#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# embed.sh NAME.aml...: writes compiled tables as C arrays, which mediator/acpi/aml.h declares.
set -eu
echo '#include "acpi/aml.h"'
for f; do
	echo "const uint8_t ec_acpi_aml_$(basename "$f" .aml)[] = {"
	od -An -v -tx1 "$f" | sed 's/ \(..\)/ 0x\1,/g'
	echo '};'
	echo "const unsigned int ec_acpi_aml_$(basename "$f" .aml)_len = $(wc -c <"$f");"
done
