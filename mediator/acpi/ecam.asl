// SPDX-License-Identifier: GPL-2.0-or-later
// The ECAM window as a motherboard's resource: Linux uses a window that MCFG tells of only if it is reserved.
// The address and the length are put in (acpi.c).
Device (ECAM)
{
	Name (_HID, EisaId ("PNP0C02"))
	Name (_UID, "ECAM")
	Name (_CRS, ResourceTemplate () {
		Memory32Fixed (ReadWrite, 0xECA00000, 0x0EC00000)
	})
}
