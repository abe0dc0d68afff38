/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xenstore, over a stub of libxenstore. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "hypervisor/xen_store.h"
#include "stub_xen.h"
#include "stub_xenstore.h"
#include "suites.h"

#define OPS ec_xen_store_ops
#define UUID "11111111-2222-3333-4444-555555555555"
#define NOTE_DIR "/tool/ecamd/guest/" UUID
#define CLAIM "/libxl/pci/0000-03-00-1/domid"

static const struct ec_sbdf nic = { .bus = 3, .devfn = 1 };
static struct ec_xen_store *x;

static void setup(void)
{
	struct ec_diag diag;

	stub_xen_reset();
	stub_store_reset();
	stub_store_set("/local/domain/0/name", "Domain-0");
	stub_store_set("/local/domain/3/name", "web");
	stub_store_set("/local/domain/7/name", "3");
	stub_store_set("/local/domain/8/device", "");
	x = ec_xen_store_open(&diag);
	ck_assert(x != NULL);
	stub_xen_reset();
}

static void teardown(void)
{
	ec_xen_store_close(x);
	ck_assert_uint_eq(stub_store_open(), 0);
}

/* A name or number, and the domain; 0: none. */
static const struct {
	const char *name;
	uint32_t domid;
} names[] = {
	{ "web", 3 },
	{ "3", 7 }, /* a name counts before a number */
	{ "7", 7 },
	{ "8", 0 }, /* has no name */
	{ "9", 0 },
	{ "", 0 },
	{ "x", 0 },
	{ "7x", 0 },
	{ " 7", 0 },
	{ "+7", 0 },
	{ "-4294967289", 0 },
	{ "-18446744073709551609", 0 }, /* 7 modulo 2^64 */
	{ "4294967303", 0 },            /* 7 modulo 2^32 */
	{ "65543", 0 },                 /* 7 modulo 2^16 */
	{ "18446744073709551623", 0 },
	{ "32752", 0 },
	{ "99999999999999999999999999999999", 0 },
};

START_TEST(a_guest_is_found_by_its_name_or_its_very_number)
{
	uint32_t domid = 0;
	int rc = OPS.find(x, names[_i].name, &domid);

	ck_assert_int_eq(rc, names[_i].domid ? 0 : -ENOENT);
	ck_assert_uint_eq(domid, names[_i].domid);
}
END_TEST

START_TEST(a_node_that_is_no_domain_has_no_guest)
{
	uint32_t domid;

	stub_store_set("/local/domain/65539/name", "wrong");
	stub_store_set("/local/domain/x/name", "wrong");
	stub_store_set("/local/domain/32752/name", "wrong");
	ck_assert_int_eq(OPS.find(x, "wrong", &domid), -ENOENT);
}
END_TEST

START_TEST(a_long_name_is_cut_and_a_missing_one_is_empty)
{
	char name[EC_GUEST_NAME_MAX], long_name[200];

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = 0;
	stub_store_set("/local/domain/3/name", long_name);
	ck_assert_int_eq(OPS.name(x, 3, name), 0);
	ck_assert_uint_eq(strlen(name), EC_GUEST_NAME_MAX - 1);
	ck_assert_int_eq(OPS.name(x, 9, name), 0);
	ck_assert_str_eq(name, "");
}
END_TEST

/* What the node of the claim holds before; the result, the holder, and the node afterwards. */
static const struct {
	const char *before;
	int rc;
	uint32_t holder;
	const char *after;
} claims[] = {
	{ NULL, 0, 0, "5" },    { "3", -EBUSY, 3, "3" },
	{ "9", 0, 0, "5" },     /* it is dead */ { "5", 0, 0, "5" },
	{ "", 0, 0, "5" },      { "x", 0, 0, "5" },
	{ "65539", 0, 0, "5" }, /* 3 modulo 2^16 */
};

START_TEST(a_claim_is_refused_if_its_holder_lives)
{
	uint32_t holder = 0;

	if (claims[_i].before)
		stub_store_set(CLAIM, claims[_i].before);
	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), claims[_i].rc);
	if (claims[_i].rc)
		ck_assert_uint_eq(holder, claims[_i].holder);
	ck_assert_str_eq(stub_store_get(CLAIM), claims[_i].after);
}
END_TEST

START_TEST(a_claim_is_tried_again_when_somebody_else_was_faster)
{
	uint32_t holder = 0;

	stub_store_conflicts(3, "/local/domain/1/x", "");
	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), 0);
	ck_assert_str_eq(stub_store_get(CLAIM), "5");
	/* they took it */
	ck_assert_int_eq(OPS.release(x, nic), 0);
	stub_store_conflicts(1, CLAIM, "3");
	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), -EBUSY);
	ck_assert_uint_eq(holder, 3);
	/* but not for ever */
	ck_assert_int_eq(OPS.release(x, nic), 0);
	stub_store_conflicts(1000, "/local/domain/1/x", "");
	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), -EAGAIN);
	ck_assert(!stub_store_get(CLAIM));
	stub_store_conflicts(0, NULL, NULL);
}
END_TEST

START_TEST(whether_the_holder_lives_must_be_known)
{
	uint32_t holder = 0;

	stub_store_set(CLAIM, "9");
	stub_xen_fail("read", EACCES);
	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), -EACCES);
	stub_xen_fail("read", 0);
	ck_assert_str_eq(stub_store_get(CLAIM), "9");
}
END_TEST

START_TEST(a_release_keeps_what_else_is_in_the_directory)
{
	uint32_t holder;

	ck_assert_int_eq(OPS.claim(x, nic, 5, &holder), 0);
	stub_store_set("/libxl/pci/0000-03-00-1/driver_path", "e1000e");
	ck_assert_int_eq(OPS.release(x, nic), 0);
	ck_assert(!stub_store_get(CLAIM));
	ck_assert_str_eq(stub_store_get("/libxl/pci/0000-03-00-1/driver_path"), "e1000e");
}
END_TEST

START_TEST(a_node_is_read_whole_or_not_at_all)
{
	char text[4];

	stub_store_set("/local/domain/3/platform/a", "123");
	stub_store_set("/local/domain/3/platform/b", "1234");
	ck_assert_int_eq(OPS.read(x, 3, "platform/a", text, sizeof(text)), 0);
	ck_assert_str_eq(text, "123");
	ck_assert_int_eq(OPS.read(x, 3, "platform/b", text, sizeof(text)), -ENOSPC);
	ck_assert_int_eq(OPS.read(x, 3, "platform/c", text, sizeof(text)), -ENOENT);
}
END_TEST

static unsigned int seen;

static int each(void *ctx, struct ec_sbdf host, const char *text)
{
	char name[EC_SBDF_MAX];

	snprintf((char *)ctx + strlen(ctx), 64, "%s=%s;", ec_sbdf_print(host, true, name), text);
	return ++seen == 3 ? -E2BIG : 0;
}

static int each_owner(void *ctx, const char *uuid)
{
	snprintf((char *)ctx + strlen(ctx), 64, "%s;", uuid);
	return 0;
}

START_TEST(notes_are_kept_by_guest_and_function)
{
	char all[256] = "";

	ck_assert_int_eq(OPS.note(x, UUID, nic, "one"), 0);
	ck_assert_int_eq(OPS.note(x, UUID, (struct ec_sbdf){ 0xffff, 0xff, 0xff }, "two"), 0);
	ck_assert_str_eq(stub_store_get(NOTE_DIR "/ffff-ff-1f-7"), "two");
	ck_assert_int_eq(OPS.recall(x, UUID, each, all), 0);
	ck_assert_str_eq(all, "0000:03:00.1=one;ffff:ff:1f.7=two;");
	ck_assert_int_eq(OPS.note(x, "22222222", nic, "three"), 0);
	*all = 0;
	ck_assert_int_eq(OPS.owners(x, each_owner, all), 0);
	ck_assert_str_eq(all, UUID ";22222222;");
	ck_assert_int_eq(OPS.note(x, "22222222", nic, NULL), 0);
	*all = 0;
	ck_assert_int_eq(OPS.owners(x, each_owner, all), 0);
	ck_assert_str_eq(all, UUID ";");
	ck_assert_int_eq(OPS.note(x, UUID, nic, NULL), 0);
	ck_assert_int_eq(OPS.note(x, UUID, nic, NULL), 0);
	ck_assert(!stub_store_get(NOTE_DIR "/0000-03-00-1"));
	ck_assert_int_eq(OPS.recall(x, "22222222", each, all), 0);
	ck_assert_int_eq(OPS.note(x, "", nic, "x"), -EINVAL);
	ck_assert_int_eq(OPS.note(x, UUID "x", nic, "x"), -EINVAL);
	ck_assert_int_eq(OPS.recall(x, UUID "x", each, all), -EINVAL);
}
END_TEST

/* Names that node_name() does not make: some would be another function if they were cut. */
START_TEST(a_note_with_another_name_is_skipped)
{
	static const char *const wrong[] = {
		"0000-103-00-1", "0000-03-20-1",      "0000-03-00-9",  "0000-03-0-1",
		"0-03-00-1",     "100000000-03-00-1", "0000-03-00-1x", "x",
	};
	char all[256] = "", path[128];

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(wrong); i++) {
		snprintf(path, sizeof(path), NOTE_DIR "/%s", wrong[i]);
		stub_store_set(path, "wrong");
	}
	ck_assert_int_eq(OPS.recall(x, UUID, each, all), 0);
	ck_assert_str_eq(all, "");
}
END_TEST

START_TEST(events_say_whether_a_domain_came_or_died)
{
	ck_assert_int_eq(OPS.dispatch(x), EC_STORE_CAME | EC_STORE_DIED);
	ck_assert_int_eq(OPS.dispatch(x), 0);
	stub_store_fire("@introduceDomain");
	ck_assert_int_eq(OPS.dispatch(x), EC_STORE_CAME);
	stub_store_fire("@releaseDomain");
	ck_assert_int_eq(OPS.dispatch(x), EC_STORE_DIED);
}
END_TEST

static int each_none(void *ctx, struct ec_sbdf host, const char *text)
{
	(void)ctx;
	(void)host;
	(void)text;
	return 0;
}

static int call(unsigned int i)
{
	char text[EC_GUEST_NAME_MAX] = "";
	uint32_t domid;

	switch (i) {
	case 0:
		return OPS.find(x, "web", &domid);
	case 1:
		return OPS.name(x, 3, text);
	case 2:
		return OPS.claim(x, nic, 5, &domid);
	case 3:
		return OPS.release(x, nic);
	case 4:
		return OPS.read(x, 3, "name", text, sizeof(text));
	case 5:
		return OPS.note(x, UUID, nic, "text");
	case 6:
		return OPS.note(x, UUID, nic, NULL);
	case 7:
		return OPS.recall(x, UUID, each_none, NULL);
	case 8:
		return OPS.owners(x, each_owner, text);
	case 9:
		return OPS.dispatch(x);
	default:
		return OPS.fd(x);
	}
}

#define CALLS 11

START_TEST(a_lost_connection_is_used_by_no_call)
{
	stub_store_set(NOTE_DIR "/0000-03-00-1", "text");
	ck_assert_int_ge(OPS.dispatch(x), 0);
	stub_store_die(true);
	/* the first call notices it, whichever it is; fd() makes no call */
	ck_assert_int_eq(_i == 10 ? OPS.dispatch(x) : call((unsigned int)_i), -ENOTCONN);
	stub_xen_reset();
	for (unsigned int i = 0; i < CALLS; i++)
		ck_assert_int_eq(call(i), -ENOTCONN);
	ck_assert_str_eq(stub_xen_log(), "");
}
END_TEST

START_TEST(a_connection_is_made_again_with_its_watches)
{
	stub_store_die(true);
	ck_assert_int_ge(OPS.dispatch(x), 0); /* events that were read before */
	ck_assert_int_eq(OPS.dispatch(x), -ENOTCONN);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_int_eq(OPS.reopen(x), -ECONNREFUSED);
	ck_assert_uint_eq(stub_store_open(), 0);
	ck_assert_int_eq(call(0), -ENOTCONN);
	stub_store_up();
	/* half a connection is none */
	stub_xen_fail("watch", EIO);
	ck_assert_int_eq(OPS.reopen(x), -EIO);
	ck_assert_uint_eq(stub_store_open(), 0);
	ck_assert_int_eq(call(0), -ENOTCONN);
	stub_xen_fail("watch", 0);
	ck_assert_int_eq(OPS.reopen(x), 0);
	ck_assert_uint_eq(stub_store_watches(), 2);
	ck_assert_uint_eq(stub_store_open(), 1);
	ck_assert_int_eq(OPS.dispatch(x), EC_STORE_CAME | EC_STORE_DIED);
	ck_assert_int_eq(call(0), 0);
	ck_assert_int_ge(OPS.fd(x), 0);
}
END_TEST

static const char *const opening[] = { "xs_open", "watch" };

START_TEST(opening_that_fails_leaves_nothing)
{
	struct ec_diag diag;

	stub_xen_fail(opening[_i], EACCES);
	ck_assert(ec_xen_store_open(&diag) == NULL);
	ck_assert_str_eq(diag.text, "xenstore: Permission denied");
	ck_assert_uint_eq(stub_store_open(), 1);
}
END_TEST

Suite *suite_hypervisor_xen_store(void)
{
	Suite *s = suite_create("hypervisor_xen_store");
	TCase *t = tcase_create("xenstore");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_guest_is_found_by_its_name_or_its_very_number, 0,
			    EC_ARRAY_SIZE(names));
	tcase_add_test(t, a_node_that_is_no_domain_has_no_guest);
	tcase_add_test(t, a_long_name_is_cut_and_a_missing_one_is_empty);
	tcase_add_loop_test(t, a_claim_is_refused_if_its_holder_lives, 0, EC_ARRAY_SIZE(claims));
	tcase_add_test(t, a_claim_is_tried_again_when_somebody_else_was_faster);
	tcase_add_test(t, whether_the_holder_lives_must_be_known);
	tcase_add_test(t, a_release_keeps_what_else_is_in_the_directory);
	tcase_add_test(t, a_node_is_read_whole_or_not_at_all);
	tcase_add_test(t, notes_are_kept_by_guest_and_function);
	tcase_add_test(t, a_note_with_another_name_is_skipped);
	tcase_add_test(t, events_say_whether_a_domain_came_or_died);
	tcase_add_loop_test(t, a_lost_connection_is_used_by_no_call, 0, CALLS);
	tcase_add_test(t, a_connection_is_made_again_with_its_watches);
	tcase_add_loop_test(t, opening_that_fails_leaves_nothing, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
