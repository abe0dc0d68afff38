/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "capabilities/express.h"
#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"
#include "view/build.h"

static struct rig *r;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
}

static void teardown(void)
{
	rig_free(r);
}

/* Every byte of the view belongs to exactly one register. */
static void check_cover(void)
{
	uint32_t pos = 0;

	for (unsigned int i = 0; i < r->plan.n; i++) {
		ck_assert_uint_eq(r->plan.reg[i].offset, pos);
		pos += r->plan.reg[i].span;
		ck_assert_ptr_eq(ec_plan_at(&r->plan, r->plan.reg[i].offset), r->plan.reg + i);
		ck_assert_ptr_eq(ec_plan_at(&r->plan, pos - 1), r->plan.reg + i);
	}
	ck_assert_uint_eq(pos, r->plan.layout.size);
	ck_assert_ptr_null(ec_plan_at(&r->plan, pos));
	ck_assert_ptr_null(ec_plan_at(&r->plan, UINT32_MAX));
}

/* A register is found by where it is, and only if its capability is long enough to have it. */
START_TEST(found_by_offset)
{
	struct ec_plan *p = &r->plan;

	fixture_init(&x, 256, 0);
	fixture_express(&x, 0x40, 1, PCI_EXP_TYPE_ENDPOINT); /* 20 bytes */
	fixture_cap(&x, 0x54, PCI_CAP_ID_VNDR);
	fixture_put(&x, 0x56, 1, 0x40);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	check_cover();
	ck_assert_str_eq(ec_plan_row(p, 0, PCI_COMMAND)->reg.name, "COMMAND");
	ck_assert_str_eq(ec_plan_row(p, 1, 0x40 + PCI_EXP_LNKSTA)->reg.name, "LNKSTA");
	ck_assert_ptr_null(ec_plan_row(p, 0, PCI_COMMAND + 1));        /* within a register */
	ck_assert_ptr_null(ec_plan_row(p, 0, 0x40 + PCI_EXP_LNKSTA));  /* of a capability */
	ck_assert_ptr_null(ec_plan_row(p, 1, 0x40 + PCI_EXP_LNKCTL2)); /* the next one's body */
	ck_assert_ptr_null(ec_plan_row(p, 2, 0x40 + PCI_EXP_LNKCTL2));
	ck_assert_ptr_null(ec_plan_row(p, 0, 0xc0)); /* a gap */
}
END_TEST

START_TEST(header_at_power_on)
{
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	check_cover();
	ck_assert_uint_eq(rig_read(r, 0x00, 4), 0x00011234);
	ck_assert_uint_eq(rig_read(r, 0x04, 2), 0);
	ck_assert_uint_eq(rig_read(r, 0x06, 2), 0x0018);
	ck_assert_uint_eq(rig_read(r, 0x08, 4), 0x02000003);
	ck_assert_uint_eq(rig_read(r, 0x0c, 4), 0); /* cache line 0, one function */
	ck_assert_uint_eq(rig_read(r, 0x10, 4), 0x0000000c);
	ck_assert_uint_eq(rig_read(r, 0x14, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x18, 4), 0x00000001);
	ck_assert_uint_eq(rig_read(r, 0x1c, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x2c, 4), 0x00a01234);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x3c, 4), 0x00000100); /* line 0, INTA# */
}
END_TEST

/* What never changes costs no hardware access. */
START_TEST(constants_are_frozen)
{
	static const uint32_t constant[] = { 0x00, 0x08,  0x0c,  0x10,  0x2c,  0x34,  0x40,
					     0x50, 0x54,  0x70,  0x74,  0xb0,  0xb4,  0xb8,
					     0xc0, 0x100, 0x140, 0x144, 0x148, 0x1c0, 0x1c4 };
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(constant); i++) {
		rig_read(r, constant[i], 4);
		ck_assert_msg(r->n == 0, "%x reads the hardware", constant[i]);
	}
}
END_TEST

START_TEST(hidden_is_dead)
{
	static const struct {
		uint16_t from, to;
	} dead[] = { { 0x60, 0x68 }, { 0x150, 0x158 }, { 0x160, 0x1a0 }, { 0x1d8, 0x1000 } };
	fixture_nic(&x);
	fixture_fill(&x, 0x164, 0x3c, 0xff);
	rig_attach(r, &x.img, _i ? EC_FLATTENED : EC_BYPASSED, NULL);
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_ARI, true));
	ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_VNDR, true));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(dead); i++)
		for (uint32_t off = dead[i].from; off < dead[i].to; off++) {
			ck_assert_int_eq(rig_write(r, off, 1, 0xff), EC_V_DROPPED);
			ck_assert_uint_eq(r->n, 0);
			ck_assert_uint_eq(rig_read(r, off, 1), 0);
			ck_assert_uint_eq(r->n, 0);
		}
}
END_TEST

START_TEST(gaps)
{
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, 0xc0, 4), 0x11223344);
	ck_assert_int_eq(rig_write(r, 0xc0, 4, 0), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(r, 0x800, 4), 0);
}
END_TEST

START_TEST(head_hidden)
{
	fixture_init(&x, 4096, 0);
	fixture_ext(&x, 0x100, PCI_EXT_CAP_ID_SRIOV, 1);
	fixture_fill(&x, 0x104, 0x3c, 0x77);
	fixture_ext(&x, 0x140, PCI_EXT_CAP_ID_ATS, 1);
	fixture_ext(&x, 0x150, PCI_EXT_CAP_ID_DSN, 1);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0x15000000);
	ck_assert_uint_eq(rig_read(r, 0x104, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x140, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x150, 4), 0x00010003);
}
END_TEST

START_TEST(all_hidden)
{
	fixture_init(&x, 4096, 0);
	fixture_cap(&x, 0x40, PCI_CAP_ID_SLOTID);
	fixture_cap(&x, 0x50, PCI_CAP_ID_HT);
	fixture_ext(&x, 0x100, PCI_EXT_CAP_ID_SRIOV, 1);
	fixture_ext(&x, 0x140, PCI_EXT_CAP_ID_ATS, 1);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, 0x34, 1), 0);
	ck_assert_uint_eq(rig_read(r, 0x06, 2) & PCI_STATUS_CAP_LIST, 0);
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x140, 4), 0);
}
END_TEST

/* topology, hardware's type and version; type and version shown; LNKCAP, LNKSTA, LNKCAP2 */
static const struct {
	enum ec_topology topology;
	uint8_t type, version, shown, shown_version;
	uint32_t cap, sta, cap2;
} express[] = {
	{ EC_BYPASSED, 0, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 1, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 9, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 10, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 0, 1, 9, 1, 0, 0, 0 },
	{ EC_BYPASSED, 0, 0, 9, 1, 0, 0, 0 },
	{ EC_FLATTENED, 0, 2, 0, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_FLATTENED, 1, 2, 1, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_FLATTENED, 9, 2, 0, 2, 0x11, 0x11, 2 },
	{ EC_FLATTENED, 9, 1, 0, 1, 0x11, 0x11, 0 },
	{ EC_FLATTENED, 10, 2, 0, 2, 0x11, 0x11, 2 },
	{ EC_FLATTENED, 0, 0, 0, 1, 0x0047dc43, 0x1042, 0 },
	{ EC_FLATTENED, 4, 2, 0, 2, 0x0047dc43, 0x1042, 0xe }, /* impossible in a type 0 header */
	{ EC_HOST, 0, 2, 0, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_HOST, 9, 0, 9, 0, 0x0047dc43, 0x1042, 0 },
};

START_TEST(topology)
{
	bool second = express[_i].version == 2;
	uint32_t target = express[_i].cap & 15;

	fixture_init(&x, 4096, 0);
	fixture_express(&x, 0x70, express[_i].version, express[_i].type);
	fixture_put(&x, 0x72, 2, fixture_get(&x, 0x72, 2) | PCI_EXP_FLAGS_SLOT);
	if (express[_i].topology == EC_HOST)
		fixture_express(&x, 0x70, express[_i].version, express[_i].type);
	rig_attach(r, &x.img, express[_i].topology, NULL);
	ck_assert_uint_eq(rig_read(r, 0x72, 2),
			  0x0200 | express[_i].shown << 4 | express[_i].shown_version);
	if (express[_i].topology == EC_HOST)
		return;
	ck_assert_uint_eq(rig_read(r, 0x7c, 4), express[_i].cap);
	ck_assert_uint_eq(rig_read(r, 0x80, 2), 0);
	ck_assert_uint_eq(rig_read(r, 0x82, 2), express[_i].sta);
	if (second && express[_i].topology == EC_FLATTENED) {
		ck_assert_uint_eq(rig_read(r, 0x9c, 4), express[_i].cap2);
		ck_assert_uint_eq(rig_read(r, 0xa0, 2), target);
	}
	if (second && express[_i].topology == EC_BYPASSED)
		for (uint32_t off = 0x9c; off < 0xa4; off += 2)
			if (off < 0x70u + ec_express_length(2, express[_i].type, false))
				ck_assert_uint_eq(rig_read(r, off, 2), 0);
}
END_TEST

START_TEST(links)
{
	struct ec_express_link hw = { 0x0047dc43, 0x1042, 0xe }, link;

	link = ec_topology_link(EC_HOST, PCI_EXP_TYPE_ENDPOINT, hw);
	ck_assert(link.cap == hw.cap && link.sta == hw.sta && link.cap2 == hw.cap2);
	link = ec_topology_link(EC_BYPASSED, PCI_EXP_TYPE_ENDPOINT, hw);
	ck_assert(!link.cap && !link.sta && !link.cap2);
}
END_TEST

/* A link that is down when the function is attached runs, for the guest, as well as it can. */
START_TEST(link_down)
{
	fixture_init(&x, 4096, 0);
	fixture_express(&x, 0x70, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&x, 0x82, 2, 0x0800);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(rig_read(r, 0x82, 2), 0x0043);
}
END_TEST

START_TEST(host_is_raw)
{
	uint8_t seen[EC_CONFIG_SIZE];

	fixture_nic(&x);
	rig_attach(r, &x.img, EC_HOST, NULL);
	check_cover();
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		ec_put_le(seen + off, 4, rig_read(r, off, 4));
	ck_assert_mem_eq(seen, x.img.byte, sizeof(seen));
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		ck_assert_int_eq(rig_write(r, off, 4, 0xffffffff), EC_V_DROPPED);
	ck_assert_mem_eq(r->device.image.byte, x.img.byte, sizeof(seen));
}
END_TEST

START_TEST(cxl_is_hidden)
{
	fixture_init(&x, 4096, 0);
	fixture_ext(&x, 0x100, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&x, 0x104, 4, 0x03811e98);
	fixture_ext(&x, 0x140, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&x, 0x144, 4, 0x01818086);
	fixture_put(&x, 0x148, 4, 0xbeef0007);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0x14000000);
	ck_assert_uint_eq(rig_read(r, 0x104, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x148, 4), 0xbeef0007);
	ck_assert_int_eq(rig_write(r, 0x14c, 4, 1), EC_V_DROPPED);
}
END_TEST

/* Cut before its message's registers, MSI is not shown at all. */
START_TEST(no_half_msi)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x50, PCI_CAP_ID_MSI);
	fixture_put(&x, 0x52, 2, 0x0080);
	fixture_cap(&x, 0x5c, PCI_CAP_ID_PM);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, 0x34, 1), 0x5c);
	ck_assert_uint_eq(rig_read(r, 0x50, 4), 0);
	ck_assert_uint_eq(r->plan.cap[0].fault, EC_CAP_OVERLAP);
}
END_TEST

/* The standard has one of these a function; what a second one would mean, nobody knows. */
START_TEST(second_of_one)
{
	static const uint8_t ids[] = { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX,
				       PCI_CAP_ID_EXP, PCI_CAP_ID_AF };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ids); i++) {
		fixture_init(&x, 256, 0);
		fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xfe900000);
		fixture_cap(&x, 0x40, ids[i]);
		fixture_cap(&x, 0x80, PCI_CAP_ID_VNDR);
		fixture_put(&x, 0x82, 1, 4);
		fixture_cap(&x, 0xa0, ids[i]);
		rig_attach(r, &x.img, EC_BYPASSED, NULL);
		ck_assert_uint_eq(rig_read(r, 0x41, 1), 0x80);
		ck_assert_uint_eq(rig_read(r, 0x81, 1), 0);
		/* PMCSR too, of which bits are set for whoever is shown it */
		ck_assert_uint_eq(rig_read(r, 0xa0, 8), 0);
	}
}
END_TEST

START_TEST(virtual_function_ids)
{
	struct ec_plan_options o = { .vendor = 0x8086, .device = 0x10ed };

	fixture_init(&x, 4096, 0);
	fixture_put(&x, 0, 4, 0xffffffff);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_plan_at(&r->plan, 0)->value, 0x8086);
	ck_assert_uint_eq(ec_plan_at(&r->plan, 2)->value, 0x10ed);
	o.multifunction = true;
	fixture_put(&x, 0, 4, 0x00011234);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_plan_at(&r->plan, 0)->value, 0x1234);
	ck_assert_uint_eq(ec_plan_at(&r->plan, 0x0e)->value, 0x80);
}
END_TEST

START_TEST(not_viewable)
{
	struct ec_plan_options guest = { 0 }, host = { .topology = EC_HOST };
	struct ec_diag diag;

	fixture_init(&x, 256, PCI_HEADER_TYPE_BRIDGE);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &guest, &diag), -EOPNOTSUPP);
	ck_assert(strstr(diag.text, "bridge") != NULL);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &host, &diag), 0);
	fixture_init(&x, 256, PCI_HEADER_TYPE_CARDBUS);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &host, &diag), -EOPNOTSUPP);
	fixture_init(&x, 256, 0x7f);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &guest, &diag), -EOPNOTSUPP);
	fixture_fill(&x, 0, 256, 0xff);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &host, &diag), -ENODEV);
	fixture_init(&x, 256, 0);
	x.img.present[0] &= ~1u;
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &guest, &diag), -ENODATA);
}
END_TEST

/* Functions of one kind share a layout, whatever their constants hold. */
START_TEST(layout_without_values)
{
	struct ec_plan_options o = { .topology = EC_BYPASSED };
	struct rig *other = rig_new();

	fixture_nic(&x);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &o, NULL), 0);
	fixture_put(&x, 0x2c, 4, 0);
	fixture_put(&x, 0xc0, 4, 0);
	fixture_put(&x, 0xc4, 4, 1);
	fixture_put(&x, 0x144, 4, 0);
	ck_assert_int_eq(ec_plan_build(&other->plan, &x.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_layout_bytes(&r->plan.layout), ec_layout_bytes(&other->plan.layout));
	ck_assert_mem_eq(&r->plan.layout, &other->plan.layout, ec_layout_bytes(&r->plan.layout));
	rig_free(other);
}
END_TEST

/* Rows that a dump leaves out read 0 and reach no device. */
START_TEST(holes)
{
	fixture_nic(&x);
	x.img.present[0] &= ~(0xfu << 0x40 / 4); /* PM and its neighbours */
	x.img.present[0x1c0 / 4 / 32] &= ~(0xfu << 0x1c0 / 4 % 32);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	check_cover();
	for (uint32_t off = 0x40; off < 0x50; off += 4) {
		ck_assert_uint_eq(rig_read(r, off, 4), 0);
		ck_assert_int_eq(r->last.verdict, EC_V_SERVED);
	}
}
END_TEST

Suite *suite_view_build(void)
{
	Suite *s = suite_create("view_build");
	TCase *t = tcase_create("plan");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, found_by_offset);
	tcase_add_test(t, header_at_power_on);
	tcase_add_test(t, constants_are_frozen);
	tcase_add_loop_test(t, hidden_is_dead, 0, 2);
	tcase_add_test(t, gaps);
	tcase_add_test(t, head_hidden);
	tcase_add_test(t, all_hidden);
	tcase_add_loop_test(t, topology, 0, EC_ARRAY_SIZE(express));
	tcase_add_test(t, links);
	tcase_add_test(t, link_down);
	tcase_add_test(t, host_is_raw);
	tcase_add_test(t, cxl_is_hidden);
	tcase_add_test(t, no_half_msi);
	tcase_add_test(t, second_of_one);
	tcase_add_test(t, virtual_function_ids);
	tcase_add_test(t, not_viewable);
	tcase_add_test(t, layout_without_values);
	tcase_add_test(t, holes);
	suite_add_tcase(s, t);
	return s;
}
