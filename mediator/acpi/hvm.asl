// SPDX-License-Identifier: GPL-2.0-or-later
// hvmloader's DSDT has an HVM guest's root bridge, but no _OSC; without it Linux binds no service driver of a root port.
DefinitionBlock ("", "SSDT", 2, "ECAMD", "ECAMDHVM", 1)
{
	External (\_SB.PCI0, DeviceObj)

	Scope (\_SB)
	{
#include "ecam.asl"
	}

	Scope (\_SB.PCI0)
	{
#include "osc.asl"
	}
}
