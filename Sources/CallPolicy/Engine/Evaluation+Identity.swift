// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

extension Evaluation {
    /// Who the caller is to the outside, out of what the rules found; nil before the destination is known.
    var outboundIdentity: OutboundIdentity? {
        switch destination {
        case nil: nil
        case .telephone:
            OutboundIdentity(
                presented: telephonePresentation,
                source: source,
                usable: usable,
                isSubstituted: source.resolvedBy == .defaultNumber,
                refusesPrivacy: attempt.privacy.tokens.contains(.none),
                revealed: revealedPresentation
            )
        case .emergency:
            OutboundIdentity(presented: emergencyPresentation, source: source, usable: usable)
        case .extensions, .sipURI:
            OutboundIdentity(presented: legPresentation, source: legSource, usable: nil)
        }
    }

    private var telephonePresentation: PresentedIdentity {
        guard !isHidden, let usable else { return .anonymous }
        return .number(usable.number, displayName(with: usable.number))
    }

    /// What a hidden caller's callee may see when it takes no anonymous calls (RFC 5079) and the customer would rather be
    /// shown than not get through; nil for a caller who asked for nothing less than privacy.
    private var revealedPresentation: PresentedIdentity? {
        guard isHidden, let usable, caller.customer.outbound?.whenAnonymityDisallowed == .retryShown,
            !attempt.privacy.isCritical
        else { return nil }
        // What the telephone calls itself on such a call is a disguise.
        return .number(usable.number, usable.number == caller.endpointNumber ? caller.displayName : nil)
    }

    /// The operator's name for the endpoint's own number wins over what the phone calls itself; the default number
    /// stands without a name, for the caller has none under it.
    private func displayName(with number: E164Number) -> DisplayName? {
        if source.resolvedBy == .defaultNumber { return nil }
        if let name = caller.displayName, number == caller.endpointNumber { return name }
        switch source.resolvedBy {
        case .preferredIdentity, .from: return attempt.identity.fromDisplayName.flatMap { DisplayName($0) }
        case .endpointNumber, .defaultNumber, .emergencyCallerID, .endpointName, .none: return nil
        }
    }

    private var emergencyPresentation: PresentedIdentity {
        if let number = source.resolved { return .number(number, caller.displayName) }
        guard let endpoint = caller.endpoint else { return .user("emergency", nil) }
        return .user(endpoint.username, caller.displayName)
    }

    /// An endpoint is shown under a name it is registered by; what it typed counts only if it is one of them.
    private var legPresentation: PresentedIdentity {
        let identity = attempt.identity
        guard !identity.isSelfAnonymous else { return .anonymous }
        let wishedName = identity.fromDisplayName.flatMap { DisplayName($0) }
        guard let endpoint = caller.endpoint else { return customerPresentation(wishedName) }
        let typed = identity.fromUser.decodedName()
        let user = typed.flatMap { endpoint.extensions.contains($0) ? $0 : nil } ?? endpoint.username
        return .user(user, caller.displayName ?? wishedName)
    }

    /// A call of the control API may name any source that claims nobody else's number.
    private func customerPresentation(_ wishedName: DisplayName?) -> PresentedIdentity {
        let from = attempt.identity.fromUser
        if let number = claimedNumber(from) {
            guard case .success = snapshot.usableNumber(number, by: caller.customer.id) else { return .anonymous }
            return .number(number, wishedName)
        }
        guard let name = from.decodedName(), Self.isPlainUser(name) else { return .anonymous }
        return .user(name, wishedName)
    }

    /// The number a user part claims, in international form or by the customer's dial plan.
    private func claimedNumber(_ from: ReceivedText) -> E164Number? {
        switch NumberCanonicaliser.canonicalise(user: from.buffer, in: from.range) {
        case .number(let number): number
        case .notInternational(let digits):
            isDialledHere(digits, in: from.buffer) ? caller.reader.read(digits).number : nil
        case .refused: nil
        }
    }

    private var legSource: SourceRecord {
        var record = source
        record.resolvedBy = caller.endpointID == nil ? .from : .endpointName
        return record
    }

    /// RFC 3261 §25.1 `user`, without what would need escaping.
    private static func isPlainUser(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "+"):
                    true
                default: false
                }
            }
    }
}
