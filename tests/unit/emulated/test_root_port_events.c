/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens at a root port, what the guest is told of it, and when that interrupts. */
#include <pci/header.h>

#include "core/bits.h"
#include "ported.h"
#include "suites.h"

#define SLOT 4u
#define DEVFN (SLOT << 3)
#define OWN_ID DEVFN
#define BUS 7u
#define EP_ID (BUS << 8)

#define SLTCTL (EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL)
#define SLTSTA (EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA)
#define LNKCTL (EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL)
#define LNKSTA (EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA)
#define RTCTL (EC_ROOT_PORT_EXP + PCI_EXP_RTCTL)
#define RTSTA (EC_ROOT_PORT_EXP + PCI_EXP_RTSTA)
#define ROOT_COMMAND (EC_ROOT_PORT_AER + PCI_ERR_ROOT_COMMAND)
#define ROOT_STATUS (EC_ROOT_PORT_AER + PCI_ERR_ROOT_STATUS)
#define ERR_SRC (EC_ROOT_PORT_AER + PCI_ERR_ROOT_COR_SRC)
#define DPC_CTL (EC_ROOT_PORT_DPC + PCI_DPC_CTL)
#define DPC_STS (EC_ROOT_PORT_DPC + PCI_DPC_STATUS)

static struct ported *p;
static struct ec_root_port *port;

static uint32_t get(uint32_t offset, uint32_t len)
{
	return ported_read(p, 0, DEVFN, offset, len);
}

static void set(uint32_t offset, uint32_t len, uint32_t value)
{
	ported_write(p, 0, DEVFN, offset, len, value);
}

/* As Linux leaves a port that all of its services are bound to. */
static void setup(void)
{
	p = ported_new(EC_MACHINE_PVH);
	p->limits.taken = 0xf;
	ported_card(p, "03:00.0", 0);
	ported_build(p, false);
	port = ported_port(p, SLOT);
	set(PCI_PRIMARY_BUS, 4, BUS << 16 | BUS << 8);
	set(PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_LO, 4, 0xfee00000);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_HI, 4, 0x00000001);
	set(EC_ROOT_PORT_MSI + PCI_MSI_DATA_64, 2, 0x0021);
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, 0x0081);
	set(PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	set(ROOT_COMMAND, 4, 7);
	set(SLTCTL, 2, 0x1038);
	set(RTCTL, 2, 0x0018);
	ck_assert(!p->event.inject);
}

static void teardown(void)
{
	ported_free(p);
}

static void error(unsigned int function, enum ec_root_port_error e)
{
	ec_root_port_error(&p->ports, port, function, e, &p->event);
}

/* The message goes out, just as the registers have it. */
static void check_message(uint64_t address, uint32_t data)
{
	ck_assert(p->event.inject);
	ck_assert_uint_eq(p->event.address, address);
	ck_assert_uint_eq(p->event.data, data);
}

/* Root status and sources after one error; figures of the lab. */
static const struct {
	unsigned int function;
	enum ec_root_port_error error;
	uint32_t status, source;
} errors[] = {
	{ 0, EC_ERROR_CORRECTABLE, 0x01, EP_ID },
	{ 0, EC_ERROR_NONFATAL, 0x24, EP_ID << 16 },
	{ 0, EC_ERROR_FATAL, 0x54, EP_ID << 16 },
	{ 3, EC_ERROR_CORRECTABLE, 0x01, EP_ID | 3 },
	{ EC_ROOT_PORT_SELF, EC_ERROR_NONFATAL, 0x24, OWN_ID << 16 },
};

START_TEST(one_error)
{
	error(errors[_i].function, errors[_i].error);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), errors[_i].status);
	ck_assert_uint_eq(get(ERR_SRC, 4), errors[_i].source);
	/* cleared as Linux does, it may come again */
	set(ROOT_STATUS, 4, errors[_i].status);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
	ck_assert(!p->event.inject);
	error(errors[_i].function, errors[_i].error);
	check_message(0x1fee00000, 0x21);
}
END_TEST

START_TEST(more_errors)
{
	error(0, EC_ERROR_CORRECTABLE);
	error(1, EC_ERROR_CORRECTABLE);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0x03);
	error(2, EC_ERROR_NONFATAL);
	/* it asks already: no edge */
	ck_assert(!p->event.inject);
	error(3, EC_ERROR_FATAL);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0x6f);
	ck_assert_uint_eq(get(ERR_SRC, 4), (EP_ID | 2) << 16 | EP_ID);
	set(ROOT_STATUS, 4, 0x6f);
	error(3, EC_ERROR_FATAL);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0x54);
	ck_assert(p->event.inject);
}
END_TEST

/* A guest that enables what has happened is told then; one that does not, is not. */
START_TEST(enabled_later)
{
	set(ROOT_COMMAND, 4, 6);
	error(0, EC_ERROR_CORRECTABLE);
	ck_assert(!p->event.inject);
	set(ROOT_COMMAND, 4, 7);
	ck_assert(p->event.inject);
	set(ROOT_COMMAND, 4, 7);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, 0x0080);
	ck_assert(!p->event.inject);
	error(0, EC_ERROR_FATAL);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_MSI + PCI_MSI_DATA_64, 2, 0x4700);
	/* a message is a write to memory */
	set(PCI_COMMAND, 2, 0);
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, 0x0081);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 3);
	set(PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 0);
	check_message(0x1fee00000, 0x4700);
	/* rewritten while enabled: what counts is what is there when something happens */
	set(ROOT_STATUS, 4, 0x7f);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_LO, 4, 0xfee37000);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_HI, 4, 0);
	error(0, EC_ERROR_FATAL);
	check_message(0xfee37000, 0x4700);
}
END_TEST

/* What is behind a bridge that does not forward errors is not heard; the port itself is. */
START_TEST(not_forwarded)
{
	set(PCI_BRIDGE_CONTROL, 2, 0);
	error(0, EC_ERROR_FATAL);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
	ck_assert_uint_eq(get(PCI_SEC_STATUS, 2), 0x4000);
	set(PCI_SEC_STATUS, 2, 0x4000);
	ck_assert_uint_eq(get(PCI_SEC_STATUS, 2), 0);
	error(EC_ROOT_PORT_SELF, EC_ERROR_FATAL);
	ck_assert(p->event.inject);
	/* nor is who is behind a bus that is off */
	set(ROOT_STATUS, 4, 0x7f);
	set(PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR | PCI_BRIDGE_CTL_BUS_RESET);
	error(0, EC_ERROR_FATAL);
	error(EC_ROOT_PORT_SELF + 1, EC_ERROR_FATAL);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
}
END_TEST

START_TEST(card)
{
	ec_root_port_presence(&p->ports, port, true, &p->event);
	ck_assert(!p->event.inject && !p->event.moved);
	ec_root_port_presence(&p->ports, port, false, &p->event);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(ec_root_port_bus(port), 0);
	ck_assert_uint_eq(get(LNKSTA, 2), 0x1002);
	ck_assert_uint_eq(get(SLTSTA, 2), 0x108);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0xffffffff);
	set(SLTSTA, 2, 0x108);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(SLTSTA, 2), 0);
	ec_root_port_presence(&p->ports, port, true, &p->event);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(get(LNKSTA, 2), 0x3042);
	ck_assert_uint_eq(get(SLTSTA, 2), 0x148);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0x01001234);
	/* one of two is left: no new edge */
	set(SLTSTA, 2, 0x008);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(SLTSTA, 2), 0x140);
}
END_TEST

START_TEST(slot_quiet)
{
	set(SLTCTL, 2, 0x1018); /* no hot-plug interrupt */
	ec_root_port_presence(&p->ports, port, false, &p->event);
	ck_assert(!p->event.inject);
	set(SLTCTL, 2, 0x0030); /* no event */
	ck_assert(!p->event.inject);
	set(SLTCTL, 2, 0x1020);
	ck_assert(p->event.inject);
}
END_TEST

START_TEST(link_disabled)
{
	set(LNKCTL, 2, PCI_EXP_LNKCTL_DISABLE);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(get(LNKSTA, 2), 0x1002);
	ck_assert_uint_eq(get(SLTSTA, 2), 0x140);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0xffffffff);
	set(LNKCTL, 2, 0);
	ck_assert_uint_eq(get(LNKSTA, 2), 0x3042);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0x01001234);
}
END_TEST

START_TEST(pme)
{
	ec_root_port_pme(&p->ports, port, 0, &p->event);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(RTSTA, 4), 0x10000 | EP_ID);
	ec_root_port_pme(&p->ports, port, EC_ROOT_PORT_SELF, &p->event);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(RTSTA, 4), 0x30000 | EP_ID);
	/* the second comes when the first is taken */
	set(RTSTA, 4, 0x10000);
	ck_assert(p->event.inject);
	ck_assert_uint_eq(get(RTSTA, 4), 0x10000 | OWN_ID);
	set(RTSTA, 4, 0x10000);
	ck_assert_uint_eq(get(RTSTA, 4), OWN_ID);
	set(RTCTL, 2, 0x0010);
	ec_root_port_pme(&p->ports, port, 0, &p->event);
	ck_assert(!p->event.inject);
	set(RTCTL, 2, 0x0018);
	ck_assert(p->event.inject);
}
END_TEST

/* Control, error, status, source; figures of the lab. */
static const struct {
	uint32_t control;
	enum ec_root_port_error error;
	bool contained;
	uint32_t status;
} containments[] = {
	{ 0x9, EC_ERROR_FATAL, true, 0x0d },    { 0x9, EC_ERROR_NONFATAL, false, 0 },
	{ 0xa, EC_ERROR_NONFATAL, true, 0x0b }, { 0xa, EC_ERROR_FATAL, true, 0x0d },
	{ 0x2, EC_ERROR_FATAL, true, 0x05 },    { 0xa, EC_ERROR_CORRECTABLE, false, 0 },
	{ 0x8, EC_ERROR_FATAL, false, 0 },
};

START_TEST(contained)
{
	bool c = containments[_i].contained, tells = containments[_i].control & 8;

	set(DPC_CTL, 2, containments[_i].control);
	error(0, containments[_i].error);
	ck_assert_int_eq(p->event.inject, !c || tells);
	ck_assert_int_eq(p->event.moved, c);
	ck_assert_uint_eq(get(DPC_STS, 4), containments[_i].status | (c ? EP_ID << 16 : 0));
	ck_assert_int_eq(get(ROOT_STATUS, 4) == 0, c);
	ck_assert_uint_eq(get(LNKSTA, 2), c ? 0x1002 : 0x3042);
	/* the slot does not tell: nothing was taken out */
	ck_assert_uint_eq(get(SLTSTA, 2), 0x40);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), c ? 0xffffffff : 0x01001234);
	/* what is contained says nothing more */
	if (c) {
		error(0, EC_ERROR_FATAL);
		ck_assert(!p->event.inject);
	}
	set(DPC_STS, 2, 8);
	ck_assert_uint_eq(get(DPC_STS, 2), containments[_i].status & ~8u);
	set(DPC_STS, 2, 1);
	ck_assert_uint_eq(get(DPC_STS, 2), 0);
	ck_assert_uint_eq(get(LNKSTA, 2), 0x3042);
	ck_assert_uint_eq(get(SLTSTA, 2), 0x40);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0x01001234);
}
END_TEST

START_TEST(contained_by_software)
{
	set(DPC_CTL, 2, 0x48); /* not enabled */
	ck_assert_uint_eq(get(DPC_STS, 4), 0);
	set(DPC_CTL, 2, 0x49);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(DPC_CTL, 2), 0x09);
	ck_assert_uint_eq(get(DPC_STS, 4), 0x2f);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), 0xffffffff);
	set(DPC_CTL, 2, 0x49);
	ck_assert(!p->event.inject);
	/* taken out meanwhile: it does not come back */
	ec_root_port_presence(&p->ports, port, false, &p->event);
	set(DPC_STS, 2, 9);
	ck_assert_uint_eq(get(DPC_STS, 4), 0);
	ck_assert_uint_eq(get(LNKSTA, 2) & PCI_EXP_LNKSTA_DL_ACT, 0);
}
END_TEST

Suite *suite_port_event(void)
{
	Suite *s = suite_create("port_event");
	TCase *t = tcase_create("port_event");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, one_error, 0, EC_ARRAY_SIZE(errors));
	tcase_add_test(t, more_errors);
	tcase_add_test(t, enabled_later);
	tcase_add_test(t, not_forwarded);
	tcase_add_test(t, card);
	tcase_add_test(t, slot_quiet);
	tcase_add_test(t, link_disabled);
	tcase_add_test(t, pme);
	tcase_add_loop_test(t, contained, 0, EC_ARRAY_SIZE(containments));
	tcase_add_test(t, contained_by_software);
	suite_add_tcase(s, t);
	return s;
}
