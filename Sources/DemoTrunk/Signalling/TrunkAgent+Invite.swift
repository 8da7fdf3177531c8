// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import MonotonicTime
import NIOCore
import SIPMessage
import SIPTransaction

/// New calls: what an INVITE outside a dialog leads to.
extension TrunkAgent {
    /// The line of the script for a request's number.
    func script(of request: SIPMessage) -> DemoScript {
        DemoScript.line(forUser: request.requestURI.map { request.text($0.user) } ?? "")
    }

    /// Remembers an INVITE for those who ask what the trunk saw.
    func record(_ transaction: ServerTransaction) {
        guard configuration.maximumSeenInvites > 0 else { return }
        if seen.count >= configuration.maximumSeenInvites {
            seen.removeFirst(seen.count - configuration.maximumSeenInvites + 1)
        }
        seen.append(
            SeenInvite(
                message: transaction.request,
                sourceHost: transaction.source.ipAddress ?? "",
                sourcePort: transaction.source.port ?? 0,
                script: script(of: transaction.request),
                isWithinDialog: !transaction.request.mandatory.toTag.isEmpty
            )
        )
    }

    /// An INVITE outside a dialog came.
    func inviteReceived(_ transaction: ServerTransaction) {
        record(transaction)
        let request = transaction.request
        let script = script(of: request)
        if transaction.isMuted {
            // The silence ends without a trace once no client can be waiting any more.
            transaction.lifetime = after(configuration.timers.transactionTimeout * 2) { [weak self] in
                self?.abandon(transaction)
            }
            return
        }
        if let refusal = refusal(of: request) { return respond(transaction, refusal.status, refusal.fields) }
        if case .refuse(let status) = script.behaviour { return respond(transaction, status) }
        if script.behaviour == .challenge, !authenticator.accepts(request, at: now) {
            let challenge = authenticator.challenge(at: now)
            return respond(transaction, 407) { $0.append(challenge) }
        }
        guard calls.count < configuration.maximumCalls else {
            return respond(transaction, 503) { $0.field("Retry-After", "5") }
        }
        switch negotiation(of: request) {
        case .success(let negotiation): open(TrunkCall(transaction, script: script, negotiation: negotiation))
        case .failure(let refusal): respond(transaction, refusal.status, refusal.fields)
        }
    }

    private func refusal(of request: SIPMessage) -> Refusal? {
        switch request.requestURI?.scheme {
        case .sip, .sips, .tel: break
        default: return Refusal(416)
        }
        let unknown = request.elements(.require).map { request.text($0) }.filter { $0.lowercased() != "100rel" }
        guard !unknown.isEmpty else { return nil }
        return Refusal(420) { composer in
            composer.append("Unsupported: \(unknown.joined(separator: ", "))")
            composer.endLine()
        }
    }

    private func open(_ call: TrunkCall) {
        calls[call.dialog] = call
        let ports = configuration.mediaPorts
        DatagramReceiver.bindEven(on: channel.eventLoop, address: configuration.address, ports: ports)
            .assumeIsolated()
            .whenComplete { [weak self] result in
                guard let self, call.state != .ended else {
                    if case .success(let socket) = result { socket.close(promise: nil) }
                    return
                }
                self.opened(call, result)
            }
    }

    private func opened(_ call: TrunkCall, _ result: Result<any Channel, any Error>) {
        do {
            let socket = try result.get()
            let media = try MediaSession(channel: socket, toneLength: configuration.toneLength) { [weak self] in
                self?.counts.mediaPackets += 1
            }
            call.media = media
            call.session = LocalSession(address: configuration.publishedAddress, port: media.port)
            begin(call)
        } catch {
            configuration.logger.warning("no media port for a call", metadata: ["error": "\(error)"])
            respond(call.invite, 500)
            end(call)
        }
    }

    private func begin(_ call: TrunkCall) {
        let isEarly = call.script.behaviour == .earlyMedia
        schedule(call, configuration.ringAfter) { [weak self] in
            self?.progress(call, status: isEarly ? 183 : 180, describesSession: isEarly)
        }
        if call.script.behaviour == .ring {
            // RFC 3261 §16.6 timer C: no proxy waits longer, so neither does this side.
            schedule(call, configuration.timers.timerC) { [weak self] in
                self?.respond(call.invite, 480)
                self?.end(call)
            }
        } else {
            let delay = isEarly ? configuration.earlyMediaAnswerAfter : configuration.answerAfter
            schedule(call, delay) { [weak self] in self?.answer(call) }
        }
    }

    /// Runs `action` later unless the call ends before.
    func schedule(_ call: TrunkCall, _ interval: Interval, _ action: @escaping () -> Void) {
        call.timers.append(after(interval, action))
    }

    /// Ends a call: nothing of it goes on but its transactions.
    func end(_ call: TrunkCall) {
        guard call.state != .ended else { return }
        call.state = .ended
        call.cancelTimers()
        call.media?.close()
        calls[call.dialog] = nil
    }
}

/// A final response with the header fields it needs.
struct Refusal: Error {
    let status: Int
    let fields: @Sendable (inout MessageComposer) -> Void

    /// Makes a refusal.
    init(_ status: Int, _ fields: @escaping @Sendable (inout MessageComposer) -> Void = { _ in }) {
        self.status = status
        self.fields = fields
    }
}
