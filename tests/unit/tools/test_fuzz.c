/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The harnesses of the fuzzers on their seeds, and on mutations that are the same every time;
 * `make fuzz` runs libFuzzer. An input that breaks one is left in the folder of the build, for the
 * fuzzer of that name.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "model.h"
#include "suites.h"
#include "tests/fuzz/harness.h"

#define INPUT_MAX 8192u
#define SEEDS_MAX 64
#define SEED 0x66757a7au

static const struct {
	const char *name;
	harness_fn *fn;
	unsigned int mutations;
} fuzzers[] = {
	{ "fuzz_dump", harness_dump, 12000 },
	{ "fuzz_chain", harness_chain, 4000 },
	{ "fuzz_access", harness_access, 5000 },
	{ "fuzz_rules", harness_rules, 12000 },
};

struct input {
	char name[64];
	size_t size;
	uint8_t byte[INPUT_MAX];
};

static struct input seeds[SEEDS_MAX];

static void load(const char *dir, struct input *in)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, in->name);
	f = fopen(path, "re");
	ck_assert_msg(f != NULL, "%s", path);
	in->size = fread(in->byte, 1, sizeof(in->byte), f);
	fclose(f);
}

static int is_seed(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Reads the seeds of @fuzzer. Returns their number. */
static unsigned int load_all(const char *fuzzer)
{
	struct dirent **list;
	char dir[128];
	int n;

	snprintf(dir, sizeof(dir), "tests/fuzz/seeds/%s", fuzzer);
	n = scandir(dir, &list, is_seed, alphasort);
	ck_assert_msg(n > 0 && n <= SEEDS_MAX, "%s: %d seeds", dir, n);
	for (int i = 0; i < n; i++) {
		ck_assert_uint_lt(strlen(list[i]->d_name), sizeof(seeds[i].name));
		strcpy(seeds[i].name, list[i]->d_name);
		load(dir, &seeds[i]);
		free(list[i]);
	}
	free(list);
	return (unsigned int)n;
}

/* Replaces @old bytes at @at by @n bytes of @from, if they fit. */
static void splice(struct input *in, size_t at, size_t old, const uint8_t *from, size_t n)
{
	if (at + old > in->size || in->size - old + n > INPUT_MAX)
		return;
	memmove(in->byte + at + n, in->byte + at + old, in->size - at - old);
	memmove(in->byte + at, from, n);
	in->size += n - old;
}

/* One small change; some insert words of the text formats. */
static void mutate(struct ec_model_rng *rng, struct input *in, const struct input *other)
{
	static const char *const words[] = {
		"\n", " ", ":", "[size=1K]", "Region 0: ", "ff", "00"
	};
	uint32_t at = ec_model_below(rng, (uint32_t)in->size + 1);
	uint32_t len = 1 + ec_model_below(rng, 16), from;
	uint64_t random = ec_model_random(rng);
	const char *word = words[random % EC_ARRAY_SIZE(words)];

	switch (ec_model_below(rng, 6)) {
	case 0:
		if (at < in->size)
			in->byte[at] ^= (uint8_t)(1u << random % 8);
		break;
	case 1:
		if (at < in->size)
			in->byte[at] = (uint8_t)random;
		break;
	case 2:
		splice(in, at, len, in->byte, 0);
		break;
	case 3:
		splice(in, at, 0, (const uint8_t *)&random, len % 8);
		break;
	case 4:
		splice(in, at, 0, (const uint8_t *)word, strlen(word));
		break;
	default:
		from = ec_model_below(rng, (uint32_t)other->size + 1);
		len = (uint32_t)(other->size - from) < len * 4 ? 0 : len * 4;
		splice(in, at, 0, other->byte + from, len);
		break;
	}
}

/* In a copy of the exact size: a sanitizer finds reads past its end. */
static const char *run(harness_fn *fn, const struct input *in)
{
	uint8_t *data = malloc(in->size ? in->size : 1);
	const char *text;

	ck_assert(data != NULL);
	memcpy(data, in->byte, in->size);
	text = fn(data, in->size);
	free(data);
	return text;
}

static void leave(const char *fuzzer, const struct input *in)
{
	const char *build = getenv("EC_BUILD");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.broken", build ? build : "build", fuzzer);
	f = fopen(path, "we");
	if (!f)
		return;
	fwrite(in->byte, 1, in->size, f);
	fclose(f);
}

START_TEST(every_seed_passes)
{
	unsigned int n = load_all(fuzzers[_i].name);

	for (unsigned int i = 0; i < n; i++) {
		const char *text = run(fuzzers[_i].fn, &seeds[i]);

		ck_assert_msg(!text, "%s: seed %s: %s", fuzzers[_i].name, seeds[i].name, text);
	}
}
END_TEST

START_TEST(mutated_seeds_pass)
{
	unsigned int n = load_all(fuzzers[_i].name);
	struct ec_model_rng rng = { SEED };
	static struct input in;

	for (unsigned int i = 0; i < fuzzers[_i].mutations; i++) {
		const char *text;

		in = seeds[ec_model_below(&rng, n)];
		for (uint32_t k = 1 + ec_model_below(&rng, 6); k; k--)
			mutate(&rng, &in, &seeds[ec_model_below(&rng, n)]);
		text = run(fuzzers[_i].fn, &in);
		if (text)
			leave(fuzzers[_i].name, &in);
		ck_assert_msg(!text, "%s: mutation %u of %s: %s", fuzzers[_i].name, i, in.name,
			      text);
	}
}
END_TEST

Suite *suite_tools_fuzz(void)
{
	Suite *s = suite_create("tools_fuzz");
	TCase *t = tcase_create("smoke");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, every_seed_passes, 0, EC_ARRAY_SIZE(fuzzers));
	tcase_add_loop_test(t, mutated_seeds_pass, 0, EC_ARRAY_SIZE(fuzzers));
	suite_add_tcase(s, t);
	return s;
}
