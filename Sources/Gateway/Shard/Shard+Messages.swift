// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import SIPTransport

extension Shard {
    /// Handles a message that this shard owns.
    func handle(_ message: SIPMessage, from source: ReceivedFrom) {
        guard message.isRequest else { return handleResponse(message, from: source) }
        let key = transactionKey(of: message, from: source)
        if let server = servers[key] { return repeated(message, server) }
        switch message.method {
        case .ack: acknowledged(message)
        case .cancel: cancelled(message, key: key, from: source)
        default:
            if message.mandatory.toTag.isEmpty {
                beginRequest(message, key: key, from: source)
            } else {
                dialogRequest(message, key: key, from: source)
            }
        }
    }

    private func handleResponse(_ message: SIPMessage, from source: ReceivedFrom) {
        let bytes = message.bytes
        let branch = message.mandatory.via.branch.indices
        guard let number = ViaLine.branchNumber(bytes.span, branch) else {
            counters.strays += 1
            return
        }
        let key = ClientTransactionKey(branch: number, isCancel: message.mandatory.sequenceMethod == .cancel)
        guard let client = clients[key] else { return strayResponse(message) }
        // What was asked inside TLS is answered there: no other answer proves whose it is.
        guard client.hop.transport != .tls || source.kind == .tls else {
            counters.strays += 1
            return
        }
        perform(client.responseReceived(status: message.status), on: client, response: message)
    }

    /// A response to no transaction of ours is dropped, but for a 2xx whose ACK was missed in one of our dialogs.
    private func strayResponse(_ message: SIPMessage) {
        counters.strays += 1
        let bytes = message.bytes
        guard 200..<300 ~= message.status, message.mandatory.sequenceMethod == .invite,
            let tag = bytes.span.hexadecimal(message.mandatory.fromTag.indices), let active = callsByTag[tag]
        else { return }
        handle(active) { $0.call?.answerRepeated(message, &$1) }
    }

    /// A request that matches a transaction: its ACK, or the same request once more.
    private func repeated(_ message: SIPMessage, _ server: ServerTransaction) {
        guard message.method == .ack else { return perform(server.requestReceived(), on: server) }
        let actions = server.ackReceived()
        perform(actions, on: server)
        if actions.contains(.deliver) { acknowledged(message) }
    }

    /// An ACK for a 2xx goes to its call; any other belongs to an answer that left nothing behind.
    private func acknowledged(_ message: SIPMessage) {
        guard let active = call(of: message) else { return }
        handle(active) { $0.call?.acknowledgementReceived(message, &$1) }
    }

    /// The call that owns the dialog a request names by our tag.
    func call(of message: SIPMessage) -> ActiveCall? {
        let bytes = message.bytes
        guard let tag = bytes.span.hexadecimal(message.mandatory.toTag.indices) else { return nil }
        return callsByTag[tag]
    }

    /// RFC 3261 §9.2: a CANCEL is answered at once and ends the INVITE it names.
    private func cancelled(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) {
        // A stranger's CANCEL leaves nothing behind: no credentials stand before it.
        guard let invite = servers[inviteKey(of: message, from: source)] else {
            return answerStateless(message, from: source, 481)
        }
        answer(openServer(message, key: key, from: source), 200)
        guard let active = invite.call else { return }
        handle(active) { $0.call?.cancelReceived(for: invite.identifier, &$1) }
    }

    private func dialogRequest(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) {
        guard let active = call(of: message), active.call != nil else {
            return answerStateless(message, from: source, 481)
        }
        if source.kind != .tls, active.call?.isSecured(message) == true {
            return answerStateless(message, from: source, 403, warning: "this dialog was set up inside TLS")
        }
        let server = openServer(message, key: key, from: source)
        server.call = active
        let hop = nextHop(of: source)
        handle(active) { active, context in
            active.call?.requestReceived(
                message,
                transaction: server.identifier,
                template: server.template,
                from: hop,
                &context
            )
        }
    }

    /// A request outside any dialog: the checks of RFC 3261 §8.2 and §16.3, then what its method asks.
    private func beginRequest(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) {
        guard let uri = message.requestURI else { return }
        if uri.scheme == .other || uri.scheme == .sips && source.kind != .tls {
            return answerStateless(message, from: source, 416, warning: "the Request-URI's scheme is not served here")
        }
        if source.kind == .tls, let fault = schemeFault(of: message) {
            return answerStateless(message, from: source, 400, warning: fault)
        }
        if message.mandatory.maxForwards == 0 { return answerStateless(message, from: source, 483) }
        if let demanded = unsupportedDemands(message) {
            return answerStateless(message, from: source, 420) { composer in
                for option in demanded { composer.field("Unsupported", message.bytes, option) }
            }
        }
        switch message.method {
        case .invite: inviteReceived(message, key: key, from: source)
        case .register: registerReceived(message, key: key, from: source)
        case .options:
            answerStateless(message, from: source, 200) { composer in
                composer.append("Allow: \(CallMethods.allowed), REGISTER\r\n")
                composer.append("Accept: application/sdp\r\nSupported: path, timer, 100rel\r\n")
            }
        case .other:
            answerStateless(message, from: source, 501) { $0.append(Self.allowedOutsideCalls) }
        default:
            answerStateless(message, from: source, 405) { $0.append(Self.allowedOutsideCalls) }
        }
    }

    /// What a refused method's answer lists: methods that a call alone may carry are not among them.
    private static let allowedOutsideCalls = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER\r\n"

    /// Option tags that the gateway itself would have to support (RFC 3261 §8.2.2.3, §16.3 step 5); those of an INVITE
    /// are for the far end, except what is demanded of proxies.
    private func unsupportedDemands(_ message: SIPMessage) -> [FieldRange]? {
        var options = message.elements(.proxyRequire)
        if message.method != .invite { options += message.elements(.require) }
        guard !options.isEmpty else { return nil }
        let bytes = message.bytes
        let unknown = options.filter { option in
            let range = option.indices
            return !bytes.span.equals(range, ignoringCase: "privacy") && !bytes.span.equals(range, ignoringCase: "path")
        }
        return unknown.isEmpty ? nil : unknown
    }

    /// Answers through a server transaction with nothing but a status.
    func answer(_ server: ServerTransaction, _ status: Int, rest: (inout MessageComposer) -> Void = { _ in }) {
        var composer = server.template.start(status: status, toTag: statelessTag())
        rest(&composer)
        composer.finish()
        respond(server, status: status, composer.bytes)
    }

    /// Answers and forgets (RFC 3261 §8.2.7): a retransmitted request is simply answered again.
    func answerStateless(
        _ message: SIPMessage,
        from source: ReceivedFrom,
        _ status: Int,
        warning: String? = nil,
        rest: (inout MessageComposer) -> Void = { _ in }
    ) {
        guard message.method != .ack else { return }
        let template = ResponseTemplate(message, source: requestSource(source))
        var composer = template.start(status: status, toTag: statelessTag())
        rest(&composer)
        if let warning {
            composer.append("Warning: 399 \(localAddress(for: source).host) \"")
            composer.append(Self.quotable(warning))
            composer.append("\"\r\n")
        }
        composer.finish()
        send(composer.bytes, backTo: source, via: message.mandatory.via)
    }

    /// Where messages to the sender of a request go: back along the way it came.
    func nextHop(of source: ReceivedFrom) -> NextHop {
        NextHop(
            transport: source.kind.name,
            host: source.peer.hostText,
            port: source.peer.port,
            connection: source.connection.rawValue,
            listener: source.listener
        )
    }

    private func transactionKey(of message: SIPMessage, from source: ReceivedFrom) -> TransactionKey {
        key(of: message, from: source, method: nil)
    }

    private func inviteKey(of message: SIPMessage, from source: ReceivedFrom) -> TransactionKey {
        key(of: message, from: source, method: "INVITE")
    }

    /// The key of RFC 3261 §17.2.3, or of §17.2.3's older matching when the branch is not unique.
    private func key(of message: SIPMessage, from source: ReceivedFrom, method: StaticString?) -> TransactionKey {
        let bytes = message.bytes
        let span = bytes.span
        let mandatory = message.mandatory
        guard case .request(_, let name, let uri) = message.startLine else {
            return .client(branch: span.extracting(0..<0), method: span.extracting(0..<0))
        }
        let methodBytes = method.map { text in text.withUTF8Buffer { Array($0) } } ?? []
        let methodSpan = method == nil ? span.extracting(name.indices) : methodBytes.span
        let via = mandatory.via
        let branch = span.extracting(via.branch.indices)
        if TransactionKey.isUnique(branch: branch) {
            return .server(
                branch: branch,
                sentByHost: span.extracting(via.host.indices),
                sentByPort: via.port ?? 5060,
                method: methodSpan
            )
        }
        return .server(
            requestURI: span.extracting(uri.whole.indices),
            toTag: span.extracting(mandatory.toTag.indices),
            fromTag: span.extracting(mandatory.fromTag.indices),
            callID: span.extracting(mandatory.callID.indices),
            sequenceNumber: mandatory.sequenceNumber,
            method: methodSpan,
            topmostVia: span.extracting(via.whole.indices)
        )
    }
}
