// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// What Tollgate uses of c-ares: its asynchronous queries, its name decoder its reader of the hosts file,
// and what wakes the thread that all of it runs on.

#ifndef TOLLGATE_CCARES_H
#define TOLLGATE_CCARES_H

#include <ares.h>
#include <netdb.h>
#include <sys/eventfd.h>

// An event descriptor that does not block and is not inherited; -1 when there is none to be had.
static inline int tollgate_event_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

#endif
