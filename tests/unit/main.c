/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tests in one program: `make check` ends with its summary line. */
#include <stdlib.h>

#include "core/bits.h"
#include "suites.h"

static Suite *(*const suites[])(void) = {
	suite_address,
	suite_dump,
	suite_bar,
	suite_chain,
	suite_capabilities,
	suite_plan,
	suite_decide,
	suite_plan_rules,
	suite_plan_rules_bits,
	suite_plan_rules_held,
	suite_plan_rules_chain,
	suite_plan_rules_named,
	suite_rules_property,
	suite_defects,
	suite_effect,
	suite_access,
	suite_truth,
	suite_model,
	suite_rules_parse,
	suite_rules_set,
	suite_rules_match,
	suite_rules_resolve,
	suite_fuzz,
	suite_snapshot,
	suite_machine,
	suite_machine_ecam,
	suite_machine_asked,
	suite_machine_map,
	suite_machine_random,
	suite_bridge,
	suite_port,
	suite_port_event,
	suite_port_route,
	suite_placeholder,
	suite_port_guest,
	suite_guest_whole,
	suite_host,
	suite_files,
	suite_spec,
	suite_rpc,
	suite_control,
	suite_machine_json,
	suite_client,
	suite_cli,
	suite_cli_rules,
	suite_cli_check,
	suite_cli_plan,
	suite_cli_tree,
	suite_golden,
	suite_ioreq,
	suite_device,
	suite_device_near,
	suite_fakexen,
	suite_fakexen_server,
	suite_fakexen_guest,
	suite_tables,
	suite_comeback,
	suite_comeback_wrong,
	suite_p2m,
	suite_service,
	suite_service_refused,
	suite_service_rules,
	suite_service_access,
	suite_service_latch,
	suite_mmio,
	suite_service_irq,
	suite_service_msix,
	suite_service_life,
	suite_service_reset,
	suite_service_vf,
	suite_service_power,
	suite_service_vpd,
	suite_service_flood,
	suite_service_hostile,
	suite_service_ports,
	suite_service_place,
	suite_extended,
	suite_lost,
	suite_index,
	suite_shown,
	suite_acpi,
	suite_acpi_guest,
	suite_acpi_hostile,
	suite_acpi_aml,
};

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
