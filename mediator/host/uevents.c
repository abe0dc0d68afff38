/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/uevents.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/bits.h"

/** The multicast group of the kernel's own uevents; 2 is udev's. */
#define KERNEL_GROUP 1u

/** Bytes of a uevent: Linux include/linux/kobject.h UEVENT_BUFFER_SIZE, and its header. */
#define EVENT_MAX 8192u

/** Room for a storm of events while a device is reset. */
#define SOCKET_BYTES (1 << 20)

int ec_uevents_open(struct ec_diag *diag)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	int size = SOCKET_BYTES, rc = 0;
	int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		rc = -errno;
	/* a smaller buffer works, but events may be dropped */
	if (!rc && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!rc && bind(fd, (struct sockaddr *)&at, sizeof(at)))
		rc = -errno;
	if (!rc)
		return fd;
	ec_diag_set(diag, 0, "the kernel's uevents: %s", strerror(-rc));
	if (fd >= 0)
		close(fd);
	return rc;
}

static const struct {
	const char *name;
	enum ec_host_event_kind kind;
} actions[] = {
	{ "add", EC_HOST_ADDED },
	{ "bind", EC_HOST_BOUND },
	{ "unbind", EC_HOST_UNBOUND },
	{ "remove", EC_HOST_REMOVED },
};

static bool read_action(const char *name, enum ec_host_event_kind *kind)
{
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(actions); i++)
		if (!strcmp(name, actions[i].name)) {
			*kind = actions[i].kind;
			return true;
		}
	return false;
}

/* The value of @line if its key is @key, else NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) || line[len] != '=' ? NULL : line + len + 1;
}

int ec_uevents_parse(const char *text, size_t len, struct ec_host_event *event)
{
	bool action = false, pci = false, slot = false;
	const char *line = text, *end = text + len, *v;

	*event = (struct ec_host_event){ 0 };
	if (!len || end[-1])
		return 0;
	for (; line < end; line += strlen(line) + 1) {
		v = value_of(line, "ACTION");
		if (v)
			action = read_action(v, &event->kind);
		v = value_of(line, "SUBSYSTEM");
		if (v)
			pci = !strcmp(v, "pci");
		v = value_of(line, "PCI_SLOT_NAME");
		if (v)
			slot = !ec_sbdf_parse(v, &event->at);
		v = value_of(line, "DRIVER");
		if (v && strlen(v) < sizeof(event->driver))
			strcpy(event->driver, v);
	}
	return action && pci && slot;
}

int ec_uevents_read(int fd, struct ec_host_event *event)
{
	char text[EVENT_MAX];
	struct sockaddr_nl from = { 0 };
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(fd, text, sizeof(text), MSG_TRUNC, (struct sockaddr *)&from, &len);

	if (n < 0)
		return -errno;
	/* any process may send to the group: the kernel's port is 0 */
	if (from.nl_pid || (size_t)n > sizeof(text))
		return 0;
	return ec_uevents_parse(text, (size_t)n, event);
}
