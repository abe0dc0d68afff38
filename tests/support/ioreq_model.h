/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target of requests that records what it is asked for, and a slow model of what it should be
 * asked for: every byte of every repetition on its own, in numbers that cannot wrap.
 */
#ifndef EC_TESTS_IOREQ_MODEL_H
#define EC_TESTS_IOREQ_MODEL_H

#include "access/ioreq.h"

enum ioreq_space { IOREQ_CONFIG, IOREQ_PORT, IOREQ_MEMORY };

/** One access. Without padding, so that two are compared with memcmp(). */
struct ioreq_call {
	uint32_t space, len, write;
	uint32_t bdf; /* segment 31:16, bus, devfn; of IOREQ_CONFIG */
	uint64_t addr, value;
};

/** What a request came to; the context of ioreq_target. */
struct ioreq_outcome {
	int copy_rc; /* set by the test: what copying returns */
	unsigned int calls, copies;
	struct ioreq_call call[EC_IOREQ_BYTES_MAX];
	uint64_t gpa, len; /* of the last copy */
	bool to_guest;
	uint8_t bytes[EC_IOREQ_BYTES_MAX]; /* that the guest was given */
};

/** Answers every access differently, with rubbish above its width. */
extern const struct ec_ioreq_target ioreq_target;

/** ioreq_answer() - what it answers the @nth access, from 1, the first of the rubbish included. */
uint64_t ioreq_answer(enum ioreq_space space, uint64_t addr, unsigned int nth);

/** ioreq_ram() - the little-endian value of @len (1 to 8) bytes of the guest's memory. */
uint64_t ioreq_ram(uint64_t gpa, uint32_t len);

/**
 * ioreq_model() - what serving @q has to come to.
 * @o: copy_rc is used; the rest is written. Returns what q->data has to be after it.
 */
uint64_t ioreq_model(const struct ec_ioreq *q, struct ioreq_outcome *o);

#endif
