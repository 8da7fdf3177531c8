// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime
internal import NIOCore

/// One timer on an event loop, moved earlier at will.
///
/// A later deadline never cancels an earlier one: cancelling walks the loop's whole timer heap under a lock. The
/// earlier callback fires, and the owner arms the alarm again for what is due next.
final class LoopAlarm {
    private let eventLoop: any EventLoop
    private let action: () -> Void
    private var armedFor: Instant?
    private var callback: NIOScheduledCallback?

    init(eventLoop: any EventLoop, action: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.action = action
    }

    /// The time now, on the clock that the alarm obeys.
    static func now() -> Instant {
        Instant(milliseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds / 1_000_000))
    }

    /// Asks for the action no later than `instant`; it runs earlier if it was asked for earlier.
    func arm(at instant: Instant) {
        if let armedFor, armedFor <= instant { return }
        callback?.cancel()
        let milliseconds = UInt64(clamping: instant.milliseconds)
        let deadline = NIODeadline.uptimeNanoseconds(min(milliseconds, UInt64(Int64.max) / 1_000_000) * 1_000_000)
        // The only error is a loop that has shut down, and then nothing is left to be woken for.
        // SAFETY: everything here runs on the one loop; NIO checks it.
        callback = try? eventLoop.assumeIsolated().scheduleCallback(at: deadline, handler: self)
        armedFor = callback == nil ? nil : instant
    }

    /// Takes the alarm back for good, at shutdown.
    func disarm() {
        callback?.cancel()
        callback = nil
        armedFor = nil
    }
}

extension LoopAlarm: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        callback = nil
        armedFor = nil
        action()
    }
}
