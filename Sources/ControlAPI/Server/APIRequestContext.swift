// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore

/// What the HTTP server knows of a request beside its head.
struct APIRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address the request came from, without port; empty when it came by no socket.
    let remoteHost: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteHost = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
