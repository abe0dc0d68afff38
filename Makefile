# SPDX-License-Identifier: GPL-2.0-or-later
VERSION := 0.1.0

CC ?= gcc
PREFIX ?= /usr
BUILD ?= build
CFLAGS ?= -O2 -g

WARN := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Werror
# folders whose arithmetic must not convert by accident: -Wconversion
STRICT := mediator/core capabilities
CPPFLAGS += -D_GNU_SOURCE -DEC_VERSION='"$(VERSION)"' -DEC_PREFIX='"$(PREFIX)"' -I. -Imediator -Itests/support -Itests/unit
STD := -std=gnu11
LIBS := -lpci -lsysfs -ljansson -lz
LIBS_XEN := -lxenctrl -lxencall -lxendevicemodel -lxenforeignmemory -lxenevtchn -lxenstore -lsystemd

ifdef SANITIZE
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS += -fsanitize=address,undefined
endif

# floors 0 to 3: pure; 4: one library a file; 5 to 7: the service; 8: programs
SRC_CORE := $(sort $(wildcard capabilities/*.c policy/*.c mediator/core/*.c mediator/access/*.c mediator/view/*.c \
	mediator/emulated/*.c mediator/machine/*.c mediator/acpi/*.c) $(filter-out %_main.c,$(wildcard mediator/*.c)))
SRC_HOST := $(sort $(wildcard mediator/host/*.c))
SRC_SERVICE := $(sort $(wildcard mediator/control/*.c mediator/guest/*.c mediator/supervisor/*.c))
SRC_XEN := $(sort $(wildcard mediator/hypervisor/*.c))
SRC_DAEMON := mediator/ecamd_main.c
SRC_TOOLS := $(sort $(wildcard tools/*.c tools/commands/*.c tools/offline/*.c))
SRC_TESTS := $(sort $(wildcard tests/unit/*.c tests/unit/*/*.c tests/support/*.c))
HEADERS := $(sort $(wildcard mediator/*.h mediator/*/*.h capabilities/*.h policy/*.h tools/*.h tools/*/*.h \
	tests/*/*.h tests/*/*/*.h))
SHELLS := $(sort $(wildcard mediator/*/*.sh tools/*.sh tests/*/*.sh) .ci/run)
C_FILES := $(SRC_CORE) $(SRC_HOST) $(SRC_SERVICE) $(SRC_XEN) \
	$(SRC_DAEMON) $(SRC_TOOLS) $(SRC_TESTS) $(wildcard tests/golden/*.c tests/schema/*.c)

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
CORE_LIB := $(BUILD)/libecamd.a

# V=1 shows the commands
Q := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $(1)  $(patsubst $(BUILD)/%,%,$(2))')

include mediator/acpi/acpi.mk
include tests/fuzz/fuzz.mk
include tests/lab/lab.mk

.PHONY: always all demo check check-run install uninstall clean format lint sanitize golden deps help
.DELETE_ON_ERROR:

all: $(BUILD)/ecamctl $(BUILD)/ecamd $(BUILD)/xl-iommu.so

help:
	@echo 'demo check check-lab bench fuzz TIME= coverage | all install DESTDIR= PREFIX= uninstall clean | lint format sanitize golden'

# Installs missing packages, unless NO_INSTALL=1.
deps:
	@tools/deps.sh build
deps-%:
	@tools/deps.sh $*

$(CORE_LIB): $(call obj,$(SRC_CORE) $(SRC_ACPI) $(SRC_HOST) $(SRC_SERVICE))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) qcs $@ $^

$(BUILD)/ecamctl: $(call obj,$(SRC_TOOLS)) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/ecamd: $(call obj,$(SRC_DAEMON) $(SRC_XEN)) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(LIBS_XEN)

# the adapters to Xen, over stubs of its libraries
$(BUILD)/check: $(call obj,$(SRC_TESTS) $(SRC_XEN)) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lsystemd $$(pkg-config --libs check)

$(BUILD)/fixtures: $(call obj,tests/golden/fixtures.c) $(call obj,tests/support/fixture.c) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

$(BUILD)/verdict: $(call obj,tests/schema/verdict.c) $(CORE_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# What contains the prefix is built again if that changes.
PREFIXED := tools/options.c tools/offline/rules.c $(SRC_DAEMON)
$(call obj,$(PREFIXED)): $(BUILD)/prefix
$(BUILD)/prefix: always
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(STD) $(CPPFLAGS) $(CFLAGS) $(WARN) \
		$(if $(filter $(STRICT),$(patsubst %/,%,$(dir $<))),-Wconversion) -MMD -MP -c -o $@ $<

demo: deps
	@$(MAKE) --no-print-directory -s all
	@tools/demo.sh $(BUILD)/ecamctl

check: deps-check
	@$(MAKE) --no-print-directory check-run

# The schema of rules, the limits of the lab, then one program, one summary line, the last of the output.
check-run: $(BUILD)/ecamctl $(BUILD)/ecamd $(BUILD)/check $(BUILD)/fixtures $(BUILD)/verdict
	@tests/schema/check.py $(BUILD)/verdict
	@tests/lab/limits_check.sh
	@EC_BUILD=$(BUILD) CK_DEFAULT_TIMEOUT=60 $(BUILD)/check

# in one process: with a search for leaks after every test, tests would time out
sanitize: deps-check
	@CK_FORK=no $(MAKE) --no-print-directory BUILD=build/sanitize SANITIZE=1 check-run

include tests/bench/bench.mk

# Writes fixtures and golden views again; look at the diff.
golden: $(BUILD)/ecamctl $(BUILD)/fixtures
	tests/golden/make.sh $(BUILD)

lint: deps-lint
	@tests/lint/lint.sh '$(CC) $(STD) $(CPPFLAGS) $(WARN)' "$(HEADERS)" "$(C_FILES)" "$(SHELLS)"

format:
	clang-format -i $(C_FILES) $(HEADERS)

install: all
	install -D -m 755 $(BUILD)/ecamctl $(DESTDIR)$(PREFIX)/bin/ecamctl
	install -D -m 755 $(BUILD)/ecamd $(DESTDIR)$(PREFIX)/sbin/ecamd
	$(call install-man,ecamctl.1,man1)
	$(call install-man,ecamd.8,man8)
	$(call install-man,ecamd-policy.5,man5)
	install -D -m 755 $(BUILD)/xl-iommu.so $(DESTDIR)$(PREFIX)/lib/ecamd/xl-iommu.so
	sed 's,@SBIN@,$(PREFIX)/sbin,' tools/ecamd.service.in | \
		install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/lib/systemd/system/ecamd.service
	install -D -m 644 tools/ecamctl.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ecamctl
	install -d $(DESTDIR)/etc/ecamd/policy.d $(DESTDIR)$(PREFIX)/share/ecamd/quirks.d \
		$(DESTDIR)$(PREFIX)/share/ecamd/examples
	$(call install-rules,policy/*.json,share/ecamd)
	$(call install-rules,policy/examples/*.json,share/ecamd/examples)
	$(call install-rules,quirks/*.json,share/ecamd/quirks.d)

# Manuals name files below the prefix.
install-man = sed 's,/usr/\(share\|lib\)/ecamd,$(PREFIX)/\1/ecamd,g' tools/man/$(1) | \
	install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/man/$(2)/$(1)

# Rules and their schema. /etc/ecamd/policy.d is the site's: nothing is installed there.
install-rules = $(if $(wildcard $(1)),install -m 644 $(wildcard $(1)) $(DESTDIR)$(PREFIX)/$(2)/)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/ecamctl $(DESTDIR)$(PREFIX)/sbin/ecamd \
		$(DESTDIR)$(PREFIX)/share/man/man1/ecamctl.1 $(DESTDIR)$(PREFIX)/share/man/man8/ecamd.8 \
		$(DESTDIR)$(PREFIX)/share/man/man5/ecamd-policy.5 \
		$(DESTDIR)$(PREFIX)/lib/ecamd/xl-iommu.so \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/ecamd.service \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ecamctl
	rm -rf $(DESTDIR)$(PREFIX)/share/ecamd

clean:
	rm -rf build

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
