/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "world.h"

#include <check.h>
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/conf_fd.h"
#include "policy/parse.h"

const struct ec_sbdf world_nic = { .bus = 3 }, world_nic2 = { .bus = 4 };

struct world *world;

/* Calls before which the hook is called: those that need the guest or change the function. */
static const char *const ticking[] = {
	"guest_info",   "next_guest",   "start_info",  "pause",      "assign",     "quarantine",
	"prepare_msix", "allow_memory", "allow_ports", "allow_irq",  "map_memory", "map_ports",
	"populated",    "map_irq",      "map_msi",     "unmap_pirq", "reboot",     "bind_intx",
	"bind_msi",     "unbind_msi",   "create",      "enable",     "range",      "reset",
};

static void tick(void *ctx, const char *op)
{
	unsigned int i = 0;

	(void)ctx;
	while (i < EC_ARRAY_SIZE(ticking) && strcmp(op, ticking[i]))
		i++;
	if (i == EC_ARRAY_SIZE(ticking))
		return;
	world->ticks++;
	if (world->hook)
		world->hook(op);
}

/* Xen reads the MSI-X table in these calls, and refuses a function that does not decode. */
static bool decodes(struct fakexen *f, struct ec_sbdf at)
{
	if (fakexen_decodes(f, at))
		return true;
	world->undecoded++;
	return false;
}

static int prepare_msix(void *c, struct ec_sbdf at, bool add)
{
	if (add && !decodes(c, at))
		return -ENXIO;
	return fakexen_priv_ops.prepare_msix(c, at, add);
}

static int map_msi(void *c, uint32_t d, const struct ec_msi_source *msi, int *pirq)
{
	if (msi->table && !decodes(c, msi->at))
		return -ENXIO;
	return fakexen_priv_ops.map_msi(c, d, msi, pirq);
}

static void clear_registers(struct fakexen *f, struct ec_sbdf at)
{
	fakexen_poke(f, at, PCI_COMMAND, 2, 0);
	fakexen_poke(f, at, PCI_CACHE_LINE_SIZE, 1, 0);
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; off += 4)
		fakexen_poke(f, at, off, 4, fakexen_peek(f, at, off, 4) & 0xf);
	fakexen_poke(f, at, PCI_ROM_ADDRESS, 4, 0);
	if (fakexen_peek(f, at, CAP_MSI, 1) == PCI_CAP_ID_MSI)
		fakexen_poke(f, at, MSI_FLAGS, 2, fakexen_peek(f, at, MSI_FLAGS, 2) & 0xff8e);
	if (fakexen_peek(f, at, CAP_MSIX, 1) == PCI_CAP_ID_MSIX)
		fakexen_poke(f, at, MSIX_FLAGS, 2, fakexen_peek(f, at, MSIX_FLAGS, 2) & 0x3fff);
}

static int reset(void *c, struct ec_sbdf at, const char *methods, struct ec_diag *diag)
{
	int rc = fakexen_device_ops.reset(c, at, methods, diag);

	if (rc)
		return rc;
	clear_registers(c, at);
	for (uint32_t off = 0; world->gone && off < EC_CONFIG_SIZE; off += 4)
		fakexen_poke(c, at, off, 4, 0xffffffff);
	return 0;
}

static void log_line(const char *text)
{
	size_t used = strlen(world->text);

	world->lines++;
	snprintf(world->text + used, sizeof(world->text) - used, "%s\n", text);
}

static int watch(void *ctx, int fd, bool add)
{
	(void)ctx;
	if (add && world->unwatched)
		return -world->unwatched;
	if (add) {
		ck_assert_uint_lt(world->fds, EC_ARRAY_SIZE(world->fd));
		world->fd[world->fds++] = fd;
		return 0;
	}
	for (unsigned int i = 0; i < world->fds; i++)
		if (world->fd[i] == fd) {
			world->fd[i] = world->fd[--world->fds];
			return 0;
		}
	ck_abort_msg("descriptor %d was not watched", fd);
	return -ENOENT;
}

/* Like ecamd, which reads its files at each attach. */
static int rules(void *ctx, struct ec_rules *out, struct ec_diag *diag)
{
	struct ec_rules_error err;
	int rc = 0;

	(void)ctx;
	if (world->rules) {
		const struct ec_rules_text text = { "test.json", EC_LAYER_POLICY, world->rules,
						    strlen(world->rules) };

		rc = ec_rules_add_text(out, &text, &err);
	}
	if (rc)
		ec_diag_set(diag, 0, "test.json:%u:%u: %s: %s", err.line, err.column, err.path,
			    err.text);
	return rc;
}

static uint64_t now(void)
{
	return world->now;
}

static void start(void)
{
	static struct ec_priv_ops priv_ops;
	static struct ec_device_ops device_ops;

	priv_ops = fakexen_priv_ops;
	priv_ops.prepare_msix = prepare_msix;
	priv_ops.map_msi = map_msi;
	device_ops = fakexen_device_ops;
	device_ops.reset = reset;
	world->service = ec_service_new(&(struct ec_backends){
		.priv = &priv_ops,
		.priv_ctx = world->xen,
		.server = &fakexen_server_ops,
		.server_ctx = world->xen,
		.store = &fakexen_store_ops,
		.store_ctx = world->xen,
		.device = &device_ops,
		.device_ctx = world->xen,
		.facts = &fakexen_facts_ops,
		.facts_ctx = world->xen,
		.conf = &ec_conf_fd_ops,
		.log = log_line,
		.now = now,
		.watch = watch,
		.rules = rules,
	});
	ck_assert_ptr_nonnull(world->service);
	world->reattach = ec_reattach_new(world->service);
	ck_assert_ptr_nonnull(world->reattach);
}

void world_stop(void)
{
	ec_reattach_free(world->reattach);
	ec_service_free(world->service);
	world->reattach = NULL;
	world->service = NULL;
}

void world_new(void)
{
	world = calloc(1, sizeof(*world));
	if (!world)
		abort();
	world->xen = fakexen_new();
	fakexen_hook(world->xen, tick, NULL);
	start();
}

void world_kill(void)
{
	/* reachable, so that it is no leak */
	static struct ec_service *volatile killed;

	killed = world->service;
	ck_assert_ptr_nonnull(killed);
	ec_reattach_free(world->reattach);
	world->fds = 0;
	fakexen_kill_service(world->xen);
	start();
}

void world_restart(void)
{
	world_stop();
	ck_assert_uint_eq(world->fds, 0);
	start();
}

void world_end(void)
{
	if (!world)
		return;
	world_stop();
	ck_assert_uint_eq(world->fds, 0);
	world_check();
	fakexen_free(world->xen);
	free(world);
	world = NULL;
}

static const char *name_of(uint32_t domid)
{
	static const char *const names[] = {
		[PVH] = "pvh", [HVM] = "hvm", [PVH2] = "pvh2", [HVM2] = "hvm2"
	};

	return names[domid];
}

struct ec_guest_info *world_guest(uint32_t domid)
{
	struct ec_guest_info *info = fakexen_guest(world->xen, domid, name_of(domid));

	info->device_model = info->intx = info->pirqs = domid == HVM || domid == HVM2;
	return info;
}

void world_card(struct fixture *x, struct ec_sbdf at)
{
	uint32_t nth = at.bus == NIC.bus ? 0 : 1;

	fixture_nic(x);
	fixture_put(x, PCI_BASE_ADDRESS_0, 4, 0xf800000c + nth * 0x1000000);
	fixture_put(x, PCI_BASE_ADDRESS_2, 4, 0x0000e001 + nth * 0x100);
	fixture_put(x, PCI_BASE_ADDRESS_3, 4, BAR3 + nth * 0x1000000);
	fixture_put(x, PCI_ROM_ADDRESS, 4, 0xfe800000 + nth * 0x1000000);
	fixture_put(x, MSIX_FLAGS, 2, VECTORS - 1);
	fixture_put(x, MSIX_TABLE, 4, 0x00001003);
	fixture_put(x, MSIX_PBA, 4, 0x00002003);
	fixture_put(x, MSI_FLAGS, 2, 0x0186);
}

/* The address of BAR @i, from its register. */
static uint64_t start_of(const struct ec_image *img, unsigned int i)
{
	uint32_t off = i == EC_BAR_ROM ? PCI_ROM_ADDRESS : PCI_BASE_ADDRESS_0 + 4 * i;
	uint32_t low = ec_image_get(img, off, 4);

	if (i == EC_BAR_ROM)
		return low & ~0x7ffu;
	if (low & PCI_BASE_ADDRESS_SPACE_IO)
		return low & ~3u;
	if ((low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64)
		return (low & ~15u) | (uint64_t)ec_image_get(img, off + 4, 4) << 32;
	return low & ~15u;
}

struct ec_host_facts *world_add(struct ec_sbdf at, const char *driver, const struct fixture *x)
{
	struct ec_host_facts *facts = fakexen_device(world->xen, at, driver, &x->img);

	facts->irq = at.bus == NIC.bus ? 11 : 12;
	facts->region[0] = (struct ec_region){ 0x10000, 0xc, 0 };
	facts->region[2] = (struct ec_region){ 0x100, 1, 0 };
	facts->region[3] = (struct ec_region){ 0x4000, 0, 0 };
	facts->region[EC_BAR_ROM] = (struct ec_region){ 0x10000, 0, 0 };
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		facts->region[i].start = start_of(&x->img, i);
	return facts;
}

struct ec_host_facts *world_add_card(struct ec_sbdf at, const char *driver)
{
	struct fixture x;

	world_card(&x, at);
	return world_add(at, driver, &x);
}

void world_typical(void)
{
	world_new();
	world_guest(PVH);
	world_guest(HVM);
	world_add_card(NIC, "nic");
	world_add_card(NIC2, "");
}

int world_attach_as(uint32_t domid, const struct ec_attach_spec *spec)
{
	memset(&world->diag, 0, sizeof(world->diag));
	return ec_service_attach(world->service, name_of(domid), spec, &world->at, &world->diag);
}

int world_attach(uint32_t domid, struct ec_sbdf at)
{
	return world_attach_as(domid, &(struct ec_attach_spec){ .host = at });
}

int world_detach(uint32_t domid, struct ec_sbdf at)
{
	memset(&world->diag, 0, sizeof(world->diag));
	return ec_service_detach(world->service, name_of(domid),
				 &(struct ec_attach_spec){ .host = at }, &world->diag);
}

unsigned int world_give(uint32_t domid, struct ec_sbdf at)
{
	int rc = world_attach(domid, at);

	ck_assert_msg(!rc, "attach: %s: %s", strerror(-rc), world->diag.text);
	return ec_sbdf_device(world->at.function.guest);
}

unsigned int world_give_as(uint32_t domid, const char *text)
{
	struct ec_attach_spec spec;

	ck_assert_msg(!ec_attach_spec_parse(text, &spec, &world->diag), "%s", world->diag.text);
	ck_assert_msg(!world_attach_as(domid, &spec), "attach %s: %s", text, world->diag.text);
	return ec_sbdf_device(world->at.function.guest);
}

void world_take(uint32_t domid, struct ec_sbdf at)
{
	int rc = world_detach(domid, at);

	ck_assert_msg(!rc, "detach: %s: %s", strerror(-rc), world->diag.text);
}

unsigned int world_given(uint32_t domid)
{
	unsigned int slot;

	world_typical();
	slot = world_give(domid, NIC);
	fakexen_forget(world->xen);
	return slot;
}

static uint64_t ask(uint32_t domid, struct ec_ioreq q)
{
	q.count = 1;
	fakexen_request(world->xen, domid, &q);
	return q.data;
}

uint64_t world_read(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len)
{
	return ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_PCI_CONFIG,
					     .addr = CONFIG(slot, off),
					     .size = len });
}

void world_write(uint32_t domid, unsigned int slot, uint32_t off, unsigned int len, uint32_t value)
{
	ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_PCI_CONFIG,
				      .write = true,
				      .addr = CONFIG(slot, off),
				      .size = len,
				      .data = value });
}

uint64_t world_load(uint32_t domid, uint64_t gpa, unsigned int len)
{
	return ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_COPY, .addr = gpa, .size = len });
}

void world_store(uint32_t domid, uint64_t gpa, unsigned int len, uint64_t value)
{
	ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_COPY,
				      .write = true,
				      .addr = gpa,
				      .size = len,
				      .data = value });
}

uint64_t world_in(uint32_t domid, uint32_t port, unsigned int len)
{
	return ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_PIO, .addr = port, .size = len });
}

void world_out(uint32_t domid, uint32_t port, unsigned int len, uint32_t value)
{
	ask(domid, (struct ec_ioreq){ .type = EC_IOREQ_PIO,
				      .write = true,
				      .addr = port,
				      .size = len,
				      .data = value });
}

void world_place(uint32_t domid, unsigned int slot)
{
	world_write(domid, slot, PCI_BASE_ADDRESS_0, 4, AT_BAR0);
	world_write(domid, slot, PCI_BASE_ADDRESS_1, 4, 0);
	world_write(domid, slot, PCI_BASE_ADDRESS_2, 4, AT_BAR2);
	world_write(domid, slot, PCI_BASE_ADDRESS_3, 4, AT_BAR3);
	world_write(domid, slot, PCI_COMMAND, 2, 7);
}

unsigned int world_placed(uint32_t domid)
{
	unsigned int slot = world_given(domid);

	world_place(domid, slot);
	fakexen_forget(world->xen);
	return slot;
}

void world_entry(uint32_t domid, unsigned int i, uint64_t address, uint32_t data, uint32_t control)
{
	uint64_t at = AT_ENTRY(i);

	world_store(domid, at, 4, address & 0xffffffff);
	world_store(domid, at + 4, 4, address >> 32);
	world_store(domid, at + 8, 4, data);
	world_store(domid, at + 12, 4, control);
}

void world_msix(uint32_t domid, unsigned int slot, uint32_t flags)
{
	world_write(domid, slot, MSIX_FLAGS, 2, flags);
}

void world_use(uint32_t domid, unsigned int slot)
{
	world_place(domid, slot);
	world_write(domid, slot, PCI_ROM_ADDRESS, 4, AT_ROM | PCI_ROM_ADDRESS_ENABLE);
	world_msix(domid, slot, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; i < 3; i++)
		world_entry(domid, i, 0xfee01000, 0x40 + i, 0);
}

void world_flr(uint32_t domid, unsigned int slot)
{
	world_write(domid, slot, EXP_DEVCTL, 2, PCI_EXP_DEVCTL_FLRESET);
}

uint32_t world_peek(uint32_t off, unsigned int len)
{
	return fakexen_peek(world->xen, NIC, off, len);
}

void world_poke(uint32_t off, unsigned int len, uint32_t value)
{
	fakexen_poke(world->xen, NIC, off, len, value);
}

unsigned int world_in_use(uint32_t domid)
{
	unsigned int slot = world_given(domid);

	world_use(domid, slot);
	world_count("bind_msi", 3);
	fakexen_forget(world->xen);
	return slot;
}

const char *world_driver(struct ec_sbdf at)
{
	static struct ec_host_facts facts;

	ck_assert_int_eq(fakexen_facts_ops.get(world->xen, at, &facts), 0);
	return facts.driver;
}
