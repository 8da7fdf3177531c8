// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A place where a message departs from the grammar of RFC 3261 §25.1.
package struct SyntaxError: Error, Hashable, Sendable {
    /// What is wrong, in lower case and without a final period, fit for a Warning's text.
    package let reason: String
    /// The offset of the offending byte in the message.
    package let offset: Int

    /// Makes an error; errors are rare, so making one is kept out of line.
    @inline(never)
    package init(_ reason: StaticString, at offset: Int) {
        self.reason = "\(reason)"
        self.offset = offset
    }
}
