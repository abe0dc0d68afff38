/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suites of `make check`, one a file of tests/unit. A new one is declared here and added to
 * the array in main.c.
 */
#ifndef EC_TESTS_SUITES_H
#define EC_TESTS_SUITES_H

#include <check.h>

Suite *suite_address(void);      /* core: sbdf, ecam */
Suite *suite_dump(void);         /* core: image, dump */
Suite *suite_bar(void);          /* core: bar */
Suite *suite_chain(void);        /* core: chain */
Suite *suite_capabilities(void); /* capabilities */
Suite *suite_extended(void);     /* capabilities: the extended ones, one by one */
Suite *suite_lost(void);         /* capabilities: registers that a reset or a power state loses */
Suite *suite_index(void);        /* capabilities: README.md, the index */
Suite *suite_shown(void);        /* the same, as a guest sees them */
Suite *suite_plan(void);         /* plan, topology */
Suite *suite_decide(void);       /* plan_decide, plan_check */
Suite *suite_defects(void);      /* what xen-pt does wrong, one test each */
Suite *suite_effect(void);       /* effect */
Suite *suite_acpi(void);         /* acpi: machines and their tables */
Suite *suite_acpi_guest(void);   /* acpi: tables put into a guest */
Suite *suite_acpi_hostile(void); /* the same, into one that is not as it should be */
Suite *suite_acpi_aml(void);     /* tables as iasl reads them, and run; ecamctl acpi */
Suite *suite_access(void);       /* access */
Suite *suite_ioreq(void);        /* ioreq */
Suite *suite_fakexen(void);      /* the hypervisor that tests play */
Suite *suite_fakexen_server(void);
Suite *suite_fakexen_guest(void);
Suite *suite_tables(void);
Suite *suite_comeback(void);
Suite *suite_comeback_wrong(void);
Suite *suite_cli_plan(void);
Suite *suite_cli_tree(void);
Suite *suite_machine(void);
Suite *suite_machine_ecam(void);
Suite *suite_machine_asked(void);
Suite *suite_machine_map(void);
Suite *suite_machine_random(void);
Suite *suite_bridge(void);      /* bridge: its registers, PCIEXBAR */
Suite *suite_port(void);        /* port: its registers, the veil */
Suite *suite_port_event(void);  /* port: cards, errors, interrupts */
Suite *suite_port_route(void);  /* port: buses, resets, hostile guests */
Suite *suite_placeholder(void); /* placeholder: a function 0 that does nothing */
Suite *suite_port_guest(void);  /* port: planned machines, enumerated */
Suite *suite_guest_whole(void); /* the same, compared with what ecamctl and lspci say */
Suite *suite_truth(void);       /* layout: every case of one bit */
Suite *suite_model(void);       /* the path against a slow model */
Suite *suite_snapshot(void);    /* snapshot */
Suite *suite_host(void);        /* the ports to this machine */
Suite *suite_device(void);      /* a function taken, reset, mapped, given back */
Suite *suite_device_near(void); /* who shares a line or a page with it */
Suite *suite_files(void);       /* files and folders of rules */
Suite *suite_fuzz(void);        /* the fuzzers over their seeds, and mutations of them */
Suite *suite_spec(void);        /* service: spec */
Suite *suite_rpc(void);         /* service: rpc */
Suite *suite_control(void);     /* service: control */
Suite *suite_machine_json(void);
Suite *suite_client(void);  /* service: client, methods; ecamctl's commands that need it */
Suite *suite_p2m(void);     /* service: p2m */
Suite *suite_service(void); /* service: attach and detach */
Suite *suite_service_refused(void);
Suite *suite_service_rules(void);
Suite *suite_service_access(void);
Suite *suite_service_latch(void); /* service: the ports of CONFIG_ADDRESS */
Suite *suite_mmio(void);          /* guest: accesses to mapped pages */
Suite *suite_service_irq(void);
Suite *suite_service_msix(void);
Suite *suite_service_life(void);
Suite *suite_service_reset(void);
Suite *suite_service_vf(void);    /* service: virtual functions */
Suite *suite_service_power(void); /* service: power states in the hardware */
Suite *suite_service_vpd(void);
Suite *suite_service_flood(void);
Suite *suite_service_hostile(void);
Suite *suite_service_ports(void);
Suite *suite_service_place(void);
Suite *suite_rules_parse(void); /* policy: files, and what is wrong with them */
Suite *suite_rules_set(void);   /* policy: what keys become */
Suite *suite_rules_match(void);
Suite *suite_rules_resolve(void);
Suite *suite_cli(void);       /* ecamctl as a program */
Suite *suite_cli_rules(void); /* the same where rules decide */
Suite *suite_cli_check(void);
Suite *suite_golden(void); /* views of the fixtures */

Suite *suite_plan_rules(void);       /* plan_rules: which capabilities; bytes without rows */
Suite *suite_plan_rules_bits(void);  /* plan_rules: ranges, registers, the order */
Suite *suite_plan_rules_chain(void); /* plan_rules: linked, moved, added, resized */
Suite *suite_plan_rules_held(void);  /* plan_rules: what rules do not get hold of */
Suite *suite_plan_rules_named(void); /* plan_rules: named settings; subject */
Suite *suite_rules_property(void);   /* plan_rules: what holds whatever rules say */

#endif
