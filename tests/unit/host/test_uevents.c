/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Uevents as Linux 6.1 sends them. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/bits.h"
#include "host/uevents.h"
#include "suites.h"

#define TEXT(s) s, sizeof(s)
#define REMOVE                                                                                     \
	"remove@/devices/pci0000:00/0000:00:1c.0/0000:02:00.0\0ACTION=remove\0"                    \
	"DEVPATH=/devices/pci0000:00/0000:00:1c.0/0000:02:00.0\0SUBSYSTEM=pci\0"                   \
	"PCI_CLASS=20000\0PCI_ID=8086:10D3\0PCI_SLOT_NAME=0000:02:00.0\0SEQNUM=1234"

static const struct {
	const char *text;
	size_t len;
	int rc;
	enum ec_host_event_kind kind;
	struct ec_sbdf at;
	const char *driver;
} events[] = {
	{ TEXT(REMOVE), 1, EC_HOST_REMOVED, { .bus = 2 }, "" },
	{ TEXT("unbind@/"
	       "x\0ACTION=unbind\0SUBSYSTEM=pci\0DRIVER=pci-stub\0PCI_SLOT_NAME=0000:0a:1f.7"),
	  1,
	  EC_HOST_UNBOUND,
	  { .bus = 10, .devfn = 0xff },
	  "pci-stub" },
	{ TEXT("add@/x\0ACTION=add\0SUBSYSTEM=pci\0PCI_SLOT_NAME=10000:e1:00.0"),
	  1,
	  EC_HOST_ADDED,
	  { .segment = 0x10000, .bus = 0xe1 },
	  "" },
	{ TEXT("change@/x\0ACTION=change\0SUBSYSTEM=pci\0PCI_SLOT_NAME=0000:02:00.0"),
	  0,
	  0,
	  { 0 },
	  "" },
	{ TEXT("remove@/x\0ACTION=remove\0SUBSYSTEM=usb\0PCI_SLOT_NAME=0000:02:00.0"),
	  0,
	  0,
	  { 0 },
	  "" },
	{ TEXT("remove@/x\0ACTION=remove\0SUBSYSTEM=pci"), 0, 0, { 0 }, "" },
	{ TEXT("remove@/x\0ACTION=remove\0SUBSYSTEM=pci\0PCI_SLOT_NAME=zz"), 0, 0, { 0 }, "" },
	{ "", 0, 0, 0, { 0 }, "" },
	/* no terminating 0 */
	{ REMOVE, sizeof(REMOVE) - 1, 0, 0, { 0 }, "" },
};

START_TEST(a_uevent_is_parsed)
{
	struct ec_host_event e;

	ck_assert_int_eq(ec_uevents_parse(events[_i].text, events[_i].len, &e), events[_i].rc);
	if (!events[_i].rc)
		return;
	ck_assert_int_eq(e.kind, events[_i].kind);
	ck_assert_int_eq(ec_sbdf_compare(e.at, events[_i].at), 0);
	ck_assert_str_eq(e.driver, events[_i].driver);
}
END_TEST

/* udev and any other process may send to the group: only the kernel's port is 0. */
START_TEST(a_uevent_from_a_process_is_ignored)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct ec_host_event e;
	struct ec_diag diag = { 0 };
	int fd = ec_uevents_open(&diag), from;
	socklen_t len = sizeof(to);
	int rc = 0;

	if (fd < 0)
		return; /* a container without the kernel's events */
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&to, &len), 0);
	to.nl_groups = 0;
	from = socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
	ck_assert_int_ge(from, 0);
	if (sendto(from, REMOVE, sizeof(REMOVE), 0, (struct sockaddr *)&to, sizeof(to)) > 0)
		for (unsigned int i = 0; i < 100 && (rc = ec_uevents_read(fd, &e)) != -EAGAIN; i++)
			ck_assert_int_eq(rc, 0);
	close(from);
	close(fd);
}
END_TEST

Suite *suite_host_uevents(void)
{
	Suite *s = suite_create("host_uevents");
	TCase *t = tcase_create("uevents");

	tcase_add_loop_test(t, a_uevent_is_parsed, 0, EC_ARRAY_SIZE(events));
	tcase_add_test(t, a_uevent_from_a_process_is_ignored);
	suite_add_tcase(s, t);
	return s;
}
