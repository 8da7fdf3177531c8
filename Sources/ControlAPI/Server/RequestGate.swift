// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import HTTPTypes
import Hummingbird

/// What stands before every operation: how often may one ask, who is it, and may they.
struct RequestGate: Sendable {
    /// Lets a request in, or throws why not.
    ///
    /// - Returns: Who asks; nil when the operation is open.
    func admit(
        _ request: Request,
        _ context: APIRequestContext,
        _ operation: Operation,
        _ services: APIServices
    ) async throws -> APIIdentity? {
        if operation.access == .open { return nil }
        throw APIError.authenticationRequired
    }
}
