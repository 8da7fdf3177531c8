// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import SIPMessage
import SIPTransaction

extension Call {
    /// An attempt went too long without an answer.
    mutating func attemptExpired(_ index: Int, cause: ReleaseCause, _ context: inout CallContext) {
        guard branches.indices.contains(index) else { return }
        switch branches[index].state {
        case .done: return
        case .cancelling:
            // RFC 3261 §9.1: no final response within 64*T1 of the CANCEL counts as cancelled.
            branches[index].state = .done
            return
        case .calling, .proceeding: break
        }
        guard !branches[index].isGivenUp else { return }
        giveUp(index, &context)
        attemptFailed(
            Failure(status: 408, cause: cause, text: "the callee did not answer in time", branch: index),
            &context
        )
    }

    /// Goes on after a failed attempt: to the next route, to waiting for other forks, or to the final answer.
    mutating func attemptFailed(_ failure: Failure, _ context: inout CallContext) {
        guard let setup, phase == .dialing else { return }
        if setup.isSequential, failure.branch != nil {
            context.actions.append(.record(.attemptEnded(status: failure.status, cause: failure.cause)))
        }
        if tryNextServer(after: failure, &context) { return }
        noteTrunk(after: failure, &context)
        if setup.isSequential {
            if retryRevealed(after: failure, &context) { return }
            let hasNext = !openRedirects.isEmpty || nextTarget < setup.targets.count
            if hasNext, !failure.isForCaller, status.advancesRoute(after: failure.cause) {
                return startBranch(&context)
            }
            return fail(failure, &context)
        }
        if bestFailure.map({ failure.isPreferred(to: $0) }) ?? true { bestFailure = failure }
        if failure.status >= 600 {
            // RFC 3261 §16.7 step 5: a 6xx ends the search at once.
            cancelBranches(except: nil, &context)
            return fail(bestFailure ?? failure, &context)
        }
        let isUndecided =
            nextTarget < setup.targets.count || !openLocations.isEmpty
            || branches.contains { !$0.isGivenUp && $0.state != .done }
        if !isUndecided { fail(bestFailure ?? failure, &context) }
    }

    /// Gives up every attempt but one.
    mutating func cancelBranches(except kept: Int?, _ context: inout CallContext) {
        for index in branches.indices where index != kept && branches[index].state != .done {
            giveUp(index, &context)
        }
    }

    /// Gives one attempt up: its early dialogs are over, and its CANCEL goes out as soon as it may.
    mutating func giveUp(_ index: Int, _ context: inout CallContext) {
        branches[index].isGivenUp = true
        endEarlyDialogs(of: index, &context)
        cancelBranch(index, &context)
    }

    /// Sends the CANCEL of an attempt, or has it wait for the first provisional response (RFC 3261 §9.1).
    mutating func cancelBranch(_ index: Int, _ context: inout CallContext) {
        guard branches[index].state == .proceeding, let request = branches[index].request else { return }
        branches[index].state = .cancelling
        let reason: StaticString =
            phase == .answered || isTakenElsewhere ? "SIP;cause=200;text=\"Call completed elsewhere\"" : "SIP;cause=487"
        let cancellation = request.cancellation(reason: reason)
        context.actions.append(.cancel(branches[index].transaction, cancellation, branches[index].dialog.hop))
        if runsTimerC { context.actions.append(.disarm(.timerC(branch: index))) }
        context.actions.append(.arm(.dial(branch: index), settings.timers.transactionTimeout))
    }

    /// Notes that an attempt has its final response, or will have none.
    mutating func closeBranch(_ index: Int, failed: Bool, _ context: inout CallContext) {
        branches[index].state = .done
        branches[index].request = nil
        context.actions.append(.disarm(.dial(branch: index)))
        noteSign(of: index, &context)
        if runsTimerC { context.actions.append(.disarm(.timerC(branch: index))) }
        if failed {
            branches[index].isGivenUp = true
            endEarlyDialogs(of: index, &context)
        }
    }

    /// Ends the early dialogs of one attempt, or of all, but for those of the pair that answered.
    mutating func endEarlyDialogs(of branch: Int?, except kept: Int? = nil, _ context: inout CallContext) {
        for index in pairs.indices where index != kept && pairs[index].state == .early {
            if branch == nil || pairs[index].branch == branch { endEarlyDialog(index, &context) }
        }
    }

    /// Ends one early dialog; requests that wait on it get their answer from the gateway.
    mutating func endEarlyDialog(_ pair: Int, _ context: inout CallContext) {
        pairs[pair].state = .ended
        answerParked(pair, &context)
        guard relays.contains(where: { $0.pair == pair }) else { return }
        for relay in relays where relay.pair == pair { respond(relay.template, relay.serverTransaction, 481, &context) }
        relays.removeAll { $0.pair == pair }
    }
}
