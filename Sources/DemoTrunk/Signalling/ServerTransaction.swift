// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import SIPMessage
import SIPTransaction

/// One server transaction: its machine, its request, and what answering it takes.
final class ServerTransaction {
    /// The machine, by the method of the request.
    enum Machine {
        case invite(INVITEServerTransaction)
        case other(NonINVITEServerTransaction)
    }

    let key: TransactionKey
    let request: SIPMessage
    let template: ResponseTemplate
    /// Where the request came from.
    let source: SocketAddress
    /// Where responses go (RFC 3261 §18.2.2, RFC 3581 §4).
    let destination: SocketAddress
    /// The tag put on To where the request has none.
    let localTag: [UInt8]
    /// The most recent response.
    var response: [UInt8] = []
    /// Whether nothing at all is sent, for the script that stays silent.
    var isMuted = false
    var machine: Machine
    var retransmission: Scheduled<Void>?
    var lifetime: Scheduled<Void>?

    /// Makes the transaction of a request.
    init(_ request: SIPMessage, key: TransactionKey, from source: SocketAddress, timers: TimerConfiguration) {
        self.request = request
        self.key = key
        self.source = source
        destination = Self.destination(of: request, from: source)
        template = ResponseTemplate(request, source: RequestSource(source))
        localTag = Array(String(UInt64.random(in: 0...UInt64.max), radix: 16).utf8)
        machine =
            request.method == .invite
            ? .invite(INVITEServerTransaction(reliable: false, timers: timers))
            : .other(NonINVITEServerTransaction(reliable: false, timers: timers))
    }

    /// Stops both timers.
    func cancelTimers() {
        retransmission?.cancel()
        lifetime?.cancel()
    }

    private static func destination(of request: SIPMessage, from source: SocketAddress) -> SocketAddress {
        let via = request.mandatory.via
        guard !via.hasRport else { return source }
        var address = source
        address.port = Int(via.port ?? 5060)
        return address
    }
}

extension RequestSource {
    /// A socket address as a source.
    init(_ address: SocketAddress) {
        self.init(host: address.ipAddress ?? "", port: UInt16(truncatingIfNeeded: address.port ?? 0))
    }
}

extension TransactionKey {
    /// The key of the server transaction that a request belongs to; for a CANCEL optionally that of its INVITE.
    static func server(_ message: SIPMessage, ofCancelledINVITE: Bool = false) -> TransactionKey {
        let bytes = message.bytes
        let span = bytes.span
        let via = message.mandatory.via
        let invite = Array("INVITE".utf8)
        var method = via.whole.indices.lowerBound..<via.whole.indices.lowerBound
        if case .request(_, let name, _) = message.startLine { method = name.indices }
        let branch = span.extracting(via.branch.indices)
        if TransactionKey.isUnique(branch: branch) {
            return .server(
                branch: branch,
                sentByHost: span.extracting(via.host.indices),
                sentByPort: via.port ?? 5060,
                method: ofCancelledINVITE ? invite.span : span.extracting(method)
            )
        }
        return .server(
            requestURI: span.extracting(message.requestURI?.whole.indices ?? 0..<0),
            toTag: span.extracting(message.mandatory.toTag.indices),
            fromTag: span.extracting(message.mandatory.fromTag.indices),
            callID: span.extracting(message.mandatory.callID.indices),
            sequenceNumber: message.mandatory.sequenceNumber,
            method: ofCancelledINVITE ? invite.span : span.extracting(method),
            topmostVia: span.extracting(via.whole.indices)
        )
    }
}
