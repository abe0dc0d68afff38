/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that come, start and go, and what is noted of them. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/bits.h"
#include "fakexen.h"
#include "suites.h"

#define UUID "11111111-2222-3333-4444-555555555555"
#define OTHER "11111111-2222-3333-4444-666666666666"

static const struct ec_priv_ops *const priv = &fakexen_priv_ops;
static const struct ec_server_ops *const server = &fakexen_server_ops;
static const struct ec_store_ops *const store = &fakexen_store_ops;
static const struct ec_sbdf nic = { 0, 1, 0 }, far = { 0x10000, 2, 0xff };
static struct fakexen *f;
static struct ec_guest_info *info; /* of guest 3 */

static void setup(void)
{
	f = fakexen_new();
	info = fakexen_guest(f, 3, "three");
	fakexen_guest(f, 12, "twelve");
	fakexen_guest(f, 4, "four");
}

static void teardown(void)
{
	fakexen_free(f);
}

START_TEST(next)
{
	uint32_t domid = 0;

	ck_assert_int_eq(priv->next_guest(f, 0, &domid), 0);
	ck_assert_uint_eq(domid, 3);
	ck_assert_int_eq(priv->next_guest(f, 4, &domid), 0);
	ck_assert_uint_eq(domid, 4);
	ck_assert_int_eq(priv->next_guest(f, 5, &domid), 0);
	ck_assert_uint_eq(domid, 12);
	fakexen_kill(f, 4);
	ck_assert_int_eq(priv->next_guest(f, 4, &domid), 0);
	ck_assert_uint_eq(domid, 12);
	ck_assert_int_eq(priv->next_guest(f, 13, &domid), -ESRCH);
	ck_assert_uint_eq(domid, 12);
}
END_TEST

static bool started(void)
{
	struct ec_guest_info now;

	ck_assert_int_eq(priv->guest_info(f, 3, &now), 0);
	return now.started;
}

/* It runs when nobody wants it paused, whoever was the last to want it. */
START_TEST(starts)
{
	ck_assert(started());
	fakexen_introduce(f, 3);
	ck_assert(!started());
	ck_assert_int_eq(priv->pause(f, 3, true), 0);
	fakexen_check_left(f, "d3 is paused");
	if (_i) {
		ck_assert_int_eq(priv->pause(f, 3, true), 0);
		ck_assert_int_eq(priv->pause(f, 3, false), 0);
		fakexen_unpause(f, 3);
		ck_assert(!started());
		ck_assert_int_eq(priv->pause(f, 3, false), 0);
	} else {
		ck_assert_int_eq(priv->pause(f, 3, false), 0);
		ck_assert(!started());
		fakexen_unpause(f, 3);
	}
	ck_assert(started());
	ck_assert_uint_eq(fakexen_count(f, "start d3"), 1);
	fakexen_check(f);
}
END_TEST

START_TEST(pauses)
{
	ck_assert_int_eq(priv->pause(f, 9, true), -ESRCH);
	for (unsigned int i = 0; i < 255; i++)
		ck_assert_int_eq(priv->pause(f, 3, true), 0);
	ck_assert_int_eq(priv->pause(f, 3, true), -EOVERFLOW);
	/* with the guest go its pauses */
	fakexen_kill(f, 3);
	fakexen_check(f);
	ck_assert_int_eq(priv->pause(f, 4, false), -EINVAL);
	fakexen_check_violation(f, "d4 is unpaused, and was not paused");
}
END_TEST

/* The toolstack's own pause is the one that goes: the guest starts too early. */
START_TEST(unpaused_for_toolstack)
{
	fakexen_introduce(f, 3);
	ck_assert_int_eq(priv->pause(f, 3, false), 0);
	ck_assert(started());
	fakexen_check_violation(f, "d3 is unpaused, and was not paused");
}
END_TEST

START_TEST(start_information)
{
	uint64_t gpa = 1;

	fakexen_introduce(f, 3);
	ck_assert_int_eq(priv->start_info(f, 3, &gpa), 0);
	ck_assert_uint_eq(gpa, 0);
	fakexen_start_info(f, 3, 0x4a00000);
	ck_assert_int_eq(priv->start_info(f, 3, &gpa), 0);
	ck_assert_uint_eq(gpa, 0x4a00000);
	ck_assert_int_eq(priv->start_info(f, 9, &gpa), -ESRCH);
	info->dying = true;
	ck_assert_int_eq(priv->start_info(f, 3, &gpa), -EINVAL);
	info->dying = false;
	fakexen_check_violation(f, NULL);
	fakexen_unpause(f, 3);
	ck_assert_int_eq(priv->start_info(f, 3, &gpa), 0);
	ck_assert_uint_ne(gpa, 0x4a00000);
	fakexen_check_violation(f, "start_info of d3, which runs");
}
END_TEST

START_TEST(memory)
{
	uint8_t *more = fakexen_more_memory(f, 3, 0xfc000000, 0x2000), two[2] = { 1, 2 };
	struct ec_server *s;

	ck_assert_int_eq(server->create(f, 3, 2, NULL, NULL, &s), 0);
	ck_assert_int_eq(server->copy(s, 0xfc000fff, two, 2, true), 0);
	ck_assert_uint_eq(more[0xfff] | more[0x1000] << 8, 0x201);
	memset(two, 0, sizeof(two));
	ck_assert_int_eq(server->copy(s, 0xfc000fff, two, 2, false), 0);
	ck_assert_uint_eq(two[1], 2);
	ck_assert_int_eq(server->copy(s, 0xfc001fff, two, 2, false), -EFAULT);
	ck_assert_int_eq(server->copy(s, 0xfbffffff, two, 2, false), -EFAULT);
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 1, two, 2, false), -EFAULT);
	ck_assert_int_eq(priv->populated(f, 3, 0xfc001, 1), 1);
	ck_assert_int_eq(priv->populated(f, 3, 0xfbfff, 2), 1);
	ck_assert_int_eq(priv->populated(f, 3, 0xfbfff, 1), 0);
	ck_assert_int_eq(priv->populated(f, 3, 0xfc002, 16), 0);
	ck_assert_int_eq(priv->populated(f, 4, 0xfc001, 1), 0);
	server->destroy(s);
	priv->allow_memory(f, 3, 0xf1000, 1, true);
	priv->map_memory(f, 3, 0xfc001, 0xf1000, 1, true);
	fakexen_check_violation(f, "loses its memory");
}
END_TEST

/* As Xen takes apart what an emulated function sends: vector or pirq. */
static const struct {
	uint64_t address;
	uint32_t data;
	int rc;
} messages[] = {
	{ 0xfee00000, 0x0021, 0 },       { 0xfee37000, 0x0700, 0 },
	{ 0xfee00000, 0x0121, 0 },       { 0xfee00000, 0x0221, -EINVAL },
	{ 0xfee00000, 0x0700, -ERANGE }, { 0xfee0500000, 0x0700, -ERANGE },
	{ 0x100fee05000, 0x0700, 0 },    { 0x80000000fee05000, 0, -ERANGE },
	{ 0xfee05000, 0x0700, -EINVAL },
};

START_TEST(injected)
{
	struct ec_server *s;
	int pirq = 5;

	ck_assert_int_eq(server->create(f, 3, 2, NULL, NULL, &s), 0);
	ck_assert_int_eq(priv->map_irq(f, 3, 5, &pirq), 0);
	ck_assert_int_eq(pirq, 5);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(messages); i++)
		ck_assert_int_eq(server->inject_msi(s, messages[i].address, messages[i].data),
				 messages[i].rc);
	ck_assert_uint_eq(fakexen_count(f, "inject_msi d3 address fee37000 data 700"), 1);
	fakexen_kill(f, 3);
	ck_assert_int_eq(server->inject_msi(s, 0xfee00000, 0x21), -ESRCH);
	server->destroy(s);
	fakexen_check(f);
}
END_TEST

START_TEST(told)
{
	struct pollfd p = { .fd = store->fd(f), .events = POLLIN };
	struct ec_guest_info now;

	ck_assert_int_eq(poll(&p, 1, 0), 0);
	fakexen_introduce(f, 3);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(store->dispatch(f), EC_STORE_CAME);
	ck_assert_int_eq(store->dispatch(f), 0);
	fakexen_introduce(f, 3);
	fakexen_kill(f, 3);
	ck_assert_int_eq(store->dispatch(f), EC_STORE_CAME | EC_STORE_DIED);
	fakexen_guest(f, 3, "again")->dying = true;
	fakexen_shutdown(f, 3, true);
	ck_assert_int_eq(store->dispatch(f), EC_STORE_DIED);
	ck_assert_int_eq(priv->guest_info(f, 3, &now), 0);
	ck_assert(now.rebooting && now.dying);
}
END_TEST

START_TEST(nodes)
{
	char buf[8] = "";

	fakexen_node(f, 3, "platform/mmio_hole_size", "1234567");
	ck_assert_int_eq(store->read(f, 3, "platform/mmio_hole_size", buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "1234567");
	ck_assert_int_eq(store->read(f, 3, "platform/mmio_hole_size", buf, 7), -ENOSPC);
	ck_assert_int_eq(store->read(f, 3, "platform", buf, sizeof(buf)), -ENOENT);
	ck_assert_int_eq(store->read(f, 4, "platform/mmio_hole_size", buf, sizeof(buf)), -ENOENT);
	ck_assert_int_eq(store->read(f, 9, "platform/mmio_hole_size", buf, sizeof(buf)), -ENOENT);
}
END_TEST

struct seen {
	unsigned int n;
	int rc;
	bool nic, far;
};

static int see(void *ctx, struct ec_sbdf host, const char *text)
{
	struct seen *s = ctx;

	s->n++;
	s->nic = s->nic || (!ec_sbdf_compare(host, nic) && !strcmp(text, "one"));
	s->far = s->far || (!ec_sbdf_compare(host, far) && !strcmp(text, "two"));
	/* whoever looks at them may change them */
	store->note(f, UUID, host, NULL);
	return s->rc;
}

START_TEST(notes)
{
	struct seen none = { 0 }, all = { 0 }, first = { .rc = -EIO };

	ck_assert_int_eq(store->note(f, UUID, nic, "zero"), 0);
	ck_assert_int_eq(store->note(f, UUID, nic, "one"), 0);
	ck_assert_int_eq(store->note(f, UUID, far, "two"), 0);
	ck_assert_int_eq(store->note(f, OTHER, nic, "three"), 0);
	ck_assert_int_eq(store->note(f, "", nic, "four"), -EINVAL);
	/* whoever goes, they stay */
	fakexen_kill(f, 3);
	fakexen_check(f);
	ck_assert_int_eq(store->recall(f, UUID, see, &all), 0);
	ck_assert(all.n == 2 && all.nic && all.far);
	ck_assert_int_eq(store->recall(f, UUID, see, &none), 0);
	ck_assert_uint_eq(none.n, 0);
	ck_assert_ptr_null(fakexen_note(f, UUID, nic));
	ck_assert_str_eq(fakexen_note(f, OTHER, nic), "three");
	ck_assert_int_eq(store->note(f, UUID, nic, NULL), 0);
	ck_assert_int_eq(store->note(f, UUID, nic, "one"), 0);
	ck_assert_int_eq(store->note(f, UUID, far, "two"), 0);
	ck_assert_int_eq(store->recall(f, UUID, see, &first), -EIO);
	ck_assert_uint_eq(first.n, 1);
	fakexen_fail(f, 1, EAGAIN);
	ck_assert_int_eq(store->note(f, UUID, nic, "one"), -EAGAIN);
}
END_TEST

Suite *suite_fakexen_guest(void)
{
	Suite *s = suite_create("fakexen_guest");
	TCase *t = tcase_create("fakexen_guest");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, next);
	tcase_add_loop_test(t, starts, 0, 2);
	tcase_add_test(t, pauses);
	tcase_add_test(t, unpaused_for_toolstack);
	tcase_add_test(t, start_information);
	tcase_add_test(t, memory);
	tcase_add_test(t, injected);
	tcase_add_test(t, told);
	tcase_add_test(t, nodes);
	tcase_add_test(t, notes);
	suite_add_tcase(s, t);
	return s;
}
