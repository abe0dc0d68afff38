/* SPDX-License-Identifier: GPL-2.0-or-later */
/* I/O ports that ecamd serves. */
#ifndef EC_GUEST_IO_PORTS_H
#define EC_GUEST_IO_PORTS_H

/** Configuration mechanism 1: CONFIG_ADDRESS, and CONFIG_DATA after it (PCI Local
 * Bus 3.0, 3.2.2.3.2). */
#define EC_PORT_CF8 0xcf8u
#define EC_PORT_CFB 0xcfbu
#define EC_PORT_CFF 0xcffu

/** Reset control register of PIIX3, which shares the latch's ports (QEMU hw/isa/piix3.c). */
#define EC_PORT_RESET_CONTROL 0xcf9u
#define EC_RESET_TYPE 0x02u /* hard reset, SRST */
#define EC_RESET_NOW 0x04u  /* 0 to 1 resets the machine, RCPU */

/** General-purpose events of a PVH guest, and those of hot-added processors (Xen's libacpi). */
#define EC_PORT_GPE 0xaf00u
#define EC_PORT_GPE_LAST 0xaf1fu
#define EC_PORT_GPE_CPU 0xafe0u
#define EC_PORT_GPE_CPU_LAST 0xafe3u

#endif
