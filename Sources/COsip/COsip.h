// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// What Tollgate uses of libosip2: its message parser. The transaction half of the library (libosip2 proper) is not
// linked. The library is LGPL and stays dynamically linked.

#ifndef TOLLGATE_COSIP_H
#define TOLLGATE_COSIP_H

#include <sys/time.h>

#include <osipparser2/osip_parser.h>

#endif
