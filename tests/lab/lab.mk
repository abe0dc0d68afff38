# SPDX-License-Identifier: GPL-2.0-or-later
# make check-lab: real Xen under emulation (tests/lab), and its tools' needs (tools/xen). Included by the Makefile.
SRC_LAB := $(sort $(wildcard tests/lab/guest/*.c tools/xen/*.c))
C_FILES += $(SRC_LAB)
SHELLS += $(sort $(wildcard tests/lab/*/*.sh) tests/lab/dom0/init tests/lab/guest/init)

.PHONY: check-lab check-lab-run

check-lab: deps-lab
	@$(MAKE) --no-print-directory check-lab-run

# LAB='10 50': these scenarios. LAB_REPEAT=N, LAB_KEEP=1, LAB_CACHE=DIR: see tests/lab/lab.sh.
check-lab-run: $(BUILD)/ecamd $(BUILD)/ecamctl $(BUILD)/xl-iommu.so
	@EC_BUILD=$(BUILD) tests/lab/lab.sh $(LAB)

# for an unmodified xl: see tools/xen/README.md
$(BUILD)/xl-iommu.so: tools/xen/xl-iommu.c Makefile
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(STD) -D_GNU_SOURCE $(CFLAGS) $(WARN) -shared -fPIC -o $@ $<
