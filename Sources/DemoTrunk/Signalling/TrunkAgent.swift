// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import SIPMessage
import SIPParser
import SIPTransaction

/// The user agent behind the trunk's socket; confined to one event loop, like everything it owns.
final class TrunkAgent {
    let configuration: DemoTrunkConfiguration
    let channel: any Channel
    let authenticator: TrunkAuthenticator
    var transactions: [TransactionKey: ServerTransaction] = [:]
    var clients: [UInt64: ClientTransaction] = [:]
    var calls: [DialogKey: TrunkCall] = [:]
    var seen: [SeenInvite] = []
    var counts = DemoTrunkCounts()
    var isStopped = false

    private let scanner = Scanner()
    // Each lives 32 s at most, so this bounds the memory that a flood can take.
    private static let maximumTransactions = 10_000

    /// Takes over the bound socket.
    ///
    /// Throws when the challenge cannot be prepared or the socket has been closed.
    init(_ configuration: DemoTrunkConfiguration, channel: any Channel) throws {
        self.configuration = configuration
        self.channel = channel
        authenticator = try TrunkAuthenticator(configuration)
        let receiver = try channel.pipeline.syncOperations.handler(type: DatagramReceiver.self)
        receiver.onDatagram = { [weak self] bytes, source in self?.received(bytes, from: source) }
    }

    /// The present instant of the event loop's clock.
    var now: Instant {
        Instant(milliseconds: Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds / 1_000_000))
    }

    /// The URI of the trunk's Contact.
    var contact: String {
        let host = configuration.publishedAddress
        let port = channel.localAddress?.port ?? configuration.port
        return "<sip:demo@\(host.contains(":") ? "[\(host)]" : host):\(port)>"
    }

    /// Runs `action` after an interval, on the event loop.
    func after(_ interval: Interval, _ action: @escaping () -> Void) -> Scheduled<Void> {
        channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(interval.milliseconds), action)
    }

    /// Ends every call, with BYE where it was answered, and closes the sockets.
    func stop() -> EventLoopFuture<Void> {
        isStopped = true
        for call in calls.values where call.state == .confirmed || call.state == .answered { sendBye(call) }
        let media = calls.values.compactMap { $0.media }.map { $0.close() }
        for call in Array(calls.values) { end(call) }
        for transaction in transactions.values { transaction.cancelTimers() }
        for client in clients.values { client.cancelTimers() }
        transactions = [:]
        clients = [:]
        return EventLoopFuture.andAllComplete(media + [channel.close(mode: .all)], on: channel.eventLoop)
    }

    private func received(_ bytes: [UInt8], from source: SocketAddress) {
        // RFC 5626 §3.5.1: keep-alives are line ends or nothing.
        guard bytes.contains(where: { $0 > 32 }), !isStopped else { return }
        do {
            let message = try scanner.scan(bytes, .datagram)
            if message.isRequest { requestReceived(message, from: source) } else { responseReceived(message) }
        } catch {
            counts.malformed += 1
            refuse(error, from: source)
        }
    }

    // Without a transaction: RFC 3261 §8.2.7 lets a user agent answer so. A response needs the fields
    // that it repeats (§8.2.6.2), so what lacks one is dropped.
    private func refuse(_ error: ParseError, from source: SocketAddress) {
        let needed: Set<HeaderName> = [.via, .from, .to, .callID, .cseq]
        guard let status = error.status, needed.isSubset(of: error.fields.map(\.name)) else { return }
        let template = ResponseTemplate(bytes: error.bytes, fields: error.fields, source: RequestSource(source))
        var composer = template.start(status: status, toTag: Array("malformed".utf8))
        composer.finish()
        channel.send(composer.bytes, to: source)
    }

    private func requestReceived(_ request: SIPMessage, from source: SocketAddress) {
        let key = TransactionKey.server(request)
        if let transaction = transactions[key] {
            repeated(request, of: transaction)
        } else if request.method == .ack {
            acknowledged(request)
        } else if transactions.count < Self.maximumTransactions {
            let transaction = ServerTransaction(request, key: key, from: source, timers: configuration.timers)
            transactions[key] = transaction
            start(transaction)
        }
    }

    /// Passes a new request to the method's own function.
    func deliver(_ transaction: ServerTransaction) {
        let request = transaction.request
        switch request.method {
        case .invite:
            if request.mandatory.toTag.isEmpty { inviteReceived(transaction) } else { reinviteReceived(transaction) }
        case .cancel: cancelReceived(transaction)
        case .bye: byeReceived(transaction)
        case .prack: prackReceived(transaction)
        case .update: updateReceived(transaction)
        case .info: infoReceived(transaction)
        case .options: optionsReceived(transaction)
        case .other: respond(transaction, 501)
        default: respond(transaction, 405) { $0.field("Allow", Self.allowedMethods) }
        }
    }
}
