/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handler jumps back into the access that raised the signal. That is safe, since the signal is
 * synchronous: it interrupts one load or store, no function. The handler itself only reads
 * variables of its thread. It is installed with SA_NODEFER, so that the jump need not restore the
 * signal mask and sigsetjmp() makes no system call.
 */
#include "guest/mmio.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#include "core/bits.h"
#include "core/xen_ops.h"

/* The access that is being made by this thread. */
static __thread struct {
	const volatile void *volatile at; /* NULL: none */
	sigjmp_buf back;
} current;

/* Is @fault in the page that this thread accesses? Some machine checks name only the page. */
static bool is_ours(const void *fault)
{
	uintptr_t at = (uintptr_t)current.at;

	return at && ((at ^ (uintptr_t)fault) & ~(uintptr_t)(EC_PAGE_SIZE - 1)) == 0;
}

static void on_sigbus(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	/* si_code is positive if the kernel sent it because of an access */
	if (info->si_code > 0 && is_ours(info->si_addr))
		siglongjmp(current.back, 1);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

int ec_mmio_guard(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigemptyset(&action.sa_mask);
	return sigaction(SIGBUS, &action, NULL) ? -errno : 0;
}

static uint64_t load(const void *at, unsigned int len)
{
	switch (len) {
	case 1:
		return *(const volatile uint8_t *)at;
	case 2:
		return *(const volatile uint16_t *)at;
	case 4:
		return *(const volatile uint32_t *)at;
	default:
		return *(const volatile uint64_t *)at;
	}
}

static void store(void *at, unsigned int len, uint64_t value)
{
	switch (len) {
	case 1:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		*(volatile uint32_t *)at = (uint32_t)value;
		break;
	default:
		*(volatile uint64_t *)at = value;
	}
}

bool ec_mmio_read(const void *at, unsigned int len, uint64_t *value)
{
	if (sigsetjmp(current.back, 0)) {
		current.at = NULL;
		*value = ec_ones(len);
		return false;
	}
	current.at = at;
	*value = load(at, len);
	current.at = NULL;
	return true;
}

bool ec_mmio_write(void *at, unsigned int len, uint64_t value)
{
	if (sigsetjmp(current.back, 0)) {
		current.at = NULL;
		return false;
	}
	current.at = at;
	store(at, len, value);
	current.at = NULL;
	return true;
}
