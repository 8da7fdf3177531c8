// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A value whose contents no description, debug description or dump ever shows.
package protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// The type's name with nothing of the value.
    package var description: String { "\(Self.self)(redacted)" }

    /// The type's name with nothing of the value.
    package var debugDescription: String { description }

    /// A mirror without children, so that `dump` shows no more than `print`.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
