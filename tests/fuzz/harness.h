/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzers do with an input. Each harness_*() takes any bytes and returns NULL, or a text
 * that says which promise was broken; the text is overwritten by the next call. The fuzzers abort
 * on it, `make check` runs the same functions over the seeds. Not reentrant: plans are large.
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

/** harness_dump() - any text is read as a dump; what was read is printed, read again, planned. */
const char *harness_dump(const uint8_t *data, size_t size);

/**
 * harness_chain() - an image is walked, relinked, planned and seen as a guest sees it.
 * Input: 8 bytes of hidden flags, an options byte (bit 0 another function follows, bit 1
 * every plan is made twice), an image.
 */
const char *harness_chain(const uint8_t *data, size_t size);

/**
 * harness_access() - an image is attached, then accessed; the model follows.
 * Input: an image, an options byte and accesses as harness_access.c describes them.
 */
const char *harness_access(const uint8_t *data, size_t size);

/** harness_rules() - any text is read as rules, which are looked up for some functions. */
const char *harness_rules(const uint8_t *data, size_t size);

/** LLVMFuzzerTestOneInput() - what libFuzzer calls; one in each fuzz_*.c. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** harness_run() - call @fn; print its text and abort if it has one. Returns 0. */
int harness_run(harness_fn *fn, const uint8_t *data, size_t size);

/* ---- for the harnesses ---- */

/** What is left of an input. */
struct harness_input {
	const uint8_t *at, *end;
};

/** harness_take() - the next @len (0 to 8) bytes, little-endian; 0 past the end. */
uint64_t harness_take(struct harness_input *in, unsigned int len);

/** harness_start() - forget what was broken. */
void harness_start(void);

/** harness_fail() - something is broken, printf-like; the first text counts. */
void harness_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** harness_text() - the first text since harness_start(), or NULL. */
const char *harness_text(void);

/** Told sizes of BARs, and whether they are told at all. */
struct harness_regions {
	bool told;
	struct ec_region region[EC_BAR_MAX];
};

/**
 * harness_image() - make a captured function of an input.
 * A byte says what to start from (bits 1:0: a bare header, fixture_nic(), ec_model_image() of
 * type 0 or 1, the last two with a byte of seed), its size (bits 3:2: 4096, 256, 64, as it is)
 * and whether sizes of BARs are told (bit 4; two bytes each follow). A count of patches
 * (12 bits of offset, 4 bits of length - 1, the bytes), then a count of holes (10 bits of dword,
 * 6 bits of length - 1 in dwords).
 */
void harness_image(struct harness_input *in, struct ec_image *img, struct harness_regions *told);

/**
 * harness_plan() - build a plan, which must be refused just when plan.h says so; its registers
 * must cover the view. Returns whether it was built.
 */
bool harness_plan(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options);

#endif
