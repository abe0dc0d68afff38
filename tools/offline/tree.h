/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that a guest finds: host bridge, root ports, placeholders and its own functions, at
 * the addresses, and with the bus numbers, windows and BARs, of the plan of its machine. Decode is
 * off. For a device model only its host bridge is listed.
 */
#ifndef EC_OFFLINE_TREE_H
#define EC_OFFLINE_TREE_H

#include "core/image.h"
#include "tools/offline/planned.h"

enum tree_what { TREE_BRIDGE, TREE_PORT, TREE_PLACEHOLDER, TREE_FUNCTION, TREE_WHATS };

/** One function that the guest finds. */
struct tree_node {
	struct ec_sbdf at; /* guest address */
	enum tree_what what;
	struct ec_sbdf host;  /* of TREE_FUNCTION */
	uint8_t bus;          /* secondary bus of TREE_PORT */
	struct ec_image view; /* as the guest reads it */
	uint16_t exp;         /* of TREE_FUNCTION: offset of its PCI Express capability; 0: none */
};

struct tree {
	enum ec_machine_kind kind;
	unsigned int n;
	struct tree_node *node; /* by guest address */
};

/**
 * tree_new() - make the tree of a planned machine.
 * @m, @s, @o: as for planned_each(). *@out: free it with tree_free(); NULL on failure. Returns 0,
 * or an exit code after a message.
 */
int tree_new(const struct planned *m, const struct source *s, const struct options *o,
	     struct tree **out);

/** tree_free() - free @t. NULL is allowed. */
void tree_free(struct tree *t);

#endif
