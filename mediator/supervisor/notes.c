/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/notes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/log.h"

/* The UUID of a domain that was created without one. */
#define NO_UUID "00000000-0000-0000-0000-000000000000"

bool ec_notes_possible(const struct ec_guest_info *info)
{
	return *info->uuid && strcmp(info->uuid, NO_UUID) != 0;
}

/* The value of machine setting @i as an attach writes it. */
static const char *print_setting(enum ec_machine_setting i, uint64_t value, char number[24])
{
	if (i == EC_SETTING_ECAM && value == EC_NO_ECAM)
		return "none";
	if (i == EC_SETTING_BRIDGE)
		return ec_host_bridge_kind_names[value];
	snprintf(number, 24, i == EC_SETTING_ECAM ? "%#llx" : "%llu", (unsigned long long)value);
	return number;
}

/*
 * @spec with what the guest's machine is: the function that has decided it may be detached before
 * the guest reboots, and another may come back first.
 */
static int print_note(const struct ec_machine_settings *machine, const struct ec_attach_spec *spec,
		      char text[EC_ATTACH_SPEC_MAX])
{
	int rc = ec_attach_spec_print(spec, text);
	size_t len = rc ? 0 : strlen(text), more;

	for (unsigned int i = 0; i < EC_SETTINGS && !rc; i++) {
		const char *key = strchr(ec_machine_setting_names[i], '.') + 1;
		char number[24];

		if (!machine->setting[i].is_set || ec_attach_spec_has(spec, key) ||
		    (i == EC_SETTING_ECAM && spec->ecam != EC_ECAM_DEFAULT))
			continue;
		more = (size_t)snprintf(text + len, EC_ATTACH_SPEC_MAX - len, ",%s=%s", key,
					print_setting(i, machine->setting[i].value, number));
		/* a note without the setting is better than none */
		if (more >= EC_ATTACH_SPEC_MAX - len)
			more = 0;
		len += more;
		text[len] = 0;
	}
	return rc;
}

void ec_notes_add(const struct ec_attachment *a)
{
	const struct ec_guest *g = a->device->guest;
	struct ec_attach_spec spec = a->spec;
	char text[EC_ATTACH_SPEC_MAX];
	int rc;

	if (!ec_notes_possible(&g->info))
		return;
	spec.has_slot = true;
	spec.slot = a->device->place.slot;
	rc = print_note(&a->guest->settings, &spec, text);
	if (!rc)
		rc = ec_store_note(g->backends, g->info.uuid, spec.host, text);
	if (rc)
		ec_log(a->device, "cannot be noted, the guest will not find it after a reboot: %s",
		       strerror(-rc));
}

void ec_notes_remove(const struct ec_attachment *a)
{
	const struct ec_guest *g = a->device->guest;
	int rc;

	if (!ec_notes_possible(&g->info))
		return;
	rc = ec_store_note(g->backends, g->info.uuid, a->spec.host, NULL);
	if (rc)
		ec_log(a->device,
		       "its note cannot be removed, the guest will have it again after a reboot: "
		       "%s",
		       strerror(-rc));
}

struct forgotten {
	const struct ec_backends *backends;
	const char *uuid;
};

static int remove_one(void *ctx, struct ec_sbdf host, const char *text)
{
	const struct forgotten *f = ctx;

	(void)text;
	return ec_store_note(f->backends, f->uuid, host, NULL);
}

int ec_notes_forget(const struct ec_backends *b, const char *uuid)
{
	struct forgotten f = { b, uuid };

	return ec_store_recall(b, uuid, remove_one, &f);
}

int ec_notes_died(const struct ec_guest *g)
{
	int rc;

	if (g->info.rebooting || !ec_notes_possible(&g->info))
		return 0;
	rc = ec_notes_forget(g->backends, g->info.uuid);
	if (rc == -ENOTCONN)
		return rc;
	if (rc)
		ec_guest_log(g, "is gone, and its notes cannot be removed: %s", strerror(-rc));
	return 0;
}

struct search {
	struct ec_sbdf host;
	bool found;
	uint8_t slot;
};

static int find_slot(void *ctx, struct ec_sbdf host, const char *text)
{
	struct search *s = ctx;
	struct ec_attach_spec spec;

	if (ec_sbdf_compare(host, s->host) || ec_attach_spec_parse(text, &spec, NULL))
		return 0;
	s->found = spec.has_slot;
	s->slot = spec.slot;
	return 0;
}

bool ec_notes_previous_slot(const struct ec_guest *g, struct ec_sbdf host, uint8_t *slot)
{
	struct search s = { .host = host };

	if (!ec_notes_possible(&g->info) ||
	    ec_store_recall(g->backends, g->info.uuid, find_slot, &s) || !s.found)
		return false;
	*slot = s.slot;
	return true;
}
