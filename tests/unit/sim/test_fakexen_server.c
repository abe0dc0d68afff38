/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "fakexen.h"
#include "fixture.h"
#include "host/conf_fd.h"
#include "suites.h"

static const struct ec_priv_ops *const priv = &fakexen_priv_ops;
static const struct ec_server_ops *const server = &fakexen_server_ops;
static const struct ec_store_ops *const store = &fakexen_store_ops;
static const struct ec_device_ops *const device = &fakexen_device_ops;
static const struct ec_sbdf nic = { 0, 1, 0 }, nowhere = { 0, 2, 0 };
static struct fakexen *f;
static struct ec_guest_info *info; /* of guest 3 */

static void setup(void)
{
	struct fixture x;

	fixture_nic(&x);
	f = fakexen_new();
	info = fakexen_guest(f, 3, "three");
	fakexen_guest(f, 4, "four");
	fakexen_device(f, nic, "e1000e", &x.img);
}

static void teardown(void)
{
	fakexen_free(f);
}

static void add_one(void *ctx, struct ec_ioreq *q)
{
	unsigned int *calls = ctx;

	(*calls)++;
	q->data = q->write ? q->data : 0x5a;
}

START_TEST(names)
{
	char name[EC_GUEST_NAME_MAX];
	uint32_t domid = 0;

	fakexen_guest(f, 7, "3");
	ck_assert_int_eq(store->find(f, "3", &domid), 0);
	ck_assert_uint_eq(domid, 7);
	ck_assert_int_eq(store->find(f, "4", &domid), 0);
	ck_assert_uint_eq(domid, 4);
	ck_assert_int_eq(store->find(f, "", &domid), -ENOENT);
	ck_assert_int_eq(store->name(f, 4, name), 0);
	ck_assert_str_eq(name, "four");
	ck_assert_int_eq(store->claim(f, nic, 3, &domid), 0);
	ck_assert_int_eq(store->claim(f, nic, 4, &domid), -EBUSY);
	ck_assert_uint_eq(domid, 3);
	fakexen_kill(f, 3);
	ck_assert_int_eq(store->claim(f, nic, 4, &domid), 0);
	ck_assert_int_eq(store->release(f, nic), 0);
	ck_assert_int_eq(store->release(f, nic), -ENOENT);
}
END_TEST

START_TEST(ranges)
{
	struct ec_server *s;

	ck_assert_int_eq(server->create(f, 3, 2, add_one, NULL, &s), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x2000, 0x1fff, true), -EINVAL);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x2000, 0x2fff, true), 0);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x2000, true), -EEXIST);
	ck_assert_int_eq(server->range(s, EC_RANGE_MEMORY, 0x1000, 0x1fff, true), 0);
	/* one now: it may be taken apart elsewhere */
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
	fakexen_check(f);
}
END_TEST

static void check_owner(struct ec_ioreq q, uint64_t want)
{
	bool served = fakexen_request(f, 3, &q);

	ck_assert_uint_eq(q.data, want);
	ck_assert(served == (want == 0x5a));
}

START_TEST(requests)
{
	struct ec_ioreq q = { .type = EC_IOREQ_COPY, .size = 4, .count = 2, .addr = 0xe0000ffc };
	unsigned int calls = 0;
	struct ec_server *s, *old;

	ck_assert_int_eq(server->create(f, 3, 2, NULL, NULL, &old), 0);
	ck_assert_int_eq(server->enable(old), 0);
	ck_assert_int_eq(server->range(old, EC_RANGE_MEMORY, 0xe0000000, 0xe000ffff, true), 0);
	ck_assert_int_eq(server->create(f, 3, 2, add_one, &calls, &s), 0);
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
	fakexen_check_violation(f, NULL);
	server->destroy(s);
	check_owner(q, 0xffff);
}
END_TEST

static void wrong(void *ctx, struct ec_ioreq *q)
{
	(void)ctx;
	q->data = 0x100;
}

START_TEST(posted)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PIO, .size = 1, .count = 1, .addr = 0xcf8 }, r = q;
	struct pollfd p = { .events = POLLIN };
	struct ec_server *s;
	uint32_t word = 0x12345678;

	ck_assert_int_eq(server->create(f, 3, 2, wrong, NULL, &s), 0);
	p.fd = server->fd(s);
	ck_assert_int_eq(server->range(s, EC_RANGE_PORT, 0xcf8, 0xcff, true), 0);
	ck_assert_int_eq(server->enable(s), 0);
	ck_assert(fakexen_post(f, 3, &q) && poll(&p, 1, 0) == 1 && q.data == 0);
	ck_assert_int_eq(server->dispatch(s, 0), 0);
	ck_assert(poll(&p, 1, 0) == 0 && q.data == 0x100);
	fakexen_check_violation(f, "left 100");
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 4, &word, 4, true), 0);
	ck_assert_uint_eq(ec_get_le(fakexen_memory(f, 3) + FAKEXEN_RAM - 4, 4), 0x12345678);
	ck_assert_int_eq(server->copy(s, FAKEXEN_RAM - 3, &word, 4, false), -EFAULT);
	ck_assert(fakexen_post(f, 3, &r));
	server->destroy(s);
	ck_assert_uint_eq(r.data, 0xff);
}
END_TEST

START_TEST(servers)
{
	struct ec_server *s[FAKEXEN_SERVERS];

	ck_assert_int_eq(server->create(f, 3, 0, add_one, NULL, s), -EINVAL);
	ck_assert_int_eq(server->create(f, 3, 129, add_one, NULL, s), -EINVAL);
	/* the device model has one */
	for (unsigned int i = 0; i < FAKEXEN_SERVERS - 1; i++)
		ck_assert_int_eq(server->create(f, 3, 1, add_one, NULL, s + i), 0);
	ck_assert_int_eq(server->create(f, 3, 1, add_one, NULL, s + 7), -ENOSPC);
	server->destroy(NULL);
	info->hvm = false;
	ck_assert_int_eq(server->create(f, 3, 1, add_one, NULL, s + 7), -EINVAL);
}
END_TEST

START_TEST(host)
{
	struct ec_host_facts facts;
	struct ec_conf_fd c;
	struct ec_taken t;
	uint32_t v = 0;
	void *p;

	ck_assert_int_eq(device->take(f, nowhere, &t, NULL), -ENODEV);
	fakexen_pciback(f, true);
	ck_assert_int_eq(device->take(f, nic, &t, NULL), 0);
	ck_assert_int_eq(device->take(f, nic, &t, NULL), -EBUSY);
	ck_assert_int_eq(fakexen_facts_ops.get(f, nic, &facts), 0);
	ck_assert_str_eq(facts.driver, "pciback");
	/* which has prepared it itself */
	ck_assert_int_eq(priv->prepare_msix(f, nic, true), -EBUSY);
	t = (struct ec_taken){ .driver = "e1000e", .stub = "pciback" };
	ck_assert_int_eq(device->map(f, nic, 3, 0x1000, 0x2000, &p, NULL), 0);
	ck_assert_int_eq(device->map(f, nic, 3, 0x10, 0x2000, &p, NULL), -EINVAL);
	memset(p, 0x5a, 0x2000);
	ck_assert(fakexen_mapped(f, nic, 3, 0x1004) == (uint8_t *)p + 4);
	ck_assert(!fakexen_mapped(f, nic, 3, 0x3000));
	c.fd = device->open(f, nic, NULL);
	fakexen_poke(f, nic, 0x144, 4, 0x11223344);
	ck_assert_int_eq(ec_conf_fd_ops.read(&c, 0x146, 2, &v), 0);
	ck_assert_uint_eq(v, 0x1122);
	ck_assert_int_eq(ec_conf_fd_ops.write(&c, 4, 2, 7), 0);
	ck_assert_uint_eq(fakexen_peek(f, nic, 4, 2), 7);
	ck_assert_int_ne(ec_conf_fd_ops.write(&c, 0x1000, 2, 7), 0);
	device->unmap(f, p, 0x2000);
	ck_assert_int_eq(device->reset(f, nic, NULL, NULL), 0);
	ck_assert_int_eq(device->give_back(f, nic, &t, NULL), 0);
	fakexen_check_left(f, "open");
	close(c.fd);
	fakexen_check(f);
}
END_TEST

Suite *suite_fakexen_server(void)
{
	Suite *s = suite_create("fakexen_server");
	TCase *t = tcase_create("fakexen_server");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, names);
	tcase_add_test(t, ranges);
	tcase_add_test(t, requests);
	tcase_add_test(t, posted);
	tcase_add_test(t, servers);
	tcase_add_test(t, host);
	suite_add_tcase(s, t);
	return s;
}
