DefinitionBlock ("", "SSDT", 2, "ECAMD", "ECAMDPVH", 0x00000001)
{
    Scope (\_SB)
    {
        Device (PCI0)
        {
            Name (_HID, EisaId ("PNP0A08") /* PCI Express Bus */)  // _HID: Hardware ID
            Name (_CID, EisaId ("PNP0A03") /* PCI Bus */)  // _CID: Compatible ID
            Name (_UID, Zero)  // _UID: Unique ID
            Name (_SEG, Zero)  // _SEG: PCI Segment
            Name (_BBN, 0x00)  // _BBN: BIOS Bus Number
            Name (BUSR, ResourceTemplate ()
            {
                WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
                    0x0000,             // Granularity
                    0x0000,             // Range Minimum
                    0x0000,             // Range Maximum
                    0x0000,             // Translation Offset
                    0x0001,             // Length
                    ,, )
            })
            Name (PIOR, ResourceTemplate ()
            {
                WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange,
                    0x0000,             // Granularity
                    0x0000,             // Range Minimum
                    0x0000,             // Range Maximum
                    0x0000,             // Translation Offset
                    0x0000,             // Length
                    ,, _Y00, TypeStatic, DenseTranslation)
            })
            Name (M32R, ResourceTemplate ()
            {
                DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0x00000000,         // Granularity
                    0x00000000,         // Range Minimum
                    0x00000000,         // Range Maximum
                    0x00000000,         // Translation Offset
                    0x00000000,         // Length
                    ,, _Y01, AddressRangeMemory, TypeStatic)
            })
            Name (M64R, ResourceTemplate ()
            {
                QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0x0000000000000000, // Granularity
                    0x0000004000000000, // Range Minimum
                    0x0000004FFFFFFFFF, // Range Maximum
                    0x0000000000000000, // Translation Offset
                    0x0000001000000000, // Length
                    ,, _Y02, AddressRangeMemory, TypeStatic)
            })
            Method (_CRS, 0, Serialized)  // _CRS: Current Resource Settings
            {
                CreateWordField (PIOR, \_SB.PCI0._Y00._LEN, PLEN)  // _LEN: Length
                CreateDWordField (M32R, \_SB.PCI0._Y01._LEN, LN32)  // _LEN: Length
                CreateQWordField (M64R, \_SB.PCI0._Y02._LEN, LN64)  // _LEN: Length
                Local0 = BUSR /* \_SB_.PCI0.BUSR */
                If ((PLEN != Zero))
                {
                    ConcatenateResTemplate (Local0, PIOR, Local0)
                }

                If ((LN32 != Zero))
                {
                    ConcatenateResTemplate (Local0, M32R, Local0)
                }

                If ((LN64 != Zero))
                {
                    ConcatenateResTemplate (Local0, M64R, Local0)
                }

                Return (Local0)
            }

            Method (_OSC, 4, Serialized)  // _OSC: Operating System Capabilities
            {
                CreateDWordField (Arg3, Zero, CDW1)
                If ((Arg0 != ToUUID ("33db4d5b-1ff7-401c-9657-7441c03dd766") /* PCI Host Bridge Device */))
                {
                    CDW1 |= 0x04
                    Return (Arg3)
                }

                If ((Arg2 < 0x03))
                {
                    CDW1 |= 0x02
                    Return (Arg3)
                }

                CreateDWordField (Arg3, 0x08, CDW3)
                If ((Arg1 != One))
                {
                    CDW1 |= 0x08
                }

                Local0 = (CDW3 & 0x9D)
                If ((Local0 != CDW3))
                {
                    CDW1 |= 0x10
                }

                CDW3 = Local0
                Return (Arg3)
            }
        }

        Device (ECAM)
        {
            Name (_HID, EisaId ("PNP0C02") /* PNP Motherboard Resources */)  // _HID: Hardware ID
            Name (_UID, "ECAM")  // _UID: Unique ID
            Name (_CRS, ResourceTemplate ()  // _CRS: Current Resource Settings
            {
                Memory32Fixed (ReadWrite,
                    0xFD000000,         // Address Base
                    0x00100000,         // Address Length
                    )
            })
        }
    }
}

