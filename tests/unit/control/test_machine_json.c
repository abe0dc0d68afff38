/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines as JSON and back. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "control/machine_json.h"
#include "core/bits.h"
#include "model.h"
#include "suites.h"

static struct ec_machine_function in[EC_MACHINE_MAX], out[EC_MACHINE_MAX];
static struct ec_machine_plan before, after;

static void random_bars(struct ec_model_rng *rng, struct ec_machine_function *fn)
{
	for (unsigned int b = 0; b < 6; b++) {
		struct ec_bar *bar = fn->bar + b;
		uint64_t size = 1ull << (4 + ec_model_below(rng, 16));

		switch (ec_model_below(rng, 5)) {
		case 0:
			*bar = (struct ec_bar){ .kind = EC_BAR_IO, .flags = 1, .size = 16 };
			break;
		case 1:
			*bar = (struct ec_bar){ .kind = EC_BAR_MEM32, .size = size };
			break;
		case 2:
			if (b == 5)
				break;
			*bar = (struct ec_bar){ .kind = EC_BAR_MEM64,
						.flags = ec_model_below(rng, 2) ? 12 : 4,
						.size = size };
			bar[1] = (struct ec_bar){ .kind = EC_BAR_UPPER, .size = size };
			b++;
			break;
		default:
			break;
		}
	}
	if (ec_model_below(rng, 2))
		fn->bar[6] = (struct ec_bar){ .kind = EC_BAR_EXPROM, .size = 0x10000 };
}

static unsigned int random_machine(struct ec_model_rng *rng, struct ec_machine_limits *l)
{
	unsigned int n = ec_model_below(rng, 12);

	ec_machine_defaults(ec_model_below(rng, 2) ? EC_MACHINE_PVH : EC_MACHINE_HVM, l);
	l->spare = ec_model_below(rng, 2) ? 1u << 31 : 0;
	l->hotplug = ec_model_below(rng, 2);
	l->memory = ec_model_below(rng, 2) ? 512ull << 20 : 0;
	l->hole = l->kind == EC_MACHINE_HVM && ec_model_below(rng, 2) ? 1024 : 0;
	l->address_bits = 39;
	l->model_io += 64;
	l->model_mmio <<= 1;
	if (l->kind == EC_MACHINE_HVM && ec_model_below(rng, 2)) {
		l->ecam = l->has_ecam_base = true;
		l->ecam_base = 0xfe800000;
		l->ecam_bus0 = ec_model_below(rng, 2);
	} else if (l->kind == EC_MACHINE_PVH) {
		l->ecam_buses = 32;
	}
	for (unsigned int i = 0; i < n; i++) {
		in[i] = (struct ec_machine_function){
			.host = { .segment = 0, .bus = (uint8_t)(i + 3), .devfn = i % 3 },
			.express = ec_model_below(rng, 4),
			.is_vf = !ec_model_below(rng, 5),
			.class = 0x0200,
			.topology = ec_model_below(rng, 2) ? EC_FLATTENED : EC_BYPASSED,
			.has_previous_slot = true,
			.previous_slot = (uint8_t)(16 + i),
		};
		random_bars(rng, in + i);
	}
	return n;
}

/* Or the same refusal. */
START_TEST(a_machine_read_back_has_the_same_plan)
{
	struct ec_model_rng rng = { (uint64_t)_i + 99 };
	unsigned int planned = 0;

	for (unsigned int round = 0; round < 100; round++) {
		struct ec_machine_limits written, read;
		struct ec_diag a = { 0 }, b = { 0 };
		unsigned int n = random_machine(&rng, &written), m;
		json_t *json = ec_machine_json_make("web", &written, in, n);
		int rc;

		ck_assert_ptr_nonnull(json);
		ck_assert_int_eq(ec_machine_json_read(json, &read, out, &m), 0);
		ck_assert_uint_eq(m, n);
		memset(&before, 0, sizeof(before));
		memset(&after, 0, sizeof(after));
		rc = ec_machine_build(&written, in, n, &before, &a);
		planned += !rc && n;
		ck_assert_int_eq(ec_machine_build(&read, out, m, &after, &b), rc);
		ck_assert_str_eq(a.text, b.text);
		ck_assert_mem_eq(before.place, after.place, sizeof(before.place));
		ck_assert_mem_eq(before.port, after.port, sizeof(before.port));
		ck_assert_mem_eq(before.window, after.window, sizeof(before.window));
		ck_assert_mem_eq(&before.ecam, &after.ecam, sizeof(before.ecam));
		ck_assert_uint_eq(before.ecam_buses, after.ecam_buses);
		ck_assert_uint_eq(before.hole, after.hole);
		ck_assert_uint_eq(before.memory_max, after.memory_max);
		json_decref(json);
	}
	ck_assert_uint_gt(planned, 20);
}
END_TEST

#define HEAD                                                                                       \
	"{\"version\":1,\"guest\":\"web\",\"kind\":\"pvh\",\"bridge\":\"plain\",\"memory\":0,"     \
	"\"hole\":0,"                                                                              \
	"\"address_bits\":40,\"taken\":1,\"spare\":0,\"hotplug\":false,\"model_mmio\":0,"          \
	"\"model_io\":0,\"ecam\":{\"base\":null,\"buses\":4,\"bus0\":false},\"functions\":["
#define FN(more)                                                                                   \
	"{\"host\":\"05:00.0\",\"express\":true,\"vf\":false,\"class\":512,"                       \
	"\"topology\":\"flattened\",\"slot\":4,\"bars\":[" more "]}"
#define BAR(n, kind, size, flags)                                                                  \
	"{\"bar\":" #n ",\"kind\":\"" kind "\",\"size\":" #size ",\"flags\":" #flags "}"

/* In the correct text @what is replaced by @by. */
static const struct {
	const char *what, *by;
} bad[] = {
	{ "\"version\":1", "\"version\":2" },
	{ "\"version\":1", "\"version\":\"1\"" },
	{ "\"kind\":\"pvh\"", "\"kind\":\"pv\"" },
	{ "\"kind\":\"pvh\"", "\"kind\":1" },
	{ "\"memory\":0", "\"memory\":-1" },
	{ "\"hole\":0", "\"hole\":65536" },
	{ "\"hole\":0", "\"hole\":1.5" },
	{ "\"address_bits\":40", "\"address_bits\":65" },
	{ "\"taken\":1", "\"taken\":4294967296" },
	{ "\"spare\":0", "\"spare\":null" },
	{ "\"hotplug\":false", "\"hotplug\":0" },
	{ "\"model_io\":0,", "" },
	{ "\"buses\":4", "\"buses\":257" },
	{ "\"base\":null", "\"base\":\"there\"" },
	{ "{\"base\":null,\"buses\":4,\"bus0\":false}", "7" },
	{ "\"bus0\":false", "\"bus0\":2" },
	{ "\"bridge\":\"plain\"", "\"bridge\":\"i440fx\"" },
	{ "\"bridge\":\"plain\",", "" },
	{ "\"functions\":[", "\"functions\":[7," },
	{ "\"functions\":[", "\"functions\":[null," },
	{ "05:00.0", "05:00" },
	{ "\"express\":true", "\"express\":1" },
	{ "\"class\":512", "\"class\":65536" },
	{ "\"flattened\"", "\"host\"" },
	{ "\"flattened\"", "\"flat\"" },
	{ "\"slot\":4", "\"slot\":32" },
	{ "\"slot\":4", "\"slot\":-1" },
	{ "\"bars\":[", "\"bar\":[" },
	{ "\"bar\":0", "\"bar\":7" },
	{ "\"bar\":0", "\"bar\":5" }, /* 64 bits need two */
	{ "\"bar\":0", "\"bar\":6" },
	{ "\"bar\":3", "\"bar\":1" }, /* the upper half of another */
	{ "\"bar\":3", "\"bar\":0" },
	{ "\"bar\":6", "\"bar\":4" },
	{ "\"64-bit\"", "\"none\"" },
	{ "\"64-bit\"", "\"128-bit\"" },
	{ "4096", "0" },
	{ "4096", "4097" },
	{ "4096", "9223372036854775807" },
	{ "32768", "4294967296" }, /* a ROM of 4 GiB */
	{ "\"flags\":12", "\"flags\":16" },
};

static const char good[] = HEAD FN(
	BAR(0, "64-bit", 4096, 12) "," BAR(3, "32-bit", 16384, 0) "," BAR(6, "ROM", 32768, 0)) "]}";

START_TEST(a_missing_or_wrong_key_is_refused)
{
	struct ec_machine_limits l;
	const char *at = strstr(good, bad[_i].what);
	char text[2048];
	unsigned int n;
	json_t *json;

	ck_assert_ptr_nonnull(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, bad[_i].by,
		 at + strlen(bad[_i].what));
	json = json_loads(text, 0, NULL);
	ck_assert_msg(json != NULL, "%s", text);
	ck_assert_msg(ec_machine_json_read(json, &l, out, &n) == -EPROTO, "%s", text);
	json_decref(json);
}
END_TEST

START_TEST(unknown_keys_are_ignored_and_too_many_functions_refused)
{
	struct ec_machine_limits l;
	json_t *json = json_loads(good, 0, NULL), *list, *one;
	unsigned int n;

	ck_assert_int_eq(ec_machine_json_read(json, &l, out, &n), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(out[0].bar[1].kind, EC_BAR_UPPER);
	/* a key of another version */
	json_object_set_new(json, "colour", json_string("red"));
	ck_assert_int_eq(ec_machine_json_read(json, &l, out, &n), 0);
	/* more functions than EC_MACHINE_MAX */
	list = json_object_get(json, "functions");
	one = json_array_get(list, 0);
	for (unsigned int i = 0; i < EC_MACHINE_MAX; i++)
		json_array_append(list, one);
	ck_assert_int_eq(ec_machine_json_read(json, &l, out, &n), -EPROTO);
	json_decref(json);
	/* not an object */
	ck_assert_int_eq(ec_machine_json_read(NULL, &l, out, &n), -EPROTO);
	json = json_array();
	ck_assert_int_eq(ec_machine_json_read(json, &l, out, &n), -EPROTO);
	json_decref(json);
}
END_TEST

Suite *suite_control_machine_json(void)
{
	Suite *s = suite_create("control_machine_json");
	TCase *t = tcase_create("machine_json");

	tcase_add_loop_test(t, a_machine_read_back_has_the_same_plan, 0, 4);
	tcase_add_loop_test(t, a_missing_or_wrong_key_is_refused, 0, EC_ARRAY_SIZE(bad));
	tcase_add_test(t, unknown_keys_are_ignored_and_too_many_functions_refused);
	suite_add_tcase(s, t);
	return s;
}
