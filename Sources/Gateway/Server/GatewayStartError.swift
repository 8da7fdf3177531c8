// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a gateway could not start: one clear line, and the status to exit with.
package struct GatewayStartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do about it.
    package let description: String
    /// The process's exit status, after sysexits.h: 69 for a port in use, 74 for the store, 78 for configuration.
    package let exitCode: Int32

    /// Makes an error.
    package init(_ description: String, exitCode: Int32) {
        self.description = description
        self.exitCode = exitCode
    }
}
