/* SPDX-License-Identifier: GPL-2.0-or-later */
/* I/O ports that ecamd serves. */
#ifndef EC_GUEST_IO_PORTS_H
#define EC_GUEST_IO_PORTS_H

/** The last ports of CONFIG_ADDRESS and of CONFIG_DATA, which follows it (core/ecam.h). */
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
