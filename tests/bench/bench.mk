# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: the cost of an access. Included by the Makefile after its lists of sources.
SRC_BENCH := $(sort $(wildcard tests/bench/*.c))
C_FILES += $(SRC_BENCH)

.PHONY: bench bench-run

bench: deps-bench
	@$(MAKE) --no-print-directory bench-run

bench-run: $(BUILD)/bench $(BUILD)/ecamctl
	@tests/bench/bench.sh $(BUILD) '$(CC)' '$(CFLAGS)'

$(BUILD)/bench: $(call obj,$(SRC_BENCH)) $(call obj,tests/support/fixture.c) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -ljansson
