/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ids of virtual functions, which read ffff:ffff in their own configuration space.
 */
#ifndef EC_OFFLINE_VF_H
#define EC_OFFLINE_VF_H

#include "tools/offline/source.h"

/**
 * vf_fill_ids() - give each function of @s that shows no ids, and of which the text told none,
 * those that its physical function's SR-IOV capability tells, if that is in @s too.
 * Returns 0, or -ENOMEM. Source: pciutils header.h (PCI_IOV_*).
 */
int vf_fill_ids(struct source *s);

#endif
