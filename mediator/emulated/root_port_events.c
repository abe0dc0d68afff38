/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "emulated/root_port_events.h"

#include <pci/header.h>

#include "capabilities/bits.h"

#define SLOT (EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA)
#define ROOT (EC_ROOT_PORT_EXP + PCI_EXP_RTSTA)
#define AER_STATUS (EC_ROOT_PORT_AER + PCI_ERR_ROOT_STATUS)
#define DPC_STATUS (EC_ROOT_PORT_DPC + PCI_DPC_STATUS)

/* Bit 14 of Secondary Status: an error message was received. It signals in the primary Status. */
#define RECEIVED_SYSTEM_ERROR PCI_STATUS_SIG_SYSTEM_ERROR

/* Trigger reasons of DPC Status: 1 non-fatal, 2 fatal, 3 see the extension, which is 1: software.
 */
#define REASON_NONFATAL (1u << 1)
#define REASON_FATAL (2u << 1)
#define REASON_SOFTWARE (3u << 1 | 1u << 5)
#define REASONS (EC_DPC_STS_REASON | EC_DPC_STS_TRIGGER_EXT)

/* DPC Trigger Enable: containment of fatal errors, or of non-fatal ones, too. */
enum { TRIGGER_FATAL = 1, TRIGGER_NONFATAL = 2 };

/* Sources of interrupts, in @raised. All have the same message. */
enum { ASKS_AER = 1, ASKS_PME = 2, ASKS_SLOT = 4, ASKS_DPC = 8 };

/*
 * The link goes down, but the slot does not report it: the function is still present, and a guest
 * that sees a link change removes its driver instead of recovering.
 */
static void contain(struct ec_root_port *p, uint32_t reason, uint32_t source)
{
	uint32_t control = ec_root_port_reg(p, EC_ROOT_PORT_DPC + PCI_DPC_CTL, 2);

	if (p->contained)
		return;
	p->contained = true;
	ec_root_port_change(p, DPC_STATUS, REASONS,
			    PCI_DPC_STS_TRIGGER | reason |
				    (control & PCI_DPC_CTL_INT ? PCI_DPC_STS_INT : 0));
	ec_root_port_change(p, EC_ROOT_PORT_DPC + PCI_DPC_SOURCE, UINT16_MAX, source);
	ec_root_port_update_link(p, true);
}

/* @value of the action: 1 software triggers containment, 0 the guest ends it. */
static void contain_or_end(struct ec_root_port *port, uint32_t value)
{
	if (value) {
		contain(port, REASON_SOFTWARE, 0);
		return;
	}
	port->contained = false;
	ec_root_port_change(port, DPC_STATUS, REASONS, 0);
	ec_root_port_update_link(port, true);
}

/* After the guest has cleared one PME, the pending one is reported, with a new interrupt. */
static void deliver_waiting_pme(struct ec_root_port *p)
{
	if (!p->pme_waits || ec_root_port_reg(p, ROOT, 4) & PCI_EXP_RTSTA_PME_STATUS)
		return;
	p->pme_waits = false;
	p->raised &= (uint8_t)~ASKS_PME;
	ec_root_port_change(p, ROOT, PCI_EXP_RTSTA_PME_REQID | PCI_EXP_RTSTA_PME_PENDING,
			    PCI_EXP_RTSTA_PME_STATUS | p->pme_next);
}

static bool aer_asks(const struct ec_root_port *p)
{
	uint32_t status = ec_root_port_reg(p, AER_STATUS, 4);
	uint32_t on = ec_root_port_reg(p, EC_ROOT_PORT_AER + PCI_ERR_ROOT_COMMAND, 4);

	return (status & PCI_ERR_ROOT_COR_RCV && on & PCI_ERR_ROOT_CMD_COR_EN) ||
	       (status & PCI_ERR_ROOT_NONFATAL_RCV && on & PCI_ERR_ROOT_CMD_NONFATAL_EN) ||
	       (status & PCI_ERR_ROOT_FATAL_RCV && on & PCI_ERR_ROOT_CMD_FATAL_EN);
}

/* Presence has the same bit in status and control, the link's state has not. */
static bool slot_asks(const struct ec_root_port *p)
{
	uint32_t status = ec_root_port_reg(p, SLOT, 2);
	uint32_t on = ec_root_port_reg(p, EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL, 2);

	return on & PCI_EXP_SLTCTL_HPIE &&
	       (status & on & PCI_EXP_SLTSTA_PRSD ||
		(status & PCI_EXP_SLTSTA_LLCHG && on & PCI_EXP_SLTCTL_LLCHG));
}

/* The sources that request an interrupt now. */
static uint8_t sources(const struct ec_root_port *p)
{
	uint8_t asks = 0;

	/* a message is a write to memory: only a bus master sends it, and only in D0 */
	if (!(ec_root_port_reg(p, EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_ENABLE) ||
	    !(ec_root_port_reg(p, PCI_COMMAND, 2) & PCI_COMMAND_MASTER) ||
	    ec_root_port_reg(p, EC_ROOT_PORT_PM + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK)
		return 0;
	if (aer_asks(p))
		asks |= ASKS_AER;
	if (ec_root_port_reg(p, ROOT, 4) & PCI_EXP_RTSTA_PME_STATUS &&
	    ec_root_port_reg(p, EC_ROOT_PORT_EXP + PCI_EXP_RTCTL, 2) & PCI_EXP_RTCTL_PMEIE)
		asks |= ASKS_PME;
	if (slot_asks(p))
		asks |= ASKS_SLOT;
	if (ec_root_port_reg(p, DPC_STATUS, 2) & PCI_DPC_STS_INT &&
	    ec_root_port_reg(p, EC_ROOT_PORT_DPC + PCI_DPC_CTL, 2) & PCI_DPC_CTL_INT)
		asks |= ASKS_DPC;
	return asks;
}

/*
 * A message is sent when a source begins to request an interrupt, either by an event or because the
 * guest enables what has happened before. Its address and data are read now: a guest may change
 * them while MSI is enabled.
 */
static void update(struct ec_root_ports *ports, struct ec_root_port *port,
		   struct ec_root_port_event *event)
{
	uint8_t now;

	ec_root_port_update_link(port, false);
	deliver_waiting_pme(port);
	now = sources(port);
	if (now & ~port->raised) {
		event->inject = true;
		event->data = ec_root_port_reg(port, EC_ROOT_PORT_MSI + PCI_MSI_DATA_64, 2);
		event->address =
			ec_root_port_reg(port, EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_LO, 4) |
			(uint64_t)ec_root_port_reg(port, EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_HI, 4)
				<< 32;
	}
	port->raised = now;
	if (port->bus != ec_root_port_secondary(port))
		event->moved |= ec_root_ports_route(ports);
}

void ec_root_ports_written(struct ec_root_ports *ports, struct ec_root_port *port,
			   const struct ec_action_list *actions, struct ec_root_port_event *event)
{
	*event = (struct ec_root_port_event){ 0 };
	for (unsigned int i = 0; i < actions->n; i++) {
		const struct ec_action *a = actions->action + i;

		if (a->kind == EC_ACT_CONTAIN)
			contain_or_end(port, a->value);
		else if (a->kind == EC_ACT_BUS_RESET && a->value)
			event->reset = true;
	}
	update(ports, port, event);
}

void ec_root_port_presence(struct ec_root_ports *ports, struct ec_root_port *port, bool present,
			   struct ec_root_port_event *event)
{
	*event = (struct ec_root_port_event){ 0 };
	if (present == port->present)
		return;
	port->present = present;
	ec_root_port_change(port, SLOT, PCI_EXP_SLTSTA_PRES,
			    PCI_EXP_SLTSTA_PRSD | (present ? PCI_EXP_SLTSTA_PRES : 0));
	update(ports, port, event);
}

/* The requester id of the sender. No function behind a port without a bus sends anything. */
static bool requester(const struct ec_root_port *p, unsigned int function, uint32_t *id)
{
	*id = p->function.at.devfn;
	if (function == EC_ROOT_PORT_SELF)
		return true;
	*id = (uint32_t)p->bus << 8 | function;
	return p->bus && function < EC_ROOT_PORT_FUNCTIONS;
}

/* Has the guest enabled containment for this error? */
static bool contains(const struct ec_root_port *p, enum ec_root_port_error error)
{
	uint32_t control = ec_root_port_reg(p, EC_ROOT_PORT_DPC + PCI_DPC_CTL, 2);

	switch (PCI_DPC_CTL_TRIGGER(control)) {
	case TRIGGER_FATAL:
		return error == EC_ERROR_FATAL;
	case TRIGGER_NONFATAL:
		return error != EC_ERROR_CORRECTABLE;
	default:
		return false;
	}
}

/* AER keeps the source of the first error of each kind, and reports that there were more. */
static void report(struct ec_root_port *p, uint32_t id, enum ec_root_port_error error)
{
	uint32_t status = ec_root_port_reg(p, AER_STATUS, 4);

	if (error == EC_ERROR_CORRECTABLE) {
		if (status & PCI_ERR_ROOT_COR_RCV) {
			ec_root_port_change(p, AER_STATUS, 0, PCI_ERR_ROOT_MULTI_COR_RCV);
			return;
		}
		ec_root_port_change(p, EC_ROOT_PORT_AER + PCI_ERR_ROOT_COR_SRC, UINT16_MAX, id);
		ec_root_port_change(p, AER_STATUS, 0, PCI_ERR_ROOT_COR_RCV);
		return;
	}
	if (status & PCI_ERR_ROOT_UNCOR_RCV) {
		ec_root_port_change(p, AER_STATUS, 0, PCI_ERR_ROOT_MULTI_UNCOR_RCV);
	} else {
		ec_root_port_change(p, EC_ROOT_PORT_AER + PCI_ERR_ROOT_SRC, UINT16_MAX, id);
		ec_root_port_change(
			p, AER_STATUS, PCI_ERR_ROOT_FIRST_FATAL,
			PCI_ERR_ROOT_UNCOR_RCV |
				(error == EC_ERROR_FATAL ? PCI_ERR_ROOT_FIRST_FATAL : 0));
	}
	ec_root_port_change(p, AER_STATUS, 0,
			    error == EC_ERROR_FATAL ? PCI_ERR_ROOT_FATAL_RCV
						    : PCI_ERR_ROOT_NONFATAL_RCV);
}

void ec_root_port_error(struct ec_root_ports *ports, struct ec_root_port *port,
			unsigned int function, enum ec_root_port_error error,
			struct ec_root_port_event *event)
{
	bool forwards = ec_root_port_reg(port, PCI_BRIDGE_CONTROL, 2) & PCI_BRIDGE_CTL_SERR;
	uint32_t id;

	*event = (struct ec_root_port_event){ 0 };
	if (!requester(port, function, &id))
		return;
	if (function != EC_ROOT_PORT_SELF && contains(port, error)) {
		contain(port, error == EC_ERROR_FATAL ? REASON_FATAL : REASON_NONFATAL, id);
	} else {
		if (function != EC_ROOT_PORT_SELF && error != EC_ERROR_CORRECTABLE)
			ec_root_port_change(port, PCI_SEC_STATUS, 0, RECEIVED_SYSTEM_ERROR);
		if (function == EC_ROOT_PORT_SELF || forwards)
			report(port, id, error);
	}
	update(ports, port, event);
}

void ec_root_port_pme(struct ec_root_ports *ports, struct ec_root_port *port, unsigned int function,
		      struct ec_root_port_event *event)
{
	uint32_t id;

	*event = (struct ec_root_port_event){ 0 };
	if (!requester(port, function, &id))
		return;
	if (!(ec_root_port_reg(port, ROOT, 4) & PCI_EXP_RTSTA_PME_STATUS)) {
		ec_root_port_change(port, ROOT, PCI_EXP_RTSTA_PME_REQID,
				    PCI_EXP_RTSTA_PME_STATUS | id);
	} else if (!port->pme_waits) {
		port->pme_waits = true;
		port->pme_next = (uint16_t)id;
		ec_root_port_change(port, ROOT, 0, PCI_EXP_RTSTA_PME_PENDING);
	}
	update(ports, port, event);
}
