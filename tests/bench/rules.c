/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cost of rules: loading, resolving, and planning with them. */
#include "rules.h"

#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cases.h"
#include "policy/resolve.h"
#include "view/build.h"
#include "view/subject.h"

#define ROUNDS 33

static const char ruled[] = "{\"version\":1,\"rules\":[{\"set\":{\"gaps\":\"hide\",\"bodies\":"
			    "\"hide\",\"capabilities\":{"
			    "\"VPD\":\"hide\",\"ARI\":\"hide\",\"VSEC\":\"freeze\"},\"registers\":["
			    "{\"register\":\"EXP.DEVCTL2\","
			    "\"treatment\":\"freeze\"},{\"register\":\"AER.UNCOR_MASK\","
			    "\"treatment\":\"freeze\"}],\"ranges\":[{"
			    "\"offset\":\"0xf0\",\"length\":4,\"treatment\":\"pass\"}],\"msix\":{"
			    "\"vectors\":4},\"rom\":\"none\","
			    "\"dsn\":\"zero\",\"pm\":{\"pme\":false}}}]}";

static void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(EXIT_FAILURE);
}

static void add(struct ec_rules *r, const char *file, const char *text, size_t len)
{
	struct ec_rules_error err;

	if (ec_rules_add_text(r, &(struct ec_rules_text){ file, EC_LAYER_POLICY, text, len },
			      &err)) {
		fprintf(stderr, "bench: %s:%u: %s: %s\n", file, err.line, err.path, err.text);
		exit(EXIT_FAILURE);
	}
}

static struct ec_rules *new_rules(void)
{
	struct ec_rules *r = ec_rules_new();

	if (!r)
		die("out of memory");
	return r;
}

/* Most match ids, as a site's rules do; one in fifty matches a class, one in a thousand all. */
char *rules_text(unsigned int n, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	if (!f)
		die("out of memory");
	fputs("{\"version\":1,\"rules\":[", f);
	for (unsigned int i = 0; i < n; i++) {
		fprintf(f, "%s{\"name\":\"rule %u\",\"match\":{", i ? "," : "", i);
		if (i % 1000 == 999)
			fputs("\"vf\":false", f);
		else if (i % 50 == 49)
			fprintf(f, "\"class\":\"0x%02x0000/0xff0000\"", i / 50 % 16);
		else
			fprintf(f, "\"vendor\":\"0x8086\",\"device\":\"0x%04x\"", i);
		fprintf(f, "},\"set\":{\"capabilities\":{\"VNDR\":\"%s\"}}}",
			i % 2 ? "hide" : "freeze");
	}
	fputs("]}", f);
	if (fclose(f))
		die("out of memory");
	return text;
}

/* Resolve and plan one function as an attach does. */
static void decide(const struct ec_rules *rules, const struct ec_image *img, struct ec_plan *plan,
		   struct ec_decisions *d)
{
	static struct ec_chain chain;
	struct ec_plan_options o = { .topology = EC_BYPASSED };
	struct ec_subject subject;
	struct ec_diag diag = { 0 };

	if (rules) {
		ec_subject_read(img, &o, &chain, &subject);
		subject.bdf = bench_sbdf(0);
		if (ec_rules_resolve(rules, &subject, d))
			die("out of memory");
		ec_plan_options_rules(&o, d, true);
	}
	if (ec_plan_build(plan, img, &o, &diag))
		die(diag.text);
}

struct bench_kind *rules_ruled(void)
{
	static struct bench_kind kind;
	struct ec_decisions d = { 0 };
	struct ec_plan *plan;
	struct ec_rules *r;
	struct fixture f;

	if (kind.layout)
		return &kind;
	fixture_nic(&f);
	r = new_rules();
	add(r, "ruled", ruled, strlen(ruled));
	plan = bench_alloc(1, sizeof(*plan));
	decide(r, &f.img, plan, &d);
	bench_keep(&kind, plan);
	ec_decisions_free(&d);
	ec_rules_free(r);
	free(plan);
	return &kind;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *us)
{
	qsort(us, ROUNDS, sizeof(*us), compare);
	return us[ROUNDS / 2];
}

static void many(void)
{
	struct ec_plan *plan = bench_alloc(1, sizeof(*plan));
	struct ec_decisions d = { 0 };
	struct ec_rules *r = new_rules();
	double start, loaded, done;
	struct fixture f;
	size_t len;
	char *text = rules_text(BENCH_RULES, &len);

	fixture_nic(&f);
	start = now();
	add(r, "many", text, len);
	loaded = now();
	for (unsigned int i = 0; i < BENCH_FUNCTIONS; i++) {
		fixture_put(&f, PCI_DEVICE_ID, 2, i * 7);
		decide(r, &f.img, plan, &d);
	}
	done = now();
	printf("row\t10,000 rules loaded, ms\t%.1f\t<=\t-\t-\n", (loaded - start) / 1e3);
	printf("row\t10,000 rules compiled against 1,000 functions, ms\t%.1f\t<=\t-\t-\n",
	       (done - loaded) / 1e3);
	printf("row\tthe same, ns per rule and function\t%.2f\t<=\t-\t-\n",
	       (done - loaded) * 1e3 / BENCH_RULES / BENCH_FUNCTIONS);
	ec_decisions_free(&d);
	ec_rules_free(r);
	free(plan);
	free(text);
}

/* With and without in turn: both are measured under the same load. */
static void one(char **files)
{
	struct ec_plan *plan = bench_alloc(1, sizeof(*plan));
	struct ec_rules *r = new_rules();
	struct ec_decisions d = { 0 };
	double with[ROUNDS], without[ROUNDS];
	struct fixture f;

	for (; *files; files++) {
		char *text = bench_alloc(1, EC_RULES_TEXT_MAX);
		FILE *in = fopen(*files, "r");
		size_t len = in ? fread(text, 1, EC_RULES_TEXT_MAX, in) : 0;

		if (!in)
			die(*files);
		fclose(in);
		add(r, *files, text, len);
		free(text);
	}
	fixture_nic(&f);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		double start = now(), half;

		decide(r, &f.img, plan, &d);
		half = now();
		decide(NULL, &f.img, plan, &d);
		with[i] = half - start;
		without[i] = now() - half;
	}
	printf("row\tone function compiled with all shipped files, us\t%.1f\t<=\t200\t-\n",
	       median(with));
	printf("row\tthe same without rules, us\t%.1f\t<=\t-\t-\n", median(without));
	ec_decisions_free(&d);
	ec_rules_free(r);
	free(plan);
}

int bench_rules(char **files)
{
	many();
	one(files);
	return EXIT_SUCCESS;
}
