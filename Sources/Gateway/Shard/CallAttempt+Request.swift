// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy

extension CallAttempt {
    /// Reads an attempt to call out of an endpoint's INVITE; nothing in it is believed yet.
    init(_ request: AuthenticatedRequest, isLocal: Bool, selection: UInt64) {
        self.init(request.message, of: request.endpoint.id, isLocal: isLocal, selection: selection)
    }
}
