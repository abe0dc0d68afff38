/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ioreq servers, over stubs of libxendevicemodel, libxenforeignmemory and libxenevtchn. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/bits.h"
#include "host/event_loop.h"
#include "hypervisor/xen_ioreq.h"
#include "stub_xen.h"
#include "stub_xen_server.h"
#include "suites.h"

#define OPS ec_xen_ioreq_ops
#define DOMID 7u
#define GUESTS STUB_SERVERS
#define PAGE EC_PAGE_SIZE
#define MS 1000000ull

static struct ec_xen_ioreq *x;
static struct ec_server *server[GUESTS];
static unsigned int handled[GUESTS], per_vcpu[STUB_VCPUS];
static uint64_t cost_ns; /* of one request */

/* The clock of the adapter, in ns; 0: the system's. Each look at it takes a microsecond. */
static uint64_t played_ns;

int clock_gettime(clockid_t clock, struct timespec *t)
{
	if (!played_ns)
		return (int)syscall(SYS_clock_gettime, clock, t);
	played_ns += 1000;
	t->tv_sec = (time_t)(played_ns / (1000 * MS));
	t->tv_nsec = (long)(played_ns % (1000 * MS));
	return 0;
}

static void handler(void *ctx, struct ec_ioreq *q)
{
	handled[*(const unsigned int *)ctx]++;
	played_ns += cost_ns;
	q->data = 0x12345678;
}

static struct ec_server_options options(unsigned int guest, unsigned int vcpus)
{
	static const unsigned int number[GUESTS] = { 0, 1 };

	return (struct ec_server_options){ DOMID + guest, vcpus, handler,
					   (void *)(uintptr_t)(number + guest) };
}

static struct ec_server *new_server(unsigned int guest, unsigned int vcpus)
{
	struct ec_server_options o = options(guest, vcpus);

	ck_assert_int_eq(OPS.create(x, &o, server + guest), 0);
	ck_assert_int_eq(OPS.enable(server[guest]), 0);
	stub_xen_reset();
	return server[guest];
}

static void setup(void)
{
	struct ec_diag diag;

	stub_xen_reset();
	stub_server_reset();
	memset(handled, 0, sizeof(handled));
	memset(per_vcpu, 0, sizeof(per_vcpu));
	cost_ns = 0;
	played_ns = 1000 * MS;
	x = ec_xen_ioreq_open(&diag);
	ck_assert(x != NULL);
}

static void teardown(void)
{
	stub_server_hook = NULL;
	played_ns = 0;
	for (unsigned int i = 0; i < GUESTS; i++) {
		OPS.destroy(server[i]);
		server[i] = NULL;
	}
	ec_xen_ioreq_close(x);
	ck_assert_uint_eq(stub_server_leaks(), 0);
}

/* A guest that never rests: a virtual CPU that has its answer makes the next request. */
static void ask_again(unsigned int n, int vcpu)
{
	if (vcpu < 0)
		return;
	per_vcpu[vcpu]++;
	stub_server_post(n, (unsigned int)vcpu);
	stub_server_raise(n, (unsigned int)vcpu);
}

static void ask(unsigned int n, unsigned int vcpus)
{
	for (unsigned int i = 0; i < vcpus; i++) {
		stub_server_post(n, i);
		stub_server_raise(n, i);
	}
}

static const unsigned int vcpus[] = { 1, 2, 4, 32, 128 };

START_TEST(a_turn_serves_one_request_of_each_virtual_cpu)
{
	struct ec_server *s = new_server(0, vcpus[_i]);

	stub_server_hook = ask_again;
	ask(0, vcpus[_i]);
	for (unsigned int turn = 1; turn <= 100; turn++) {
		ck_assert(stub_server_readable(0));
		ck_assert_int_eq(OPS.dispatch(s, 0), 0);
		for (unsigned int i = 0; i < vcpus[_i]; i++)
			ck_assert_uint_le(per_vcpu[i], turn);
	}
	ck_assert_uint_ge(handled[0], 100);
	/* the virtual CPUs have had the same number of turns */
	for (unsigned int i = 1; i < vcpus[_i]; i++)
		ck_assert_uint_eq(per_vcpu[i], per_vcpu[0]);
}
END_TEST

/* Time per request, and the time to poll, in ms; how many of one virtual CPU are served. */
static const struct {
	uint64_t cost, spin;
	unsigned int served;
} spins[] = {
	{ 20, 1, 1 },  /* the clock has run out during the first request */
	{ 20, 50, 3 }, /* at 0, 20 and 40 ms */
	{ 5, 50, 10 },
};

START_TEST(polling_has_one_clock_that_starts_with_the_turn)
{
	struct ec_server *s = new_server(0, 1);
	cost_ns = spins[_i].cost * MS;
	stub_server_hook = ask_again;
	ask(0, 1);
	ck_assert_int_eq(OPS.dispatch(s, spins[_i].spin * MS), 0);
	ck_assert_uint_eq(handled[0], spins[_i].served);
}
END_TEST

START_TEST(polling_with_many_virtual_cpus_ends_within_one_request)
{
	struct ec_server *s = new_server(0, 8);

	cost_ns = 10 * MS;
	stub_server_hook = ask_again;
	ask(0, 8);
	/* 80 ms for one of each: the clock of 1 ms has run out */
	ck_assert_int_eq(OPS.dispatch(s, 1 * MS), 0);
	ck_assert_uint_eq(handled[0], 8);
}
END_TEST

START_TEST(polling_serves_a_request_that_follows)
{
	struct ec_server *s = new_server(0, 1);
	uint64_t start;

	stub_server_hook = ask_again;
	ask(0, 1);
	ck_assert_int_eq(OPS.dispatch(s, 5 * MS), 0);
	ck_assert_uint_gt(handled[0], 1);
	/* without a request in the turn nothing is polled */
	stub_server_hook = NULL;
	ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	start = played_ns;
	ck_assert_int_eq(OPS.dispatch(s, 500 * MS), 0);
	ck_assert_uint_lt(played_ns - start, 400 * MS);
}
END_TEST

static char order[64];

static void serve(void *ctx, int fd, unsigned int events)
{
	unsigned int n = *(const unsigned int *)ctx;

	(void)fd;
	(void)events;
	ck_assert_int_eq(OPS.dispatch(server[n], 0), 0);
	order[strlen(order)] = (char)('a' + n);
	if (strlen(order) == 20)
		raise(SIGTERM);
}

/* The loop of the service, and guests that always have requests. */
START_TEST(guests_take_turns)
{
	static const unsigned int number[GUESTS] = { 0, 1 };
	struct ec_loop *l = ec_loop_new();

	memset(order, 0, sizeof(order));
	ck_assert(l != NULL);
	stub_server_hook = ask_again;
	for (unsigned int i = 0; i < GUESTS; i++) {
		new_server(i, 4);
		ask(i, 4);
		ck_assert_int_eq(ec_loop_watch(l, OPS.fd(server[i]), POLLIN, serve,
					       (void *)(uintptr_t)(number + i)),
				 0);
	}
	ck_assert_int_ge(ec_loop_run(l), 0);
	ec_loop_free(l);
	for (unsigned int i = 2; i < 20; i++)
		ck_assert_msg(order[i] != order[i - 1], "%s", order);
}
END_TEST

/* Virtual CPUs of the random guest: what they have sent, and what is under way. */
#define RANDOM_VCPUS 4u
static bool under_way[RANDOM_VCPUS]; /* the request is made, its event is not sent yet */
static bool quiet;
static unsigned int seed, asked;

static unsigned int any(unsigned int n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

/* Xen makes a request visible first and sends its event later. */
static void step(unsigned int n, int vcpu)
{
	unsigned int v = any(RANDOM_VCPUS);

	(void)vcpu;
	if (under_way[v]) {
		under_way[v] = false;
		stub_server_raise(n, v);
	} else if (!quiet && stub_server_slot(n, v)->state == STATE_IOREQ_NONE) {
		stub_server_post(n, v);
		under_way[v] = true;
		asked++;
	}
}

START_TEST(no_request_is_lost_however_its_event_comes)
{
	struct ec_server *s = new_server(0, RANDOM_VCPUS);

	seed = (unsigned int)_i + 1;
	quiet = false;
	asked = 0;
	memset(under_way, 0, sizeof(under_way));
	stub_server_hook = step;
	for (unsigned int i = 0; i < 1000; i++) {
		step(0, -1);
		if (stub_server_readable(0))
			ck_assert_int_eq(OPS.dispatch(s, _i & 1 ? 2000 : 0), 0);
	}
	/* the guest waits for its answers */
	quiet = true;
	for (unsigned int i = 0; i < RANDOM_VCPUS; i++) {
		if (under_way[i])
			stub_server_raise(0, i);
		under_way[i] = false;
	}
	while (stub_server_readable(0))
		ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	ck_assert_uint_eq(stub_server_ready(0), 0);
	ck_assert_uint_eq(handled[0], asked);
	ck_assert_uint_gt(asked, 100);
}
END_TEST

START_TEST(a_request_is_passed_and_answered_whole)
{
	struct ec_server *s = new_server(0, 2);
	struct ioreq *q = stub_server_slot(0, 1);

	stub_server_post(0, 1);
	ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	ck_assert_uint_eq(q->data, 0x12345678);
	ck_assert_uint_eq(q->state, STATE_IOREQ_NONE);
	/* a write, and a read into memory: Xen takes no data back */
	stub_server_post(0, 1);
	q->dir = IOREQ_WRITE;
	q->data = 0xffffffffffffffffull;
	ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	ck_assert_uint_eq(q->data, 0xffffffffffffffffull);
	stub_server_post(0, 1);
	q->data_is_ptr = 1;
	q->data = 0x1000;
	ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	ck_assert_uint_eq(q->data, 0x1000);
	ck_assert_uint_eq(handled[0], 3);
	/* a state that is not "ready" is Xen's business */
	q->state = STATE_IOREQ_INPROCESS;
	ck_assert_int_eq(OPS.dispatch(s, 0), 0);
	ck_assert_uint_eq(handled[0], 3);
	q->state = STATE_IOREQ_NONE;
}
END_TEST

START_TEST(destroying_answers_outstanding_requests_with_all_ones)
{
	struct ec_server *s = new_server(0, 3);

	stub_server_post(0, 2);
	OPS.destroy(s);
	server[0] = NULL;
	ck_assert_uint_eq(stub_server_slot(0, 2)->data, UINT64_MAX);
	ck_assert_uint_eq(stub_server_ready(0), 0);
	ck_assert_uint_eq(handled[0], 0);
	/* disabled first, the page unmapped before Xen's server goes */
	ck_assert_str_eq(stub_xen_log(),
			 "state d7 0 0;unbind_port 1;unbind_port 2;unbind_port 3;evtchn_close -;"
			 "unmap_resource -;destroy d7 0;");
}
END_TEST

/* A domain, its virtual CPUs, and the error. */
static const struct {
	uint32_t domid;
	unsigned int vcpus;
	int rc;
} wrong[] = {
	{ DOMID, 0, -E2BIG },  { DOMID, 129, -E2BIG }, { DOMID, UINT32_MAX, -E2BIG },
	{ 0x7ff0, 1, -ESRCH }, { 0x10007, 1, -ESRCH }, { UINT32_MAX, 1, -ESRCH },
};

START_TEST(a_guest_that_xen_cannot_name_or_serve_gets_no_server)
{
	struct ec_server_options o = options(0, wrong[_i].vcpus);

	o.domid = wrong[_i].domid;
	stub_xen_reset();
	ck_assert_int_eq(OPS.create(x, &o, server), wrong[_i].rc);
	ck_assert_str_eq(stub_xen_log(), "");
}
END_TEST

static const char *const creation[] = { "evtchn_open", "create", "map_resource" };

START_TEST(a_creation_that_fails_leaves_nothing)
{
	struct ec_server_options o = options(0, 2);

	stub_xen_fail(creation[_i], EPERM);
	ck_assert_int_eq(OPS.create(x, &o, server), -EPERM);
	ck_assert(server[0] == NULL);
	/* the two handles of the adapter */
	ck_assert_uint_eq(stub_server_leaks(), 2);
}
END_TEST

static const char *const enabling[] = { "state", "bind" };

START_TEST(enabling_that_fails_can_be_destroyed)
{
	struct ec_server_options o = options(0, 2);

	ck_assert_int_eq(OPS.create(x, &o, server), 0);
	stub_xen_fail(enabling[_i], ENOSPC);
	ck_assert_int_eq(OPS.enable(server[0]), -ENOSPC);
}
END_TEST

/* Ranges, the result, and the calls; a failing call. */
static const struct {
	enum ec_range_kind kind;
	uint64_t first, last;
	bool add;
	const char *fails;
	int rc;
	const char *log;
} ranges[] = {
	{ EC_RANGE_PORT, 0xcf8, 0xcff, true, NULL, 0, "map_range d7 0 0 cf8-cff;" },
	{ EC_RANGE_PORT, 0xcf8, 0xcff, false, NULL, 0, "unmap_range d7 0 0 cf8-cff;" },
	{ EC_RANGE_MEMORY, 0xe000000000ull, 0xe00fffffffull, true, NULL, 0,
	  "map_range d7 0 1 e000000000-e00fffffff;" },
	{ EC_RANGE_MEMORY, 1, 1, true, "map_range", -EEXIST, "map_range d7 0 1 1-1;" },
	{ EC_RANGE_MEMORY, 2, 1, true, NULL, -EINVAL, "" },
	{ EC_RANGE_PCI, 0x1fa, 0x1fa, true, NULL, 0, "map_pci d7 0 0000:01:1f.2;" },
	{ EC_RANGE_PCI, 0xfffffffeull, 0xffffffffull, true, NULL, 0,
	  "map_pci d7 0 ffff:ff:1f.6;map_pci d7 0 ffff:ff:1f.7;" },
	{ EC_RANGE_PCI, 0x100000000ull, 0x100000000ull, true, NULL, -EINVAL, "" },
	{ EC_RANGE_PCI, 0, UINT64_MAX, true, NULL, -EINVAL, "" },
	{ EC_RANGE_PCI, 8, 9, false, "unmap_pci", -EEXIST, "unmap_pci d7 0 0000:00:01.0;" },
};

START_TEST(a_range_reaches_xen_with_all_its_bits)
{
	struct ec_server *s = new_server(0, 1);

	if (ranges[_i].fails)
		stub_xen_fail(ranges[_i].fails, EEXIST);
	ck_assert_int_eq(
		OPS.range(s, ranges[_i].kind, ranges[_i].first, ranges[_i].last, ranges[_i].add),
		ranges[_i].rc);
	ck_assert_str_eq(stub_xen_log(), ranges[_i].log);
}
END_TEST

/* Address and length of a copy, and its result: the stub has 4 pages. */
static const struct {
	uint64_t gpa;
	size_t len;
	int rc;
} copies[] = {
	{ 0, 0, 0 },
	{ 1, 1, 0 },
	{ PAGE - 1, 2, 0 },
	{ PAGE, 2 * PAGE, 0 },
	{ 1, 2 * PAGE - 1, 0 },
	{ 1, 2 * PAGE, -EINVAL },
	{ 0, 2 * PAGE + 1, -EINVAL },
	{ 0, SIZE_MAX, -EINVAL },
	{ PAGE - 1, SIZE_MAX - PAGE + 2, -EINVAL },
	{ 3 * PAGE, PAGE, 0 },
	{ 4 * PAGE - 1, 2, -EFAULT },
	{ 4 * PAGE, 1, -EFAULT },
	{ UINT64_MAX, 1, -EFAULT },
};

START_TEST(a_copy_touches_two_pages_that_the_guest_has)
{
	struct ec_server *s = new_server(0, 1);
	uint8_t *memory = stub_server_memory(), out[2 * PAGE], in[2 * PAGE];
	size_t len = copies[_i].len;

	for (unsigned int i = 0; i < STUB_MEMORY; i++)
		memory[i] = (uint8_t)(i * 7 + i / PAGE);
	ck_assert_int_eq(OPS.copy(s, copies[_i].gpa, out, len, false), copies[_i].rc);
	if (copies[_i].rc)
		return;
	ck_assert_mem_eq(out, memory + copies[_i].gpa, len);
	memset(in, 0x5a, sizeof(in));
	ck_assert_int_eq(OPS.copy(s, copies[_i].gpa, in, len, true), 0);
	ck_assert_mem_eq(in, memory + copies[_i].gpa, len);
	if (copies[_i].gpa + len < STUB_MEMORY)
		ck_assert_uint_ne(memory[copies[_i].gpa + len], 0x5a);
}
END_TEST

START_TEST(a_message_is_passed_whole)
{
	struct ec_server *s = new_server(0, 1);

	ck_assert_int_eq(OPS.inject_msi(s, 0xffffff00fee01000ull, 0xffff4321), 0);
	ck_assert_str_eq(stub_xen_log(), "inject_msi d7 ffffff00fee01000 ffff4321;");
	stub_xen_fail("inject_msi", ENOSYS);
	ck_assert_int_eq(OPS.inject_msi(s, 0, 0), -ENOSYS);
}
END_TEST

Suite *suite_hypervisor_xen_ioreq(void)
{
	Suite *s = suite_create("hypervisor_xen_ioreq");
	TCase *t = tcase_create("requests");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_turn_serves_one_request_of_each_virtual_cpu, 0,
			    EC_ARRAY_SIZE(vcpus));
	tcase_add_loop_test(t, polling_has_one_clock_that_starts_with_the_turn, 0,
			    EC_ARRAY_SIZE(spins));
	tcase_add_test(t, polling_with_many_virtual_cpus_ends_within_one_request);
	tcase_add_test(t, polling_serves_a_request_that_follows);
	tcase_add_test(t, guests_take_turns);
	tcase_add_loop_test(t, no_request_is_lost_however_its_event_comes, 0, 20);
	tcase_add_test(t, a_request_is_passed_and_answered_whole);
	tcase_add_test(t, destroying_answers_outstanding_requests_with_all_ones);
	suite_add_tcase(s, t);
	t = tcase_create("servers");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_guest_that_xen_cannot_name_or_serve_gets_no_server, 0,
			    EC_ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, a_creation_that_fails_leaves_nothing, 0, EC_ARRAY_SIZE(creation));
	tcase_add_loop_test(t, enabling_that_fails_can_be_destroyed, 0, EC_ARRAY_SIZE(enabling));
	tcase_add_loop_test(t, a_range_reaches_xen_with_all_its_bits, 0, EC_ARRAY_SIZE(ranges));
	tcase_add_loop_test(t, a_copy_touches_two_pages_that_the_guest_has, 0,
			    EC_ARRAY_SIZE(copies));
	tcase_add_test(t, a_message_is_passed_whole);
	suite_add_tcase(s, t);
	return s;
}
