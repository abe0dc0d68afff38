/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest finds the machine that was planned for it: it sets up interrupts as Linux does, its view
 * is compared with ecamctl's output, and lspci draws its tree.
 */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "core/dump.h"
#include "enumerate.h"
#include "guest_irq.h"
#include "guest_view.h"
#include "ported.h"
#include "run.h"
#include "suites.h"

/* Cards: host address, shape, and whether on bus 0. The tree is the output of lspci -t. */
static const struct machine {
	enum ec_machine_kind kind;
	struct {
		const char *host;
		unsigned int shape;
		bool bypassed;
	} card[6];
	const char *tree;
	bool q35; /* its host bridge is one, for 64 buses */
} machines[] = {
	{ EC_MACHINE_PVH,
	  { { "03:00.0", 0, false }, { "04:00.0", 1, false } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0-[01]----00.0\n"
	  "           \\-02.0-[02]----00.0\n" },
	{ EC_MACHINE_PVH,
	  { { "03:00.0", 0, true }, { "04:00.0", 1, true }, { "05:00.0", 4, true } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0\n"
	  "           +-02.0\n"
	  "           \\-03.0\n" },
	{ EC_MACHINE_PVH, /* functions of one slot, a conventional one, one that is bypassed */
	  { { "04:00.0", 2, false },
	    { "04:00.3", 1, false },
	    { "03:00.0", 4, false },
	    { "05:00.0", 3, true } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0\n"
	  "           +-02.0-[01]--+-00.0\n"
	  "           |            \\-00.3\n"
	  "           \\-03.0\n" },
	{ EC_MACHINE_PVH, /* placeholders */
	  { { "04:00.2", 1, false }, { "04:00.5", 0, false }, { "06:00.1", 2, false } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0-[01]--+-00.0\n"
	  "           |            +-00.2\n"
	  "           |            \\-00.5\n"
	  "           \\-02.0-[02]--+-00.0\n"
	  "                        \\-00.1\n" },
	{ EC_MACHINE_PVH,
	  { { "03:00.0", 2, false } },
	  "-[0000:00]-+-00.0\n"
	  "           \\-01.0-[01]----00.0\n",
	  true },
	{ EC_MACHINE_HVM,
	  { { "03:00.0", 0, false }, { "04:00.1", 1, false }, { "05:00.0", 2, true } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0\n"
	  "           +-01.1\n"
	  "           +-01.3\n"
	  "           +-02.0\n"
	  "           +-03.0\n"
	  "           +-10.0-[01]----00.0\n"
	  "           +-11.0-[02]--+-00.0\n"
	  "           |            \\-00.1\n"
	  "           \\-12.0\n" },
	{ EC_MACHINE_HVM,
	  { { "03:00.0", 1, true }, { "03:00.1", 3, true }, { "09:01.0", 4, true } },
	  "-[0000:00]-+-00.0\n"
	  "           +-01.0\n"
	  "           +-01.1\n"
	  "           +-01.3\n"
	  "           +-02.0\n"
	  "           +-03.0\n"
	  "           +-10.0\n"
	  "           +-11.0\n"
	  "           \\-12.0\n" },
};

static struct ported *p;
static struct enumerated found;

static struct guest_config config = { .access = ported_access, .ecam = true };

/* The machine after firmware and kernel have enumerated it. */
static void start(const struct machine *m)
{
	p = ported_new(m->kind);
	p->limits.bridge = m->q35 ? EC_BRIDGE_Q35 : EC_BRIDGE_PLAIN;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(m->card) && m->card[i].host; i++)
		ported_add(p, m->card[i].host, m->card[i].shape,
			   m->card[i].bypassed ? EC_BYPASSED : EC_FLATTENED);
	ported_build(p, m->kind == EC_MACHINE_HVM);
	config.ctx = p;
	config.first_bus = m->kind == EC_MACHINE_HVM;
	if (m->kind == EC_MACHINE_HVM)
		enumerate_hvmloader(&config, 0xf0000000, 0xc000);
	ck_assert(enumerate_probe(&config));
	enumerate_linux(&config, p->machine.window, &found);
	p->actions = 0;
}

/* The next action of the last access, after the @seen actions that were checked. */
static void expect(unsigned int *seen, struct ec_sbdf at, enum ec_action_kind kind, uint32_t value,
		   uint64_t address)
{
	const struct ported_action *a = p->action + *seen;

	ck_assert_uint_lt(*seen, p->actions);
	ck_assert_int_eq(ec_sbdf_compare(a->at, at), 0);
	ck_assert_msg(a->action.kind == kind, "%s, not %s", ec_action_info[a->action.kind].name,
		      ec_action_info[kind].name);
	if (ec_action_info[kind].args & EC_ARG_VALUE)
		ck_assert_uint_eq(a->action.value, value);
	if (ec_action_info[kind].args & EC_ARG_ADDRESS)
		ck_assert_uint_eq(a->action.address, address);
	++*seen;
}

static void try_msi(struct ec_sbdf at, bool wide)
{
	uint64_t first = 0xfee00000, second = wide ? 0x1fee01000 : 0xfee01000;
	unsigned int seen = p->actions = 0;

	ck_assert(guest_enable_msi(&config, at, first, 0x00ef));
	expect(&seen, at, EC_ACT_INTX, 0, 0);
	expect(&seen, at, EC_ACT_MSI_ENABLE, 0x00ef, first);
	ck_assert_uint_eq(p->actions, seen);
	/* each register write makes a message: the last one is the wanted one */
	guest_move_msi(&config, at, second, 0x4021);
	ck_assert_uint_gt(p->actions, seen);
	for (unsigned int i = seen; i < p->actions; i++)
		ck_assert_uint_eq(p->action[i].action.kind, EC_ACT_MSI_UPDATE);
	seen = p->actions - 1;
	expect(&seen, at, EC_ACT_MSI_UPDATE, 0x4021, second);
	guest_disable_msi(&config, at);
	expect(&seen, at, EC_ACT_MSI_DISABLE, 0, 0);
	expect(&seen, at, EC_ACT_INTX, 1, 0);
	ck_assert_uint_eq(p->actions, seen);
}

static void try_msix(struct ec_sbdf at, const struct found *f, unsigned int vectors)
{
	unsigned int seen = p->actions = 0;
	struct guest_msix x;

	ck_assert(guest_enable_msix(&config, at, &x));
	expect(&seen, at, EC_ACT_MSIX_ENABLE, 1, 0);
	expect(&seen, at, EC_ACT_INTX, 0, 0);
	expect(&seen, at, EC_ACT_MSIX_MASK, 0, 0);
	ck_assert_uint_eq(x.vectors, vectors);
	/* table and pending bits are in a memory BAR that the guest has placed */
	ck_assert(f->bar[x.bar].size && !f->bar[x.bar].io && f->bar[x.bar].address);
	ck_assert_uint_eq(x.offset, 0x2000);
	ck_assert_uint_le(x.offset + x.vectors * 16ull, f->bar[x.bar].size);
	ck_assert_uint_eq(x.pba_bar, x.bar);
	ck_assert_uint_eq(x.pba_offset, 0x3000);
	guest_disable_msix(&config, at);
	expect(&seen, at, EC_ACT_MSIX_DISABLE, 0, 0);
	expect(&seen, at, EC_ACT_INTX, 1, 0);
	ck_assert_uint_eq(p->actions, seen);
}

static const struct found *found_at(struct ec_sbdf at)
{
	for (unsigned int i = 0; i < found.n; i++)
		if (!ec_sbdf_compare(found.found[i].at, at))
			return found.found + i;
	ck_abort_msg("%02x:%02x is not found", at.bus, at.devfn);
	return NULL;
}

/* Interrupts of the shapes of ported.h: MSI, with 64-bit addresses; MSI-X vectors. */
static const struct {
	bool msi, wide;
	unsigned int vectors;
} irqs[] = { { true, true, 0 },
	     { false, false, 16 },
	     { true, true, 64 },
	     { false, false, 0 },
	     { true, false, 0 } };

START_TEST(linux_sets_up_every_interrupt)
{
	const struct machine *m = machines + _i;
	struct guest_msix x;

	start(m);
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_sbdf at = p->machine.place[i].guest;
		unsigned int shape = m->card[i].shape;

		if (irqs[shape].msi)
			try_msi(at, irqs[shape].wide);
		else
			ck_assert(!guest_enable_msi(&config, at, 0xfee00000, 1));
		if (irqs[shape].vectors)
			try_msix(at, found_at(at), irqs[shape].vectors);
		else
			ck_assert(!guest_enable_msix(&config, at, &x));
	}
	/* Linux's port services enable MSI of root ports in the same way */
	for (unsigned int i = 0; i < p->machine.ports; i++) {
		struct ec_sbdf at = { .devfn = (uint8_t)(p->machine.port[i].slot << 3) };

		ck_assert(!guest_enable_msix(&config, at, &x));
		try_msi(at, true);
	}
	ported_free(p);
}
END_TEST

/* The output of ecamctl for the same cards. */
static struct ec_dump_function planned[32];

static unsigned int read_planned(const struct machine *m)
{
	struct ec_dump_reader reader = { 0 };
	struct ec_diag diag;
	char line[512], *host = ported_host(p);
	unsigned int n = 0;
	size_t len;
	struct run r;

	len = (size_t)snprintf(line, sizeof(line),
			       "cat > $T/host; $E show --tree --hex --policy none --quirks none "
			       "--dump $T/host --kind %s%s",
			       ec_machine_kind_names[m->kind], m->q35 ? " --bridge q35" : "");
	for (unsigned int i = 0; i < p->n; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, " %s,topology=%s",
					m->card[i].host, ec_topology_names[p->fn[i].topology]);
	r = run_shell(line, host);
	ck_assert_msg(r.code == 0 && !*r.err, "%s: %s", line, r.err);
	reader.text = r.out;
	reader.len = strlen(r.out);
	while (ec_dump_next(&reader, planned + n, &diag) == 1)
		ck_assert_uint_lt(++n, EC_ARRAY_SIZE(planned));
	run_free(&r);
	free(host);
	return n;
}

/* Byte for byte, except the device model's functions. */
START_TEST(a_guest_sees_what_ecamctl_shows)
{
	unsigned int n, ours = 0, compared = 0;

	start(machines + _i);
	n = read_planned(machines + _i);
	for (unsigned int i = 0; i < found.n; i++)
		ours += !ported_is_model(p, found.found[i].at);
	for (unsigned int i = 0; i < n; i++) {
		struct ec_sbdf at = planned[i].sbdf;
		struct ec_image img;
		uint32_t differs;

		if (ported_is_model(p, at))
			continue;
		found_at(at);
		guest_view_read(&config, at, &img);
		/* CF8 reaches only 256 bytes */
		if (at.bus >= config.first_bus)
			ck_assert_uint_eq(img.size, planned[i].image.size);
		differs = guest_view_differs(&planned[i].image, &img);
		ck_assert_msg(differs == EC_CONFIG_SIZE, "%02x:%02x at %03x: %02x, planned %02x",
			      at.bus, at.devfn, differs, img.byte[differs],
			      planned[i].image.byte[differs]);
		compared++;
	}
	ck_assert_uint_eq(compared, ours);
	ported_free(p);
}
END_TEST

/*
 * And reports no errors. Its messages about kernel modules do not concern the input.
 */
START_TEST(lspci_draws_the_planned_tree)
{
	char *text;
	struct run r;

	start(machines + _i);
	text = guest_view_text(&config, &found);
	r = run_shell("cat >$T/g; { lspci -F $T/g -t >$T/t; lspci -F $T/g -vvv >$T/v; } 2>&1 | "
		      "grep -v libkmod >&2; grep -E '!!!|broken|[Uu]nknown header|ACSViol\\+' $T/v "
		      ">&2; cat $T/t",
		      text);
	ck_assert_int_eq(r.code, 0);
	ck_assert_str_eq(r.err, "");
	ck_assert_str_eq(r.out, machines[_i].tree);
	run_free(&r);
	free(text);
	ported_free(p);
}
END_TEST

/* Linux looks for no other function if there is none. */
START_TEST(a_probe_needs_a_host_bridge)
{
	struct ec_sbdf bridge = { 0 };

	start(machines);
	ec_bus_map_remove(&p->guest, bridge);
	ck_assert(!enumerate_probe(&config));
	ported_free(p);
}
END_TEST

Suite *suite_guest_whole(void)
{
	Suite *s = suite_create("guest_whole");
	TCase *t = tcase_create("guest_whole");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, linux_sets_up_every_interrupt, 0, EC_ARRAY_SIZE(machines));
	tcase_add_loop_test(t, a_guest_sees_what_ecamctl_shows, 0, EC_ARRAY_SIZE(machines));
	tcase_add_loop_test(t, lspci_draws_the_planned_tree, 0, EC_ARRAY_SIZE(machines));
	tcase_add_test(t, a_probe_needs_a_host_bridge);
	suite_add_tcase(s, t);
	return s;
}
