DefinitionBlock ("", "SSDT", 2, "ECAMD", "ECAMDHVM", 0x00000001)
{
    External (_SB_.PCI0, DeviceObj)

    Scope (\_SB)
    {
        Device (ECAM)
        {
            Name (_HID, EisaId ("PNP0C02") /* PNP Motherboard Resources */)  // _HID: Hardware ID
            Name (_UID, "ECAM")  // _UID: Unique ID
            Name (_CRS, ResourceTemplate ()  // _CRS: Current Resource Settings
            {
                Memory32Fixed (ReadWrite,
                    0xFE900000,         // Address Base
                    0x00300000,         // Address Length
                    )
            })
        }
    }

    Scope (\_SB.PCI0)
    {
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
}

