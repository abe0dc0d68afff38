// SPDX-License-Identifier: GPL-2.0-or-later
// One ECAM window: segment 0, bus 0, at 0xfd000000.
[0004]                          Signature : "MCFG"
[0004]                       Table Length : 0000003C
[0001]                           Revision : 01
[0001]                           Checksum : 00
[0006]                             Oem ID : "ECAMD "
[0008]                       Oem Table ID : "ECAMLAB "
[0004]                       Oem Revision : 00000001
[0004]                    Asl Compiler ID : "INTL"
[0004]              Asl Compiler Revision : 00000001
[0008]                           Reserved : 0000000000000000
[0008]                       Base Address : 00000000FD000000
[0002]               Segment Group Number : 0000
[0001]                   Start Bus Number : 00
[0001]                     End Bus Number : 00
[0004]                           Reserved : 00000000
