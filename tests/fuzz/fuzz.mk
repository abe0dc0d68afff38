# SPDX-License-Identifier: GPL-2.0-or-later
# make fuzz [TIME=60] [FUZZERS=fuzz_dump]: each fuzzer for TIME seconds. make coverage: the lines of
# floors 0 to 3 that the tests run. Included by the Makefile after the variable `obj`.
TIME ?= 60
COVERED ?= 90
FUZZERS ?= fuzz_dump fuzz_chain fuzz_access fuzz_rules
FUZZ_CC ?= clang
FUZZ_CFLAGS := -O2 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# libFuzzer's own entry points stay out of `make check`
SRC_FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SRC_HARNESS := $(filter-out $(SRC_FUZZERS),$(sort $(wildcard tests/fuzz/*.c)))
C_FILES += $(SRC_HARNESS) $(SRC_FUZZERS)
fuzz_obj = $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(1))

.PHONY: fuzz fuzz-run coverage coverage-run
.DEFAULT_GOAL := all

$(BUILD)/check: $(call obj,$(SRC_HARNESS))

fuzz: deps-fuzz
	@$(MAKE) --no-print-directory fuzz-run

fuzz-run: $(addprefix $(BUILD)/fuzz/,$(FUZZERS))
	@tests/fuzz/run.sh $(BUILD)/fuzz $(TIME) $(FUZZERS)

$(BUILD)/fuzz/libecamd.a: $(call fuzz_obj,$(SRC_CORE) $(SRC_ACPI) $(SRC_HOST))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) qcs $@ $^

# only the adapters that need no library are linked; rules need jansson
$(patsubst tests/%.c,$(BUILD)/%,$(SRC_FUZZERS)): $(BUILD)/fuzz/%: $(BUILD)/fuzz/obj/tests/fuzz/%.o \
		$(call fuzz_obj,$(SRC_HARNESS) $(addprefix tests/support/,fixture.c model.c model_random.c)) \
		$(BUILD)/fuzz/libecamd.a
	$(call say,LD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ -ljansson

# coverage is measured in the code under test, not in the harnesses
$(BUILD)/fuzz/obj/%.o: %.c Makefile tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)$(FUZZ_CC) $(STD) $(CPPFLAGS) $(FUZZ_CFLAGS) \
		$(if $(filter tests/%,$<),,-fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp) \
		$(filter-out -Werror,$(WARN)) -MMD -MP -c -o $@ $<

coverage: deps-coverage
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage' \
		LDFLAGS=--coverage coverage-run

coverage-run: $(BUILD)/ecamctl $(BUILD)/check $(BUILD)/fixtures
	@find $(BUILD) -name '*.gcda' -delete
	@EC_BUILD=$(BUILD) EC_MODEL_ACCESSES=$${EC_MODEL_ACCESSES-300000} $(BUILD)/check
	@tests/fuzz/coverage.sh $(BUILD)/obj $(COVERED)

-include $(shell test -d $(BUILD)/fuzz/obj && find $(BUILD)/fuzz/obj -name '*.d')
