/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The service over the played Xen: guests, network cards, and what a guest does with them. A
 * reset does what a reset does: BARs, COMMAND and the interrupts' enables are 0 after it.
 */
#ifndef EC_TESTS_WORLD_H
#define EC_TESTS_WORLD_H

#include "fakexen.h"
#include "fixture.h"
#include "supervisor/reattach.h"
#include "supervisor/service.h"

/** The guests: a PVH and an HVM, and the same again. */
#define PVH 3u
#define HVM 5u
#define PVH2 4u
#define HVM2 6u

/** Two functions of the host. What the second has is 16 MiB, or 100h ports, higher. */
extern const struct ec_sbdf world_nic, world_nic2;
#define NIC world_nic
#define NIC2 world_nic2

/*
 * A card: fixture_nic with BAR 0 of 16 pages, ports of BAR 2, BAR 3 of 4 pages with the MSI-X table
 * (64 vectors) in page 1 and the PBA in page 2, a ROM of 16 pages, interrupt 11 (the second: 12).
 */
#define BAR0_MFN 0x40f8000
#define BAR3 0xfe900000
#define VECTORS 64

/** Where world_place() has the BARs of the guest. */
#define AT_BAR0 0xe0000000u
#define AT_BAR2 0xc000u
#define AT_BAR3 0xe1000000u
#define AT_TABLE (AT_BAR3 + 0x1000)
#define AT_PBA (AT_BAR3 + 0x2000)

/** Default window of a PVH guest. */
#define AT_ECAM 0xfd000000u

/** Offsets of the card's capabilities. */
#define CAP_MSI 0x50
#define CAP_EXPRESS 0x70
#define CAP_MSIX 0xb0

struct world {
	struct fakexen *xen;
	struct ec_service *service;
	struct ec_reattach *reattach;
	struct ec_diag diag;           /* of the last attach or detach */
	struct ec_service_attached at; /* what the last attach has made */
	unsigned int lines;            /* that the service has logged, all in text */
	char text[65536];
	int fd[8]; /* watched, the first fds of them */
	unsigned int fds;
	int unwatched; /* errno that watching fails with, 0: it works */
	/* called before each call that needs the guest or the function; @op is its name */
	void (*hook)(const char *op);
	unsigned int ticks;     /* how many such calls there were */
	unsigned int undecoded; /* MSI-X calls while the hardware did not decode memory */
	bool gone;              /* a reset leaves all ones */
	const char *rules;      /* the site's, NULL: none */
};

/** The world of the test that runs. */
extern struct world *world;

/** world_new() - make it, without guests and functions. */
void world_new(void);

/** world_end() - a test's teardown: free it; fails if there is a violation. */
void world_end(void);

/** world_stop() - the service ends. */
void world_stop(void);

/** world_restart() - the service ends, and another starts. */
void world_restart(void);

/** world_guest() - one of the four; called "pvh", "hvm", "pvh2", "hvm2". */
struct ec_guest_info *world_guest(uint32_t domid);

/** world_card() - the image of NIC or NIC2; world_add() - a function with it or another. */
void world_card(struct fixture *x, struct ec_sbdf at);
struct ec_host_facts *world_add(struct ec_sbdf at, const char *driver, const struct fixture *x);

/** world_typical() - all of it: PVH and HVM, NIC with driver "nic", NIC2 with none. */
void world_typical(void);

/** world_attach() - as the BDF alone says; world_attach_as() - as @spec says. */
int world_attach(uint32_t domid, struct ec_sbdf at);
int world_attach_as(uint32_t domid, const struct ec_attach_spec *spec);
int world_detach(uint32_t domid, struct ec_sbdf at);

/** world_given() - a typical world in which NIC is @domid's; its log is empty. Returns the slot.
 */
unsigned int world_given(uint32_t domid);

/** Guest accesses by CF8 and CFC, to memory, and to ports; one that nobody takes reads ones. */
uint64_t world_read(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len);
void world_write(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len, uint32_t value);
uint64_t world_load(uint32_t domid, uint64_t gpa, unsigned int len);
void world_store(uint32_t domid, uint64_t gpa, unsigned int len, uint64_t value);
uint64_t world_in(uint32_t domid, uint32_t port, unsigned int len);
void world_out(uint32_t domid, uint32_t port, unsigned int len, uint32_t value);

/** world_place() - the guest's BIOS places the BARs and lets them decode: COMMAND is 7. */
void world_place(uint32_t domid, unsigned int slot);

/** world_entry() - the guest writes entry @i of the table at AT_TABLE; control: 1 masked. */
void world_entry(uint32_t domid, unsigned int i, uint64_t address, uint32_t data, uint32_t control);

/** world_msix() - it writes the MSI-X flags. */
void world_msix(uint32_t domid, unsigned int slot, uint32_t flags);

/** world_find() - the first line of the log from @from on that begins with @text, or -1. */
int world_find(int from, const char *text);

/** world_order() - fail unless these lines, up to a NULL, are there in this order. */
void world_order(const char *const *lines);

/** world_has(), world_count() - fail unless such a line is there; unless just @n are. */
void world_has(const char *text);
void world_count(const char *text, unsigned int n);

/** world_log_has() - has the service said so? */
bool world_log_has(const char *text);

/** Fail if there is a violation; if anything is left. */
void world_check(void);
void world_check_clean(void);

#endif
