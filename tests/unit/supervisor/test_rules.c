/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules at an attach. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

static void start(const char *rules)
{
	world_typical();
	world->rules = rules;
}

static void attach(const char *options)
{
	struct ec_attach_spec spec;
	char text[EC_ATTACH_SPEC_MAX], at[EC_SBDF_MAX];
	int rc;

	snprintf(text, sizeof(text), "%s%s", ec_sbdf_print(NIC, true, at), options);
	ck_assert_int_eq(ec_attach_spec_parse(text, &spec, &world->diag), 0);
	rc = world_attach_as(PVH, &spec);
	ck_assert_msg(!rc, "attach: %s: %s", strerror(-rc), world->diag.text);
}

/* The attach fails with a message that contains @word, and nothing is left. */
static void refused(const char *options, const char *word)
{
	struct ec_attach_spec spec;
	char text[EC_ATTACH_SPEC_MAX], at[EC_SBDF_MAX];

	snprintf(text, sizeof(text), "%s%s", ec_sbdf_print(NIC, true, at), options);
	ck_assert_int_eq(ec_attach_spec_parse(text, &spec, &world->diag), 0);
	memset(&world->diag, 0, sizeof(world->diag));
	ck_assert_int_lt(world_attach_as(PVH, &spec), 0);
	ck_assert_msg(strstr(world->diag.text, word), "\"%s\" does not say \"%s\"",
		      world->diag.text, word);
	ck_assert_uint_eq(ec_service_guests(world->service), 0);
	world_check_clean();
}

static uint64_t read_at(uint32_t offset, unsigned int len)
{
	return world_read(PVH, ec_sbdf_device(world->at.function.guest), offset, len);
}

#define RULE(match, set)                                                                           \
	"{\"version\":1,\"rules\":[{\"name\":\"it\",\"match\":{" match "},\"set\":{" set "}}]}"

START_TEST(a_rule_hides_a_capability)
{
	start(RULE("\"guest\":\"pvh\"", "\"capabilities\":{\"AER\":\"hide\"}"));
	attach("");
	/* AER was the head of its chain: a null capability keeps its place */
	ck_assert_uint_eq(read_at(0x100, 2), 0);
	ck_assert_uint_eq(read_at(0x108, 4), 0);
	ck_assert_uint_eq(read_at(0x140, 2), PCI_EXT_CAP_ID_DSN);
}
END_TEST

START_TEST(a_rule_of_another_guest_does_not_match)
{
	start(RULE("\"guest\":\"hvm\"", "\"capabilities\":{\"AER\":\"hide\"}"));
	attach("");
	ck_assert_uint_eq(read_at(0x100, 2), PCI_EXT_CAP_ID_AER);
}
END_TEST

START_TEST(a_rule_matches_by_uuid)
{
	world_new();
	world->rules = RULE("\"guest\":\"00112233-4455-6677-8899-AABBCCDDEEFF\"",
			    "\"capabilities\":{\"AER\":\"hide\"}");
	strcpy(world_guest(PVH)->uuid, "00112233-4455-6677-8899-aabbccddeeff");
	world_add_card(NIC, "nic");
	attach("");
	ck_assert_uint_eq(read_at(0x100, 2), 0);
}
END_TEST

START_TEST(options_of_the_attach_win_over_files)
{
	start(RULE("", "\"capabilities\":{\"AER\":\"show\"},\"rom\":\"host\""));
	attach(",hide=AER,hide=DSN,rom=none");
	ck_assert_uint_eq(read_at(0x100, 2), 0);
	ck_assert_uint_eq(read_at(0x140, 2), 0);
	world_write(PVH, ec_sbdf_device(world->at.function.guest), PCI_ROM_ADDRESS, 4, 0xfffff800);
	ck_assert_uint_eq(read_at(PCI_ROM_ADDRESS, 4), 0);
}
END_TEST

START_TEST(a_rule_chooses_the_slot)
{
	start(RULE("", "\"slot\":9"));
	attach("");
	ck_assert_uint_eq(ec_sbdf_device(world->at.function.guest), 9);
	ck_assert_uint_eq(read_at(PCI_VENDOR_ID, 2), 0x1234);
}
END_TEST

START_TEST(the_slot_of_the_attach_wins_over_a_rule)
{
	start(RULE("", "\"slot\":9"));
	attach("@4");
	ck_assert_uint_eq(ec_sbdf_device(world->at.function.guest), 4);
}
END_TEST

START_TEST(a_slot_that_is_taken_is_refused)
{
	start(RULE("", "\"slot\":0"));
	refused("", "host bridge");
}
END_TEST

START_TEST(a_rule_shows_fewer_vectors)
{
	start(RULE("", "\"msix\":{\"vectors\":4}"));
	attach("");
	ck_assert_uint_eq(read_at(MSIX_FLAGS, 2) & PCI_MSIX_TABSIZE, 3);
}
END_TEST

/* The rest of the page is the device's. */
START_TEST(hidden_table_entries_are_not_written)
{
	unsigned int slot;
	uint8_t *hw;

	start(RULE("", "\"msix\":{\"vectors\":4}"));
	attach("");
	slot = ec_sbdf_device(world->at.function.guest);
	world_place(PVH, slot);
	hw = fakexen_mapped(world->xen, NIC, 3, 0x1000);
	ck_assert_ptr_nonnull(hw);
	memset(hw, 0x5a, 0x1000);
	for (unsigned int at = 4 * 16; at < VECTORS * 16; at += 4) {
		world_store(PVH, AT_TABLE + at, 4, 0);
		ck_assert_uint_eq(ec_get_le(hw + at, 4), 0x5a5a5a5a);
		ck_assert_uint_eq(world_load(PVH, AT_TABLE + at, 4), at % 16 == 12);
	}
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x48, 8), 1ull << 32);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x4c, 2), 1);
	world_store(PVH, AT_TABLE + 0x400, 4, 0);
	ck_assert_uint_eq(ec_get_le(hw + 0x400, 4), 0);
}
END_TEST

/* The played kernel has the methods flr and bus. */
static const struct {
	const char *set, *reset;
} resets[] = {
	{ "", "reset 0000:03:00.0" },
	{ "\"reset\":{\"forbid\":[\"flr\"]}", "reset 0000:03:00.0 bus" },
	{ "\"reset\":{\"methods\":[\"pm\",\"flr\"]}", "reset 0000:03:00.0 flr" },
	{ "\"reset\":{\"methods\":[\"bus\",\"flr\"],\"forbid\":[\"pm\"]}",
	  "reset 0000:03:00.0 flr bus" },
};

START_TEST(a_rule_chooses_the_reset_methods)
{
	char rules[256];

	snprintf(rules, sizeof(rules), RULE("", "%s"), resets[_i].set);
	start(rules);
	attach("");
	ck_assert_msg(fakexen_count(world->xen, resets[_i].reset) > 0, "not done: %s",
		      resets[_i].reset);
	ck_assert_uint_eq(fakexen_count(world->xen, resets[_i].reset),
			  fakexen_count(world->xen, "reset"));
}
END_TEST

static const struct {
	const char *rules, *options, *says;
} wrong[] = {
	{ RULE("", "\"reset\":{\"forbid\":[\"flr\",\"bus\"]}"), "", "rule 'it' leaves none" },
	{ RULE("", "\"registers\":[{\"register\":\"BASE_ADDRESS_0\",\"treatment\":\"pass\"}]"), "",
	  "rule 'it': set.registers[0]: BASE_ADDRESS_0 at 10: " },
	{ "{\"version\":1,\"rules\":[", "", "test.json:1:" },
	{ RULE("", ""), ",rom=never", "rom=never" },
};

START_TEST(rules_that_cannot_be_followed_refuse_the_attach)
{
	start(wrong[_i].rules);
	refused(wrong[_i].options, wrong[_i].says);
	/* nothing is left of the attach */
	world->rules = NULL;
	attach("");
}
END_TEST

START_TEST(a_hidden_pin_is_not_connected)
{
	start(_i ? RULE("", "\"intx\":{\"disable\":true}")
		 : RULE("", "\"registers\":[{\"register\":\"INTERRUPT_PIN\",\"value\":0}]"));
	world_give(HVM, NIC);
	ck_assert_uint_eq(
		world_read(HVM, ec_sbdf_device(world->at.function.guest), PCI_INTERRUPT_PIN, 1), 0);
	world_count("bind_intx", 0);
}
END_TEST

START_TEST(the_shown_class_decides_for_hvmloader)
{
	start(RULE("", "\"registers\":[{\"register\":\"CLASS_DEVICE\",\"value\":\"0x0680\"}]"));
	ck_assert_int_lt(world_attach(HVM, NIC), 0);
	world_check_clean();
	attach("");
}
END_TEST

Suite *suite_supervisor_rules(void)
{
	Suite *s = suite_create("supervisor_rules");
	TCase *t = tcase_create("rules");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, a_rule_hides_a_capability);
	tcase_add_test(t, a_rule_of_another_guest_does_not_match);
	tcase_add_test(t, a_rule_matches_by_uuid);
	tcase_add_test(t, options_of_the_attach_win_over_files);
	tcase_add_test(t, a_rule_chooses_the_slot);
	tcase_add_test(t, the_slot_of_the_attach_wins_over_a_rule);
	tcase_add_test(t, a_slot_that_is_taken_is_refused);
	tcase_add_test(t, a_rule_shows_fewer_vectors);
	tcase_add_test(t, hidden_table_entries_are_not_written);
	tcase_add_loop_test(t, a_hidden_pin_is_not_connected, 0, 2);
	tcase_add_test(t, the_shown_class_decides_for_hvmloader);
	tcase_add_loop_test(t, a_rule_chooses_the_reset_methods, 0, EC_ARRAY_SIZE(resets));
	tcase_add_loop_test(t, rules_that_cannot_be_followed_refuse_the_attach, 0,
			    EC_ARRAY_SIZE(wrong));
	suite_add_tcase(s, t);
	return s;
}
