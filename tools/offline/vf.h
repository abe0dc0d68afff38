/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids of virtual functions: their own configuration space has ffff:ffff.
 */
#ifndef EC_OFFLINE_VF_H
#define EC_OFFLINE_VF_H

#include "core/dump.h"

/** The ids, vendor in bits 15:0, that a virtual function has there. */
#define VF_NO_IDS 0xffffffffu

/**
 * vf_fill_ids() - set the ids of virtual functions for which the dump has none.
 * @fn, @n: all functions of the dump. The ids are those in the SR-IOV capability of the physical
 * function, if that is one of the @n. Returns 0 or -ENOMEM. Source: pciutils header.h (PCI_IOV_*).
 */
int vf_fill_ids(struct ec_dump_function *fn, unsigned int n);

#endif
