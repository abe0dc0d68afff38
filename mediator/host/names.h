/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of devices and classes from libpci's pci.ids, without numbers, which `lspci -nn` prints
 * after them. Where there is no name: "Class", "Device", or the vendor's or class's name alone, as
 * there.
 */
#ifndef EC_HOST_NAMES_H
#define EC_HOST_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/** An open list of names. */
struct ec_names;

/** ec_names_open() - open the list; NULL: out of memory. Close it with ec_names_close(). */
struct ec_names *ec_names_open(void);

/** ec_names_close() - free it; NULL is allowed. */
void ec_names_close(struct ec_names *names);

/** Bytes of a name; a longer one is cut, because lspci's reader limits a line with two of them. */
#define EC_NAME_MAX 96

/** ec_names_class() - "Ethernet controller" for 0x0200. Returns @out. */
const char *ec_names_class(struct ec_names *names, uint16_t class_device, char out[EC_NAME_MAX]);

/** ec_names_device() - "Intel Corporation 82574L Gigabit Network Connection". Returns @out. */
const char *ec_names_device(struct ec_names *names, uint16_t vendor, uint16_t device,
			    char out[EC_NAME_MAX]);

#endif
