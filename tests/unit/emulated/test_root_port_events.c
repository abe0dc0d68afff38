/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of a root port: what its registers report, and when they interrupt. */
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

#define ALL_ERRORS                                                                                 \
	(PCI_ERR_ROOT_CMD_COR_EN | PCI_ERR_ROOT_CMD_NONFATAL_EN | PCI_ERR_ROOT_CMD_FATAL_EN)
#define HOTPLUG (PCI_EXP_SLTCTL_PRSD | PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_LLCHG)
#define CHANGED (PCI_EXP_SLTSTA_PRSD | PCI_EXP_SLTSTA_LLCHG)
/* Link Status of the card: x4 at 5 GT/s with the slot's clock */
#define LINK_UP (2u | 4u << 4 | PCI_EXP_LNKSTA_SL_CLK | PCI_EXP_LNKSTA_DL_ACT)
#define LINK_DOWN (2u | PCI_EXP_LNKSTA_SL_CLK)
/* DPC Trigger Enable */
#define FATAL 1u
#define NONFATAL 2u

static struct ported *p;
static struct ec_root_port *port;

static uint32_t get(uint32_t offset, uint32_t len)
{
	return ported_read(p, ported_at(0, DEVFN), offset, len);
}

static void set(uint32_t offset, uint32_t len, uint32_t value)
{
	ported_write(p, ported_at(0, DEVFN), offset, len, value);
}

/* As Linux leaves a root port with all of its service drivers. */
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
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_64BIT | PCI_MSI_FLAGS_ENABLE);
	set(PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	set(ROOT_COMMAND, 4, ALL_ERRORS);
	set(SLTCTL, 2, HOTPLUG | PCI_EXP_SLTCTL_CMDC);
	set(RTCTL, 2, PCI_EXP_RTCTL_PMEIE | PCI_EXP_RTCTL_CRSVIS);
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

static void check_message(uint64_t address, uint32_t data)
{
	ck_assert(p->event.inject);
	ck_assert_uint_eq(p->event.address, address);
	ck_assert_uint_eq(p->event.data, data);
}

/* Root Error Status and sources after one error, as QEMU's root port reports them. */
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

START_TEST(an_error_is_reported_with_its_source)
{
	error(errors[_i].function, errors[_i].error);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), errors[_i].status);
	ck_assert_uint_eq(get(ERR_SRC, 4), errors[_i].source);
	/* cleared as Linux does, it is reported again */
	set(ROOT_STATUS, 4, errors[_i].status);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
	ck_assert(!p->event.inject);
	error(errors[_i].function, errors[_i].error);
	check_message(0x1fee00000, 0x21);
}
END_TEST

START_TEST(more_errors_set_the_multiple_bits_without_an_edge)
{
	error(0, EC_ERROR_CORRECTABLE);
	error(1, EC_ERROR_CORRECTABLE);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0x03);
	error(2, EC_ERROR_NONFATAL);
	/* AER requests an interrupt already: no edge */
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

/* An interrupt that the guest enables after the event is sent then. */
START_TEST(an_interrupt_enabled_later_is_sent_then)
{
	set(ROOT_COMMAND, 4, ALL_ERRORS & ~PCI_ERR_ROOT_CMD_COR_EN);
	error(0, EC_ERROR_CORRECTABLE);
	ck_assert(!p->event.inject);
	set(ROOT_COMMAND, 4, ALL_ERRORS);
	ck_assert(p->event.inject);
	set(ROOT_COMMAND, 4, ALL_ERRORS);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_64BIT);
	ck_assert(!p->event.inject);
	error(0, EC_ERROR_FATAL);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_MSI + PCI_MSI_DATA_64, 2, 0x4700);
	/* not without bus mastering, or in D3 */
	set(PCI_COMMAND, 2, 0);
	set(EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_64BIT | PCI_MSI_FLAGS_ENABLE);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 3);
	set(PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert(!p->event.inject);
	set(EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 0);
	check_message(0x1fee00000, 0x4700);
	/* the message is read when the event happens */
	set(ROOT_STATUS, 4, 0x7f);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_LO, 4, 0xfee37000);
	set(EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_HI, 4, 0);
	error(0, EC_ERROR_FATAL);
	check_message(0xfee37000, 0x4700);
}
END_TEST

START_TEST(errors_are_not_forwarded_without_serr)
{
	set(PCI_BRIDGE_CONTROL, 2, 0);
	error(0, EC_ERROR_FATAL);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
	ck_assert_uint_eq(get(PCI_SEC_STATUS, 2), PCI_STATUS_SIG_SYSTEM_ERROR);
	set(PCI_SEC_STATUS, 2, PCI_STATUS_SIG_SYSTEM_ERROR);
	ck_assert_uint_eq(get(PCI_SEC_STATUS, 2), 0);
	error(EC_ROOT_PORT_SELF, EC_ERROR_FATAL);
	ck_assert(p->event.inject);
	/* nothing behind a bus in reset sends errors */
	set(ROOT_STATUS, 4, 0x7f);
	set(PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR | PCI_BRIDGE_CTL_BUS_RESET);
	error(0, EC_ERROR_FATAL);
	error(EC_ROOT_PORT_SELF + 1, EC_ERROR_FATAL);
	ck_assert_uint_eq(get(ROOT_STATUS, 4), 0);
}
END_TEST

START_TEST(a_card_that_comes_or_goes_interrupts)
{
	ec_root_port_presence(&p->ports, port, true, &p->event);
	ck_assert(!p->event.inject && !p->event.moved);
	ec_root_port_presence(&p->ports, port, false, &p->event);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(ec_root_port_bus(port), 0);
	ck_assert_uint_eq(get(LNKSTA, 2), LINK_DOWN);
	ck_assert_uint_eq(get(SLTSTA, 2), CHANGED);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0xffffffff);
	set(SLTSTA, 2, CHANGED);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(SLTSTA, 2), 0);
	ec_root_port_presence(&p->ports, port, true, &p->event);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(get(LNKSTA, 2), LINK_UP);
	ck_assert_uint_eq(get(SLTSTA, 2), CHANGED | PCI_EXP_SLTSTA_PRES);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0x01001234);
	/* one of two events is left: no new edge */
	set(SLTSTA, 2, PCI_EXP_SLTSTA_PRSD);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(SLTSTA, 2), PCI_EXP_SLTSTA_LLCHG | PCI_EXP_SLTSTA_PRES);
}
END_TEST

START_TEST(the_slot_interrupts_only_for_enabled_events)
{
	set(SLTCTL, 2, HOTPLUG & ~PCI_EXP_SLTCTL_HPIE);
	ec_root_port_presence(&p->ports, port, false, &p->event);
	ck_assert(!p->event.inject);
	set(SLTCTL, 2, PCI_EXP_SLTCTL_HPIE); /* of no event */
	ck_assert(!p->event.inject);
	set(SLTCTL, 2, PCI_EXP_SLTCTL_LLCHG | PCI_EXP_SLTCTL_HPIE);
	ck_assert(p->event.inject);
}
END_TEST

START_TEST(a_disabled_link_hides_the_card)
{
	set(LNKCTL, 2, PCI_EXP_LNKCTL_DISABLE);
	ck_assert(p->event.inject && p->event.moved);
	ck_assert_uint_eq(get(LNKSTA, 2), LINK_DOWN);
	ck_assert_uint_eq(get(SLTSTA, 2), PCI_EXP_SLTSTA_LLCHG | PCI_EXP_SLTSTA_PRES);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0xffffffff);
	set(LNKCTL, 2, 0);
	ck_assert_uint_eq(get(LNKSTA, 2), LINK_UP);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0x01001234);
}
END_TEST

START_TEST(a_second_pme_waits_for_the_first)
{
	ec_root_port_pme(&p->ports, port, 0, &p->event);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(RTSTA, 4), PCI_EXP_RTSTA_PME_STATUS | EP_ID);
	ec_root_port_pme(&p->ports, port, EC_ROOT_PORT_SELF, &p->event);
	ck_assert(!p->event.inject);
	ck_assert_uint_eq(get(RTSTA, 4),
			  PCI_EXP_RTSTA_PME_STATUS | PCI_EXP_RTSTA_PME_PENDING | EP_ID);
	/* the second PME is reported after the first is cleared */
	set(RTSTA, 4, PCI_EXP_RTSTA_PME_STATUS);
	ck_assert(p->event.inject);
	ck_assert_uint_eq(get(RTSTA, 4), PCI_EXP_RTSTA_PME_STATUS | OWN_ID);
	set(RTSTA, 4, PCI_EXP_RTSTA_PME_STATUS);
	ck_assert_uint_eq(get(RTSTA, 4), OWN_ID);
	set(RTCTL, 2, PCI_EXP_RTCTL_CRSVIS);
	ec_root_port_pme(&p->ports, port, 0, &p->event);
	ck_assert(!p->event.inject);
	set(RTCTL, 2, PCI_EXP_RTCTL_PMEIE | PCI_EXP_RTCTL_CRSVIS);
	ck_assert(p->event.inject);
}
END_TEST

/* DPC Control, an error, and DPC Status then, as QEMU's root port reports it. */
static const struct {
	uint32_t control;
	enum ec_root_port_error error;
	bool contained;
	uint32_t status;
} containments[] = {
	{ PCI_DPC_CTL_INT | FATAL, EC_ERROR_FATAL, true, 0x0d },
	{ PCI_DPC_CTL_INT | FATAL, EC_ERROR_NONFATAL, false, 0 },
	{ PCI_DPC_CTL_INT | NONFATAL, EC_ERROR_NONFATAL, true, 0x0b },
	{ PCI_DPC_CTL_INT | NONFATAL, EC_ERROR_FATAL, true, 0x0d },
	{ NONFATAL, EC_ERROR_FATAL, true, 0x05 },
	{ PCI_DPC_CTL_INT | NONFATAL, EC_ERROR_CORRECTABLE, false, 0 },
	{ PCI_DPC_CTL_INT, EC_ERROR_FATAL, false, 0 },
};

START_TEST(an_enabled_error_is_contained)
{
	bool c = containments[_i].contained,
	     interrupts = containments[_i].control & PCI_DPC_CTL_INT;

	set(DPC_CTL, 2, containments[_i].control);
	error(0, containments[_i].error);
	ck_assert_int_eq(p->event.inject, !c || interrupts);
	ck_assert_int_eq(p->event.moved, c);
	ck_assert_uint_eq(get(DPC_STS, 4), containments[_i].status | (c ? EP_ID << 16 : 0));
	ck_assert_int_eq(get(ROOT_STATUS, 4) == 0, c);
	ck_assert_uint_eq(get(LNKSTA, 2), c ? LINK_DOWN : LINK_UP);
	/* the slot reports nothing: the card is present */
	ck_assert_uint_eq(get(SLTSTA, 2), PCI_EXP_SLTSTA_PRES);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), c ? 0xffffffff : 0x01001234);
	/* no more errors while it is contained */
	if (c) {
		error(0, EC_ERROR_FATAL);
		ck_assert(!p->event.inject);
	}
	set(DPC_STS, 2, PCI_DPC_STS_INT);
	ck_assert_uint_eq(get(DPC_STS, 2), containments[_i].status & ~(uint32_t)PCI_DPC_STS_INT);
	set(DPC_STS, 2, PCI_DPC_STS_TRIGGER);
	ck_assert_uint_eq(get(DPC_STS, 2), 0);
	ck_assert_uint_eq(get(LNKSTA, 2), LINK_UP);
	ck_assert_uint_eq(get(SLTSTA, 2), PCI_EXP_SLTSTA_PRES);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0x01001234);
}
END_TEST

START_TEST(software_triggers_containment)
{
	set(DPC_CTL, 2, PCI_DPC_CTL_SW_TRIGGER | PCI_DPC_CTL_INT); /* no trigger enabled */
	ck_assert_uint_eq(get(DPC_STS, 4), 0);
	set(DPC_CTL, 2, PCI_DPC_CTL_SW_TRIGGER | PCI_DPC_CTL_INT | FATAL);
	check_message(0x1fee00000, 0x21);
	ck_assert_uint_eq(get(DPC_CTL, 2), PCI_DPC_CTL_INT | FATAL);
	ck_assert_uint_eq(get(DPC_STS, 4), 0x2f);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), 0xffffffff);
	set(DPC_CTL, 2, PCI_DPC_CTL_SW_TRIGGER | PCI_DPC_CTL_INT | FATAL);
	ck_assert(!p->event.inject);
	/* the card is removed meanwhile: the link stays down */
	ec_root_port_presence(&p->ports, port, false, &p->event);
	set(DPC_STS, 2, PCI_DPC_STS_INT | PCI_DPC_STS_TRIGGER);
	ck_assert_uint_eq(get(DPC_STS, 4), 0);
	ck_assert_uint_eq(get(LNKSTA, 2) & PCI_EXP_LNKSTA_DL_ACT, 0);
}
END_TEST

Suite *suite_emulated_root_port_events(void)
{
	Suite *s = suite_create("emulated_root_port_events");
	TCase *t = tcase_create("port_event");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, an_error_is_reported_with_its_source, 0, EC_ARRAY_SIZE(errors));
	tcase_add_test(t, more_errors_set_the_multiple_bits_without_an_edge);
	tcase_add_test(t, an_interrupt_enabled_later_is_sent_then);
	tcase_add_test(t, errors_are_not_forwarded_without_serr);
	tcase_add_test(t, a_card_that_comes_or_goes_interrupts);
	tcase_add_test(t, the_slot_interrupts_only_for_enabled_events);
	tcase_add_test(t, a_disabled_link_hides_the_card);
	tcase_add_test(t, a_second_pme_waits_for_the_first);
	tcase_add_loop_test(t, an_enabled_error_is_contained, 0, EC_ARRAY_SIZE(containments));
	tcase_add_test(t, software_triggers_containment);
	suite_add_tcase(s, t);
	return s;
}
