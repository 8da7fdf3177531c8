// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallStore
import NIOCore

extension Shard {
    /// What was handed to the store with these tokens is on disk, or is not.
    func completed(_ tokens: [UInt64], _ admission: CallAdmission) {
        touch()
        for token in tokens {
            guard let waiting = pending.removeValue(forKey: token) else { continue }
            switch (waiting, admission) {
            case (.call(let active), .admitted(let identifier)):
                active.awaitsRecord = false
                let name = identifier?.description ?? ""
                handle(active) { $0.call?.begin(externalIdentifier: name, &$1) }
                active.whenRecorded.take()?(true)
            case (.call(let active), .refused(let refusal)):
                active.awaitsRecord = false
                handle(active) {
                    $0.call?.refuse(
                        status: refusal.status,
                        text: refusal.text,
                        retryAfter: refusal.retryAfter,
                        &$1
                    )
                }
                active.whenRecorded.take()?(false)
            case (.call(let active), .unavailable):
                recordFailed(active)
            case (.registration(let server, let endpoint, let bindings, let answer), .admitted):
                registered(server, endpoint, bindings, answer)
            case (.registration(let server, let endpoint, _, _), .unavailable(let reason)):
                registrationFailed(server, endpoint, reason)
            case (.registration(let server, let endpoint, _, _), .refused(let refusal)):
                registrationFailed(server, endpoint, refusal.text)
            }
        }
        flush()
    }
}

/// Carries the store's answers to the shard that waits for them.
struct ShardCompletionSink: StoreCompletionSink {
    let shard: ShardHandle

    func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {
        let admission: CallAdmission =
            switch outcome {
            case .committed: .admitted(nil)
            case .failed(let error): .unavailable("\(error)")
            }
        shard.execute { $0.completed(tokens, admission) }
    }
}
