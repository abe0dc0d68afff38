/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The templates of mediator/acpi, as iasl compiled them. Their numbers are placeholders, which
 * acpi.c knows. Defined in a file that the build writes.
 */
#ifndef EC_ACPI_AML_H
#define EC_ACPI_AML_H

#include <stdint.h>

extern const uint8_t ec_acpi_aml_hvm[], ec_acpi_aml_pvh[];
extern const unsigned int ec_acpi_aml_hvm_len, ec_acpi_aml_pvh_len;

#endif
