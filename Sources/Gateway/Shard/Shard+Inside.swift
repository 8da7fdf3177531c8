// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import NIOCore
import SIPMessage
import SIPParser

/// What passes between the calls of a placed call and the machine that is their caller, and never leaves the process.
extension Shard {
    /// Takes an action that is for the caller of a placed call's leg; false for any other.
    func takesInside(_ action: CallAction, of active: ActiveCall) -> Bool {
        guard let seat = active.seat, seat.placed.control.concerns(action) else { return false }
        insideNews.append(PlacedLegs.News(placed: seat.placed, leg: seat.leg, kind: .action(action)))
        return true
    }

    /// Notes that a leg of a placed call is over.
    func noteInside(end cause: ReleaseCause, of active: ActiveCall) {
        guard let seat = active.seat else { return }
        insideNews.append(PlacedLegs.News(placed: seat.placed, leg: seat.leg, kind: .ended(cause)))
    }

    /// Hands all that came up inside to the machines, until nothing more comes up.
    func settleInside() {
        guard !isSettlingInside else { return }
        isSettlingInside = true
        defer { isSettlingInside = false }
        while !insideNews.isEmpty {
            let news = insideNews.removeFirst()
            var context = placedContext()
            switch news.kind {
            case .action(let action): news.placed.control.take(action, ofLeg: news.leg, &context)
            case .ended(let cause): news.placed.control.ended(leg: news.leg, cause: cause, &context)
            case .waited: news.placed.control.waited(&context)
            }
            perform(context.steps, of: news.placed)
        }
    }

    /// A context for an event of a placed call's machine.
    func placedContext() -> PlacedContext {
        let reader = context.reader
        let logger = context.logger
        return PlacedContext(mint: mint) { bytes in
            do throws(ParseError) {
                return try reader.scanner.scan(bytes, .datagram)
            } catch {
                logger.error(
                    "a message between the legs of a placed call cannot be read",
                    metadata: ["error": "\(error)"]
                )
                return nil
            }
        }
    }

    private func perform(_ steps: [PlacedStep], of placed: PlacedLegs) {
        for step in steps {
            switch step {
            case .request(let leg, let bytes, let transaction): deliver(bytes, transaction, to: leg, placed)
            case .acknowledge(let leg, let bytes):
                guard let message = placedContext().read(bytes) else { continue }
                handle(placed, leg) { $0.call?.acknowledgementReceived(message, &$1) }
            case .cancel(let leg, let transaction, let isTakenElsewhere):
                handle(placed, leg) {
                    $0.call?.cancelReceived(for: transaction, isTakenElsewhere: isTakenElsewhere, &$1)
                }
            case .response(let leg, let bytes, let transaction):
                guard let message = placedContext().read(bytes) else { continue }
                handle(placed, leg) { $0.call?.responseReceived(message, to: transaction, &$1) }
            case .lost(let leg, let transaction):
                handle(placed, leg) { $0.call?.transactionFailed(transaction, .transport, &$1) }
            case .hangUp(let leg, let text, let cause):
                handle(placed, leg) { $0.call?.hangUp(status: 487, text: text, cause: cause, &$1) }
            case .connect: connectParties(of: placed)
            case .join(let leg): join(leg, of: placed)
            case .keep(let leg, let session):
                placed.legs[leg]?.call?.authored = session
                keepState(of: leg, placed)
            case .wait(let interval): wait(interval, placed)
            }
        }
    }

    private func handle(_ placed: PlacedLegs, _ leg: Int, _ event: (ActiveCall, inout CallContext) -> Void) {
        guard let active = placed.legs[leg] else { return }
        handle(active, event)
    }

    private func deliver(_ bytes: [UInt8], _ transaction: UInt64, to leg: Int, _ placed: PlacedLegs) {
        var context = placedContext()
        guard let active = placed.legs[leg], active.call != nil, let message = context.read(bytes) else {
            placed.control.undelivered(transaction, &context)
            return perform(context.steps, of: placed)
        }
        let template = ResponseTemplate(message, source: Self.insideSource)
        handle(active) { active, context in
            active.call?.requestReceived(
                message,
                transaction: transaction,
                template: template,
                from: .inside,
                &context
            )
        }
    }

    /// Where requests of a leg's caller seem to come from; no response with it is ever sent.
    static let insideSource = RequestSource(host: "gateway.invalid", port: 5060)

    private func join(_ leg: Int, of placed: PlacedLegs) {
        guard let first = placed.legs[0], let other = placed.legs[leg], var one = first.call, var two = other.call
        else {
            return
        }
        Call.join(&one, &two)
        first.call = one
        other.call = two
    }

    private func keepState(of leg: Int, _ placed: PlacedLegs) {
        guard let active = placed.legs[leg], let state = active.call?.dialogState() else { return }
        context.callAPI.update(CallUpdate(active.id, dialogState: state, .current))
    }

    private func wait(_ interval: Interval, _ placed: PlacedLegs) {
        let bound = NIOLoopBound(Waiting(shard: self, placed: placed), eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(interval.milliseconds)) {
            let shard = bound.value.shard
            shard.touch()
            shard.insideNews.append(PlacedLegs.News(placed: bound.value.placed, leg: 0, kind: .waited))
            shard.settleInside()
            shard.flush()
        }
    }

    private struct Waiting {
        let shard: Shard
        let placed: PlacedLegs
    }
}
