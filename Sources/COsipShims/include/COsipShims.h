// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// The little C that libosip2 needs around it: a trace callback (it takes a va_list), the allocator hooks, and
// accessors that spare the caller a cast.

#ifndef TOLLGATE_COSIP_SHIMS_H
#define TOLLGATE_COSIP_SHIMS_H

#include <stddef.h>

#include <osipparser2/osip_parser.h>

/// Silences the library, installs the allocator hooks and fills the parser's tables. Call once, before any parse.
/// Returns 0 on success.
int COsipShims_start(void);

/// Parses one message. Everything the library allocates until `COsipShims_end` comes out of an arena that belongs to
/// the calling thread. Calls do not nest. Returns NULL when the library refuses the message; `COsipShims_end` must
/// be called all the same.
osip_message_t *COsipShims_begin(const char *bytes, size_t length);

/// Releases what `COsipShims_begin` returned, which may be NULL, on the thread that called it.
void COsipShims_end(osip_message_t *message);

/// The value of a header field parameter; NULL when absent or without a value.
const char *COsipShims_parameter(const osip_list_t *parameters, const char *name);

/// How many header fields without a list of their own have this lower-case name.
int COsipShims_count(const osip_message_t *message, const char *name);

#endif
