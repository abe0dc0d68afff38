/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that come back to what is not as it was: whatever it is, they start. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "supervisor/reattach.h"
#include "world.h"

#define UUID "11111111-2222-3333-4444-555555555555"
#define IDS 0x00011234u

static struct world *w;
static struct ec_guest_info *new;

/* A guest has come, and @text is noted of NIC under its UUID. */
static void come(const char *text)
{
	struct fixture x;

	w = world_new();
	world_card(&x, NIC);
	world_add(w, NIC, "nic", &x);
	world_card(&x, NIC2);
	world_add(w, NIC2, "", &x);
	fakexen_store_ops.note(w->f, UUID, NIC, text);
	new = world_guest(w, PVH2);
	strcpy(new->uuid, UUID);
	fakexen_introduce(w->f, PVH2);
	fakexen_forget(w->f);
}

static bool has(uint32_t domid, unsigned int slot)
{
	return world_read(w, domid, slot, 0, 4) == IDS;
}

/* Nobody but the toolstack keeps it from starting. */
static void check_starts(void)
{
	ck_assert(!new->started);
	fakexen_unpause(w->f, PVH2);
	ck_assert(new->started);
	ck_assert_uint_eq(fakexen_count(w->f, "pause d4 add"),
			  fakexen_count(w->f, "pause d4 remove"));
	world_check(w);
}

/* Every call fails once: the guest starts in any case. */
START_TEST(failures)
{
	unsigned int n = 1, given = 0, again = 0;

	for (bool more = true; more; n++) {
		come("03:00.0@5");
		fakexen_fail(w->f, n, EIO);
		ec_comeback_look(w->s);
		more = !fakexen_failing(w->f);
		while (fakexen_failing(w->f))
			fakexen_store_ops.dispatch(w->f);
		given += has(PVH2, 5);
		if (more && !has(PVH2, 5)) {
			/* somebody else comes: whoever could not be looked at is, now */
			ck_assert_uint_gt(w->lines, 0);
			ec_comeback_look(w->s);
			again += has(PVH2, 5);
		}
		/* whether it was given or not, it will be tried when the guest comes again */
		ck_assert_ptr_nonnull(fakexen_note(w->f, UUID, NIC));
		fakexen_unpause(w->f, PVH2);
		ck_assert(new->started);
		world_check(w);
		if (has(PVH2, 5))
			ck_assert_int_eq(world_detach(w, PVH2, NIC), 0);
		world_check_clean(w);
		world_free(w);
	}
	ck_assert_uint_gt(n, 30);
	/* without its name it has a number, and with an unset pause it is hot-plugged */
	ck_assert_uint_gt(given, 3);
	ck_assert_uint_ge(again, 2);
}
END_TEST

/* Notes that nobody here has written. */
static const char *const wrong[] = {
	"",
	"nonsense",
	"04:00.0@5",
	"03:00.0@20",
	"03:00.0@5,seize=1",
	"03:00.0@5,",
	"03:00.0@5,ecam=1",
	"03:00.0@5\033[2J",
	"03:00.0@5,hide="
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"%s%s%n",
};

START_TEST(wrong_note)
{
	come(wrong[_i]);
	fakexen_store_ops.note(w->f, UUID, NIC2, _i % 2 ? "04:00.0@6" : NULL);
	ec_comeback_look(w->s);
	ck_assert(world_log_has(w, "pvh2 (domain 4) has a wrong note of 0000:03:00.0, which is "
				   "removed: "));
	ck_assert(!strchr(w->text, '\033'));
	ck_assert_ptr_null(fakexen_note(w->f, UUID, NIC));
	/* the others count */
	ck_assert_int_eq(has(PVH2, 6), _i % 2);
	check_starts();
	if (_i % 2)
		ck_assert_int_eq(world_detach(w, PVH2, NIC2), 0);
	world_check_clean(w);
	world_free(w);
}
END_TEST

/* A good note that rules, slots or others stand against: it stays. */
static void rule(void)
{
	w->rules = "{ \"version\": 1, \"rules\": [ {";
}

static void taken(void)
{
	world_guest(w, HVM);
	ck_assert_int_eq(world_attach(w, HVM, NIC), 0);
}

static void no_iommu(void)
{
	new->iommu = false;
}

static void no_reset(void)
{
	w->gone = true;
}

static const struct {
	void (*make)(void);
	const char *note, *says;
} refused[] = {
	{ rule, "03:00.0@5", "test.json" },
	{ taken, "03:00.0@5", "domain 5 (hvm) has it" },
	{ no_iommu, "03:00.0@5", "without an IOMMU" },
	{ no_reset, "03:00.0@5", "reset" },
	{ NULL, "03:00.0@0", "slot 00 of the guest is the host bridge's" },
	{ NULL, "03:00.0@5,rom=never", "rom=never" },
	{ NULL, "03:00.0@5,ecam=0", "low memory" },
};

START_TEST(refusals)
{
	char line[160];

	come(refused[_i].note);
	if (refused[_i].make)
		refused[_i].make();
	ec_comeback_look(w->s);
	while (fakexen_failing(w->f))
		fakexen_store_ops.dispatch(w->f);
	snprintf(line, sizeof(line), "pvh2 (domain 4) comes back without 0000:03:00.0: ");
	ck_assert_msg(world_log_has(w, line) && world_log_has(w, refused[_i].says), "%s", w->text);
	ck_assert_str_eq(fakexen_note(w->f, UUID, NIC), refused[_i].note);
	check_starts();
	world_free(w);
}
END_TEST

/* It was quicker than we are. */
START_TEST(started)
{
	come("03:00.0@5");
	fakexen_unpause(w->f, PVH2);
	ck_assert(new->started);
	ec_comeback_look(w->s);
	ck_assert(has(PVH2, 5));
	ck_assert(world_log_has(w, "has started before its functions could be given to it"));
	ck_assert_uint_eq(fakexen_count(w->f, "pause d4 add"), 1);
	ck_assert_uint_eq(fakexen_count(w->f, "pause d4 remove"), 1);
	world_free(w);
}
END_TEST

static const char *when_now;

/* Gone again before its turn, or in the middle of it. */
static void dies(struct world *now, const char *op)
{
	if (strcmp(op, when_now))
		return;
	now->hook = NULL;
	fakexen_kill(now->f, PVH2);
}

START_TEST(gone_again)
{
	static const char *const when[] = { "pause", "create", "reset", "assign", "enable" };

	come("03:00.0@5");
	when_now = when[_i];
	w->hook = dies;
	ec_comeback_look(w->s);
	ck_assert_ptr_null(w->hook);
	ec_service_reap(w->s);
	world_check_clean(w);
	ck_assert(!world_log_has(w, "stays paused"));
	world_free(w);
}
END_TEST

/* Two that live have one UUID: one of them has the functions, and keeps them. */
START_TEST(namesake)
{
	struct ec_guest_info *other;

	come("03:00.0@5");
	ec_comeback_look(w->s);
	check_starts();
	other = world_guest(w, HVM);
	strcpy(other->uuid, UUID);
	fakexen_introduce(w->f, HVM);
	ec_comeback_look(w->s);
	ck_assert(has(PVH2, 5) && !has(HVM, 5));
	ck_assert(world_log_has(w, "hvm (domain 5) has the UUID of domain 4, which lives"));
	fakexen_unpause(w->f, HVM);
	ck_assert(other->started);
	world_free(w);
}
END_TEST

/* Another guest is called as this one is numbered. */
START_TEST(numbered)
{
	static const char *const names[] = { "", "12" };
	struct ec_guest_info *it;

	come("03:00.0@5");
	fakexen_kill(w->f, PVH2);
	fakexen_guest(w->f, 12, "13");
	it = fakexen_guest(w->f, 13, names[_i]);
	it->device_model = it->intx = it->pirqs = false;
	strcpy(it->uuid, UUID);
	fakexen_introduce(w->f, 13);
	ec_comeback_look(w->s);
	ck_assert(!has(12, 5));
	ck_assert_int_eq(has(13, 5), _i);
	ck_assert(_i || world_log_has(w, "(domain 13) comes back without its functions"));
	fakexen_unpause(w->f, 13);
	ck_assert(it->started);
	world_free(w);
}
END_TEST

/* What is never paused: guests without notes, PV guests, those that are dying. */
START_TEST(left_alone)
{
	come("03:00.0@5");
	if (_i == 0)
		strcpy(new->uuid, "11111111-2222-3333-4444-666666666666");
	new->hvm = _i != 1;
	new->dying = _i == 2;
	ec_comeback_look(w->s);
	ck_assert_uint_eq(fakexen_count(w->f, "pause"), 0);
	ck_assert_str_eq(fakexen_note(w->f, UUID, NIC), "03:00.0@5");
	ck_assert_uint_eq(w->lines, 0);
	world_check_clean(w);
	world_free(w);
}
END_TEST

/* A text that is too long with its slot: the guest has the function, and is told so. */
START_TEST(not_noted)
{
	char text[EC_ATTACH_SPEC_MAX] = "03:00.0,rebar=hide";
	struct ec_attach_spec spec;

	come("03:00.0@5");
	ec_comeback_look(w->s);
	ck_assert_int_eq(world_detach(w, PVH2, NIC), 0);
	while (strlen(text) < EC_ATTACH_SPEC_MAX - 2)
		strcat(text, ",hide=AER");
	ck_assert_int_eq(ec_attach_spec_parse(text, &spec, NULL), 0);
	ck_assert_int_eq(world_attach_as(w, PVH2, &spec), 0);
	ck_assert(has(PVH2, 1));
	ck_assert(world_log_has(w, "cannot be noted"));
	ck_assert_ptr_null(fakexen_note(w->f, UUID, NIC));
	world_free(w);
}
END_TEST

Suite *suite_comeback_wrong(void)
{
	Suite *s = suite_create("comeback_wrong");
	TCase *t = tcase_create("comeback_wrong");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, failures);
	tcase_add_loop_test(t, wrong_note, 0, EC_ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, refusals, 0, EC_ARRAY_SIZE(refused));
	tcase_add_test(t, started);
	tcase_add_loop_test(t, gone_again, 0, 5);
	tcase_add_test(t, namesake);
	tcase_add_loop_test(t, numbered, 0, 2);
	tcase_add_loop_test(t, left_alone, 0, 3);
	tcase_add_test(t, not_noted);
	suite_add_tcase(s, t);
	return s;
}
