/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target of requests that records its accesses, and a slow model of the accesses that a request
 * must cause: every byte of every repetition by itself, in numbers that cannot wrap.
 */
#ifndef EC_TESTS_IOREQ_MODEL_H
#define EC_TESTS_IOREQ_MODEL_H

#include "access/ioreq.h"

enum ioreq_space { IOREQ_CONFIG, IOREQ_PORT, IOREQ_MEMORY };

/** One access. No padding: two are compared with memcmp(). */
struct ioreq_call {
	uint32_t space, len, write;
	uint32_t bdf; /* segment 31:16, bus, devfn; of IOREQ_CONFIG */
	uint64_t addr, value;
};

/** The result of a request; the context of ioreq_target. */
struct ioreq_outcome {
	int copy_rc; /* set by the test: the result of a copy */
	unsigned int calls, copies;
	struct ioreq_call call[EC_IOREQ_BYTES_MAX];
	uint64_t gpa, len; /* of the last copy */
	bool to_guest;
	uint8_t bytes[EC_IOREQ_BYTES_MAX]; /* copied to the guest */
};

/** Answers every access with another value, and with garbage above its width. */
extern const struct ec_ioreq_target ioreq_target;

/** ioreq_answer() - its answer to the @nth access, from 1, with the garbage. */
uint64_t ioreq_answer(enum ioreq_space space, uint64_t addr, unsigned int nth);

/** ioreq_ram() - the little-endian value of @len (1 to 8) bytes of the guest's memory. */
uint64_t ioreq_ram(uint64_t gpa, uint32_t len);

/**
 * ioreq_model() - the result that serving @q must have.
 * @o: copy_rc is used; the rest is written. Returns the value that q->data must have afterwards.
 */
uint64_t ioreq_model(const struct ec_ioreq *q, struct ioreq_outcome *o);

#endif
