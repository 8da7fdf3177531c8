// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The built gateway as its users meet it; one test at a time, for they share the machine's processors and sound.
@Suite("The product, end to end", .serialized)
enum EndToEnd {}
