/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The privileged calls, over stubs of libxenctrl and libxencall. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/bits.h"
#include "hypervisor/xen_priv.h"
#include "stub_xen.h"
#include "stub_xenctrl.h"
#include "suites.h"

#define OPS ec_xen_priv_ops
#define DOMID 7u

static struct ec_xen_priv *x;

/* The arguments of a call; each uses some of them. */
struct args {
	uint32_t domid;
	struct ec_sbdf at;
	int pirq;
	uint32_t irq;
	bool add;
};

static const struct args typical = {
	DOMID, { .segment = 0xffff, .bus = 0xe1, .devfn = 0xfb }, 55, 16, true
};

static void setup(void)
{
	struct ec_diag diag;

	memset(&stub_xenctrl, 0, sizeof(stub_xenctrl));
	stub_xen_reset();
	x = ec_xen_priv_open(&diag);
	ck_assert(x != NULL);
	stub_xen_reset();
}

static void teardown(void)
{
	ec_xen_priv_close(x);
}

static int guest_info(const struct args *a)
{
	struct ec_guest_info info;

	return OPS.guest_info(x, a->domid, &info);
}

static int start_info(const struct args *a)
{
	uint64_t gpa;

	return OPS.start_info(x, a->domid, &gpa);
}

static int pause_guest(const struct args *a)
{
	return OPS.pause(x, a->domid, a->add);
}

static int assign(const struct args *a)
{
	return OPS.assign(x, a->domid, a->at, a->add);
}

static int quarantine(const struct args *a)
{
	return OPS.quarantine(x, a->at, a->add);
}

static int prepare_msix(const struct args *a)
{
	return OPS.prepare_msix(x, a->at, a->add);
}

static int allow_memory(const struct args *a)
{
	return OPS.allow_memory(x, a->domid, 0xfffffffffull, 0x100000001ull, a->add);
}

static int allow_ports(const struct args *a)
{
	return OPS.allow_ports(x, a->domid, 0xff00, 0x100, a->add);
}

static int allow_irq(const struct args *a)
{
	return OPS.allow_irq(x, a->domid, a->irq, a->add);
}

static int map_memory(const struct args *a)
{
	return OPS.map_memory(
		x, a->domid,
		&(struct ec_frames){ 0x8000000000ull, 0x4000000000ull, 0x100000000ull }, a->add);
}

static int map_ports(const struct args *a)
{
	return OPS.map_ports(x, a->domid, &(struct ec_io_ports){ 0xc000, 0xff00, 0x100 }, a->add);
}

static int populated(const struct args *a)
{
	return OPS.populated(x, a->domid, 0x1000, 1);
}

static int map_irq(const struct args *a)
{
	int pirq = a->pirq;

	return OPS.map_irq(x, a->domid, a->irq, &pirq);
}

static int map_msi(const struct args *a)
{
	const struct ec_msi_source msi = { a->at, a->irq, 0xffffffffff000ull };
	int pirq = a->pirq;

	return OPS.map_msi(x, a->domid, &msi, &pirq);
}

static int unmap_pirq(const struct args *a)
{
	return OPS.unmap_pirq(x, a->domid, a->pirq);
}

static int bind_intx(const struct args *a)
{
	return OPS.bind_intx(x, a->domid, a->pirq, (struct ec_intx){ 31, 3 }, a->add);
}

static int bind_msi(const struct args *a)
{
	const struct ec_msi_binding b = { 0xff, 0x8123, 0xe0000000000ull };

	return a->add ? OPS.bind_msi(x, a->domid, a->pirq, &b)
		      : OPS.unbind_msi(x, a->domid, a->pirq, &b);
}

static int await_removal(const struct args *a)
{
	return OPS.await_removal(x, a->domid, a->at);
}

static int reboot(const struct args *a)
{
	return OPS.reboot(x, a->domid);
}

/* Arguments of calls: a domain, a function, a pirq, an interrupt or entry as an int of Xen's. */
enum { DOMAIN = 1, FUNCTION = 2, PIRQ = 4, INT = 8 };

/* Each call with its log lines for the typical arguments, and for the reverse; NULL: none. */
static const struct {
	int (*call)(const struct args *a);
	unsigned int takes;
	const char *name; /* of the library's call that fails */
	const char *add, *reverse;
} calls[] = {
	{ guest_info, DOMAIN, "getinfolist" },
	{ start_info, DOMAIN, "getcontext", "getcontext d7 2 0;" },
	{ pause_guest, DOMAIN, "pause", "pause d7;", "unpause d7;" },
	{ assign, DOMAIN | FUNCTION, "assign", "assign d7 ffffe1fb 0;", "deassign d7 ffffe1fb;" },
	{ quarantine, FUNCTION, "assign", "assign d32753 ffffe1fb 1;",
	  "deassign d32753 ffffe1fb;" },
	{ prepare_msix, FUNCTION, "prepare_msix", "prepare_msix ffff:e1:fb;",
	  "release_msix ffff:e1:fb;" },
	{ allow_memory, DOMAIN, "iomem_permission", "iomem_permission d7 fffffffff 100000001 1;",
	  "iomem_permission d7 fffffffff 100000001 0;" },
	{ allow_ports, DOMAIN, "ioport_permission", "ioport_permission d7 ff00 100 1;",
	  "ioport_permission d7 ff00 100 0;" },
	{ allow_irq, DOMAIN, "irq_permission", "irq_permission d7 16 1;",
	  "irq_permission d7 16 0;" },
	{ map_memory, DOMAIN, "memory_mapping",
	  "memory_mapping d7 8000000000 4000000000 100000000 1;",
	  "memory_mapping d7 8000000000 4000000000 100000000 0;" },
	{ map_ports, DOMAIN, "ioport_mapping", "ioport_mapping d7 c000 ff00 100 1;",
	  "ioport_mapping d7 c000 ff00 100 0;" },
	{ populated, DOMAIN, "getpageframeinfo3", "getpageframeinfo3 d7 1000 1;" },
	{ map_irq, DOMAIN | INT, "map_pirq", "map_pirq d7 16 55;" },
	{ map_msi, DOMAIN | FUNCTION | INT, "map_msi",
	  "map_msi d7 3 -1 55 ffff00e1 fb 16 ffffffffff000;" },
	{ unmap_pirq, DOMAIN | PIRQ, "unmap_pirq", "unmap_pirq d7 55;" },
	{ bind_intx, DOMAIN | PIRQ, "bind_pci", "bind_pci d7 55 0:1f 3;",
	  "unbind d7 55 0 0:1f 3;" },
	{ bind_msi, DOMAIN | PIRQ, "update_msi", "update_msi d7 ff 55 18123 e0000000000;",
	  "unbind_msi d7 ff 55 8123;" },
	{ await_removal, DOMAIN | FUNCTION, "get_device_group", "get_device_group d7 ffffe1fb 1;" },
	{ reboot, DOMAIN, "shutdown", "shutdown d7 1;" },
};

START_TEST(a_call_and_its_reverse_have_all_bits_of_their_arguments)
{
	struct args a = typical;

	for (unsigned int reverse = 0; reverse < 2; reverse++) {
		const char *want = reverse ? calls[_i].reverse : calls[_i].add;

		a.add = !reverse;
		stub_xen_reset();
		if (!want)
			continue;
		ck_assert_int_eq(calls[_i].call(&a), 0);
		ck_assert_str_eq(stub_xen_log(), want);
	}
}
END_TEST

START_TEST(a_call_that_fails_returns_its_errno)
{
	static const int errors[] = { EPERM, ESRCH, EBUSY, ENOSYS };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(errors); i++) {
		stub_xen_fail(calls[_i].name, errors[i]);
		ck_assert_int_eq(calls[_i].call(&typical), -errors[i]);
	}
}
END_TEST

/* Nothing reaches Xen. */
static void refused(unsigned int i, const struct args *a, int rc)
{
	stub_xen_reset();
	ck_assert_int_eq(calls[i].call(a), rc);
	ck_assert_str_eq(stub_xen_log(), "");
}

START_TEST(a_segment_of_more_than_16_bits_reaches_no_call)
{
	static const uint32_t segments[] = { 0x10000, 0x10001, 0x1ffff, 0x80000000, UINT32_MAX };
	struct args a = typical;

	for (unsigned int add = 0; add < 2 && calls[_i].takes & FUNCTION; add++)
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(segments); i++) {
			a.at.segment = segments[i];
			a.add = add;
			refused((unsigned int)_i, &a, -ERANGE);
		}
}
END_TEST

START_TEST(a_domain_id_that_is_no_guest_reaches_no_call)
{
	static const uint32_t domids[] = { 0x7ff0, 0x7fff, 0x8007, 0x10007, UINT32_MAX };
	struct args a = typical;

	for (unsigned int add = 0; add < 2 && calls[_i].takes & DOMAIN; add++)
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(domids); i++) {
			a.domid = domids[i];
			a.add = add;
			refused((unsigned int)_i, &a, -ESRCH);
		}
}
END_TEST

START_TEST(a_number_that_xen_would_cut_reaches_no_call)
{
	struct args negative = typical, byte = typical, large = typical;

	negative.pirq = -1;
	byte.pirq = 256;
	large.irq = (uint32_t)INT_MAX + 1;
	if (calls[_i].takes & PIRQ)
		refused((unsigned int)_i, &negative, -ERANGE);
	if (calls[_i].call == bind_intx)
		refused((unsigned int)_i, &byte, -ERANGE);
	if (calls[_i].takes & INT)
		refused((unsigned int)_i, &large, -ERANGE);
}
END_TEST

START_TEST(mapping_returns_the_pirq_that_xen_chose)
{
	const struct ec_msi_source msi = { typical.at, 3, 0 };
	int pirq = -1;

	stub_xenctrl.pirq = 4151;
	ck_assert_int_eq(OPS.map_msi(x, DOMID, &msi, &pirq), 0);
	ck_assert_int_eq(pirq, 4151);
	pirq = -1;
	ck_assert_int_eq(OPS.map_irq(x, DOMID, 16, &pirq), 0);
	ck_assert_int_eq(pirq, 4151);
	pirq = -1;
	stub_xen_fail("map_msi", ENOSPC);
	ck_assert_int_eq(OPS.map_msi(x, DOMID, &msi, &pirq), -ENOSPC);
	ck_assert_int_eq(pirq, -1);
}
END_TEST

/* Frames, the one that has memory, the answer, and the batches that were asked for. */
static const struct {
	uint64_t gfn, n, has;
	int answer;
	const char *log;
} ranges[] = {
	{ 0x1000, 0, 0x1000, 0, "" },
	{ 0x1000, 1, 0x1000, 1, "getpageframeinfo3 d7 1000 1;" },
	{ 0x1000, 1, 0x1001, 0, "getpageframeinfo3 d7 1000 1;" },
	{ 0x1000, 1024, 0x13ff, 1, "getpageframeinfo3 d7 1000 400;" },
	{ 0x1000, 1025, 0x1400, 1, "getpageframeinfo3 d7 1000 400;getpageframeinfo3 d7 1400 1;" },
	{ 0x1000, 1025, 0x1000, 1, "getpageframeinfo3 d7 1000 400;" },
};

START_TEST(populated_asks_in_batches_and_stops_at_memory)
{
	stub_xenctrl.populated = ranges[_i].has;
	ck_assert_int_eq(OPS.populated(x, DOMID, ranges[_i].gfn, ranges[_i].n), ranges[_i].answer);
	ck_assert_str_eq(stub_xen_log(), ranges[_i].log);
}
END_TEST

static void add_domain(void)
{
	stub_xenctrl.domains = 1;
	stub_xenctrl.info = (xc_domaininfo_t){ .domain = DOMID,
					       .flags = XEN_DOMINF_hvm_guest,
					       .max_vcpu_id = 3,
					       .max_pages = 0x10100,
					       .handle = { 0x01, [15] = 0xff } };
}

START_TEST(guest_info_has_what_xen_reports)
{
	struct ec_guest_info info;

	add_domain();
	stub_xenctrl.info.arch_config.emulation_flags = XEN_X86_EMU_PM | XEN_X86_EMU_IOAPIC;
	stub_xenctrl.address_bits = 0x302e;
	stub_xenctrl.max_gfn = 0xfffff;
	ck_assert_int_eq(OPS.guest_info(x, DOMID, &info), 0);
	ck_assert(info.hvm && info.device_model && info.intx && info.iommu);
	ck_assert(!info.dying && !info.pirqs && !info.paging && !info.started && !info.populate &&
		  !info.altp2m && !info.rebooting && !info.mask_writes);
	ck_assert_uint_eq(info.vcpus, 4);
	ck_assert_uint_eq(info.memory, 0x10100000);
	ck_assert_uint_eq(info.address_bits, 46);
	ck_assert_uint_eq(info.max_gfn, 0xfffff);
	ck_assert_str_eq(info.uuid, "01000000-0000-0000-0000-0000000000ff");
	ck_assert_msg(strstr(stub_xen_log(), "test_assign d7 00000000;") != NULL, "%s",
		      stub_xen_log());
}
END_TEST

START_TEST(guest_info_of_a_guest_without_an_iommu_or_with_memory_on_demand)
{
	struct ec_guest_info info;

	add_domain();
	stub_xen_fail("test_assign", EOPNOTSUPP);
	stub_xenctrl.pod_entries = 1;
	stub_xenctrl.altp2m = 2;
	ck_assert_int_eq(OPS.guest_info(x, DOMID, &info), 0);
	ck_assert(!info.iommu && info.populate && info.altp2m);
	/* the host bridge is not assignable: that says nothing of the guest */
	stub_xen_fail("test_assign", EBUSY);
	ck_assert_int_eq(OPS.guest_info(x, DOMID, &info), 0);
	ck_assert(info.iommu);
}
END_TEST

START_TEST(guest_info_of_a_domain_that_is_no_guest_or_dies)
{
	struct ec_guest_info info;

	add_domain();
	stub_xenctrl.info.domain = DOMID + 1; /* Xen returns the next one */
	ck_assert_int_eq(OPS.guest_info(x, DOMID, &info), -ESRCH);
	add_domain();
	stub_xenctrl.info.flags |= XEN_DOMINF_dying | XEN_DOMINF_shutdown |
				   (uint32_t)SHUTDOWN_reboot << XEN_DOMINF_shutdownshift;
	stub_xenctrl.info.max_vcpu_id = XEN_INVALID_MAX_VCPU_ID;
	stub_xen_reset();
	ck_assert_int_eq(OPS.guest_info(x, DOMID, &info), 0);
	ck_assert(info.dying && info.rebooting);
	ck_assert_uint_eq(info.vcpus, 0);
	/* a dying guest is not asked */
	ck_assert_str_eq(stub_xen_log(), "getinfolist d7 1;");
}
END_TEST

START_TEST(next_guest_stays_within_domain_ids)
{
	uint32_t next = 0;

	add_domain();
	ck_assert_int_eq(OPS.next_guest(x, 3, &next), 0);
	ck_assert_uint_eq(next, DOMID);
	stub_xenctrl.domains = 0;
	ck_assert_int_eq(OPS.next_guest(x, 8, &next), -ESRCH);
	stub_xen_reset();
	ck_assert_int_eq(OPS.next_guest(x, 0x7ff0, &next), -ESRCH);
	ck_assert_int_eq(OPS.next_guest(x, 0x10000, &next), -ESRCH);
	ck_assert_str_eq(stub_xen_log(), "");
}
END_TEST

START_TEST(opening_without_a_library_is_an_error_and_closes_the_other)
{
	static const char *const names[] = { "interface_open", "xencall_open" };
	static const char *const closed[] = { "xencall_close", "interface_close" };
	struct ec_diag diag;

	stub_xen_fail(names[_i], EACCES);
	ck_assert(ec_xen_priv_open(&diag) == NULL);
	ck_assert_msg(strstr(diag.text, "Permission denied") != NULL, "%s", diag.text);
	ck_assert_msg(strstr(stub_xen_log(), closed[_i]) != NULL, "%s", stub_xen_log());
}
END_TEST

Suite *suite_hypervisor_xen_priv(void)
{
	Suite *s = suite_create("hypervisor_xen_priv");
	TCase *t = tcase_create("calls");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_call_and_its_reverse_have_all_bits_of_their_arguments, 0,
			    EC_ARRAY_SIZE(calls));
	tcase_add_loop_test(t, a_call_that_fails_returns_its_errno, 0, EC_ARRAY_SIZE(calls));
	tcase_add_loop_test(t, a_segment_of_more_than_16_bits_reaches_no_call, 0,
			    EC_ARRAY_SIZE(calls));
	tcase_add_loop_test(t, a_domain_id_that_is_no_guest_reaches_no_call, 0,
			    EC_ARRAY_SIZE(calls));
	tcase_add_loop_test(t, a_number_that_xen_would_cut_reaches_no_call, 0,
			    EC_ARRAY_SIZE(calls));
	tcase_add_test(t, mapping_returns_the_pirq_that_xen_chose);
	tcase_add_loop_test(t, populated_asks_in_batches_and_stops_at_memory, 0,
			    EC_ARRAY_SIZE(ranges));
	tcase_add_test(t, guest_info_has_what_xen_reports);
	tcase_add_test(t, guest_info_of_a_guest_without_an_iommu_or_with_memory_on_demand);
	tcase_add_test(t, guest_info_of_a_domain_that_is_no_guest_or_dies);
	tcase_add_test(t, next_guest_stays_within_domain_ids);
	tcase_add_loop_test(t, opening_without_a_library_is_an_error_and_closes_the_other, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
