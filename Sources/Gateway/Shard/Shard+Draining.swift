// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle

extension Shard {
    /// Ends every call of the shard from the gateway's side.
    func hangUpAll() {
        touch()
        var seen: Set<ObjectIdentifier> = []
        for active in Array(callsByTag.values) where seen.insert(ObjectIdentifier(active)).inserted {
            handle(active) { active, context in
                active.call?.hangUp(
                    status: 503,
                    text: "the gateway is shutting down",
                    cause: .temporaryFailure,
                    &context
                )
            }
        }
        flush()
    }
}
