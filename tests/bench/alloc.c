/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "alloc.h"

#include <stdlib.h>

/* glibc's allocator under names that a program cannot replace. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);

volatile unsigned long bench_allocations;

void *malloc(size_t size)
{
	bench_allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	bench_allocations++;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	bench_allocations++;
	return __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	bench_allocations++;
	return __libc_memalign(align, size);
}
