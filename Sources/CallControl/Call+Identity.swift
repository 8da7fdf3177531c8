// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// The fields of an INVITE that say who calls, out of what the policy lets one peer know.
extension Call {
    /// What a target is told of the caller; `isRevealed` where a hidden caller is to be shown after a 433.
    func legIdentity(_ setup: CallSetup, _ target: OutboundTarget, isRevealed: Bool) -> LegIdentity {
        guard let trunk = target.trunk else { return setup.approved.identity.identityForSIPLeg }
        if isRevealed, let revealed = setup.approved.revealedIdentity(for: trunk) { return revealed }
        return setup.approved.identity(for: trunk)
    }

    /// The From value of an attempt.
    func fromValue(_ identity: LegIdentity, _ tag: UInt64) -> [UInt8] {
        let from = identity.from
        var composer = MessageComposer(capacity: 128)
        if let name = from.displayName {
            composer.append("\"")
            composer.append(name)
            composer.append("\" ")
        }
        switch from.scheme {
        case .tel:
            composer.append("<tel:")
            composer.append(from.user)
        case .sip:
            composer.append("<sip:")
            composer.append(escapedUser: from.user)
            composer.append("@")
            switch from.host {
            case .anonymousInvalid: composer.append("anonymous.invalid")
            case .gateway: composer.append(settings.gatewayHost)
            case .domain(let name): composer.append(host: name)
            }
        }
        composer.append(from.isTelephoneNumber ? ";user=phone>;tag=" : ">;tag=")
        composer.append(hexadecimal: tag)
        return composer.bytes
    }

    /// Appends Privacy, the header fields that carry a number, and those that the trunk wants on every call.
    func appendIdentity(_ identity: LegIdentity, _ trunk: Trunk?, _ composer: inout MessageComposer) {
        composer.append(inPlace: { identity.appendLines(to: &$0, gatewayHost: settings.gatewayHost) })
        for header in trunk?.identity.headers ?? [] {
            composer.append(header.name)
            composer.append(": ")
            composer.append(header.value)
            composer.endLine()
        }
    }

    /// Tries a trunk once more with the caller shown when it takes no anonymous calls (433, RFC 5079 §4) and policy has
    /// foreseen that; tells whether it did.
    mutating func retryRevealed(after failure: Failure, _ context: inout CallContext) -> Bool {
        guard failure.status == 433, let index = failure.branch, branches.indices.contains(index), let setup,
            let trunk = branches[index].trunk, let shown = setup.approved.revealedIdentity(for: trunk),
            branches[index].identity != shown
        else { return false }
        startBranch(toward: branches[index].target, server: branches[index].server, isRevealed: true, &context)
        return true
    }

    /// The row of the passage table for messages toward a target.
    func passage(_ setup: CallSetup, toward target: OutboundTarget, isRevealed: Bool) -> HeaderPassage {
        guard let trunk = target.trunk else { return .towardSIPLeg }
        let identity = setup.approved.identity
        return .towardTrunk(
            anonymous: isRevealed ? identity.isSubstituted : identity.concealsTelephone,
            passesUserAgent: trunk.passesUserAgent
        )
    }

    /// The row of the passage table for a message of a branch toward the endpoint: who is named there crosses only from
    /// a trusted trunk, and not when it asks for privacy (RFC 3325 §7).
    func passage(towardEndpointFrom branch: Int, _ message: SIPMessage) -> HeaderPassage {
        var privacy = PrivacyRequest.absent
        var isWithheld = false
        for field in message.fields {
            if field.name == .privacy {
                privacy.read(ReceivedText(buffer: message.bytes, range: field.value.indices))
            } else if field.name == .remotePartyID {
                isWithheld = isWithheld || asksForPrivacy(message, field.value)
            }
        }
        return .towardEndpoint(
            trunkIsTrusted: branches[branch].isTrusted,
            hidesCallee: isWithheld || privacy.asksToHideNumber
        )
    }

    /// Whether a Remote-Party-ID has a privacy parameter other than `off` (draft-ietf-sip-privacy-04 §5); one that cannot
    /// be read counts as private.
    private func asksForPrivacy(_ message: SIPMessage, _ value: FieldRange) -> Bool {
        let text = message.text(value).lowercased()
        guard text.contains("privacy") else { return false }
        return text.split(separator: ";").contains { part in
            let pair = part.split(separator: "=", maxSplits: 1).map { word in
                String(word.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" && $0 != "," })
            }
            guard pair.first == "privacy" else { return false }
            return pair.count < 2 || (pair[1] != "off" && pair[1] != "\"off\"")
        }
    }
}

extension MessageComposer {
    /// Appends a user part with what may not stand there percent-escaped (RFC 3261 §19.1.2).
    fileprivate mutating func append(escapedUser user: String) {
        for byte in user.utf8 {
            if ASCII.user.contains(byte), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "/") {
                append(byte: byte)
            } else {
                append("%")
                append(byte: hexadecimalDigit(byte >> 4))
                append(byte: hexadecimalDigit(byte & 15))
            }
        }
    }

    fileprivate func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + 48 : value + 55
    }

    fileprivate mutating func append(byte: UInt8) {
        append(String(UnicodeScalar(byte)))
    }
}
