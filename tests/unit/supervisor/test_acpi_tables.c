/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACPI tables in a PVH guest of the played Xen, before it starts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "fakexen.h"
#include "machine_check.h"
#include "pvh.h"
#include "suites.h"
#include "supervisor/acpi_tables.h"

#define GUEST 3u

static struct fakexen *f;
static struct ec_backends backends;
static uint64_t priv_calls;
static struct ec_guest g;
static struct ec_machine_plan plan;
static struct ec_diag diag;
static char logged[256];

static void log_line(const char *text)
{
	snprintf(logged, sizeof(logged), "%s", text);
}

/* The parts of a plan that the tables describe. */
static void setup(void)
{
	f = fakexen_new();
	g = (struct ec_guest){ .backends = &backends, .domid = GUEST };
	plan = (struct ec_machine_plan){ .ecam = { 0xfd000000, 0x400000 }, .ecam_buses = 4 };
	plan.window[EC_WINDOW_IO] = (struct ec_machine_range){ 0x1000, 0x9000 };
	plan.window[EC_WINDOW_MEMORY] = (struct ec_machine_range){ 0xfe000000, 0xc00000 };
	plan.window[EC_WINDOW_PREFETCH] = (struct ec_machine_range){ 1ull << 38, 1ull << 36 };
	backends = (struct ec_backends){ .priv = &fakexen_priv_ops,
					 .priv_ctx = f,
					 .priv_calls = &priv_calls,
					 .server = &fakexen_server_ops,
					 .server_ctx = f,
					 .log = log_line };
	diag = (struct ec_diag){ 0 };
	logged[0] = 0;
	fakexen_guest(f, GUEST, "pvh");
	fakexen_pvh(f, GUEST);
	fakexen_introduce(f, GUEST);
	ck_assert_int_eq(fakexen_priv_ops.guest_info(f, GUEST, &g.info), 0);
	ck_assert_int_eq(fakexen_server_ops.create(
				 f, &(struct ec_server_options){ GUEST, 2, NULL, NULL }, &g.server),
			 0);
	fakexen_forget(f);
}

static void teardown(void)
{
	fakexen_server_ops.destroy(g.server);
	fakexen_check(f);
	fakexen_free(f);
}

static uint8_t *at(uint64_t gpa, uint64_t len)
{
	uint8_t *p = fakexen_memory_at(f, GUEST, gpa, len);

	ck_assert_msg(p != NULL, "no memory at %lx", gpa);
	return p;
}

static uint64_t get(uint64_t gpa, unsigned int len)
{
	return ec_get_le(at(gpa, len), len);
}

/* The address of a table in the guest's XSDT, checked; 0: there is none. */
static uint64_t find(const char *signature)
{
	uint64_t xsdt = get(PVH_RSDP + 24, 8), found = 0;
	uint32_t len = (uint32_t)get(xsdt + 4, 4);

	ck_assert_uint_eq(ec_acpi_sum(at(PVH_RSDP, 36), 36), 0);
	ck_assert_mem_eq(at(xsdt, len), "XSDT", 4);
	ck_assert_uint_eq(ec_acpi_sum(at(xsdt, len), len), 0);
	for (uint32_t i = 36; i < len; i += 8) {
		uint64_t table = get(xsdt + i, 8);

		if (memcmp(at(table, 36), signature, 4))
			continue;
		ck_assert_uint_eq(found, 0);
		found = table;
		len = (uint32_t)get(xsdt + 4, 4);
		ck_assert_uint_eq(ec_acpi_sum(at(table, get(table + 4, 4)), get(table + 4, 4)), 0);
	}
	return found;
}

/* Whether the SSDT contains @number as a QWord. */
static bool ssdt_has(uint64_t number)
{
	uint64_t ssdt = find("SSDT");
	size_t len = get(ssdt + 4, 4);
	uint8_t bytes[8];

	ec_put_le(bytes, 8, number);
	return memmem(at(ssdt, len), len, bytes, 8);
}

static void check_tables(void)
{
	uint64_t mcfg = find("MCFG");

	ck_assert_uint_ne(mcfg, 0);
	ck_assert_uint_eq(get(mcfg + 44, 8), plan.ecam.base);
	ck_assert_uint_eq(get(mcfg + 54, 1), 0);
	ck_assert_uint_eq(get(mcfg + 55, 1), plan.ecam_buses - 1u);
	ck_assert_uint_ne(find("FACP"), 0);
	ck_assert_uint_ne(find("APIC"), 0);
	ck_assert(ssdt_has(plan.window[EC_WINDOW_PREFETCH].base));
	ck_assert(ssdt_has(plan.window[EC_WINDOW_PREFETCH].base +
			   plan.window[EC_WINDOW_PREFETCH].size - 1));
	ck_assert_uint_eq(get(PVH_MAP_RSDP + 8, 8), 4096);
}

START_TEST(a_paused_guest_gets_the_tables)
{
	ck_assert_msg(!ec_acpi_tables_write(&g, &plan, &diag), "%s", diag.text);
	check_tables();
	/* the guest was paused meanwhile, and may start now */
	ck_assert_str_eq(fakexen_line(f, 0), "pause d3 add");
	ck_assert_uint_eq(fakexen_count(f, "pause d3 remove"), 1);
	ck_assert_uint_eq(fakexen_count(f, "start d3"), 0);
	fakexen_unpause(f, GUEST);
	ck_assert_uint_eq(fakexen_count(f, "start d3"), 1);
}
END_TEST

/* The planner leaves out what the tables cannot describe. */
START_TEST(every_plan_has_tables)
{
	static const uint64_t memory[] = { 0, 256ull << 20, 3ull << 30, 64ull << 30 };
	struct ec_machine_function fn = machine_function("03:00.0");
	struct ec_machine_limits limits;

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	limits.memory = memory[_i];
	limits.hotplug = true;
	limits.spare = 1u << 3 | 1u << 4;
	machine_bar(&fn, 0, EC_BAR_MEM64, 1 << 20, 8);
	machine_bar(&fn, 2, EC_BAR_IO, 32, 1);
	ck_assert_msg(!ec_machine_build(&limits, &fn, 1, &plan, &diag), "%s", diag.text);
	ck_assert_msg(!ec_acpi_tables_write(&g, &plan, &diag), "%s", diag.text);
	check_tables();
}
END_TEST

START_TEST(a_second_attach_replaces_the_tables)
{
	ck_assert_int_eq(ec_acpi_tables_write(&g, &plan, &diag), 0);
	plan.ecam = (struct ec_machine_range){ 0xfd000000, 0x800000 };
	plan.ecam_buses = 8;
	plan.window[EC_WINDOW_PREFETCH] = (struct ec_machine_range){ 1ull << 37, 1ull << 35 };
	ck_assert_msg(!ec_acpi_tables_write(&g, &plan, &diag), "%s", diag.text);
	check_tables();
	ck_assert(!ssdt_has(1ull << 38));
}
END_TEST

START_TEST(an_empty_window_is_left_out)
{
	for (unsigned int i = 0; i < EC_WINDOWS; i++)
		plan.window[i] = (struct ec_machine_range){ 0xdead0000, 0 };
	ck_assert_msg(!ec_acpi_tables_write(&g, &plan, &diag), "%s", diag.text);
	ck_assert_uint_ne(find("MCFG"), 0);
	ck_assert(!ssdt_has(0xdead0000));
}
END_TEST

/* Each makes the guest or the plan unfit. */
static void runs(void)
{
	fakexen_unpause(f, GUEST);
}

static void hvm(void)
{
	g.info.device_model = true;
}

static void pv(void)
{
	g.info.hvm = false;
}

static void no_window(void)
{
	plan.ecam.size = 0;
}

static void no_start_info(void)
{
	fakexen_start_info(f, GUEST, 0x7000);
}

static void nowhere(void)
{
	fakexen_start_info(f, GUEST, 0xfb000000);
}

static void broken(void)
{
	at(PVH_RSDP, 1)[3] ^= 1;
}

static void in_fixed(void)
{
	plan.ecam.base = 0xfec00000;
}

static const struct {
	void (*make)(void);
	int rc;
	const char *says; /* part of the message */
} refused[] = {
	{ runs, -EPERM, "has started" },
	{ hvm, -EINVAL, "only a PVH guest" },
	{ pv, -EINVAL, "only a PVH guest" },
	{ no_window, -EINVAL, "no ECAM window" },
	{ no_start_info, -EINVAL, "start information" },
	{ nowhere, -EFAULT, "cannot be read" },
	{ broken, -EINVAL, "RSDP" },
	{ in_fixed, -EINVAL, "fec00000" },
};

START_TEST(a_guest_that_cannot_have_tables_is_left_as_it_is)
{
	uint8_t before[9 * 4096];

	refused[_i].make();
	memcpy(before, at(PVH_ACPI, sizeof(before)), sizeof(before));
	ck_assert_int_eq(ec_acpi_tables_write(&g, &plan, &diag), refused[_i].rc);
	ck_assert_msg(strstr(diag.text, refused[_i].says) != NULL, "%s", diag.text);
	ck_assert_mem_eq(before, at(PVH_ACPI, sizeof(before)), sizeof(before));
	ck_assert_uint_eq(get(PVH_MAP_RSDP + 8, 8), 0x40);
}
END_TEST

/* The guest is not left paused, and the next attempt succeeds. */
START_TEST(each_failing_call_leaves_good_tables)
{
	unsigned int n = 1, failed = 0;

	for (;; n++) {
		int rc;

		fakexen_fail(f, n, EIO);
		rc = ec_acpi_tables_write(&g, &plan, &diag);
		if (fakexen_failing(f))
			break;
		failed += rc != 0;
		ck_assert_int_eq(rc, rc ? -EIO : 0);
		ck_assert(!rc || *diag.text);
		fakexen_check_violation(f, NULL);
		ck_assert_uint_eq(fakexen_count(f, "start d3"), 0);
		ck_assert(!strstr(logged, "paused"));
		ck_assert_uint_ne(find("FACP"), 0);
		ck_assert_uint_eq(!find("MCFG"), !find("SSDT"));
	}
	/* all calls except the unpausing, which is repeated */
	ck_assert_uint_eq(failed, n - 2);
	ck_assert_uint_gt(failed, 10);
	check_tables();
	while (fakexen_failing(f))
		fakexen_priv_ops.guest_info(f, GUEST, &g.info);
}
END_TEST

START_TEST(a_guest_that_stays_paused_is_reported)
{
	struct ec_guest_info info;

	ck_assert_int_eq(ec_acpi_tables_write(&g, &plan, &diag), 0);
	for (unsigned int i = 0, n = 0; fakexen_line(f, i); i++) {
		n += strncmp(fakexen_line(f, i), "pause d3 remove", 15) != 0;
		if (strncmp(fakexen_line(f, i), "pause d3 remove", 15))
			continue;
		fakexen_fail(f, n + 1, EIO);
		fakexen_fail(f, n + 2, EIO);
		fakexen_fail(f, n + 3, EIO);
	}
	ck_assert_int_eq(ec_acpi_tables_write(&g, &plan, &diag), 0);
	ck_assert_ptr_nonnull(strstr(logged, "domain 3 stays paused"));
	fakexen_check_left(f, "1 servers");
	ck_assert_int_eq(fakexen_priv_ops.guest_info(f, GUEST, &info), 0);
	fakexen_unpause(f, GUEST);
	ck_assert_uint_eq(fakexen_count(f, "start d3"), 0);
	ck_assert_int_eq(fakexen_priv_ops.pause(f, GUEST, false), 0);
	ck_assert_uint_eq(fakexen_count(f, "start d3"), 1);
}
END_TEST

START_TEST(a_dead_guest_is_refused)
{
	fakexen_kill(f, GUEST);
	ck_assert_int_eq(ec_acpi_tables_write(&g, &plan, &diag), -ESRCH);
	ck_assert_ptr_nonnull(strstr(diag.text, "cannot be paused"));
}
END_TEST

Suite *suite_supervisor_acpi_tables(void)
{
	Suite *s = suite_create("supervisor_acpi_tables");
	TCase *t = tcase_create("tables");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_paused_guest_gets_the_tables);
	tcase_add_loop_test(t, every_plan_has_tables, 0, 4);
	tcase_add_test(t, a_second_attach_replaces_the_tables);
	tcase_add_test(t, an_empty_window_is_left_out);
	tcase_add_loop_test(t, a_guest_that_cannot_have_tables_is_left_as_it_is, 0,
			    EC_ARRAY_SIZE(refused));
	tcase_add_test(t, each_failing_call_leaves_good_tables);
	tcase_add_test(t, a_guest_that_stays_paused_is_reported);
	tcase_add_test(t, a_dead_guest_is_refused);
	suite_add_tcase(s, t);
	return s;
}
