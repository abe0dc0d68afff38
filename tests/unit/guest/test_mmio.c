/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mapped pages of the hardware that the kernel removes. A file that is truncated under its mapping
 * does the same as kernfs: the next access raises SIGBUS.
 */
#include <pci/header.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/bits.h"
#include "guest/mmio.h"
#include "suites.h"
#include "world.h"

/* Makes @n pages at @at, or at any address if that is NULL, pages of a file. */
static void *map_file(void *at, size_t n, int *fd)
{
	char name[] = "/tmp/mmioXXXXXX";
	void *p;

	*fd = mkstemp(name);
	ck_assert_int_ge(*fd, 0);
	unlink(name);
	ck_assert_int_eq(ftruncate(*fd, (off_t)(n * EC_PAGE_SIZE)), 0);
	p = mmap(at, n * EC_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | (at ? MAP_FIXED : 0),
		 *fd, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

/* The kernel removes the pages from @pages on. */
static void remove_mapping(int fd, unsigned int pages)
{
	ck_assert_int_eq(ftruncate(fd, (off_t)pages * EC_PAGE_SIZE), 0);
}

static const unsigned int widths[] = { 1, 2, 4, 8 };

START_TEST(an_access_has_the_width_that_is_asked_for)
{
	unsigned int len = widths[_i];
	uint64_t value, memory[3] = { UINT64_MAX, UINT64_MAX, UINT64_MAX };

	ck_assert_int_eq(ec_mmio_guard(), 0);
	ck_assert(ec_mmio_write(memory + 1, len, 0x8877665544332211));
	ck_assert_uint_eq(memory[0], UINT64_MAX);
	ck_assert_uint_eq(memory[1],
			  (0x8877665544332211 & ec_ones(len)) | (UINT64_MAX & ~ec_ones(len)));
	ck_assert_uint_eq(memory[2], UINT64_MAX);
	ck_assert(ec_mmio_read(memory + 1, len, &value));
	ck_assert_uint_eq(value, 0x8877665544332211 & ec_ones(len));
}
END_TEST

START_TEST(a_removed_page_reads_all_ones_and_drops_writes)
{
	unsigned int len = widths[_i];
	uint64_t value;
	uint8_t *p;
	int fd;

	ck_assert_int_eq(ec_mmio_guard(), 0);
	p = map_file(NULL, 2, &fd);
	remove_mapping(fd, 1);
	/* again and again: no state of signals is left behind */
	for (unsigned int i = 0; i < 3; i++) {
		value = 0;
		ck_assert(!ec_mmio_read(p + 2 * EC_PAGE_SIZE - len, len, &value));
		ck_assert_uint_eq(value, ec_ones(len));
		ck_assert(!ec_mmio_write(p + EC_PAGE_SIZE, len, 0));
		/* the page before it is still there */
		ck_assert(ec_mmio_write(p + EC_PAGE_SIZE - len, len, i));
		ck_assert(ec_mmio_read(p + EC_PAGE_SIZE - len, len, &value));
		ck_assert_uint_eq(value, i);
	}
	munmap(p, 2 * EC_PAGE_SIZE);
	close(fd);
}
END_TEST

static void *read_removed(void *page)
{
	for (unsigned int i = 0; i < 1000; i++) {
		uint64_t value;

		if (ec_mmio_read(page, 4, &value) || value != UINT32_MAX)
			return page;
	}
	return NULL;
}

START_TEST(threads_do_not_disturb_each_other)
{
	pthread_t thread[4];
	void *page[4], *bad;
	int fd[4];

	ck_assert_int_eq(ec_mmio_guard(), 0);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(thread); i++) {
		page[i] = map_file(NULL, 1, fd + i);
		remove_mapping(fd[i], 0);
		ck_assert_int_eq(pthread_create(thread + i, NULL, read_removed, page[i]), 0);
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(thread); i++) {
		pthread_join(thread[i], &bad);
		ck_assert_ptr_null(bad);
		munmap(page[i], EC_PAGE_SIZE);
		close(fd[i]);
	}
}
END_TEST

/* What else raises SIGBUS: an access that is not guarded, and another process. */
static void touch_unguarded(void)
{
	int fd;
	volatile uint8_t *p = map_file(NULL, 1, &fd);
	uint64_t value;

	remove_mapping(fd, 0);
	ec_mmio_read((const void *)p, 1, &value);
	*p;
}

static void send_signal(void)
{
	kill(getpid(), SIGBUS);
}

static void (*const other_causes[])(void) = { touch_unguarded, send_signal };

START_TEST(sigbus_elsewhere_ends_the_process)
{
	const struct rlimit no_core = { 0, 0 };
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (!child) {
		setrlimit(RLIMIT_CORE, &no_core);
		ec_mmio_guard();
		other_causes[_i]();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGBUS);
}
END_TEST

/* The mapping of the page with the pending bits, as a guest uses it. */
START_TEST(a_guest_reads_all_ones_where_the_kernel_has_removed_a_mapping)
{
	unsigned int slot = world_given(PVH), lines;
	int fd;

	ck_assert_int_eq(ec_mmio_guard(), 0);
	world_place(PVH, slot);
	map_file(fakexen_mapped(world->xen, NIC, 3, 0x2000), 1, &fd);
	world_store(PVH, AT_PBA + 0x800, 4, 0x12345678);
	ck_assert_uint_eq(world_load(PVH, AT_PBA + 0x800, 4), 0x12345678);
	remove_mapping(fd, 0);
	lines = world->lines;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(widths); i++) {
		ck_assert_uint_eq(world_load(PVH, AT_PBA + 0x800, widths[i]), ec_ones(widths[i]));
		world_store(PVH, AT_PBA + 0x800, widths[i], 0);
	}
	ck_assert(world_log_has("the kernel has removed the mapping of BAR 3"));
	ck_assert_uint_eq(world->lines, lines + 1);
	/* the table is the guest's own, and its configuration space is served */
	world_entry(PVH, 0, 0xfee01000, 0x41, 1);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 8, 4), 0x41);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_COMMAND, 2), 7);
	ck_assert_int_eq(world_detach(PVH, NIC), 0);
	world_check_clean();
	close(fd);
}
END_TEST

Suite *suite_guest_mmio(void)
{
	Suite *s = suite_create("guest_mmio");
	TCase *t = tcase_create("mmio");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, an_access_has_the_width_that_is_asked_for, 0, EC_ARRAY_SIZE(widths));
	tcase_add_loop_test(t, a_removed_page_reads_all_ones_and_drops_writes, 0,
			    EC_ARRAY_SIZE(widths));
	tcase_add_test(t, threads_do_not_disturb_each_other);
	tcase_add_loop_test(t, sigbus_elsewhere_ends_the_process, 0, EC_ARRAY_SIZE(other_causes));
	tcase_add_test(t, a_guest_reads_all_ones_where_the_kernel_has_removed_a_mapping);
	suite_add_tcase(s, t);
	return s;
}
