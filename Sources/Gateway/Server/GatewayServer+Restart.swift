// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import TollgateConfiguration

/// A call that the process before this one had in progress.
struct KeptCall: Sendable {
    let record: CallRecord
    let state: AnsweredState
}

extension GatewayServer {
    /// Reads the calls that were in progress when the last process ended, and closes those that cannot go on.
    ///
    /// An answered call goes on when its dialog state is on disk. That is written with the update that notes the
    /// answer, which does not hold up the 200: a call whose answer is younger than the store's idle wait (50 ms) and a
    /// commit when the process dies is closed like one that was still dialing. A call that ended within the same
    /// window comes back, and ends when either side's next request, or its longest duration, finds it.
    static func takeUpCalls(_ store: CallStore, _ api: any CallAPI, _ logger: Logger) throws -> [KeptCall] {
        let found: [LiveCall]
        do {
            found = try store.loadLiveCalls()
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
        guard !found.isEmpty else { return [] }
        var kept: [KeptCall] = []
        for call in found {
            // Before it is closed: a call that the service knows must end there too.
            if let name = CallAPIIdentifier(call.record.externalIdentifier) { api.resume(call.record.id, as: name) }
            if call.record.status == .progressing, let state = call.dialogState.flatMap(AnsweredState.init) {
                kept.append(KeptCall(record: call.record, state: state))
            } else {
                api.update(CallUpdate(lost: call.record.id, .current))
            }
        }
        logger.notice(
            "calls of the last run",
            metadata: ["taken_up": "\(kept.count)", "closed": "\(found.count - kept.count)"]
        )
        return kept
    }

    /// Reads what customers did in the last day, so that their limits hold across a restart.
    ///
    /// The call records are the only source: they are on disk before their INVITE goes out, so no crash loses a count.
    static func restoreHistory(
        _ store: CallStore,
        _ policy: PolicyView,
        _ configuration: GatewayConfiguration
    ) throws {
        let clock = HistoryClock(now: .current, wall: .current)
        // A call that ended within the window may have begun before it.
        let reach = CustomerUsage.history.milliseconds + configuration.timers.maximumCallDuration.milliseconds
        let since = WallTime(milliseconds: WallTime.current.milliseconds - reach)
        do {
            try store.forEachTelephoneCall(since: since) { policy.ledgers[$0.customer]?.restore($0, clock) }
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }
}

extension CallUpdate {
    /// The end of a call that did not outlive its process.
    init(lost id: ResourceIdentifier, _ time: WallTime) {
        self.init(id: id, time: time, status: .hangup)
        hangup = time
        hangupBy = .local
        hangupReason = .failed
        cause = .temporaryFailure
    }

    /// What a restart needs of an answered call.
    init(_ id: ResourceIdentifier, dialogState: [UInt8], _ time: WallTime) {
        self.init(id: id, time: time)
        self.dialogState = .replaced(dialogState)
    }
}
