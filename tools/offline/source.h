/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source of functions: a dump, loaded completely or not at all, or this machine.
 */
#ifndef EC_OFFLINE_SOURCE_H
#define EC_OFFLINE_SOURCE_H

#include "core/dump.h"
#include "core/host_ops.h"
#include "host/conf_libpci.h"
#include "view/capture.h"

/** A function of a dump without rows, which cannot be viewed. */
struct source_rowless {
	struct ec_sbdf sbdf;
	unsigned int line;
	uint16_t vendor, device;
	struct ec_region region[EC_BAR_MAX];
	bool merged; /* the dump has its rows elsewhere */
};

struct source {
	struct ec_dump_function *fn; /* in the order of the file; of a machine by address */
	unsigned int n;
	unsigned int room;
	struct source_rowless *rowless; /* by address */
	unsigned int n_rowless;
	struct ec_libpci *machine; /* NULL: a dump */
};

/**
 * source_load() - read the dump @path; NULL: scan this machine.
 * Returns 0 with one function or more, each with another address; or an exit code after one message
 * that names file and line. What the text says of a function without rows counts for the rows of
 * that function, before or after it; of others the number is reported. Call source_free() in both
 * cases. Functions of this machine have address, ids and BAR sizes; source_capture() reads their
 * images.
 */
int source_load(struct source *s, const char *path);

/** source_free() - free the functions. @s may be all 0. */
void source_free(struct source *s);

/** source_find() - the function at @at, or NULL after a message. @path: as for source_load(). */
struct ec_dump_function *source_find(const struct source *s, struct ec_sbdf at, const char *path);

/** What source_capture() reads of a function, and what it reports. */
struct source_capture {
	enum ec_capture how_much;
	const struct ec_plan_options *options;
	struct ec_plan *plan; /* scratch */
	/* written */
	struct ec_captured captured;
	struct ec_diag diag; /* on failure */
};

/**
 * source_capture() - read function @fn of this machine into its image.
 * Does nothing for a dump, whose images are complete. Prints nothing. Returns as
 * ec_capture_take().
 */
int source_capture(const struct source *s, struct ec_dump_function *fn, struct source_capture *c);

/** source_say_captured() - report on stderr what of @fn could not be read. */
void source_say_captured(const struct ec_dump_function *fn, const struct ec_captured *captured);

/**
 * source_none_viewed() - report on stderr that no function of the source can be viewed.
 * @path: as for source_load(). Returns EXIT_INPUT.
 */
int source_none_viewed(const char *path);

/** source_conf() - the backend for function @fn of this machine. @ctx: its context. */
const struct ec_conf_ops *source_conf(const struct source *s, const struct ec_dump_function *fn,
				      void **ctx);

/** source_ids() - vendor in bits 15:0, device in 31:16. Those of a virtual function if known. */
uint32_t source_ids(const struct ec_dump_function *fn);

/** source_is_vf() - is @fn an SR-IOV virtual function, by sysfs or by its ids? */
bool source_is_vf(const struct source *s, const struct ec_dump_function *fn);

/** source_facts() - what the host knows about @fn. Returns 0 or a negative errno. */
int source_facts(const struct source *s, const struct ec_dump_function *fn,
		 struct ec_host_facts *facts);

#endif
