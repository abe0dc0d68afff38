// SPDX-License-Identifier: GPL-2.0-or-later
// An HVM guest's root bridge is in the DSDT that hvmloader makes; without _OSC there Linux binds no service of a port.
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
