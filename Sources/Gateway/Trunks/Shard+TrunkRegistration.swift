// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DigestAuthentication
import Logging
import MonotonicTime
import SIPMessage
import TrunkSupervision

/// The gateway as a user agent that registers at its trunks (RFC 3261 §10.2).
extension Shard {
    /// Sends what is due of a trunk's registration.
    func advanceRegistration(_ watch: TrunkWatch) {
        guard watch.registration != nil else { return }
        if let request = watch.registration?.advance(to: now, chance: random.next()) { register(watch, request) }
        noteRegistration(watch)
    }

    /// Takes a contact back; the answer is not waited for here.
    func endRegistration(_ watch: TrunkWatch) {
        guard let request = watch.registration?.end(at: now) else { return }
        register(watch, request)
    }

    /// Takes all contacts back, at the end of the gateway's run.
    func endRegistrations() {
        touch()
        for watch in trunkWatches.values { endRegistration(watch) }
        armTrunkWatch()
        flush()
    }

    /// Whether every trunk has answered that the gateway's contact is taken back, or will not.
    var hasEndedRegistrations: Bool {
        trunkWatches.values.allSatisfy { $0.registration?.isOver ?? true }
    }

    private func noteRegistration(_ watch: TrunkWatch) {
        guard let registration = watch.registration else { return }
        let isRegistered = registration.isRegistered(at: now)
        guard trunkWatches[watch.trunk.id] === watch else { return }
        context.trunks.noteRegistration(at: watch.trunk.id, isRegistered: isRegistered, at: now)
    }

    private func register(_ watch: TrunkWatch, _ wanted: TrunkRegistration.Request) {
        let key = ClientTransactionKey(branch: mint.next(), isCancel: false)
        watch.registering = key
        serve(watch.trunk) { shard, server in
            guard watch.registering == key, let settings = watch.trunk.operation.registration else { return }
            guard let server else { return shard.registrationAnswered(watch, key, nil, contact: nil) }
            let request = TrunkRequest(watch.trunk, at: server, userAgent: shard.context.settings.userAgent)
            let names = TrunkRequest.Names(
                callID: watch.callID,
                tag: watch.tag,
                branch: key.branch,
                sequenceNumber: wanted.sequenceNumber
            )
            let message = request.register(
                settings,
                expires: wanted.expires,
                names,
                credentials: shard.credentials(watch, request.registrar(settings), settings)
            )
            let contact = (user: request.contactUser(settings), host: server.local.host)
            shard.openClient(key, message, server.hop, call: nil) { shard, response in
                if response == nil { shard.avoid(server.hop, seconds: nil) }
                shard.registrationAnswered(watch, key, response, contact: contact)
            }
        }
    }

    private func registrationAnswered(
        _ watch: TrunkWatch,
        _ key: ClientTransactionKey,
        _ response: SIPMessage?,
        contact: (user: String, host: String)?
    ) {
        guard watch.registering == key, watch.registration != nil else { return }
        watch.registering = nil
        let chance = random.next()
        var next: TrunkRegistration.Request?
        switch response?.status ?? 0 {
        case 200..<300:
            watch.registration?.accepted(granted: contact.flatMap { response?.granted($0) }, at: now)
        case 401, 407:
            if let isStale = response.flatMap({ take($0, watch) }) {
                next = watch.registration?.challenged(isStale: isStale, at: now, chance: chance)
            } else {
                watch.registration?.refused(at: now, chance: chance)
            }
        case 423:
            next = watch.registration?.tooBrief(minimum: response?.number(.minExpires), at: now, chance: chance)
        default:
            let wait = response?.number(.retryAfter).map { Interval.seconds(Int64($0)) }
            watch.registration?.refused(retryAfter: wait, at: now, chance: chance)
        }
        if let next {
            register(watch, next)
        } else {
            logRegistration(watch, response?.status)
        }
        noteRegistration(watch)
        armTrunkWatch()
    }

    /// Takes over a challenge; tells whether it is for the age of the nonce alone, or nil when it cannot be answered.
    private func take(_ response: SIPMessage, _ watch: TrunkWatch) -> Bool? {
        guard let settings = watch.trunk.operation.registration,
            let secret = (settings.password ?? watch.trunk.password)?.revealed
        else { return nil }
        let isProxy = response.status == 407
        let name: HeaderName = isProxy ? .proxyAuthenticate : .wwwAuthenticate
        let ranges = response.fields.filter { $0.name == name }.map { $0.value.indices }
        guard let challenge = DigestResponder.select(from: response.bytes, ranges, for: .password(secret)) else {
            return nil
        }
        watch.challenge = TrunkChallenge(challenge: challenge, isProxy: isProxy)
        return challenge.isStale
    }

    /// The answer to the trunk's last challenge, each time with the next count of its nonce (RFC 7616 §3.4).
    private func credentials(
        _ watch: TrunkWatch,
        _ uri: [UInt8],
        _ settings: TrunkRegistrationSettings
    ) -> TrunkCredentials? {
        guard var known = watch.challenge, let username = settings.username ?? watch.trunk.username,
            let password = settings.password ?? watch.trunk.password
        else { return nil }
        known.answers &+= 1
        watch.challenge = known
        var clientNonce = MessageComposer(capacity: 16)
        clientNonce.append(hexadecimal: mint.next())
        let nonce = clientNonce.bytes
        let method = Array("REGISTER".utf8)
        let value = try? responder.answer(
            known.challenge,
            username: username,
            secret: .password(password.revealed),
            method: method.span,
            uri: uri.span,
            clientNonce: nonce.span,
            nonceCount: known.answers
        )
        return value.map { TrunkCredentials(isProxy: known.isProxy, value: $0) }
    }

    /// Logs what became of a registration, when it is not what was logged before.
    private func logRegistration(_ watch: TrunkWatch, _ status: Int?) {
        guard let registration = watch.registration else { return }
        let isAccepted = status.map { 200..<300 ~= $0 } ?? false
        let words =
            registration.isOver
            ? "no longer registered at a trunk" : isAccepted ? "registered at a trunk" : "not registered at a trunk"
        let told = "\(words) \(isAccepted ? 200 : status ?? 0)"
        guard told != watch.toldRegistration else { return }
        watch.toldRegistration = told
        var metadata: Logger.Metadata = ["trunk": "\(watch.trunk.name)"]
        if !isAccepted { metadata["answer"] = "\(status.map(String.init) ?? "none")" }
        context.logger.log(
            level: isAccepted || registration.isOver ? .notice : .warning,
            "\(words)",
            metadata: metadata
        )
    }
}

extension SIPMessage {
    /// The seconds that a 2xx to a REGISTER grants a contact (RFC 3261 §10.2.4): its own `expires`, or what Expires says.
    fileprivate func granted(_ contact: (user: String, host: String)) -> Int? {
        let bytes = self.bytes
        var found: [NameAddress] = []
        for element in elements(.contact) {
            if let one = try? NameAddress.parse(bytes.span, element.indices) { found.append(one) }
        }
        let own = found.first { text($0.uri.user) == contact.user && text($0.uri.host) == contact.host }
        guard let one = own ?? (found.count == 1 ? found.first : nil),
            let value = one.parameters.value("expires", in: bytes.span)
        else { return number(.expires) }
        return Self.number(bytes[value])
    }

    /// The number that a header field begins with; nil without one, or with one of more than nine digits.
    fileprivate func number(_ name: HeaderName) -> Int? {
        first(name).flatMap { Self.number(bytes[$0.indices]) }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        let digits = text.prefix(while: ASCII.isDigit)
        guard (1...9).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
