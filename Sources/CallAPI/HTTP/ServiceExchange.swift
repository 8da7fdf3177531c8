// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What came of one request to the outside service.
package enum ServiceExchange: Hashable, Sendable {
    /// An answer came whole.
    case answered(status: Int, retryAfter: String?, body: [UInt8])
    /// None came; the words say why, for the log.
    case failed(ServiceFault, String)
}

/// Why no answer came.
package enum ServiceFault: Hashable, Sendable {
    /// No connection could be opened, so that the service has seen nothing, or it closed one before its answer was
    /// whole.
    case connection
    /// The time was over.
    case timeout
    /// The answer was longer than is read.
    case tooLong
    /// The request could not be made.
    case request
}
