/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The harnesses of the fuzzers. Each harness_*() takes any bytes and returns NULL, or a text that
 * names the broken promise; the next call overwrites it. The fuzzers abort then; `make check` runs
 * the same functions over the seeds. Not reentrant: plans are large, and static.
 */
#ifndef EC_TESTS_FUZZ_HARNESS_H
#define EC_TESTS_FUZZ_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dump.h"
#include "core/image.h"
#include "view/plan.h"

/** A harness. */
typedef const char *harness_fn(const uint8_t *data, size_t size);

/** harness_dump() - read any text as a dump; print the result, read it again, plan it. */
const char *harness_dump(const uint8_t *data, size_t size);

/**
 * harness_chain() - walk, relink and plan an image, and read it as a guest.
 * Input: 8 bytes of hidden flags, an options byte (bit 0: another function follows, bit 1: make
 * every plan twice), an image.
 */
const char *harness_chain(const uint8_t *data, size_t size);

/**
 * harness_access() - attach an image and access it; compare with the model.
 * Input: see harness_access.c.
 */
const char *harness_access(const uint8_t *data, size_t size);

/** harness_rules() - read any text as rules and resolve them for some functions. */
const char *harness_rules(const uint8_t *data, size_t size);

/** LLVMFuzzerTestOneInput() - called by libFuzzer; one in each fuzz_*.c. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** harness_run() - call @fn; print its text and abort if it has one. Returns 0. */
int harness_run(harness_fn *fn, const uint8_t *data, size_t size);

/* ---- for the harnesses ---- */

/** The rest of an input. */
struct harness_input {
	const uint8_t *at, *end;
};

/** harness_take() - the next @len (0 to 8) bytes, little-endian; 0 past the end. */
uint64_t harness_take(struct harness_input *in, unsigned int len);

/** harness_start() - clear the text. */
void harness_start(void);

/** harness_fail() - report a broken promise, printf-like; the first one counts. */
void harness_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** harness_text() - the first text since harness_start(), or NULL. */
const char *harness_text(void);

/** Sizes of BARs, if they are given. */
struct harness_regions {
	bool given;
	struct ec_region region[EC_BAR_MAX];
};

/**
 * harness_image() - make a captured function from an input.
 * A byte selects the start (bits 1:0: a bare header, fixture_nic(), ec_model_image() of type 0 or
 * 1, the last two with a byte of seed), the size (bits 3:2: 4096, 256, 64, unchanged) and whether
 * sizes of BARs are given (bit 4; two bytes each follow). A count of patches (12 bits of offset, 4
 * bits of length - 1, the bytes), then a count of holes (10 bits of dword, 6 bits of length - 1 in
 * dwords).
 */
void harness_image(struct harness_input *in, struct ec_image *img, struct harness_regions *regions);

/**
 * harness_plan() - build a plan, which must be refused exactly when plan.h says so; its registers
 * must cover the view. Returns whether it was built.
 */
bool harness_plan(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options);

#endif
