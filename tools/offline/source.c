/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/source.h"

#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/facts_dump.h"
#include "host/facts_sysfs.h"
#include "host/files.h"
#include "host/plain_text.h"
#include "tools/offline/vf.h"
#include "tools/out.h"
#include "view/dump_sizes.h"

/* Room for one more function. */
static bool grow(struct source *s)
{
	unsigned int room = s->room ? s->room * 2 : 8;
	struct ec_dump_function *fn;

	if (s->n < s->room)
		return true;
	fn = realloc(s->fn, room * sizeof(*fn));
	if (!fn)
		return false;
	s->fn = fn;
	s->room = room;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct ec_dump_function *const *x = a, *const *y = b;
	int order = ec_sbdf_compare((*x)->sbdf, (*y)->sbdf);

	return order ? order : (*x)->line < (*y)->line ? -1 : 1;
}

/* Refuses two functions with one address: a command could not name one of them. */
static int check_unique(const struct source *s, const char *path)
{
	const struct ec_dump_function **sorted = malloc(s->n * sizeof(*sorted));
	char name[EC_SBDF_MAX];
	int rc = 0;

	if (!sorted) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	for (unsigned int i = 0; i < s->n; i++)
		sorted[i] = s->fn + i;
	qsort(sorted, s->n, sizeof(*sorted), compare);
	for (unsigned int i = 1; i < s->n && !rc; i++) {
		if (ec_sbdf_compare(sorted[i - 1]->sbdf, sorted[i]->sbdf))
			continue;
		out_error("%s:%u: function %s is already in line %u", path, sorted[i]->line,
			  ec_sbdf_print(sorted[i]->sbdf, false, name), sorted[i - 1]->line);
		rc = EXIT_INPUT;
	}
	free(sorted);
	return rc;
}

/* What the text says of a function without rows, which may have them elsewhere. */
static bool add_rowless(struct source *s, const struct ec_dump_function *fn)
{
	struct source_rowless *more = realloc(s->rowless, (s->n_rowless + 1) * sizeof(*s->rowless));

	if (!more)
		return false;
	s->rowless = more;
	more += s->n_rowless++;
	*more = (struct source_rowless){
		.sbdf = fn->sbdf, .line = fn->line, .vendor = fn->vendor, .device = fn->device
	};
	memcpy(more->region, fn->region, sizeof(more->region));
	return true;
}

/* What a function with rows lacks is taken from the same one without. */
static void merge(struct ec_dump_function *fn, const struct source_rowless *from)
{
	if (!fn->vendor && !fn->device) {
		fn->vendor = from->vendor;
		fn->device = from->device;
	}
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (!fn->region[i].size)
			fn->region[i] = from->region[i];
}

static int compare_rowless(const void *a, const void *b)
{
	const struct source_rowless *x = a, *y = b;
	int order = ec_sbdf_compare(x->sbdf, y->sbdf);

	return order ? order : x->line < y->line ? -1 : 1;
}

static int compare_address(const void *key, const void *element)
{
	return ec_sbdf_compare(*(const struct ec_sbdf *)key,
			       ((const struct source_rowless *)element)->sbdf);
}

/* Merges the functions without rows into those of their address; the others stay, by address. */
static void merge_all(struct source *s)
{
	struct source_rowless *r = s->rowless, *end = r + s->n_rowless, *at;
	unsigned int kept = 0;

	if (!s->n_rowless)
		return;
	qsort(r, s->n_rowless, sizeof(*r), compare_rowless);
	for (unsigned int i = 0; i < s->n; i++) {
		at = bsearch(&s->fn[i].sbdf, r, s->n_rowless, sizeof(*r), compare_address);
		while (at && at > r && !ec_sbdf_compare(at[-1].sbdf, s->fn[i].sbdf))
			at--;
		for (; at && at < end && !ec_sbdf_compare(at->sbdf, s->fn[i].sbdf); at++) {
			merge(s->fn + i, at);
			at->merged = true;
		}
	}
	for (at = r; at < end; at++)
		if (!at->merged)
			r[kept++] = *at;
	s->n_rowless = kept;
}

static int say_rowless(const char *path, const struct source_rowless *r)
{
	char name[EC_SBDF_MAX];

	out_error("%s:%u: function %s has no hex rows (made without -x?)", path, r->line,
		  ec_sbdf_print(r->sbdf, false, name));
	return EXIT_INPUT;
}

static int check_parsed(struct source *s, const char *path)
{
	if (!s->n && s->n_rowless)
		return say_rowless(path, s->rowless);
	if (!s->n) {
		out_error("%s: not a dump: it has no function (see `lspci -xxxx`)", path);
		return EXIT_INPUT;
	}
	merge_all(s);
	if (s->n_rowless)
		out_error("%s: %u %s without hex rows skipped", path, s->n_rowless,
			  s->n_rowless > 1 ? "functions" : "function");
	return check_unique(s, path);
}

static int parse(struct source *s, const char *path, const char *text, size_t len)
{
	struct ec_dump_reader r = { .text = text, .len = len };
	struct ec_diag diag;
	bool added = true;
	int rc;

	do {
		rc = grow(s) ? ec_dump_next(&r, s->fn + s->n, &diag) : -ENOMEM;
		if (rc == -EINVAL) {
			out_error("%s:%u: %s", path, diag.line, diag.text);
			return EXIT_INPUT;
		}
		if (rc == 1 && !s->fn[s->n].image.size)
			added = add_rowless(s, s->fn + s->n);
		else if (rc == 1)
			s->n++;
		if (rc < 0 || !added) {
			out_error("out of memory");
			return EXIT_REFUSED;
		}
	} while (rc);
	return check_parsed(s, path);
}

static int load_dump(struct source *s, const char *path)
{
	struct ec_diag diag;
	size_t len;
	char *text;
	int rc;

	rc = ec_file_read(path, SIZE_MAX, &text, &len);
	if (rc) {
		out_error("%s: %s", path, strerror(-rc));
		return EXIT_INPUT;
	}
	rc = ec_plain_text(&text, &len, &diag);
	if (rc) {
		out_error("%s: %s", path, diag.text);
		free(text);
		return EXIT_INPUT;
	}
	rc = parse(s, path, text, len);
	free(text);
	if (!rc && vf_fill_ids(s->fn, s->n)) {
		out_error("out of memory");
		rc = EXIT_REFUSED;
	}
	if (!rc)
		ec_dump_sizes_fill(s->fn, s->n);
	return rc;
}

static const char *sysfs_root(void)
{
	const char *root = getenv("SYSFS_PATH");

	return root && *root ? root : "/sys";
}

/* The functions of this machine, without reading their configuration space. */
static int load_machine(struct source *s)
{
	struct ec_host_facts facts;
	struct ec_diag diag;

	s->machine = ec_libpci_open(sysfs_root(), &diag);
	if (!s->machine) {
		out_error("functions of this machine: %s", diag.text);
		return EXIT_INPUT;
	}
	s->n = ec_libpci_count(s->machine);
	if (!s->n) {
		out_error("this machine has no visible PCI function; see --dump");
		return EXIT_INPUT;
	}
	s->fn = calloc(s->n, sizeof(*s->fn));
	if (!s->fn) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	for (unsigned int i = 0; i < s->n; i++) {
		s->fn[i].sbdf = ec_libpci_address(ec_libpci_at(s->machine, i));
		if (source_facts(s, s->fn + i, &facts)) {
			char name[EC_SBDF_MAX];

			out_error("%s: not in sysfs: sizes of BARs are guessed",
				  ec_sbdf_print(s->fn[i].sbdf, false, name));
			continue;
		}
		s->fn[i].vendor = facts.vendor;
		s->fn[i].device = facts.device;
		memcpy(s->fn[i].region, facts.region, sizeof(facts.region));
	}
	return 0;
}

int source_load(struct source *s, const char *path)
{
	memset(s, 0, sizeof(*s));
	return path ? load_dump(s, path) : load_machine(s);
}

void source_free(struct source *s)
{
	ec_libpci_close(s->machine);
	free(s->fn);
	free(s->rowless);
	memset(s, 0, sizeof(*s));
}

static struct ec_dump_function *lookup(const struct source *s, struct ec_sbdf at)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (!ec_sbdf_compare(s->fn[i].sbdf, at))
			return s->fn + i;
	return NULL;
}

struct ec_dump_function *source_find(const struct source *s, struct ec_sbdf at, const char *path)
{
	struct ec_dump_function *fn = lookup(s, at);
	char name[EC_SBDF_MAX];

	if (fn)
		return fn;
	for (unsigned int i = 0; i < s->n_rowless; i++)
		if (!ec_sbdf_compare(s->rowless[i].sbdf, at)) {
			say_rowless(path, s->rowless + i);
			return NULL;
		}
	out_error("%s: no function %s", path ? path : "this machine",
		  ec_sbdf_print(at, false, name));
	return NULL;
}

int source_none_viewed(const char *path)
{
	out_error("%s: none of its functions can be viewed", path ? path : "this machine");
	return EXIT_INPUT;
}

const struct ec_conf_ops *source_conf(const struct source *s, const struct ec_dump_function *fn,
				      void **ctx)
{
	*ctx = ec_libpci_at(s->machine, (unsigned int)(fn - s->fn));
	return &ec_conf_libpci_ops;
}

uint32_t source_ids(const struct ec_dump_function *fn)
{
	uint32_t ids = ec_image_get(&fn->image, PCI_VENDOR_ID, 4);

	/* ids of a virtual function are only in the text of the dump, or in sysfs */
	return ids == VF_NO_IDS && fn->vendor ? fn->vendor | (uint32_t)fn->device << 16 : ids;
}

int source_facts(const struct source *s, const struct ec_dump_function *fn,
		 struct ec_host_facts *facts)
{
	struct ec_facts_dump dump = { .fn = s->fn, .n = s->n };
	struct ec_facts_sysfs sysfs = { .root = sysfs_root() };

	if (s->machine)
		return ec_facts_sysfs_ops.get(&sysfs, fn->sbdf, facts);
	return ec_facts_dump_ops.get(&dump, fn->sbdf, facts);
}

bool source_is_vf(const struct source *s, const struct ec_dump_function *fn)
{
	struct ec_host_facts facts;

	if (s->machine && !source_facts(s, fn, &facts))
		return facts.is_vf;
	return ec_image_get(&fn->image, PCI_VENDOR_ID, 4) == VF_NO_IDS;
}

int source_capture(const struct source *s, struct ec_dump_function *fn, struct source_capture *c)
{
	const struct ec_conf_ops *conf;
	void *ctx;

	c->captured = (struct ec_captured){ 0 };
	if (!s->machine)
		return 0;
	conf = source_conf(s, fn, &ctx);
	return ec_capture_take(&(struct ec_capture_request){ conf, ctx, c->how_much, c->options },
			       c->plan, &fn->image, &c->captured, &c->diag);
}

void source_say_captured(const struct ec_dump_function *fn, const struct ec_captured *captured)
{
	char name[EC_SBDF_MAX];

	ec_sbdf_print(fn->sbdf, false, name);
	if (captured->failed)
		out_error("%s: %u reads failed; the registers are hidden", name, captured->failed);
	if (captured->limited)
		out_error("%s: only the first 64 bytes can be read: the others need root", name);
}
