// SPDX-License-Identifier: GPL-2.0-or-later
// A PVH guest's host bridge (bus 0, two memory windows), and the ECAM window as a motherboard resource:
// Linux uses a window of MCFG only where a device of the namespace reserves it.
DefinitionBlock ("", "SSDT", 2, "ECAMD", "ECAMPVH", 1)
{
	Scope (\_SB)
	{
		Device (PCI0)
		{
			Name (_HID, EisaId ("PNP0A08"))
			Name (_CID, EisaId ("PNP0A03"))
			Name (_UID, 0)
			Name (_SEG, 0)
			Name (_BBN, 0)
			Name (_CRS, ResourceTemplate () {
				WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
					0, 0, 0, 0, 1)
				DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable,
					ReadWrite, 0, 0xFE000000, 0xFEBFFFFF, 0, 0xC00000)
				QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable,
					ReadWrite, 0, 0x4000000000, 0x4FFFFFFFFF, 0, 0x1000000000)
			})
			Method (_OSC, 4, NotSerialized)
			{
				CreateDWordField (Arg3, 0, CDW1)
				CreateDWordField (Arg3, 8, CDW3)
				If (LEqual (Arg0, ToUUID ("33DB4D5B-1FF7-401C-9657-7441C03DD766"))) {
					And (CDW3, 0x1F, CDW3)
				} Else {
					Or (CDW1, 4, CDW1)
				}
				Return (Arg3)
			}
		}
		Device (ECAM)
		{
			Name (_HID, EisaId ("PNP0C02"))
			Name (_UID, 0xECA)
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, 0xFD000000, 0x00100000)
			})
		}
	}
}
