/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of "set". */
#include "policy/parse_set.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "policy/parse_error.h"
#include "policy/parse_item.h"
#include "policy/parse_ref.h"
#include "policy/parse_value.h"
#include "policy/topology_name.h"

/* The widest address of a guest. */
#define ADDRESS_MAX ((1ull << 52) - 1)
#define MIB 0x100000u

/* Bytes that no register names cannot be emulated, because their bits are not known. */
static const struct ec_word body_words[] = {
	{ "hide", EC_HIDE },
	{ "freeze", EC_FREEZE },
	{ "read", EC_READ },
	{ "pass", EC_PASS },
	{ NULL },
};

static const struct ec_word cap_words[] = {
	{ "hide", EC_HIDE },
	{ "freeze", EC_FREEZE },
	{ "read", EC_READ },
	{ "emulate", EC_EMULATE },
	{ "pass", EC_PASS },
	{ "show", EC_SHOW },
	{ NULL },
};

static const struct ec_word express_types[] = {
	{ "auto", EC_AUTO },
	{ "endpoint", PCI_EXP_TYPE_ENDPOINT },
	{ "legacy", PCI_EXP_TYPE_LEG_END },
	{ "rciep", PCI_EXP_TYPE_ROOT_INT_EP },
	{ NULL },
};

/* values of enum ec_host_bridge_kind, which is on a higher floor */
static const struct ec_word bridges[] = { { "plain", 0 }, { "q35", 1 }, { NULL } };

static const struct ec_word functions[] = {
	{ "auto", EC_AUTO }, { "clear", 0 }, { "set", 1 }, { NULL }
};

static const struct ec_word links[] = { { "auto", EC_LINK_AUTO },
					{ "hide", EC_LINK_HIDE },
					{ NULL } };

static const struct ec_word rebars[] = { { "single", 1 }, { "hide", 0 }, { NULL } };
static const struct ec_word roms[] = { { "host", 1 }, { "none", 0 }, { NULL } };
static const struct ec_word power[] = {
	{ "emulate", EC_PM_EMULATE }, { "forbid", EC_PM_FORBID }, { "allow", EC_PM_ALLOW }, { NULL }
};

static const struct ec_word vpds[] = {
	{ "hide", EC_VPD_HIDE }, { "read", EC_VPD_READ }, { "write", EC_VPD_WRITE }, { NULL }
};

static const struct ec_word methods[] = {
	{ "device_specific", EC_RESET_DEVICE_SPECIFIC },
	{ "acpi", EC_RESET_ACPI },
	{ "flr", EC_RESET_FLR },
	{ "af_flr", EC_RESET_AF_FLR },
	{ "pm", EC_RESET_PM },
	{ "bus", EC_RESET_BUS },
	{ "cxl_bus", EC_RESET_CXL_BUS },
	{ NULL },
};

/* A setting that is one number. */
static int add_number(struct ec_parse *p, const struct ec_key *k, uint64_t number)
{
	struct ec_setting s = { .verb = (uint8_t)k->what, .number = number };

	return ec_parse_add(p, &s);
}

static int set_bool(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct ec_setting s = { .verb = (uint8_t)k->what };
	bool b;
	int rc = ec_parse_bool(p, v, &b);

	if (rc)
		return rc;
	s.number = b;
	s.offset = (uint16_t)(k->what == EC_SET_BAR_HIDE ? p->bar : 0);
	return ec_parse_add(p, &s);
}

static int set_word(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint32_t word;
	int rc = ec_parse_word(p, v, k->words, &word);

	return rc ? rc : add_number(p, k, word);
}

/* No guest has the host topology. */
static int set_topology(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const struct ec_word topologies[] = {
		{ "bypassed" }, { "flattened" }, { "bus0" }, { "root-port" }, { NULL }
	};
	const char *text = json_string_value(v);
	uint32_t word;
	int topology = text ? ec_topology_parse(text) : -EINVAL;

	if (topology < 0 || topology == EC_HOST)
		return ec_parse_word(p, v, topologies, &word);
	return add_number(p, k, (uint64_t)topology);
}

static int set_treatment(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct ec_setting s = { .verb = (uint8_t)k->what };
	uint32_t word;
	int rc = ec_parse_word(p, v, k->words, &word);

	s.treatment = (uint8_t)word;
	return rc ? rc : ec_parse_add(p, &s);
}

static int set_number(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint64_t n;
	int rc = ec_parse_number(p, k, v, &n);

	return rc ? rc : add_number(p, k, n);
}

static int set_object(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	return ec_parse_object(p, v, k->keys);
}

static int set_pba(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint64_t n;
	int rc = ec_parse_number(p, k, v, &n);

	if (rc)
		return rc;
	if (n % 8)
		ec_parse_semantic(p, "\"%s\" must be a multiple of 8", k->name);
	return add_number(p, k, n);
}

bool ec_set_is_bool(const struct ec_key *k)
{
	return k->read == set_bool;
}

/* One of a few numbers. @list: ends with a 0. @what: the list in words. */
static int one_of(struct ec_parse *p, json_t *v, const uint8_t *list, const char *what,
		  uint8_t *out)
{
	int64_t i;

	if (ec_parse_is_integer(v, &i))
		for (; *list; list++)
			if (*list == i) {
				*out = *list;
				return 0;
			}
	return ec_parse_expected(p, v, what);
}

static int set_msi_vectors(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const uint8_t list[] = { 1, 2, 4, 8, 16, 32, 0 };
	uint8_t n = 0;
	int rc = one_of(p, v, list, "one of 1, 2, 4, 8, 16, 32", &n);

	return rc ? rc : add_number(p, k, n);
}

static int link_width(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const uint8_t list[] = { 1, 2, 4, 8, 12, 16, 32, 0 };

	(void)k;
	return one_of(p, v, list, "one of 1, 2, 4, 8, 12, 16, 32", &p->item.width);
}

static int link_speed(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const uint8_t rates[] = { 8, 16, 32, 64 };
	uint64_t n;
	int64_t i;
	int rc;

	/* GT/s are meant; 5 of them may be the number of a speed */
	for (unsigned int r = 0; r < sizeof(rates); r++)
		if (ec_parse_is_integer(v, &i) && i == rates[r]) {
			char meant[EC_MEANT_MAX];

			snprintf(meant, sizeof(meant), "%u", r + 3);
			return ec_parse_meant(p, v, "a number from 1 to 6", meant);
		}
	rc = ec_parse_number(p, k, v, &n);
	if (!rc)
		p->item.speed = (uint8_t)n;
	return rc;
}

/* A word, or the width and speed to show. */
static int set_link(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	int rc;

	if (json_is_string(v))
		return set_word(p, k, v);
	if (!json_is_object(v))
		return ec_parse_expected(p, v, "auto, hide or an object");
	p->item = (struct ec_setting){ .verb = (uint8_t)k->what, .number = EC_LINK_EXPLICIT };
	rc = ec_parse_object(p, v, k->keys);
	return rc ? rc : ec_parse_add(p, &p->item);
}

static int set_bar(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	p->bar = k->what;
	return ec_parse_object(p, v, k->keys);
}

/* An array of different names, as bits. */
static int set_methods(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint64_t bits = 0;
	json_t *element;
	size_t i;
	int rc = 0;

	if (!json_is_array(v) || !json_array_size(v))
		return ec_parse_expected(p, v, "an array of reset methods, not empty");
	json_array_foreach(v, i, element)
	{
		uint32_t word = 0;
		int one;

		ec_parse_push(p, NULL, i);
		one = ec_parse_word(p, element, k->words, &word);
		if (!one && (bits >> word & 1))
			one = ec_parse_wrong(p, "\"%s\" is given twice",
					     json_string_value(element));
		ec_parse_pop(p);
		bits |= one ? 0 : 1u << word;
		rc = one ? one : rc;
		if (ec_parse_stops(p, one))
			break;
	}
	return rc ? rc : add_number(p, k, bits);
}

static int set_dsn(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct ec_setting s = { .verb = (uint8_t)k->what };
	const char *text = json_string_value(v);

	if (text && !strcmp(text, "host"))
		s.treatment = EC_SHOW;
	else if (!text || (strcmp(text, "zero") != 0 &&
			   (strlen(text) > 18 || !ec_parse_hex(text, strlen(text), &s.number))))
		return ec_parse_expected(p, v, "host, zero, or 0x and 1 to 16 hex digits");
	return ec_parse_add(p, &s);
}

/* An address of a guest. */
static bool is_address(json_t *v, uint64_t *out)
{
	int64_t i;

	if (json_is_string(v))
		return ec_parse_hex(json_string_value(v), json_string_length(v), out) &&
		       *out <= ADDRESS_MAX;
	if (!ec_parse_is_integer(v, &i) || i < 0)
		return false;
	*out = (uint64_t)i;
	return *out <= ADDRESS_MAX;
}

static int set_ecam(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	const char *text = json_string_value(v);
	uint64_t n = EC_NO_ECAM;

	if (text && !strcmp(text, "none"))
		return add_number(p, k, n);
	if (!is_address(v, &n))
		return ec_parse_expected(
			p, v, "none, or an address of 52 bits, a number or as \"0xfd000000\"");
	if (n % MIB)
		ec_parse_semantic(p, "\"%s\" must be a multiple of 1 MiB", k->name);
	return add_number(p, k, n);
}

static int set_keep_only(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct ec_setting s = { .verb = (uint8_t)k->what };
	struct ec_cap_ref *refs;
	json_t *element;
	size_t i;
	int rc = 0;

	if (!json_is_array(v) || !json_array_size(v) || json_array_size(v) > UINT16_MAX)
		return ec_parse_expected(p, v, "an array of capabilities, not empty");
	refs = ec_arena_take(p->arena, json_array_size(v) * sizeof(*refs));
	if (!refs)
		return -ENOMEM;
	json_array_foreach(v, i, element)
	{
		int one;

		ec_parse_push(p, NULL, i);
		one = ec_parse_ref_value(p, element, EC_REF_ANY, refs + i);
		ec_parse_pop(p);
		rc = one ? one : rc;
		if (ec_parse_stops(p, one))
			break;
	}
	s.refs = refs;
	s.n = (uint16_t)json_array_size(v);
	return rc ? rc : ec_parse_add(p, &s);
}

/* A member of an object whose keys name capabilities. */
static int read_cap_value(struct ec_parse *p, const struct ec_key *k, const char *name, json_t *v)
{
	const struct ec_ref_text ref = { name, strlen(name), EC_REF_ANY, true };
	struct ec_setting s = { .verb = (uint8_t)k->what };
	uint32_t word = 0;
	uint64_t n = 0;
	int rc;

	if (!strcmp(name, "comment"))
		return ec_parse_comment(p, v);
	rc = ec_parse_ref(p, &ref, &s.cap);
	if (!rc)
		rc = k->words ? ec_parse_word(p, v, k->words, &word) : ec_parse_number(p, k, v, &n);
	if (rc)
		return rc;
	s.treatment = (uint8_t)word;
	s.length = (uint16_t)n;
	return ec_parse_add(p, &s);
}

/* {CAPREF: word or number} */
static int set_caps(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	return json_is_object(v) ? ec_parse_members(p, k, v, read_cap_value)
				 : ec_parse_expected(p, v, "an object of capabilities");
}

/* clang-format off */
static const struct ec_key link_keys[] = {
	{ .name = "width", .read = link_width, .required = true },
	{ .name = "speed", .read = link_speed, .low = 1, .high = 6, .plain = true, .required = true },
	{ NULL },
};

static const struct ec_key express_keys[] = {
	{ "type", set_word, EC_SET_EXPRESS_TYPE, .words = express_types },
	{ "version", set_number, EC_SET_EXPRESS_VERSION, .low = 1, .high = 2, .plain = true },
	{ "link", set_link, EC_SET_LINK_SHOWN, .words = links, .keys = link_keys },
	{ NULL },
};

static const struct ec_key vf_keys[] = {
	{ "ids", set_bool, EC_SET_VF_IDS },
	{ "memory_enable", set_bool, EC_SET_VF_MEMORY },
	{ NULL },
};

const struct ec_key ec_machine_keys[] = {
	{ "ecam", set_ecam, EC_SET_ECAM },
	{ "buses", set_number, EC_SET_ECAM_BUSES, .low = 1, .high = 256, .plain = true },
	{ "bus0", set_bool, EC_SET_ECAM_BUS0 },
	{ "bridge", set_word, EC_SET_BRIDGE, .words = bridges },
	{ NULL },
};

static const struct ec_key msi_keys[] = {
	{ "vectors", set_msi_vectors, EC_SET_MSI_VECTORS },
	{ "maskable", set_bool, EC_SET_MSI_MASKABLE },
	{ "disable", set_bool, EC_SET_MSI_DISABLE },
	{ NULL },
};

static const struct ec_key msix_keys[] = {
	{ "vectors", set_number, EC_SET_MSIX_VECTORS, .low = 1, .high = 2048, .plain = true },
	{ "pba_offset", set_pba, EC_SET_MSIX_PBA, .high = UINT32_MAX },
	{ "disable", set_bool, EC_SET_MSIX_DISABLE },
	{ NULL },
};

static const struct ec_key intx_keys[] = {
	{ "disable", set_bool, EC_SET_INTX_DISABLE },
	{ NULL },
};

static const struct ec_key bar_keys[] = {
	{ "hide", set_bool, EC_SET_BAR_HIDE, .required = true },
	{ NULL },
};

static const struct ec_key bars_keys[] = {
	{ "0", set_bar, 0, .keys = bar_keys }, { "1", set_bar, 1, .keys = bar_keys },
	{ "2", set_bar, 2, .keys = bar_keys }, { "3", set_bar, 3, .keys = bar_keys },
	{ "4", set_bar, 4, .keys = bar_keys }, { "5", set_bar, 5, .keys = bar_keys },
	{ NULL },
};

static const struct ec_key reset_keys[] = {
	{ "methods", set_methods, EC_SET_RESET_METHODS, .words = methods },
	{ "forbid", set_methods, EC_SET_RESET_FORBID, .words = methods },
	{ NULL },
};

static const struct ec_key pm_keys[] = {
	{ "d3", set_word, EC_SET_PM_D3, .words = power },
	{ "no_soft_reset", set_bool, EC_SET_PM_NO_SOFT_RESET },
	{ "pme", set_bool, EC_SET_PM_PME },
	{ NULL },
};

static const struct ec_key aer_keys[] = {
	{ "uncorrectable_mask", set_number, EC_SET_AER_UNCOR_MASK, .high = UINT32_MAX },
	{ "correctable_mask", set_number, EC_SET_AER_COR_MASK, .high = UINT32_MAX },
	{ NULL },
};

const struct ec_key ec_set_keys[] = {
	{ "permissive", set_bool, EC_SET_PERMISSIVE },
	{ "gaps", set_treatment, EC_SET_GAPS, .words = body_words },
	{ "bodies", set_treatment, EC_SET_BODIES, .words = body_words },
	{ "unknown_capabilities", set_treatment, EC_SET_UNKNOWN, .words = body_words },
	{ "keep_only", set_keep_only, EC_SET_KEEP_ONLY },
	{ "capabilities", set_caps, EC_SET_CAPABILITY, .words = cap_words },
	{ "registers", ec_parse_items, EC_SET_REGISTER, .keys = ec_register_keys, .finish = ec_item_register },
	{ "ranges", ec_parse_items, EC_SET_RANGE, .keys = ec_range_keys, .finish = ec_item_range },
	{ "add", ec_parse_items, EC_SET_ADD, .keys = ec_add_keys, .finish = ec_item_add },
	{ "move", ec_parse_items, EC_SET_MOVE, .keys = ec_move_keys, .finish = ec_item_place },
	{ "link", ec_parse_items, EC_SET_LINK, .keys = ec_link_keys, .finish = ec_item_place },
	{ "sizes", set_caps, EC_SET_SIZE, .low = 2, .high = 4096 },
	{ "express", set_object, .keys = express_keys },
	{ "topology", set_topology, EC_SET_TOPOLOGY },
	{ "slot", set_number, EC_SET_SLOT, .high = 31 },
	{ "multifunction", set_word, EC_SET_MULTIFUNCTION, .words = functions },
	{ "vf", set_object, .keys = vf_keys },
	{ "machine", set_object, .keys = ec_machine_keys },
	{ "msi", set_object, .keys = msi_keys },
	{ "msix", set_object, .keys = msix_keys },
	{ "intx", set_object, .keys = intx_keys },
	{ "bars", set_object, .keys = bars_keys },
	{ "rebar", set_word, EC_SET_REBAR, .words = rebars },
	{ "rom", set_word, EC_SET_ROM, .words = roms },
	{ "reset", set_object, .keys = reset_keys },
	{ "pm", set_object, .keys = pm_keys },
	{ "aer", set_object, .keys = aer_keys },
	{ "dsn", set_dsn, EC_SET_DSN },
	{ "vpd", set_word, EC_SET_VPD, .words = vpds },
	{ NULL },
};
/* clang-format on */
