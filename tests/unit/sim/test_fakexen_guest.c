/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that come, start and die, their memory, nodes and notes. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "core/bits.h"
#include "sim/sim.h"
#include "suites.h"

#define UUID "11111111-2222-3333-4444-555555555555"
#define OTHER "11111111-2222-3333-4444-666666666666"

static const struct ec_sbdf far = { 0x10000, 2, 0xff };

START_TEST(next_guest_returns_the_lowest_domain)
{
	static const struct {
		uint32_t from, next; /* next 0: there is none */
	} rows[] = { { 0, D3 }, { D4, D4 }, { 5, 7 }, { 7, 7 }, { 8, 12 }, { 13, 0 } };
	uint32_t domid;

	/* not in ascending order */
	fakexen_guest(xen, 12, "twelve");
	fakexen_guest(xen, 7, "seven");
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		domid = 0;
		ck_assert_int_eq(priv->next_guest(xen, rows[i].from, &domid),
				 rows[i].next ? 0 : -ESRCH);
		ck_assert_uint_eq(domid, rows[i].next);
	}
	fakexen_kill(xen, D4);
	ck_assert_int_eq(priv->next_guest(xen, D4, &domid), 0);
	ck_assert_uint_eq(domid, 7);
}
END_TEST

static bool started(void)
{
	struct ec_guest_info now;

	ck_assert_int_eq(priv->guest_info(xen, D3, &now), 0);
	return now.started;
}

/* _i: the last pause is the service's, not the toolstack's. */
START_TEST(a_guest_starts_when_its_last_pause_ends)
{
	ck_assert(started());
	fakexen_introduce(xen, D3);
	ck_assert(!started());
	ck_assert_int_eq(priv->pause(xen, D3, true), 0);
	fakexen_check_left(xen, "d3 is paused");
	if (_i) {
		ck_assert_int_eq(priv->pause(xen, D3, true), 0);
		ck_assert_int_eq(priv->pause(xen, D3, false), 0);
		fakexen_unpause(xen, D3);
		ck_assert(!started());
		ck_assert_int_eq(priv->pause(xen, D3, false), 0);
	} else {
		ck_assert_int_eq(priv->pause(xen, D3, false), 0);
		ck_assert(!started());
		fakexen_unpause(xen, D3);
	}
	ck_assert(started());
	ck_assert_uint_eq(fakexen_count(xen, "start d3"), 1);
	fakexen_check(xen);
}
END_TEST

START_TEST(pauses_are_counted_up_to_255)
{
	ck_assert_int_eq(priv->pause(xen, D9, true), -ESRCH);
	for (unsigned int i = 0; i < 255; i++)
		ck_assert_int_eq(priv->pause(xen, D3, true), 0);
	ck_assert_int_eq(priv->pause(xen, D3, true), -EOVERFLOW);
	/* the pauses end with the guest */
	fakexen_kill(xen, D3);
	fakexen_check(xen);
	ck_assert_int_eq(priv->pause(xen, D4, false), -EINVAL);
	fakexen_check_violation(xen, "d4 is unpaused, and was not paused");
}
END_TEST

/* It ends the toolstack's pause: the guest starts too early. */
START_TEST(unpausing_a_guest_that_is_not_paused_is_a_violation)
{
	fakexen_introduce(xen, D3);
	ck_assert_int_eq(priv->pause(xen, D3, false), 0);
	ck_assert(started());
	fakexen_check_violation(xen, "d3 is unpaused, and was not paused");
}
END_TEST

START_TEST(start_info_is_known_until_the_guest_runs)
{
	uint64_t gpa = 1;

	fakexen_introduce(xen, D3);
	ck_assert_int_eq(priv->start_info(xen, D3, &gpa), 0);
	ck_assert_uint_eq(gpa, 0);
	fakexen_start_info(xen, D3, 0x4a00000);
	ck_assert_int_eq(priv->start_info(xen, D3, &gpa), 0);
	ck_assert_uint_eq(gpa, 0x4a00000);
	ck_assert_int_eq(priv->start_info(xen, D9, &gpa), -ESRCH);
	info->dying = true;
	ck_assert_int_eq(priv->start_info(xen, D3, &gpa), -EINVAL);
	info->dying = false;
	fakexen_check_violation(xen, NULL);
	fakexen_unpause(xen, D3);
	ck_assert_int_eq(priv->start_info(xen, D3, &gpa), 0);
	ck_assert_uint_ne(gpa, 0x4a00000);
	fakexen_check_violation(xen, "start_info of d3, which runs");
}
END_TEST

START_TEST(more_memory_is_copied_and_counts_as_populated)
{
	uint8_t *more = fakexen_more_memory(xen, D3, 0xfc000000, 0x2000), two[2] = { 1, 2 };
	struct ec_server *s;

	ck_assert_int_eq(server->create(xen, &(struct ec_server_options){ D3, 2, NULL, NULL }, &s),
			 0);
	ck_assert_int_eq(server->copy(s, 0xfc000fff, two, 2, true), 0);
	ck_assert_uint_eq(more[0xfff] | more[0x1000] << 8, 0x201);
	memset(two, 0, sizeof(two));
	ck_assert_int_eq(server->copy(s, 0xfc000fff, two, 2, false), 0);
	ck_assert_uint_eq(two[1], 2);
	ck_assert_int_eq(server->copy(s, 0xfc001fff, two, 2, false), -EFAULT);
	ck_assert_int_eq(server->copy(s, 0xfbffffff, two, 2, false), -EFAULT);
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 1, two, 2, false), -EFAULT);
	ck_assert_int_eq(priv->populated(xen, D3, 0xfc001, 1), 1);
	ck_assert_int_eq(priv->populated(xen, D3, 0xfbfff, 2), 1);
	ck_assert_int_eq(priv->populated(xen, D3, 0xfbfff, 1), 0);
	ck_assert_int_eq(priv->populated(xen, D3, 0xfc002, 16), 0);
	ck_assert_int_eq(priv->populated(xen, D4, 0xfc001, 1), 0);
	server->destroy(s);
	priv->allow_memory(xen, D3, 0xf1000, 1, true);
	priv->map_memory(xen, D3, &(struct ec_frames){ 0xfc001, 0xf1000, 1 }, true);
	fakexen_check_violation(xen, "loses its memory");
}
END_TEST

/* Messages of an emulated function: a vector, or a pirq if the vector is 0. */
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

START_TEST(messages_are_injected_as_xen_decodes_them)
{
	struct ec_server *s;
	int pirq = 5;

	ck_assert_int_eq(server->create(xen, &(struct ec_server_options){ D3, 2, NULL, NULL }, &s),
			 0);
	ck_assert_int_eq(priv->map_irq(xen, D3, 5, &pirq), 0);
	ck_assert_int_eq(pirq, 5);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(messages); i++)
		ck_assert_int_eq(server->inject_msi(s, messages[i].address, messages[i].data),
				 messages[i].rc);
	ck_assert_uint_eq(fakexen_count(xen, "inject_msi d3 address fee37000 data 700"), 1);
	fakexen_kill(xen, D3);
	ck_assert_int_eq(server->inject_msi(s, 0xfee00000, 0x21), -ESRCH);
	server->destroy(s);
	fakexen_check(xen);
}
END_TEST

START_TEST(the_store_reports_guests_that_come_and_die)
{
	struct pollfd p = { .fd = store->fd(xen), .events = POLLIN };
	struct ec_guest_info now;

	ck_assert_int_eq(poll(&p, 1, 0), 0);
	fakexen_introduce(xen, D3);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	ck_assert_int_eq(store->dispatch(xen), EC_STORE_CAME);
	ck_assert_int_eq(store->dispatch(xen), 0);
	fakexen_introduce(xen, D3);
	fakexen_kill(xen, D3);
	ck_assert_int_eq(store->dispatch(xen), EC_STORE_CAME | EC_STORE_DIED);
	fakexen_guest(xen, D3, "again")->dying = true;
	fakexen_shutdown(xen, D3, true);
	ck_assert_int_eq(store->dispatch(xen), EC_STORE_DIED);
	ck_assert_int_eq(priv->guest_info(xen, D3, &now), 0);
	ck_assert(now.rebooting && now.dying);
}
END_TEST

START_TEST(a_node_is_read_below_its_guest)
{
	char buf[8] = "";

	fakexen_node(xen, D3, "platform/mmio_hole_size", "1234567");
	ck_assert_int_eq(store->read(xen, D3, "platform/mmio_hole_size", buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "1234567");
	ck_assert_int_eq(store->read(xen, D3, "platform/mmio_hole_size", buf, 7), -ENOSPC);
	ck_assert_int_eq(store->read(xen, D3, "platform", buf, sizeof(buf)), -ENOENT);
	ck_assert_int_eq(store->read(xen, D4, "platform/mmio_hole_size", buf, sizeof(buf)),
			 -ENOENT);
	ck_assert_int_eq(store->read(xen, D9, "platform/mmio_hole_size", buf, sizeof(buf)),
			 -ENOENT);
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
	/* a callback may change the notes */
	store->note(xen, UUID, host, NULL);
	return s->rc;
}

START_TEST(notes_outlive_guests_and_may_change_during_recall)
{
	struct seen none = { 0 }, all = { 0 }, first = { .rc = -EIO };

	ck_assert_int_eq(store->note(xen, UUID, nic, "zero"), 0);
	ck_assert_int_eq(store->note(xen, UUID, nic, "one"), 0);
	ck_assert_int_eq(store->note(xen, UUID, far, "two"), 0);
	ck_assert_int_eq(store->note(xen, OTHER, nic, "three"), 0);
	ck_assert_int_eq(store->note(xen, "", nic, "four"), -EINVAL);
	fakexen_kill(xen, D3);
	fakexen_check(xen);
	ck_assert_int_eq(store->recall(xen, UUID, see, &all), 0);
	ck_assert(all.n == 2 && all.nic && all.far);
	ck_assert_int_eq(store->recall(xen, UUID, see, &none), 0);
	ck_assert_uint_eq(none.n, 0);
	ck_assert_ptr_null(fakexen_note(xen, UUID, nic));
	ck_assert_str_eq(fakexen_note(xen, OTHER, nic), "three");
	ck_assert_int_eq(store->note(xen, UUID, nic, NULL), 0);
	ck_assert_int_eq(store->note(xen, UUID, nic, "one"), 0);
	ck_assert_int_eq(store->note(xen, UUID, far, "two"), 0);
	ck_assert_int_eq(store->recall(xen, UUID, see, &first), -EIO);
	ck_assert_uint_eq(first.n, 1);
	fakexen_fail(xen, 1, EAGAIN);
	ck_assert_int_eq(store->note(xen, UUID, nic, "one"), -EAGAIN);
}
END_TEST

Suite *suite_sim_fakexen_guest(void)
{
	Suite *s = suite_create("sim_fakexen_guest");
	TCase *t = sim_tcase("fakexen_guest");

	tcase_add_test(t, next_guest_returns_the_lowest_domain);
	tcase_add_loop_test(t, a_guest_starts_when_its_last_pause_ends, 0, 2);
	tcase_add_test(t, pauses_are_counted_up_to_255);
	tcase_add_test(t, unpausing_a_guest_that_is_not_paused_is_a_violation);
	tcase_add_test(t, start_info_is_known_until_the_guest_runs);
	tcase_add_test(t, more_memory_is_copied_and_counts_as_populated);
	tcase_add_test(t, messages_are_injected_as_xen_decodes_them);
	tcase_add_test(t, the_store_reports_guests_that_come_and_die);
	tcase_add_test(t, a_node_is_read_below_its_guest);
	tcase_add_test(t, notes_outlive_guests_and_may_change_during_recall);
	suite_add_tcase(s, t);
	return s;
}
