/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The most calls that one request can cause: the table of mediator/guest/README.md. */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "emulated/root_port.h"
#include "flat.h"
#include "guest/message.h"
#include "suites.h"

/* Repetitions that fill a page of a request's data, by width in bytes. */
#define REPEATED(width) (4096u / (width))

#define DATA_AT 0x1000u

/* A request whose repetitions write @a and @b in turn to one register or port. */
static void alternate(uint32_t domid, struct ec_ioreq q, uint32_t a, uint32_t b)
{
	q.write = q.data_is_ptr = true;
	q.data = DATA_AT;
	q.count = REPEATED(q.size);
	for (uint32_t i = 0; i < q.count; i++)
		ec_put_le(fakexen_memory(world->xen, domid) + DATA_AT + i * q.size, q.size,
			  i % 2 ? b : a);
	fakexen_forget(world->xen);
	ck_assert(fakexen_request(world->xen, domid, &q));
}

START_TEST(a_request_reboots_once)
{
	world_given(HVM);
	alternate(HVM, (struct ec_ioreq){ .type = EC_IOREQ_PIO, .addr = 0xcf9, .size = 1 }, 0x06,
		  0x02);
	world_count("reboot", 1);
}
END_TEST

/* The guest turns the interrupt of a pending event of the slot on and off. */
START_TEST(a_root_port_sends_one_message_per_request)
{
	const uint32_t exp = EC_ROOT_PORT_EXP, msi = EC_ROOT_PORT_MSI;

	flat_start(PVH);
	flat_info->started = true;
	world_give(PVH, NIC);
	world_write(PVH, 1, msi + PCI_MSI_ADDRESS_LO, 4, 0xfee00000);
	world_write(PVH, 1, msi + PCI_MSI_DATA_64, 2, 0x41);
	world_write(PVH, 1, msi + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	world_write(PVH, 1, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	world_take(PVH, NIC);
	alternate(PVH,
		  (struct ec_ioreq){ .type = EC_IOREQ_PCI_CONFIG,
				     .addr = CONFIG(1, exp + PCI_EXP_SLTCTL),
				     .size = 2 },
		  PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_PRSD, 0);
	world_count("inject_msi", 1);
}
END_TEST

/* Every vector is mapped and bound once, and unbound and unmapped once. */
START_TEST(msix_takes_two_calls_a_vector)
{
	unsigned int slot = world_given(PVH), n = 0;
	const char *line;

	world_place(PVH, slot);
	for (unsigned int i = 0; i < VECTORS; i++)
		world_entry(PVH, i, ADDRESS, DATA, 0);
	fakexen_forget(world->xen);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; (line = fakexen_line(world->xen, i)); i++)
		n += strncmp(line, "request", 7) != 0;
	ck_assert_uint_eq(n, 2 * VECTORS);
	fakexen_forget(world->xen);
	world_msix(PVH, slot, 0);
	world_count("unbind_msi", VECTORS);
	world_count("unmap_pirq", VECTORS);
	fakexen_forget(world->xen);
	/* unmask an entry: one round; mask it: the reverse */
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_entry(PVH, 0, ADDRESS, DATA, 1);
	fakexen_forget(world->xen);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	ck_assert_uint_le(fakexen_count(world->xen, "map_msi"), 1);
	ck_assert_uint_le(fakexen_count(world->xen, "bind_msi"), 2);
}
END_TEST

/* Posts a write of the MSI-X flags. Returns whether it was served. */
static bool toggle(uint32_t domid, unsigned int slot, unsigned int i)
{
	static struct ec_ioreq q[2];
	struct ec_ioreq *r = q + (domid == HVM);

	*r = (struct ec_ioreq){ .type = EC_IOREQ_PCI_CONFIG,
				.write = true,
				.addr = CONFIG(slot, CAP_MSIX + 2),
				.size = 2,
				.count = 1,
				.data = i % 2 ? 0 : PCI_MSIX_ENABLE };
	fakexen_forget(world->xen);
	if (!fakexen_post(world->xen, domid, r))
		return false;
	for (unsigned int j = 0; j < world->fds; j++)
		ec_service_ready(world->service, world->fd[j]);
	return fakexen_count(world->xen, i % 2 ? "unbind_msi" : "bind_msi") > 0;
}

/* It waits, bounded and counted; the other guest does not. */
START_TEST(a_guest_over_its_budget_of_calls_waits_alone)
{
	unsigned int slot = world_given(PVH), other = world_give(HVM, NIC2), n = 0;
	struct ec_guest_status g;

	world_place(PVH, slot);
	for (unsigned int i = 0; i < VECTORS; i++)
		world_entry(PVH, i, ADDRESS, DATA, 0);
	while (toggle(PVH, slot, n))
		ck_assert_uint_lt(n++, 1000);
	/* 2 calls a vector, 65,536 in all */
	ck_assert_uint_ge(n, 65536 / (2 * VECTORS));
	ck_assert_uint_eq(ec_service_tick(world->service), 1);
	ck_assert_uint_eq(world_read(HVM, other, PCI_VENDOR_ID, 2), NIC_IDS & 0xffff);
	ec_service_guest(world->service, 0, &g);
	ck_assert_uint_eq(g.delays, 1);
	ck_assert(world_log_has("more calls of Xen than its budget"));
	world->now += 1000000000;
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(world->fds, 2);
	for (unsigned int j = 0; j < world->fds; j++)
		ec_service_ready(world->service, world->fd[j]);
	ck_assert(toggle(PVH, slot, n + 1));
}
END_TEST

/* A check of 64 GiB is 16,384 hypercalls, and counts as so many. */
START_TEST(a_check_of_a_large_range_counts_by_its_size)
{
	const uint64_t pages = 1ull << 24;
	uint64_t calls = 0;
	const struct ec_backends b = { .priv = &fakexen_priv_ops,
				       .priv_calls = &calls,
				       .priv_ctx = fakexen_new() };

	ec_priv_populated(&b, PVH, 0, pages);
	ck_assert_uint_eq(calls, 1 + pages / 1024);
	fakexen_free(b.priv_ctx);
}
END_TEST

Suite *suite_guest_bounds(void)
{
	Suite *s = suite_create("guest_bounds");
	TCase *t = tcase_create("guest_bounds");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, a_request_reboots_once);
	tcase_add_test(t, a_root_port_sends_one_message_per_request);
	tcase_add_test(t, msix_takes_two_calls_a_vector);
	tcase_add_test(t, a_guest_over_its_budget_of_calls_waits_alone);
	tcase_add_test(t, a_check_of_a_large_range_counts_by_its_size);
	suite_add_tcase(s, t);
	return s;
}
