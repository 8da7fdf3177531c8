// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The environment variables of the commands that use the control API.
package enum OperatorEnvironment {
    /// The variables; the process's own unless a test gives others.
    @TaskLocal package static var variables = ProcessInfo.processInfo.environment

    /// The value of a variable; nil for one that is not set, or empty.
    static func value(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
