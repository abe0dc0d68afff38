/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxendevicemodel, libxenforeignmemory and libxenevtchn as stubs (stub_xen.h): ioreq servers,
 * each with its page and event channels. A channel is masked when its event is delivered, as Linux
 * does; an event that comes then is pending until the channel is unmasked, and several are one.
 * Calls of a request's path (pending, unmask, notify) are not logged.
 */
#ifndef EC_TESTS_STUB_XEN_SERVER_H
#define EC_TESTS_STUB_XEN_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/* the constants of ioreq servers */
#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>

#include <xen/hvm/ioreq.h>

#define STUB_SERVERS 2
#define STUB_VCPUS 128
#define STUB_MEMORY (4 * 4096)

/** stub_server_reset() - no servers, no hook; the guest's memory is 0. */
void stub_server_reset(void);

/** stub_server_slot() - the request of a virtual CPU of the server that was created as number @n.
 */
struct ioreq *stub_server_slot(unsigned int n, unsigned int vcpu);

/** stub_server_post() - a virtual CPU makes a request. stub_server_raise() - and its event. */
void stub_server_post(unsigned int n, unsigned int vcpu);
void stub_server_raise(unsigned int n, unsigned int vcpu);

/** stub_server_readable() - whether the descriptor of the server's events polls readable. */
bool stub_server_readable(unsigned int n);

/** stub_server_ready() - how many of its virtual CPUs have a request that is not served. */
unsigned int stub_server_ready(unsigned int n);

/** stub_server_leaks() - what of a server, its channels, mappings and handles is not freed. */
unsigned int stub_server_leaks(void);

/** stub_server_memory() - the guest's memory, from address 0; frames after it cannot be mapped. */
uint8_t *stub_server_memory(void);

/**
 * stub_server_hook - called when a virtual CPU's answer is notified, and if @vcpu is -1, before
 * events are taken and channels are unmasked. NULL: none.
 */
extern void (*stub_server_hook)(unsigned int n, int vcpu);

#endif
