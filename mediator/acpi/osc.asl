// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's control of PCI Express; part of the root bridge's device.
// Granted (0x9d): native hot-plug, PME, AER, the capability structure, DPC. Not SHPC and LTR, which ecamd does not emulate.
// Source: PCI Firmware Specification 3.3, 4.5.1.
Method (_OSC, 4, Serialized)
{
	CreateDWordField (Arg3, 0, CDW1)
	If (Arg0 != ToUUID ("33DB4D5B-1FF7-401C-9657-7441C03DD766"))
	{
		CDW1 |= 0x04	// not a UUID of a PCI host bridge
		Return (Arg3)
	}
	If (Arg2 < 3)
	{
		CDW1 |= 0x02	// failure: no third dword for the answer
		Return (Arg3)
	}
	CreateDWordField (Arg3, 8, CDW3)
	If (Arg1 != 1)
	{
		CDW1 |= 0x08	// unknown revision
	}
	Local0 = CDW3 & 0x9D
	If (Local0 != CDW3)
	{
		CDW1 |= 0x10	// something was not granted
	}
	CDW3 = Local0
	Return (Arg3)
}
