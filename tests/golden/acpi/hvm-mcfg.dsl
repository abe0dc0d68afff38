
[000h 0000] Signature : "MCFG"
[004h 0004] Table Length : 0000003C
[008h 0008] Revision : 01
[009h 0009] Checksum : 6A
[00Ah 0010] Oem ID : "ECAMD"
[010h 0016] Oem Table ID : "ECAMDWIN"
[018h 0024] Oem Revision : 00000001
[01Ch 0028] Asl Compiler ID : "ECAM"
[020h 0032] Asl Compiler Revision : 00000001

[024h 0036] Reserved : 0000000000000000

[02Ch 0044] Base Address : 00000000FE800000
[034h 0052] Segment Group Number : 0000
[036h 0054] Start Bus Number : 01
[037h 0055] End Bus Number : 03
[038h 0056] Reserved : 00000000

Raw Table Data: Length 60 (0x3C)

    0000: 4D 43 46 47 3C 00 00 00 01 6A 45 43 41 4D 44 00  // MCFG<....jECAMD.
    0010: 45 43 41 4D 44 57 49 4E 01 00 00 00 45 43 41 4D  // ECAMDWIN....ECAM
    0020: 01 00 00 00 00 00 00 00 00 00 00 00 00 00 80 FE  // ................
    0030: 00 00 00 00 00 00 01 03 00 00 00 00              // ............
