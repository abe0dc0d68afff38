/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixture of tests of the service over the played Xen: guests, network cards, and a guest's
 * accesses. A reset of a card clears its BARs, COMMAND and the enables of its interrupts.
 */
#ifndef EC_TESTS_WORLD_H
#define EC_TESTS_WORLD_H

#include "fakexen.h"
#include "fixture.h"
#include "supervisor/reattach.h"
#include "supervisor/service.h"

/** The guests: two PVH and two HVM. */
#define PVH 3u
#define HVM 5u
#define PVH2 4u
#define HVM2 6u

/** Two functions of the host. BARs of the second are 16 MiB, or 100h ports, higher. */
extern const struct ec_sbdf world_nic, world_nic2;
#define NIC world_nic
#define NIC2 world_nic2

/*
 * A card: fixture_nic with BAR 0 of 16 pages, BAR 2 of 256 ports, BAR 3 of 4 pages with the MSI-X
 * table (64 vectors) in page 1 and the PBA in page 2, a ROM of 16 pages, interrupt 11 (the second:
 * 12).
 */
#define BAR3 0xfe900000
#define VECTORS 64

/** The ids of both, and what an access without a target reads. */
#define NIC_IDS 0x00011234u
#define NOTHING 0xffffffffu

/** Guest addresses of the BARs after world_place(), and of the ROM after world_use(). */
#define AT_BAR0 0xe0000000u
#define AT_BAR2 0xc000u
#define AT_BAR3 0xe1000000u
#define AT_ROM 0xe4000000u
#define AT_TABLE (AT_BAR3 + 0x1000)
#define AT_PBA (AT_BAR3 + 0x2000)

/** Entry @i of the MSI-X table: its address, its data, and its control with the mask bit. */
#define AT_ENTRY(i) (AT_TABLE + (i)*16)
#define AT_DATA(i) (AT_ENTRY(i) + 8)
#define AT_CONTROL(i) (AT_ENTRY(i) + 12)

/** The ECAM window of a PVH guest by default. */
#define AT_ECAM 0xfd000000u

/** Offsets of the card's capabilities, and of registers in them. */
#define CAP_PM 0x40
#define PMCSR (CAP_PM + PCI_PM_CTRL)
#define CAP_MSI 0x50
#define MSI_FLAGS (CAP_MSI + PCI_MSI_FLAGS)
#define MSI_ADDRESS (CAP_MSI + PCI_MSI_ADDRESS_LO)
#define MSI_DATA (CAP_MSI + PCI_MSI_DATA_64)
#define CAP_EXPRESS 0x70
#define EXP_DEVCTL (CAP_EXPRESS + PCI_EXP_DEVCTL)
#define CAP_MSIX 0xb0
#define MSIX_FLAGS (CAP_MSIX + 2)
#define MSIX_TABLE (CAP_MSIX + PCI_MSIX_TABLE)
#define MSIX_PBA (CAP_MSIX + PCI_MSIX_PBA)
#define CAP_VPD 0xe0
#define CAP_AER 0x100
#define CAP_DSN 0x140

/** Address of a PCI_CONFIG request for register @off in slot @slot of bus 0; for a BUS(n) too. */
#define CONFIG(slot, off) ((uint64_t)(slot) << 35 | (off))

struct world {
	struct fakexen *xen;
	struct ec_service *service;
	struct ec_reattach *reattach;
	uint64_t now;                  /* the clock of the service, in ns */
	struct ec_diag diag;           /* of the last attach or detach */
	struct ec_service_attached at; /* result of the last attach */
	unsigned int lines;            /* lines that the service has logged */
	char text[65536];              /* all of them */
	int fd[8];                     /* watched descriptors */
	unsigned int fds;              /* how many */
	int unwatched;                 /* errno with which watching fails; 0: it works */
	/* called before each call that needs the guest or changes the function; @op is its name */
	void (*hook)(const char *op);
	unsigned int ticks;     /* number of such calls */
	unsigned int undecoded; /* MSI-X calls while the hardware does not decode memory */
	bool gone;              /* after a reset the card reads all ones */
	const char *rules;      /* a policy file's text; NULL: none */
};

/** The world of the test that runs. */
extern struct world *world;

/** world_new() - make it, without guests and functions. */
void world_new(void);

/** world_end() - a test's teardown: free it; fails if there is a violation. */
void world_end(void);

/** world_stop() - end the service. */
void world_stop(void);

/** world_restart() - end the service and start another. */
void world_restart(void);

/** world_kill() - the service is killed, and another is started. */
void world_kill(void);

/** world_guest() - add one of the four, called "pvh", "hvm", "pvh2", "hvm2". */
struct ec_guest_info *world_guest(uint32_t domid);

/** world_card() - the image of NIC or NIC2; world_add() - add a function with it or another. */
void world_card(struct fixture *x, struct ec_sbdf at);
struct ec_host_facts *world_add(struct ec_sbdf at, const char *driver, const struct fixture *x);

/** world_add_card() - add NIC or NIC2 with that image. Returns its facts. */
struct ec_host_facts *world_add_card(struct ec_sbdf at, const char *driver);

/** world_typical() - world_new() with PVH, HVM, NIC with driver "nic", NIC2 without a driver. */
void world_typical(void);

/** world_attach() - attach without options; world_attach_as() - as @spec says. */
int world_attach(uint32_t domid, struct ec_sbdf at);
int world_attach_as(uint32_t domid, const struct ec_attach_spec *spec);
int world_detach(uint32_t domid, struct ec_sbdf at);

/** world_give(), world_give_as() - attach, and fail the test if it fails. Return the slot. */
unsigned int world_give(uint32_t domid, struct ec_sbdf at);
unsigned int world_give_as(uint32_t domid, const char *text);

/** world_take() - detach, and fail the test if it fails. */
void world_take(uint32_t domid, struct ec_sbdf at);

/** world_given() - world_typical(), with NIC attached to @domid. Empties the log. Returns the slot.
 */
unsigned int world_given(uint32_t domid);

/** world_placed() - world_given() and world_place(); empties the log. Returns the slot. */
unsigned int world_placed(uint32_t domid);

/** Guest accesses by CF8 and CFC, to memory, and to I/O ports; without a target they read ones. */
uint64_t world_read(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len);
void world_write(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len, uint32_t value);
uint64_t world_load(uint32_t domid, uint64_t gpa, unsigned int len);
void world_store(uint32_t domid, uint64_t gpa, unsigned int len, uint64_t value);
uint64_t world_in(uint32_t domid, uint32_t port, unsigned int len);
void world_out(uint32_t domid, uint32_t port, unsigned int len, uint32_t value);

/** world_place() - the guest's firmware places the BARs and sets COMMAND to 7. */
void world_place(uint32_t domid, unsigned int slot);

/** world_entry() - the guest writes entry @i of the MSI-X table. @control: 1: masked. */
void world_entry(uint32_t domid, unsigned int i, uint64_t address, uint32_t data, uint32_t control);

/** world_msix() - the guest writes the MSI-X flags. */
void world_msix(uint32_t domid, unsigned int slot, uint32_t flags);

/** world_use() - the guest uses BARs, ROM, INTx if it has one, and three MSI-X vectors. */
void world_use(uint32_t domid, unsigned int slot);

/** world_flr() - the guest sets Initiate Function Level Reset. */
void world_flr(uint32_t domid, unsigned int slot);

/** world_peek(), world_poke() - a register of NIC in the hardware. */
uint32_t world_peek(uint32_t off, unsigned int len);
void world_poke(uint32_t off, unsigned int len, uint32_t value);

/**
 * world_in_use() - world_given(), and the guest uses all of it: world_use(). Returns the slot; the
 * log is empty.
 */
unsigned int world_in_use(uint32_t domid);

/** world_driver() - the driver that has function @at, "": none. */
const char *world_driver(struct ec_sbdf at);

/** world_find() - the first line of the calls' log from @from on that begins with @text, or -1. */
int world_find(int from, const char *text);

/** world_order() - fail unless the log has these lines, up to a NULL, in this order. */
void world_order(const char *const *lines);

/** world_has() - fail unless a line of the log begins with @text; world_count() - unless @n do. */
void world_has(const char *text);
void world_count(const char *text, unsigned int n);

/** world_log_has() - whether the service has logged @text. */
bool world_log_has(const char *text);

/** world_check() - fail if there is a violation; world_check_clean() - also if anything is left. */
void world_check(void);
void world_check_clean(void);

#endif
