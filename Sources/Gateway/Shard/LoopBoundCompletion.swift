// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPTransport

/// A continuation of a shard that another thread carries back to the shard's event loop.
struct LoopBoundCompletion: Sendable {
    private final class Box {
        let shard: Shard
        let completion: (Shard, PeerAddress?) -> Void

        init(shard: Shard, completion: @escaping (Shard, PeerAddress?) -> Void) {
            self.shard = shard
            self.completion = completion
        }
    }

    private let box: NIOLoopBound<Box>

    /// Wraps a continuation; call this on the shard's event loop.
    init(shard: Shard, completion: @escaping (Shard, PeerAddress?) -> Void) {
        box = NIOLoopBound(Box(shard: shard, completion: completion), eventLoop: shard.eventLoop)
    }

    /// Runs it; call this on the shard's event loop.
    func run(_ body: (Shard, (Shard, PeerAddress?) -> Void) -> Void) {
        let box = self.box.value
        body(box.shard, box.completion)
    }
}
