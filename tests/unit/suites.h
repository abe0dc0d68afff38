/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suites of `make check`, in the order of the floors. Each line S(FOLDER_FILE) is the suite of
 * tests/unit/FOLDER/test_FILE.c, whose suite_FOLDER_FILE() creates it under this name.
 */
#ifndef EC_TESTS_SUITES_H
#define EC_TESTS_SUITES_H

#include <check.h>

/* clang-format off */
#define EC_SUITES(S) \
	S(core_address) \
	S(core_bar) \
	S(core_chain) \
	S(core_dump) \
	S(capabilities_index) \
	S(capabilities_lengths) \
	S(capabilities_lost) \
	S(capabilities_registry) \
	S(capabilities_tables) \
	S(policy_match) \
	S(policy_parse) \
	S(policy_parse_set) \
	S(policy_resolve) \
	S(access_access) \
	S(access_effect) \
	S(access_ioreq) \
	S(access_model) \
	S(view_bounds) \
	S(view_build) \
	S(view_capture) \
	S(view_decide) \
	S(view_defects) \
	S(view_dump_sizes) \
	S(view_rules) \
	S(view_rules_auto) \
	S(view_rules_bits) \
	S(view_rules_chain) \
	S(view_rules_held) \
	S(view_rules_named) \
	S(view_rules_property) \
	S(view_shown) \
	S(view_truth) \
	S(emulated_host_bridge) \
	S(emulated_placeholder) \
	S(emulated_root_port_config) \
	S(emulated_root_port_events) \
	S(emulated_root_ports) \
	S(emulated_root_ports_enumerated) \
	S(machine_addresses) \
	S(machine_ecam_window) \
	S(machine_machine) \
	S(machine_machine_random) \
	S(machine_settings) \
	S(acpi_aml) \
	S(acpi_pvh) \
	S(acpi_pvh_hostile) \
	S(acpi_tables) \
	S(host_device_sysfs) \
	S(host_device_sysfs_record) \
	S(host_device_sysfs_sharing) \
	S(host_event_loop) \
	S(host_files) \
	S(host_files_trust) \
	S(host_host) \
	S(host_plain_text) \
	S(host_uevents) \
	S(hypervisor_xen_ioreq) \
	S(hypervisor_xen_priv) \
	S(hypervisor_xen_store) \
	S(sim_fakexen) \
	S(sim_fakexen_guest) \
	S(sim_fakexen_server) \
	S(control_attach_spec) \
	S(control_client) \
	S(control_machine_json) \
	S(control_rpc) \
	S(control_rule_files) \
	S(control_socket) \
	S(guest_access) \
	S(guest_bounds) \
	S(guest_budget) \
	S(guest_bus_master) \
	S(guest_downstream) \
	S(guest_gone) \
	S(guest_hostile) \
	S(guest_interrupts) \
	S(guest_latch) \
	S(guest_mmio) \
	S(guest_msix) \
	S(guest_p2m) \
	S(guest_power) \
	S(guest_power_bars) \
	S(guest_repeated) \
	S(guest_reset) \
	S(guest_sizing) \
	S(guest_vpd) \
	S(guest_vpd_limits) \
	S(guest_whole) \
	S(supervisor_acpi_tables) \
	S(supervisor_attach) \
	S(supervisor_held) \
	S(supervisor_host_events) \
	S(supervisor_placement) \
	S(supervisor_orphans) \
	S(supervisor_reattach) \
	S(supervisor_reattach_wrong) \
	S(supervisor_refused) \
	S(supervisor_rules) \
	S(supervisor_service) \
	S(supervisor_store_link) \
	S(supervisor_virtual_functions) \
	S(tools_cli) \
	S(tools_cli_check) \
	S(tools_cli_diff) \
	S(tools_cli_plan) \
	S(tools_cli_rules) \
	S(tools_cli_tree) \
	S(tools_fuzz) \
	S(tools_golden)
/* clang-format on */

#define EC_SUITE_DECLARE(name) Suite *suite_##name(void);
EC_SUITES(EC_SUITE_DECLARE)
#undef EC_SUITE_DECLARE

#endif
