# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles the ACPI templates and writes them as a C file. Included by the Makefile.
ACPI := hvm pvh
SRC_ACPI := $(BUILD)/acpi/acpi_aml.c

$(BUILD)/acpi/%.aml: mediator/acpi/%.asl $(wildcard mediator/acpi/*.asl) mediator/acpi/acpi.mk
	@mkdir -p $(@D)
	$(call say,IASL,$<)
	$(Q)iasl -we -p $(@:.aml=) $< >$@.log 2>&1 || { cat $@.log >&2; exit 1; }

$(SRC_ACPI): $(ACPI:%=$(BUILD)/acpi/%.aml) mediator/acpi/embed.sh
	$(call say,GEN,$@)
	$(Q)mediator/acpi/embed.sh $(filter %.aml,$^) >$@
