/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The templates *.asl as compiled by iasl; tables.c replaces numbers in them. embed.sh writes the
 * .c file, build/acpi/acpi_aml.c.
 */
#ifndef EC_ACPI_AML_H
#define EC_ACPI_AML_H

#include <stdint.h>

extern const uint8_t ec_acpi_aml_hvm[], ec_acpi_aml_pvh[];
extern const unsigned int ec_acpi_aml_hvm_len, ec_acpi_aml_pvh_len;

#endif
