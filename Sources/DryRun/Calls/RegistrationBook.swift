// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import TraceCapture

/// Which user registered from where, as far as the capture shows it.
struct RegistrationBook {
    private static let room = 100_000
    private static let longestName = 256
    private static let longestContact = 2_048

    /// Users by the address they registered from, and by the host and port of their contact.
    private var users: [String: String] = [:]
    /// The latest contact of each user.
    private var contacts: [String: [UInt8]] = [:]
    /// Hosts that REGISTER requests were addressed to, in lower case: names of the registrar.
    private(set) var registrars: Set<String> = []

    init() {}

    /// Takes note of a REGISTER request.
    mutating func note(_ request: SIPMessage, from source: CaptureAddress?) {
        let user = request.text(request.mandatory.to.uri.user)
        guard !user.isEmpty, user.utf8.count <= Self.longestName, users.count < Self.room else { return }
        if let host = request.requestURI?.host, host.length <= Self.longestName, registrars.count < 1_000 {
            registrars.insert(request.text(host).lowercased())
        }
        guard request.number(.expires) != 0 else { return }
        if let source { users[source.description] = user }
        guard let contact = try? request.address(.contact), contact.uri.scheme == .sip, !contact.uri.host.isEmpty,
            contact.uri.whole.length <= Self.longestContact
        else { return }
        users[Self.place(contact.uri, request)] = user
        contacts[user] = request.copy(contact.uri.whole)
    }

    /// The user that registered from the address, or with the contact, that an INVITE comes from.
    func user(of invite: SIPMessage, from source: CaptureAddress?) -> String? {
        if let source, let user = users[source.description] { return user }
        guard let contact = try? invite.address(.contact), !contact.uri.host.isEmpty else { return nil }
        return users[Self.place(contact.uri, invite)]
    }

    /// The contact that a user registered last.
    func contact(of user: String) -> [UInt8]? { contacts[user] }

    private static func place(_ uri: URIReference, _ message: SIPMessage) -> String {
        "\(message.text(uri.host).lowercased()):\(uri.port ?? 5060)"
    }
}
