// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

// Linking this target replaces malloc and its kin for the whole process by wrappers that count, thread by thread.
// Threads are numbered from 0 in the order of their first allocation; a number is never used again.

/// How many allocations the calling thread has made so far.
uint64_t allocation_counter_here(void);

/// The calling thread's number; one beyond the last when it has not allocated yet or has come too late to get one.
uint32_t allocation_counter_this_thread(void);

/// How many threads have allocated so far.
uint32_t allocation_counter_threads(void);

/// The kernel's number of a thread; 0 when there is no such thread.
int32_t allocation_counter_thread_id(uint32_t thread);

/// How many allocations a thread has made so far.
uint64_t allocation_counter_of(uint32_t thread);

/// Calls every wrapped function once and returns how many calls were made, to prove that all of them are counted.
uint32_t allocation_counter_exercise(void);

#endif
