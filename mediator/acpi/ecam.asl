// SPDX-License-Identifier: GPL-2.0-or-later
// The ECAM window as a motherboard resource: Linux uses a window of MCFG only if it is reserved.
// Address and length are replaced by tables.c.
Device (ECAM)
{
	Name (_HID, EisaId ("PNP0C02"))
	Name (_UID, "ECAM")
	Name (_CRS, ResourceTemplate () {
		Memory32Fixed (ReadWrite, 0xECA00000, 0x0EC00000)
	})
}
