// SPDX-License-Identifier: GPL-2.0-or-later
// A PVH guest's root bridge: the toolstack's DSDT has none. tables.c replaces the numbers of _BBN and of the ranges. A
// window that does not exist has length 0, and _CRS leaves it out.
DefinitionBlock ("", "SSDT", 2, "ECAMD", "ECAMDPVH", 1)
{
	Scope (\_SB)
	{
		Device (PCI0)
		{
			Name (_HID, EisaId ("PNP0A08"))
			Name (_CID, EisaId ("PNP0A03"))
			Name (_UID, 0)
			Name (_SEG, 0)
			Name (_BBN, 0xEB)
			Name (BUSR, ResourceTemplate () {
				WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
					0, 0x004C, 0x00EB, 0, 0x00A0)
			})
			Name (PIOR, ResourceTemplate () {
				WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange,
					0, 0xE400, 0xEC1F, 0, 0x0820, , , PIO)
			})
			// Not prefetchable: Linux puts BARs of both kinds into such a window, but only prefetchable BARs into a prefetchable one.
			Name (M32R, ResourceTemplate () {
				DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
					0, 0xEC320000, 0xEC352EBF, 0, 0x00032EC0, , , M32)
			})
			Name (M64R, ResourceTemplate () {
				QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
					0, 0xEC6400000000, 0xED5063FFFFFF, 0, 0x00EC64000000, , , M64)
			})
			Method (_CRS, 0, Serialized)
			{
				CreateWordField (PIOR, ^PIO._LEN, PLEN)
				CreateDWordField (M32R, ^M32._LEN, LN32)
				CreateQWordField (M64R, ^M64._LEN, LN64)
				Local0 = BUSR
				If (PLEN != 0)
				{
					ConcatenateResTemplate (Local0, PIOR, Local0)
				}
				If (LN32 != 0)
				{
					ConcatenateResTemplate (Local0, M32R, Local0)
				}
				If (LN64 != 0)
				{
					ConcatenateResTemplate (Local0, M64R, Local0)
				}
				Return (Local0)
			}
#include "osc.asl"
		}
#include "ecam.asl"
	}
}
