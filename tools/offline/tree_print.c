/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/tree_print.h"

#include <pci/header.h>
#include <stdio.h>

#include "core/dump.h"
#include "tools/offline/title.h"
#include "tools/out.h"

static uint32_t get(const struct tree_node *node, uint32_t offset, unsigned int len)
{
	return ec_image_get(&node->view, offset, len);
}

/* "00.0  Intel Corporation 82574L [8086:10d3], host 02:00.0" */
static void draw_leaf(const struct tree_node *node, struct ec_names *names, bool model)
{
	unsigned int vendor = get(node, PCI_VENDOR_ID, 2), device = get(node, PCI_DEVICE_ID, 2);
	char name[EC_NAME_MAX], host[EC_SBDF_MAX];

	printf("%02x.%x  ", node->at.devfn >> 3, ec_sbdf_function(node->at));
	if (names)
		printf("%s [%04x:%04x]",
		       ec_names_device(names, (uint16_t)vendor, (uint16_t)device, name), vendor,
		       device);
	else
		printf("%04x:%04x", vendor, device);
	if (node->what == TREE_FUNCTION)
		printf(", host %s", ec_sbdf_print(node->host, false, host));
	else if (node->what == TREE_PLACEHOLDER)
		printf(", placeholder");
	else if (model)
		printf(", the device model's");
	putchar('\n');
}

/* The number of nodes on @bus from @first on; nodes are sorted by address. */
static unsigned int on_bus(const struct tree *t, unsigned int first, unsigned int bus)
{
	unsigned int n = 0;

	while (first + n < t->n && t->node[first + n].at.bus == bus)
		n++;
	return n;
}

static unsigned int first_on(const struct tree *t, unsigned int bus)
{
	unsigned int i = 0;

	while (i < t->n && t->node[i].at.bus != bus)
		i++;
	return i;
}

/* "01.0-[01]--" and the functions of the bus. @last: no line of bus 0 continues below. */
static void draw_port(const struct tree *t, const struct tree_node *port, struct ec_names *names,
		      bool last)
{
	unsigned int first = first_on(t, port->bus), n = on_bus(t, first, port->bus);

	printf("%02x.%x-[%02x]--", port->at.devfn >> 3, ec_sbdf_function(port->at), port->bus);
	if (!n)
		putchar('\n');
	for (unsigned int i = 0; i < n; i++) {
		if (i)
			printf("           %c            ", last ? ' ' : '|');
		fputs(n == 1 ? "--" : i + 1 < n ? "+-" : "\\-", stdout);
		draw_leaf(t->node + first + i, names, false);
	}
}

static void draw(const struct tree *t, const struct options *o)
{
	struct ec_names *names = o->numeric ? NULL : ec_names_open();
	unsigned int n = on_bus(t, 0, 0);

	for (unsigned int i = 0; i < n; i++) {
		const struct tree_node *node = t->node + i;
		bool last = i + 1 == n;

		fputs(i ? "           " : "-[0000:00]-", stdout);
		/* the first of several is on the line of the bus */
		fputs(n == 1 ? "--" : last ? "\\-" : "+-", stdout);
		if (node->what == TREE_PORT)
			draw_port(t, node, names, last);
		else
			draw_leaf(node, names, t->kind == EC_MACHINE_HVM);
	}
	ec_names_close(names);
}

static void print_hex(const struct tree *t, const struct options *o)
{
	struct ec_names *names = o->numeric ? NULL : ec_names_open();
	char row[EC_DUMP_ROW_MAX];

	for (unsigned int i = 0; i < t->n; i++) {
		const struct tree_node *node = t->node + i;

		title_print(names, false, node->at, get(node, PCI_VENDOR_ID, 4),
			    get(node, PCI_CLASS_REVISION, 4));
		for (uint32_t off = 0; off < node->view.size; off += 16) {
			ec_dump_print_row(row, off, node->view.byte + off);
			fputs(row, stdout);
		}
		putchar('\n');
	}
	ec_names_close(names);
}

static void print_json(const struct tree *t)
{
	static const char *const whats[TREE_WHATS] = {
		[TREE_BRIDGE] = "host bridge",
		[TREE_PORT] = "root port",
		[TREE_PLACEHOLDER] = "placeholder",
		[TREE_FUNCTION] = "function",
	};
	char at[EC_SBDF_MAX];

	printf("{\"version\":1,\"kind\":\"%s\",\"tree\":[", ec_machine_kind_names[t->kind]);
	for (unsigned int i = 0; i < t->n; i++) {
		const struct tree_node *node = t->node + i;

		printf("%s{\"guest\":\"%s\",\"what\":\"%s\",\"vendor\":%u,\"device\":%u,"
		       "\"class\":%u,\"host\":",
		       i ? "," : "", ec_sbdf_print(node->at, true, at), whats[node->what],
		       get(node, PCI_VENDOR_ID, 2), get(node, PCI_DEVICE_ID, 2),
		       get(node, PCI_CLASS_DEVICE, 2));
		if (node->what == TREE_FUNCTION)
			printf("\"%s\",\"bus\":", ec_sbdf_print(node->host, true, at));
		else
			printf("null,\"bus\":");
		if (node->what == TREE_PORT)
			printf("%u}", node->bus);
		else
			printf("null}");
	}
	puts("]}");
}

void tree_print(const struct tree *t, const struct options *o)
{
	if (o->json)
		print_json(t);
	else if (o->hex)
		print_hex(t, o);
	else
		draw(t, o);
}
