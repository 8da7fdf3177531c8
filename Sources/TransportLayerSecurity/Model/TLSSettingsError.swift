// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate, key or list of authorities that cannot be used, with what to do about it.
package struct TLSSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, the file's name included.
    package let reason: String
    /// What an operator can do.
    package let remedy: String

    /// States a problem.
    package init(_ reason: String, _ remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    /// Reason and remedy in one line.
    package var description: String { "\(reason); \(remedy)" }
}
