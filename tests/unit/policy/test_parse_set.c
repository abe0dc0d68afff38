/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy/parse: the setting of each key of "set" and of each option of an attach. */
#include <errno.h>
#include <jansson.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/registry.h"
#include "core/bits.h"
#include "emulated/host_bridge.h"
#include "ruleset.h"
#include "suites.h"
#include "view/topology.h"

#define ALL UINT32_MAX
#define STD(i) .cap = { .id = (i) }
#define EXT(i) .cap = { .id = (i), .extended = true }
#define TREAT(t) .treatment = (t), .bits = EC_BITS_TREAT

static const struct ec_cap_ref kept[] = { { .id = 1 },
					  { .id = 9, .instance = 2 },
					  { .id = 0x10, .extended = true } };

static const struct {
	const char *keys;
	struct ec_setting want;
} settings[] = {
	{ "'permissive':true", { EC_SET_PERMISSIVE, .number = 1, .path = "set.permissive" } },
	{ "'permissive':false", { EC_SET_PERMISSIVE, .path = "set.permissive" } },
	{ "'gaps':'pass'", { EC_SET_GAPS, EC_PASS, .path = "set.gaps" } },
	{ "'bodies':'read'", { EC_SET_BODIES, EC_READ, .path = "set.bodies" } },
	{ "'unknown_capabilities':'freeze'",
	  { EC_SET_UNKNOWN, EC_FREEZE, .path = "set.unknown_capabilities" } },
	{ "'keep_only':['PM','VNDR#2','ext:0x10']",
	  { EC_SET_KEEP_ONLY, .refs = kept, .n = 3, .path = "set.keep_only" } },
	{ "'capabilities':{'AER':'hide'}",
	  { EC_SET_CAPABILITY, EC_HIDE, EXT(1), .path = "set.capabilities.AER" } },
	{ "'capabilities':{'std:NULL#3':'emulate'}",
	  { EC_SET_CAPABILITY, EC_EMULATE, .cap = { .instance = 3 },
	    .path = "set.capabilities.std:NULL#3" } },
	{ "'capabilities':{'16GT':'show'}",
	  { EC_SET_CAPABILITY, EC_SHOW, EXT(0x26), .path = "set.capabilities.16GT" } },
	{ "'registers':[{'register':'COMMAND','treatment':'freeze'}]",
	  { EC_SET_REGISTER, TREAT(EC_FREEZE), .mask = ALL, .name = "COMMAND",
	    .path = "set.registers[0]" } },
	{ "'registers':[{'register':'EXP#1.DEVCTL2','value':'0xA','mask':15}]",
	  { EC_SET_REGISTER, .bits = EC_BITS_VALUE, .in_cap = true,
	    .cap = { .id = 0x10, .instance = 1 }, .mask = 15, .value = 10, .name = "DEVCTL2",
	    .path = "set.registers[0]" } },
	/* as setpci has them: bytes of a capability, of the first one without @ */
	{ "'registers':[{'register':'CAP_EXP+8.w','treatment':'freeze'}]",
	  { EC_SET_RANGE, TREAT(EC_FREEZE), .in_cap = true, .cap = { .id = 0x10, .instance = 1 },
	    .offset = 8, .length = 2, .mask = 0xffff, .path = "set.registers[0]" } },
	{ "'registers':[{'register':'ECAP0001+4.L@1','treatment':'freeze','mask':'0xffffffff'}]",
	  { EC_SET_RANGE, TREAT(EC_FREEZE), .in_cap = true,
	    .cap = { .id = 1, .extended = true, .instance = 2 }, .offset = 4, .length = 4,
	    .mask = ALL, .path = "set.registers[0]" } },
	{ "'registers':[{'register':'CAP_MSIX+2.b','value':1,'mask':3}]",
	  { EC_SET_RANGE, .bits = EC_BITS_VALUE, .in_cap = true,
	    .cap = { .id = 0x11, .instance = 1 }, .offset = 2, .length = 1, .mask = 3, .value = 1,
	    .path = "set.registers[0]" } },
	{ "'ranges':[{'offset':240,'length':2,'treatment':'pass','w1c':'0x8000'}]",
	  { EC_SET_RANGE, EC_PASS, EC_BITS_TREAT | EC_BITS_W1C, .offset = 240, .length = 2,
	    .mask = 0xffff, .w1c = 0x8000, .path = "set.ranges[0]" } },
	{ "'ranges':[{'offset':'0x8','length':'0x4','value':1,'capability':'VSEC','mask':3}]",
	  { EC_SET_RANGE, .bits = EC_BITS_VALUE, .in_cap = true, EXT(0x0b), .offset = 8,
	    .length = 4, .mask = 3, .value = 1, .path = "set.ranges[0]" } },
	{ "'ranges':[{'offset':0,'length':4096,'treatment':'hide'}]",
	  { EC_SET_RANGE, TREAT(EC_HIDE), .length = 4096, .mask = ALL, .path = "set.ranges[0]" } },
	{ "'add':[{'capability':'DSN','at':'0x200','version':3,'bytes':'00fFA1'}]",
	  { EC_SET_ADD, EXT(3), .offset = 0x200, .number = 3, .n = 3,
	    .bytes = (const uint8_t *)"\0\xff\xa1", .path = "set.add[0]" } },
	{ "'add':[{'capability':'ext:DSN','at':'auto','bytes':''}]",
	  { EC_SET_ADD, EXT(3), .number = 1, .path = "set.add[0]" } },
	{ "'add':[{'capability':'VNDR','at':64,'bytes':'05'}]",
	  { EC_SET_ADD, STD(9), .offset = 64, .n = 1, .bytes = (const uint8_t *)"\5",
	    .path = "set.add[0]" } },
	{ "'move':[{'capability':'MSI','to':'0xfc'}]",
	  { EC_SET_MOVE, STD(5), .offset = 0xfc, .path = "set.move[0]" } },
	{ "'link':[{'capability':'AER','at':4092}]",
	  { EC_SET_LINK, EXT(1), .offset = 0xffc, .path = "set.link[0]" } },
	{ "'sizes':{'VNDR':'0x1000'}",
	  { EC_SET_SIZE, STD(9), .length = 4096, .path = "set.sizes.VNDR" } },
	{ "'express':{'type':'auto'}",
	  { EC_SET_EXPRESS_TYPE, .number = EC_AUTO, .path = "set.express.type" } },
	{ "'express':{'type':'endpoint'}",
	  { EC_SET_EXPRESS_TYPE, .number = PCI_EXP_TYPE_ENDPOINT, .path = "set.express.type" } },
	{ "'express':{'type':'legacy'}",
	  { EC_SET_EXPRESS_TYPE, .number = PCI_EXP_TYPE_LEG_END, .path = "set.express.type" } },
	{ "'express':{'type':'rciep'}",
	  { EC_SET_EXPRESS_TYPE, .number = PCI_EXP_TYPE_ROOT_INT_EP, .path = "set.express.type" } },
	{ "'express':{'version':2}",
	  { EC_SET_EXPRESS_VERSION, .number = 2, .path = "set.express.version" } },
	{ "'express':{'link':'auto'}",
	  { EC_SET_LINK_SHOWN, .number = EC_LINK_AUTO, .path = "set.express.link" } },
	{ "'express':{'link':'hide'}",
	  { EC_SET_LINK_SHOWN, .number = EC_LINK_HIDE, .path = "set.express.link" } },
	{ "'express':{'link':{'width':16,'speed':5}}",
	  { EC_SET_LINK_SHOWN, .number = EC_LINK_EXPLICIT, .width = 16, .speed = 5,
	    .path = "set.express.link" } },
	{ "'topology':'bypassed'",
	  { EC_SET_TOPOLOGY, .number = EC_BYPASSED, .path = "set.topology" } },
	{ "'topology':'flattened'",
	  { EC_SET_TOPOLOGY, .number = EC_FLATTENED, .path = "set.topology" } },
	{ "'slot':'0x1f'", { EC_SET_SLOT, .number = 31, .path = "set.slot" } },
	{ "'multifunction':'auto'",
	  { EC_SET_MULTIFUNCTION, .number = EC_AUTO, .path = "set.multifunction" } },
	{ "'multifunction':'clear'",
	  { EC_SET_MULTIFUNCTION, .number = 0, .path = "set.multifunction" } },
	{ "'multifunction':'set'",
	  { EC_SET_MULTIFUNCTION, .number = 1, .path = "set.multifunction" } },
	{ "'vf':{'ids':true}", { EC_SET_VF_IDS, .number = 1, .path = "set.vf.ids" } },
	{ "'vf':{'memory_enable':true}",
	  { EC_SET_VF_MEMORY, .number = 1, .path = "set.vf.memory_enable" } },
	{ "'machine':{'ecam':'none'}",
	  { EC_SET_ECAM, .number = EC_NO_ECAM, .path = "set.machine.ecam" } },
	{ "'machine':{'ecam':'0xE0000000'}",
	  { EC_SET_ECAM, .number = 0xe0000000, .path = "set.machine.ecam" } },
	{ "'machine':{'ecam':'0xfffffff00000'}",
	  { EC_SET_ECAM, .number = 0xfffffff00000, .path = "set.machine.ecam" } },
	{ "'machine':{'ecam':4244635648}",
	  { EC_SET_ECAM, .number = 0xfd000000, .path = "set.machine.ecam" } },
	{ "'machine':{'ecam':0}", { EC_SET_ECAM, .number = 0, .path = "set.machine.ecam" } },
	{ "'machine':{'buses':256}",
	  { EC_SET_ECAM_BUSES, .number = 256, .path = "set.machine.buses" } },
	{ "'machine':{'bus0':true}",
	  { EC_SET_ECAM_BUS0, .number = 1, .path = "set.machine.bus0" } },
	{ "'machine':{'bridge':'plain'}",
	  { EC_SET_BRIDGE, .number = EC_BRIDGE_PLAIN, .path = "set.machine.bridge" } },
	{ "'machine':{'bridge':'q35'}",
	  { EC_SET_BRIDGE, .number = EC_BRIDGE_Q35, .path = "set.machine.bridge" } },
	{ "'msi':{'vectors':8}", { EC_SET_MSI_VECTORS, .number = 8, .path = "set.msi.vectors" } },
	{ "'msi':{'maskable':true}",
	  { EC_SET_MSI_MASKABLE, .number = 1, .path = "set.msi.maskable" } },
	{ "'msi':{'disable':true}",
	  { EC_SET_MSI_DISABLE, .number = 1, .path = "set.msi.disable" } },
	{ "'msix':{'vectors':2048}",
	  { EC_SET_MSIX_VECTORS, .number = 2048, .path = "set.msix.vectors" } },
	{ "'msix':{'disable':true}",
	  { EC_SET_MSIX_DISABLE, .number = 1, .path = "set.msix.disable" } },
	{ "'msix':{'pba_offset':'0x3008'}",
	  { EC_SET_MSIX_PBA, .number = 0x3008, .path = "set.msix.pba_offset" } },
	{ "'intx':{'disable':true}",
	  { EC_SET_INTX_DISABLE, .number = 1, .path = "set.intx.disable" } },
	{ "'bars':{'5':{'hide':true}}",
	  { EC_SET_BAR_HIDE, .offset = 5, .number = 1, .path = "set.bars.5.hide" } },
	{ "'rebar':'single'", { EC_SET_REBAR, .number = 1, .path = "set.rebar" } },
	{ "'rebar':'hide'", { EC_SET_REBAR, .number = 0, .path = "set.rebar" } },
	{ "'rom':'host'", { EC_SET_ROM, .number = 1, .path = "set.rom" } },
	{ "'rom':'none'", { EC_SET_ROM, .number = 0, .path = "set.rom" } },
	{ "'reset':{'methods':['flr','cxl_bus']}",
	  { EC_SET_RESET_METHODS, .number = 1u << EC_RESET_FLR | 1u << EC_RESET_CXL_BUS,
	    .path = "set.reset.methods" } },
	{ "'reset':{'forbid':['device_specific']}",
	  { EC_SET_RESET_FORBID, .number = 1, .path = "set.reset.forbid" } },
	{ "'pm':{'d3':'forbid'}", { EC_SET_PM_D3, .number = 0, .path = "set.pm.d3" } },
	{ "'pm':{'d3':'emulate'}", { EC_SET_PM_D3, .number = 1, .path = "set.pm.d3" } },
	{ "'pm':{'d3':'allow'}", { EC_SET_PM_D3, .number = 2, .path = "set.pm.d3" } },
	{ "'pm':{'no_soft_reset':true}",
	  { EC_SET_PM_NO_SOFT_RESET, .number = 1, .path = "set.pm.no_soft_reset" } },
	{ "'vpd':'hide'", { EC_SET_VPD, .number = 0, .path = "set.vpd" } },
	{ "'vpd':'read'", { EC_SET_VPD, .number = 1, .path = "set.vpd" } },
	{ "'vpd':'write'", { EC_SET_VPD, .number = 2, .path = "set.vpd" } },
	{ "'pm':{'pme':false}", { EC_SET_PM_PME, .number = 0, .path = "set.pm.pme" } },
	{ "'aer':{'uncorrectable_mask':'0xffffffff'}",
	  { EC_SET_AER_UNCOR_MASK, .number = ALL, .path = "set.aer.uncorrectable_mask" } },
	{ "'aer':{'correctable_mask':8192}",
	  { EC_SET_AER_COR_MASK, .number = 8192, .path = "set.aer.correctable_mask" } },
	{ "'dsn':'host'", { EC_SET_DSN, EC_SHOW, .path = "set.dsn" } },
	{ "'dsn':'zero'", { EC_SET_DSN, .path = "set.dsn" } },
	{ "'dsn':'0xFEDCBA9876543210'",
	  { EC_SET_DSN, .number = 0xfedcba9876543210, .path = "set.dsn" } },
};

static void check_cap(const struct ec_cap_ref *got, const struct ec_cap_ref *want)
{
	ck_assert_uint_eq(got->id, want->id);
	ck_assert_uint_eq(got->instance, want->instance);
	ck_assert_int_eq(got->extended, want->extended);
}

static void check_setting(const struct ec_setting *got, const struct ec_setting *want)
{
	ck_assert_uint_eq(got->verb, want->verb);
	ck_assert_uint_eq(got->treatment, want->treatment);
	ck_assert_uint_eq(got->bits, want->bits);
	ck_assert(got->width == want->width && got->speed == want->speed);
	ck_assert_int_eq(got->in_cap, want->in_cap);
	check_cap(&got->cap, &want->cap);
	ck_assert_uint_eq(got->offset, want->offset);
	ck_assert_uint_eq(got->length, want->length);
	ck_assert_uint_eq(got->mask, want->mask);
	ck_assert_uint_eq(got->value, want->value);
	ck_assert_uint_eq(got->w1c, want->w1c);
	ck_assert_uint_eq(got->number, want->number);
	ck_assert_str_eq(got->path, want->path);
	ck_assert_pstr_eq(got->name, want->name);
	ck_assert_uint_eq(got->n, want->n);
	for (unsigned int i = 0; want->refs && i < want->n; i++)
		check_cap(got->refs + i, want->refs + i);
	if (want->bytes)
		ck_assert_mem_eq(got->bytes, want->bytes, want->n);
}

START_TEST(each_key_becomes_its_setting)
{
	struct ec_rules *r = ruleset_set(settings[_i].keys);

	ck_assert_uint_eq(r->n, 1);
	ck_assert_uint_eq(r->rule->n, 1);
	check_setting(r->rule->setting, &settings[_i].want);
	ec_rules_free(r);
}
END_TEST

START_TEST(every_verb_is_in_the_table)
{
	uint64_t seen = 0;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(settings); i++)
		seen |= 1ull << settings[i].want.verb;
	ck_assert_uint_eq(seen, (1ull << EC_VERBS) - 1);
}
END_TEST

START_TEST(settings_are_in_the_order_of_the_file)
{
	struct ec_rules *r =
		ruleset_set("'slot':3,'bars':{'2':{'hide':true}},'permissive':true,"
			    "'registers':[{'register':'COMMAND','value':0},"
			    "{'register':'PM.PMCSR','treatment':'read'}],'ranges':[],'msi':{}");
	const struct ec_setting *s = r->rule->setting;

	/* in the order of the file; no member is left over from the setting before */
	ck_assert_uint_eq(r->rule->n, 5);
	ck_assert(s[0].verb == EC_SET_SLOT && s[0].offset == 0);
	ck_assert(s[1].verb == EC_SET_BAR_HIDE && s[1].offset == 2);
	ck_assert(s[2].verb == EC_SET_PERMISSIVE && s[2].offset == 0);
	ck_assert(s[3].verb == EC_SET_REGISTER && !s[3].in_cap && s[3].bits == EC_BITS_VALUE);
	ck_assert(s[4].verb == EC_SET_REGISTER && s[4].in_cap && s[4].bits == EC_BITS_TREAT);
	ck_assert_str_eq(s[4].path, "set.registers[1]");
	ec_rules_free(r);
}
END_TEST

static const struct {
	const char *key, *value, *keys; /* as a file has it */
} options[] = {
	{ "permissive", "1", "'permissive':true" },
	{ "permissive", "true", "'permissive':true" },
	{ "permissive", "0", "'permissive':false" },
	{ "permissive", "false", "'permissive':false" },
	{ "rom", "none", "'rom':'none'" },
	{ "topology", "flattened", "'topology':'flattened'" },
	{ "topology", "root-port", "'topology':'flattened'" },
	{ "topology", "bus0", "'topology':'bypassed'" },
	{ "topology", "flattened", "'topology':'root-port'" },
	{ "topology", "bypassed", "'topology':'bus0'" },
	{ "multifunction", "set", "'multifunction':'set'" },
	{ "rebar", "hide", "'rebar':'hide'" },
	{ "slot", "5", "'slot':5" },
	{ "slot", "0x1e", "'slot':30" },
	{ "gaps", "read", "'gaps':'read'" },
	{ "unknown_capabilities", "pass", "'unknown_capabilities':'pass'" },
	{ "dsn", "zero", "'dsn':'zero'" },
	{ "dsn", "0x12", "'dsn':'0x12'" },
	{ "buses", "128", "'machine':{'buses':128}" },
	{ "bus0", "1", "'machine':{'bus0':true}" },
	{ "bridge", "q35", "'machine':{'bridge':'q35'}" },
	{ "hide", "AER", "'capabilities':{'AER':'hide'}" },
	{ "hide", "ext:0x1#2", "'capabilities':{'ext:0x1#2':'hide'}" },
};

START_TEST(each_option_is_read_as_its_key)
{
	struct ec_rules *file = ruleset_set(options[_i].keys), *r = ec_rules_new();
	struct ec_rules_error err;
	char name[64];

	ck_assert_int_eq(ec_rules_add_set(r, "attach", options[_i].key, options[_i].value, &err),
			 0);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_str_eq(r->rule->file, "attach");
	snprintf(name, sizeof(name), "%s=%s", options[_i].key, options[_i].value);
	ck_assert_str_eq(r->rule->name, name);
	ck_assert_uint_eq(r->rule->layer, EC_LAYER_ATTACH);
	ck_assert(!r->rule->final && !r->rule->match.vf && !r->rule->match.bdf.n);
	ck_assert_uint_eq(r->rule->n, 1);
	check_setting(r->rule->setting, file->rule->setting);
	ec_rules_free(file);
	ec_rules_free(r);
}
END_TEST

static const struct {
	const char *key, *value, *path, *text;
} wrong_options[] = {
	{ "permissive", "2", "set.permissive", "\"permissive\" must be true or false; got \"2\"" },
	{ "permissive", "", "set.permissive", "got \"\"" },
	{ "permissive", "yes", "set.permissive", "got \"yes\"" },
	{ "slot", "32", "set.slot", "a number from 0 to 31" },
	{ "slot", "-1", "set.slot", "got \"-1\"" },
	{ "slot", "99999999999999999999", "set.slot", "a number from 0 to 31" },
	{ "slot", "5x", "set.slot", "got \"5x\"" },
	{ "slot", "", "set.slot", "got \"\"" },
	{ "rom", "1", "set.rom", "one of host, none; got \"1\"" },
	{ "dsn", "1", "set.dsn", "0x and 1 to 16 hex digits; got \"1\"" },
	{ "msi", "1", "set.msi", "\"msi\" must be an object" },
	{ "keep_only", "PM", "set.keep_only", "an array" },
	{ "registers", "COMMAND", "set.registers", "an array" },
	{ "capabilities", "AER", "set.capabilities", "an object" },
	{ "buses", "0", "set.machine.buses", "a number from 1 to 256; got 0" },
	{ "buses", "257", "set.machine.buses", "a number from 1 to 256; got 257" },
	{ "buses", "0x40", "set.machine.buses", "got \"0x40\"" },
	{ "bus0", "no", "set.machine.bus0", "true or false; got \"no\"" },
	{ "bridge", "Q35", "set.machine.bridge", "one of plain, q35; got \"Q35\"" },
	{ "machine", "q35", "set.machine", "\"machine\" must be an object" },
	{ "permisive", "1", "set.permisive", "did you mean \"permissive\"?" },
	{ "comment", "x", "set.comment", "unknown key \"comment\"" },
	{ "", "x", "set.", "unknown key" },
	{ "hide", "comment", "set.capabilities.comment", "no capability has this name" },
	{ "hide", "", "set.capabilities.", "not a capability's name" },
	{ "hide", "AERR", "set.capabilities.AERR", "did you mean \"AER\"?" },
	{ "hide", "\xff", "set.capabilities.?", "no capability has this name" },
	{ "rom", "\xff\x1b", "set.rom", "not UTF-8" },
	{ "\xff", "1", "set.?", "unknown key \"?\"" },
};

START_TEST(each_wrong_option_gives_the_expected_error)
{
	struct ec_rules *r = ruleset_set("'rom':'none'");
	struct ec_rules_error err;
	int rc =
		ec_rules_add_set(r, "attach", wrong_options[_i].key, wrong_options[_i].value, &err);

	ck_assert_int_eq(rc, -EINVAL);
	ck_assert_str_eq(err.path, wrong_options[_i].path);
	ck_assert_msg(strstr(err.text, wrong_options[_i].text) != NULL, "%s", err.text);
	ck_assert(!err.line && !err.column && !err.semantic);
	ck_assert_uint_eq(r->n, 1);
	ec_rules_free(r);
}
END_TEST

/* Text that grows. */
struct text {
	char *at;
	size_t len;
	FILE *f;
};

static void add_names(FILE *f, bool extended, const char *unless, const char *before)
{
	const struct ec_cap *cap;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		if (cap->extended != extended || !strcmp(cap->name, unless))
			continue;
		fprintf(f, "%s%s", before, cap->name);
		before = "|";
	}
}

static const char *pattern_of(json_t *schema, const char *def, const char *list)
{
	json_t *d = json_object_get(json_object_get(schema, "$defs"), def);

	if (list)
		d = json_object_get(
			json_object_get(json_object_get(json_object_get(d, "properties"), list),
					"items"),
			"properties");
	if (list)
		d = json_object_get(d, "register");
	return json_string_value(json_object_get(d, "pattern"));
}

/* NULL is the name of two capabilities, so it needs a prefix. */
/* A place as setpci names it, which is a register in rules too. */
#define SETPCI                                                                                     \
	"E?CAP(?:_[A-Z0-9_]{1,16}|[0-9a-fA-F]{1,4})(?:\\+[0-9a-fA-F]{1,3})?\\.[bwlBWL]"            \
	"(?:@[0-9a-fA-F]{1,2})?"

START_TEST(the_schema_has_the_names_of_the_registry)
{
	json_t *schema = json_load_file("policy/schema.json", JSON_REJECT_DUPLICATES, NULL);
	struct text ref = { 0 };
	char *whole;

	ck_assert(schema != NULL);
	ref.f = open_memstream(&ref.at, &ref.len);
	fprintf(ref.f, "(?:");
	add_names(ref.f, false, "NULL", "");
	add_names(ref.f, true, "NULL", "|");
	fprintf(ref.f, "|std:(?:");
	add_names(ref.f, false, "", "");
	fprintf(ref.f, "|0x[0-9a-fA-F]{1,2})|ext:(?:");
	add_names(ref.f, true, "", "");
	fprintf(ref.f, "|0x[0-9a-fA-F]{1,4}))(?:#[1-9][0-9]{0,2})?");
	fclose(ref.f);
	ck_assert(asprintf(&whole, "^%s$", ref.at) > 0);
	ck_assert_str_eq(pattern_of(schema, "capability", NULL), whole);
	free(whole);
	ck_assert(asprintf(&whole, "^(?:(?:%s\\.)?[A-Z0-9_]{1,32}|" SETPCI ")$", ref.at) > 0);
	ck_assert_str_eq(pattern_of(schema, "set", "registers"), whole);
	free(whole);
	free(ref.at);
	json_decref(schema);
}
END_TEST

START_TEST(every_capability_and_register_is_found_by_its_name)
{
	const struct ec_cap *cap;
	char keys[128];

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		const char *kind = cap->extended ? "ext:" : "std:";
		struct ec_rules *r;

		snprintf(keys, sizeof(keys), "'registers':[{'register':'%s%s.CAP_ID','value':0}]",
			 strcmp(cap->name, "NULL") ? "" : kind, cap->name);
		r = ruleset_set(keys);
		ck_assert_uint_eq(r->rule->setting->cap.id, cap->id);
		ck_assert_int_eq(r->rule->setting->cap.extended, cap->extended);
		ec_rules_free(r);
	}
}
END_TEST

START_TEST(reset_methods_have_the_names_of_the_kernel)
{
	for (unsigned int i = 0; i < EC_RESET_METHODS; i++) {
		char keys[64];
		struct ec_rules *r;

		snprintf(keys, sizeof(keys), "'reset':{'methods':['%s']}",
			 ec_reset_method_names[i]);
		r = ruleset_set(keys);
		ck_assert_uint_eq(r->rule->setting->number, 1u << i);
		ec_rules_free(r);
	}
}
END_TEST

Suite *suite_policy_parse_set(void)
{
	Suite *s = suite_create("policy_parse_set");
	TCase *t = tcase_create("set");

	tcase_add_loop_test(t, each_key_becomes_its_setting, 0, EC_ARRAY_SIZE(settings));
	tcase_add_test(t, every_verb_is_in_the_table);
	tcase_add_test(t, settings_are_in_the_order_of_the_file);
	tcase_add_loop_test(t, each_option_is_read_as_its_key, 0, EC_ARRAY_SIZE(options));
	tcase_add_loop_test(t, each_wrong_option_gives_the_expected_error, 0,
			    EC_ARRAY_SIZE(wrong_options));
	tcase_add_test(t, the_schema_has_the_names_of_the_registry);
	tcase_add_test(t, every_capability_and_register_is_found_by_its_name);
	tcase_add_test(t, reset_methods_have_the_names_of_the_kernel);
	suite_add_tcase(s, t);
	return s;
}
