/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flat.h"

#include <check.h>
#include <pci/header.h>
#include <string.h>

const struct ec_sbdf flat_nic_1 = { .bus = 3, .devfn = 1 };
struct ec_guest_info *flat_info;

void flat_start(uint32_t domid)
{
	struct fixture x;

	world_new();
	world->rules = "{\"version\":1,\"rules\":[{\"name\":\"flat\",\"match\":{},\"set\":{"
		       "\"topology\":\"flattened\"}}]}";
	flat_info = world_guest(domid);
	flat_info->started = false;
	world_card(&x, NIC);
	fixture_put(&x, PCI_HEADER_TYPE, 1, 0x80);
	world_add(NIC, "nic", &x);
	world_add_card(NIC2, "");
}

void flat_refused(uint32_t domid, const char *text, int rc, const char *word)
{
	struct ec_attach_spec spec;

	ck_assert_msg(!ec_attach_spec_parse(text, &spec, &world->diag), "%s", world->diag.text);
	ck_assert_int_eq(world_attach_as(domid, &spec), rc);
	ck_assert_msg(strstr(world->diag.text, word), "\"%s\" does not say \"%s\"",
		      world->diag.text, word);
}

void flat_gone(uint32_t domid)
{
	fakexen_kill(world->xen, domid);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(ec_service_guests(world->service), 0);
	world_check_clean();
}

void flat_number(uint32_t domid, unsigned int slot, unsigned int bus)
{
	world_write(domid, slot, PCI_PRIMARY_BUS, 4, bus << 16 | bus << 8);
}

uint32_t flat_ids(uint32_t domid, unsigned int slot)
{
	return (uint32_t)world_read(domid, slot, PCI_VENDOR_ID, 4);
}

uint32_t flat_read(uint32_t domid, unsigned int bus, unsigned int fn, uint32_t offset)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .addr = (uint64_t)bus << 40 | (uint64_t)fn << 32 | offset,
			      .size = 4,
			      .count = 1 };

	fakexen_request(world->xen, domid, &q);
	return (uint32_t)q.data;
}

void flat_at(const char *text)
{
	char name[EC_SBDF_MAX];

	ck_assert_str_eq(ec_sbdf_print(world->at.function.guest, false, name), text);
}

unsigned int flat_slot(uint32_t domid)
{
	return domid == HVM ? 0x10 : 1;
}

void flat_second(void)
{
	struct fixture x;

	/* its BARs do not overlap those of NIC2 */
	world_card(&x, NIC2);
	fixture_put(&x, PCI_HEADER_TYPE, 1, 0x80);
	fixture_put(&x, PCI_DEVICE_ID, 2, 0x0002);
	fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xf000000c);
	fixture_put(&x, PCI_BASE_ADDRESS_2, 4, 0x0000d001);
	fixture_put(&x, PCI_BASE_ADDRESS_3, 4, 0xfd900000);
	fixture_put(&x, PCI_ROM_ADDRESS, 4, 0xfd800000);
	world_add(NIC_1, "", &x);
}
