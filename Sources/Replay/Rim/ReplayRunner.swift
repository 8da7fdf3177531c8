// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import NIOCore
import NIOPosix

/// Plays a plan over real sockets.
package enum ReplayRunner {
    /// Plays the plan against a server and hands on what becomes of each dialog, as each is over.
    ///
    /// A cancelled task ends calls in progress as far as that goes at once; their reports say so.
    ///
    /// - Throws: `CryptographyError` when the library lacks a hash or random numbers.
    package static func run(
        _ plan: ReplayPlan,
        _ options: ReplayOptions,
        _ secrets: ReplaySecrets,
        target: ReplayTarget,
        onReport: @escaping @Sendable (ReplayReport) -> Void
    ) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let driver = try await eventLoop.submit {
            let machine = try ReplayMachine(plan, options, secrets, now: ReplayDriver.now)
            return NIOLoopBound(
                ReplayDriver(machine, target: target.address, on: eventLoop, onReport: onReport),
                eventLoop: eventLoop
            )
        }.get()
        try await withTaskCancellationHandler {
            try await eventLoop.flatSubmit { driver.value.run() }.get()
        } onCancel: {
            eventLoop.execute { driver.value.interrupt() }
        }
    }
}
