/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store, ioreq servers, and the host's functions. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "host/conf_fd.h"
#include "sim/sim.h"
#include "suites.h"

static void answer_5a(void *ctx, struct ec_ioreq *q)
{
	unsigned int *calls = ctx;

	(*calls)++;
	q->data = q->write ? q->data : 0x5a;
}

START_TEST(a_guest_is_found_by_its_name_before_its_number)
{
	char name[EC_GUEST_NAME_MAX];
	uint32_t domid = 0;

	fakexen_guest(xen, 7, "3");
	ck_assert_int_eq(store->find(xen, "3", &domid), 0);
	ck_assert_uint_eq(domid, 7);
	ck_assert_int_eq(store->find(xen, "4", &domid), 0);
	ck_assert_uint_eq(domid, 4);
	ck_assert_int_eq(store->find(xen, "", &domid), -ENOENT);
	ck_assert_int_eq(store->name(xen, D4, name), 0);
	ck_assert_str_eq(name, "four");
}
END_TEST

START_TEST(a_claim_ends_with_its_guest)
{
	uint32_t domid = 0;

	ck_assert_int_eq(store->claim(xen, nic, 3, &domid), 0);
	ck_assert_int_eq(store->claim(xen, nic, 4, &domid), -EBUSY);
	ck_assert_uint_eq(domid, 3);
	fakexen_kill(xen, D3);
	ck_assert_int_eq(store->claim(xen, nic, 4, &domid), 0);
	ck_assert_int_eq(store->release(xen, nic), 0);
	ck_assert_int_eq(store->release(xen, nic), -ENOENT);
}
END_TEST

START_TEST(adjacent_ranges_are_merged)
{
	struct ec_server *s;

	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 2, answer_5a, NULL }, &s), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x2000, 0x1fff, true), -EINVAL);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x2000, 0x2fff, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x2000, true), -EEXIST);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x1fff, true), 0);
	/* they are one range now, which may be split elsewhere */
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1800, 0x27ff, false), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x17ff, 0x1800, false), -ENOENT);
	ck_assert_int_eq(server->range(s, EC_RANGE_PORT, 0x1000, 0x1000, false), -ENOENT);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x17ff, false), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x2800, 0x2fff, false), 0);
	for (uint64_t i = 0; i < FAKEXEN_RANGES; i++)
		ck_assert_int_eq(server->range(s, EC_RANGE_PCI, i * 3, i * 3 + 1, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_PCI, 0x1000, 0x1000, true), -ENOMEM);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x1000, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_PCI, 2, 2, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_PCI, 0x1000, 0x1000, true), 0);
	server->destroy(s);
	fakexen_check(xen);
}
END_TEST

static void check_owner(struct ec_ioreq q, uint64_t want)
{
	bool served = fakexen_request(xen, D3, &q);

	ck_assert_uint_eq(q.data, want);
	ck_assert(served == (want == 0x5a));
}

START_TEST(a_request_goes_to_the_enabled_server_that_owns_all_of_it)
{
	struct ec_ioreq q = { .type = EC_IOREQ_COPY, .size = 4, .count = 2, .addr = 0xe0000ffc };
	unsigned int calls = 0;
	struct ec_server *s, *old;

	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 2, NULL, NULL }, &old), 0);
	ck_assert_int_eq(server->enable(old), 0);
	ck_assert_int_eq(server->range(old, EC_RANGE_MEMORY, 0xe0000000, 0xe000ffff, true), 0);
	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 2, answer_5a, &calls }, &s),
		0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0xe0000000, 0xe0001fff, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_PORT, 0xcf8, 0xcfb, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_PCI, 0x20, 0x27, true), 0);
	server->destroy(old);
	check_owner(q, 0xffffffff);
	ck_assert_int_eq(server->enable(s), 0);
	check_owner(q, 0x5a);
	q.addr = 0xe0001ffc;
	check_owner(q, 0xffffffff);
	q.df = true;
	check_owner(q, 0x5a);
	q.addr = 0xe0000000;
	check_owner(q, 0xffffffff);
	q = (struct ec_ioreq){ .type = EC_IOREQ_PIO, .size = 2, .count = 9, .addr = 0xcfa };
	check_owner(q, 0x5a);
	q.addr = 0xcfb;
	check_owner(q, 0xffff);
	q.type = EC_IOREQ_PCI_CONFIG;
	ck_assert_int_eq(ec_pci_config_encode((struct ec_sbdf){ 0, 0, 0x27 }, 0xfff, &q.addr), 0);
	check_owner(q, 0x5a);
	ck_assert_int_eq(ec_pci_config_encode((struct ec_sbdf){ 0, 1, 0x27 }, 0, &q.addr), 0);
	check_owner(q, 0xffff);
	ck_assert_uint_eq(calls, 4);
	fakexen_check_violation(xen, NULL);
	server->destroy(s);
	check_owner(q, 0xffff);
}
END_TEST

static void wrong(void *ctx, struct ec_ioreq *q)
{
	(void)ctx;
	q->data = 0x100;
}

START_TEST(a_posted_request_waits_for_dispatch)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PIO, .size = 1, .count = 1, .addr = 0xcf8 }, r = q;
	struct pollfd p = { .events = POLLIN };
	struct ec_server *s;
	uint32_t word = 0x12345678;

	ck_assert_int_eq(server->create(xen, &(struct ec_server_options){ D3, 2, wrong, NULL }, &s),
			 0);
	p.fd = server->fd(s);
	ck_assert_int_eq(server->range(s, EC_RANGE_PORT, 0xcf8, 0xcff, true), 0);
	ck_assert_int_eq(server->enable(s), 0);
	ck_assert(fakexen_post(xen, D3, &q) && poll(&p, 1, 0) == 1 && q.data == 0);
	ck_assert_int_eq(server->dispatch(s, 0), 0);
	ck_assert(poll(&p, 1, 0) == 0 && q.data == 0x100);
	fakexen_check_violation(xen, "left 100");
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 4, &word, 4, true), 0);
	ck_assert_uint_eq(ec_get_le(fakexen_memory(xen, D3) + FAKEXEN_RAM - 4, 4), 0x12345678);
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 3, &word, 4, false), -EFAULT);
	ck_assert(fakexen_post(xen, D3, &r));
	server->destroy(s);
	ck_assert_uint_eq(r.data, 0xff);
}
END_TEST

START_TEST(a_guest_has_at_most_eight_servers)
{
	struct ec_server *s[FAKEXEN_SERVERS];

	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 0, answer_5a, NULL }, s),
		-EINVAL);
	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 129, answer_5a, NULL }, s),
		-EINVAL);
	/* the device model has one of the eight */
	for (unsigned int i = 0; i < FAKEXEN_SERVERS - 1; i++)
		ck_assert_int_eq(
			server->create(xen, &(struct ec_server_options){ D3, 1, answer_5a, NULL },
				       s + i),
			0);
	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 1, answer_5a, NULL }, s + 7),
		-ENOSPC);
	server->destroy(NULL);
	info->hvm = false;
	ck_assert_int_eq(
		server->create(xen, &(struct ec_server_options){ D3, 1, answer_5a, NULL }, s + 7),
		-EINVAL);
}
END_TEST

START_TEST(a_taken_function_has_bars_and_configuration_space)
{
	struct ec_host_facts facts;
	struct ec_conf_fd c;
	struct ec_taken t;
	uint32_t v = 0;
	void *p;

	ck_assert_int_eq(device->take(xen, nowhere, &t, NULL), -ENODEV);
	fakexen_pciback(xen, true);
	ck_assert_int_eq(device->take(xen, nic, &t, NULL), 0);
	ck_assert_int_eq(device->take(xen, nic, &t, NULL), -EBUSY);
	ck_assert_int_eq(fakexen_facts_ops.get(xen, nic, &facts), 0);
	ck_assert_str_eq(facts.driver, "pciback");
	/* pciback has prepared it */
	ck_assert_int_eq(priv->prepare_msix(xen, nic, true), -EBUSY);
	t = (struct ec_taken){ .driver = "e1000e", .stub = "pciback", .master = true };
	ck_assert_int_eq(
		device->map(xen, nic, &(struct ec_bar_part){ 3, 0x1000, 0x2000 }, &p, NULL), 0);
	ck_assert_int_eq(device->map(xen, nic, &(struct ec_bar_part){ 3, 0x10, 0x2000 }, &p, NULL),
			 -EINVAL);
	memset(p, 0x5a, 0x2000);
	ck_assert(fakexen_mapped(xen, nic, 3, 0x1004) == (uint8_t *)p + 4);
	ck_assert(!fakexen_mapped(xen, nic, 3, 0x3000));
	c.fd = device->open(xen, nic, NULL);
	fakexen_poke(xen, nic, 0x144, 4, 0x11223344);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, 0x146, 2, &v), 0);
	ck_assert_uint_eq(v, 0x1122);
	ck_assert_int_eq(ec_conf_fd_ops.write(&c, 4, 2, 7), 0);
	ck_assert_uint_eq(fakexen_peek(xen, nic, 4, 2), 7);
	ck_assert_int_ne(ec_conf_fd_ops.write(&c, 0x1000, 2, 7), 0);
	device->unmap(xen, p, 0x2000);
	ck_assert_int_eq(device->reset(xen, nic, NULL, NULL), 0);
	ck_assert_int_eq(device->give_back(xen, nic, &t, NULL), 0);
	fakexen_check_left(xen, "open");
	close(c.fd);
	fakexen_check(xen);
}
END_TEST

Suite *suite_sim_fakexen_server(void)
{
	Suite *s = suite_create("sim_fakexen_server");
	TCase *t = sim_tcase("fakexen_server");

	tcase_add_test(t, a_guest_is_found_by_its_name_before_its_number);
	tcase_add_test(t, a_claim_ends_with_its_guest);
	tcase_add_test(t, adjacent_ranges_are_merged);
	tcase_add_test(t, a_request_goes_to_the_enabled_server_that_owns_all_of_it);
	tcase_add_test(t, a_posted_request_waits_for_dispatch);
	tcase_add_test(t, a_guest_has_at_most_eight_servers);
	tcase_add_test(t, a_taken_function_has_bars_and_configuration_space);
	suite_add_tcase(s, t);
	return s;
}
