// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's own entry points, which the wrappers stand in front of.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

enum { maximum_threads = 256 };

struct counter {
    // Written by its own thread alone; atomic so that others may read it.
    _Atomic uint64_t allocations;
    _Atomic int32_t thread_id;
    // Threads write far apart, or counting would slow down what is measured.
    char padding[112];
};

// One more place than there are numbers: all threads beyond the last number share it.
static struct counter counters[maximum_threads + 1];
static _Atomic uint32_t used;

// Initial-exec, because any other model may itself allocate at a thread's first access.
static __thread struct counter *mine __attribute__((tls_model("initial-exec")));

static struct counter *claim(void) {
    uint32_t number = atomic_fetch_add(&used, 1);
    if (number > maximum_threads) number = maximum_threads;
    mine = &counters[number];
    atomic_store(&mine->thread_id, (int32_t)syscall(SYS_gettid));
    return mine;
}

static inline void count(void) {
    struct counter *counter = mine;
    if (__builtin_expect(counter == NULL, 0)) counter = claim();
    uint64_t before = atomic_load_explicit(&counter->allocations, memory_order_relaxed);
    atomic_store_explicit(&counter->allocations, before + 1, memory_order_relaxed);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count();
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

uint64_t allocation_counter_here(void) {
    struct counter *counter = mine;
    return counter == NULL ? 0 : atomic_load_explicit(&counter->allocations, memory_order_relaxed);
}

uint32_t allocation_counter_this_thread(void) {
    return mine == NULL ? maximum_threads : (uint32_t)(mine - counters);
}

uint32_t allocation_counter_threads(void) {
    uint32_t threads = atomic_load(&used);
    return threads < maximum_threads ? threads : maximum_threads;
}

int32_t allocation_counter_thread_id(uint32_t thread) {
    return thread < allocation_counter_threads() ? atomic_load(&counters[thread].thread_id) : 0;
}

uint64_t allocation_counter_of(uint32_t thread) {
    if (thread >= allocation_counter_threads()) return 0;
    return atomic_load_explicit(&counters[thread].allocations, memory_order_relaxed);
}

uint32_t allocation_counter_exercise(void) {
    // Volatile, because a compiler may leave out memory that nobody looks at.
    void *volatile memory = malloc(16);
    memory = realloc(memory, 64);
    free(memory);
    memory = calloc(2, 16);
    free(memory);
    memory = memalign(64, 64);
    free(memory);
    memory = aligned_alloc(64, 64);
    free(memory);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 64) == 0) {
        memory = aligned;
        free(memory);
    }
    return 6;
}
