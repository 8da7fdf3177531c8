// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// What a body says of the trust in a provider.
struct ProviderTrust: Sendable {
    private let basis: String?
    private let note: String?

    /// What `trust_basis` may hold: nothing, or what the trust rests on.
    static let words = [""] + TrustBasis.allCases.map(\.rawValue)

    init(_ body: BodyReader) throws(APIError) {
        let basis = try body.string("trust_basis").value
        if let basis, !Self.words.contains(basis) {
            let words = Self.words.map { "`\($0)`" }.joined(separator: ", ")
            throw .invalid(body.name("trust_basis"), "`trust_basis` must be one of \(words)")
        }
        self.basis = basis
        note = try body.line("trust_note", maximum: 500).value
    }

    /// Puts what the body says in place of what is there.
    func change(_ trunk: inout Trunk) throws(APIError) {
        guard basis != nil || note != nil else { return }
        let old = Self.parts(trunk.trust)
        let basis = self.basis ?? old.basis
        guard let kind = TrustBasis(rawValue: basis) else {
            guard (note ?? "").isEmpty else {
                throw .invalid("trust_note", "`trust_note` says what `trust_basis` rests on: give that, too")
            }
            trunk.trust = .untrusted
            return
        }
        let note = self.note ?? old.note
        guard !note.isEmpty else {
            throw .invalid("trust_note", "`trust_note` is missing: say what the trust rests on")
        }
        trunk.trust = .trusted(basis: kind, note: note)
    }

    /// Refuses a trust that nothing holds up; the gateway would not act on it, and nobody would know.
    static func check(_ trunk: Trunk) throws(APIError) {
        guard trunk.trust.isTrusted, !trunk.isInTrustDomain else { return }
        let basis = parts(trunk.trust).basis
        guard trunk.transport == .tls else {
            throw .invalid(
                "trust_basis",
                "`trust_basis` is `\(basis)`, but the transport is not encrypted: only `private_network` can be"
            )
        }
        throw .invalid(
            "trust_basis",
            "`trust_basis` is `\(basis)`, but the provider has no verified TLS of that kind; its files stand in the "
                + "provisioning file"
        )
    }

    /// The trust as it is answered; both empty without any.
    static func parts(_ trust: TrunkTrust) -> (basis: String, note: String) {
        switch trust {
        case .untrusted: ("", "")
        case .trusted(let basis, let note): (basis.rawValue, note)
        }
    }
}

/// What a body says of the credentials that answer a provider's challenges.
struct ProviderCredentials: Sendable {
    private let username: String?
    private let password: Secret?

    init(_ body: BodyReader) throws(APIError) {
        username = try body.line("username", maximum: 128).value
        let password = try body.line("password", maximum: 256).value
        self.password = password.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// Puts what the body says in place of what is there; an empty user name takes the credentials away.
    func change(_ trunk: inout Trunk) throws(APIError) {
        if username == "" {
            guard password == nil else {
                throw .invalid("username", "`username` is empty beside a `password`: give both or none")
            }
            trunk.username = nil
            trunk.password = nil
            return
        }
        trunk.username = username ?? trunk.username
        trunk.password = password ?? trunk.password
        guard (trunk.username == nil) != (trunk.password == nil) else { return }
        let missing = trunk.username == nil ? "username" : "password"
        throw .invalid(missing, "`\(missing)` is missing: challenges are answered with user name and password")
    }
}
