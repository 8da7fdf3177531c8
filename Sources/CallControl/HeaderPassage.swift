// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Which header fields cross from one leg to the other; what no row lists does not cross.
enum HeaderPassage: Hashable {
    /// From the endpoint toward a telephone trunk; `anonymous` when nothing of the telephone's own may be seen there.
    case towardTrunk(anonymous: Bool, passesUserAgent: Bool)
    /// From the endpoint toward a SIP URI or another endpoint.
    case towardSIPLeg
    /// From the outside back to the endpoint; `hidesCallee` when the message asks for privacy of who sends it.
    case towardEndpoint(trunkIsTrusted: Bool, hidesCallee: Bool)

    /// Whether a header field of this name crosses.
    func admits(_ name: HeaderName) -> Bool {
        if hidesSender, PrivacyTable.treatment(of: name) != nil { return false }
        if Self.isEndToEnd(name) { return true }
        switch self {
        case .towardTrunk(let anonymous, let passesUserAgent):
            return !anonymous && (name == .userAgent ? passesUserAgent : Self.isSelfDescription(name))
        case .towardSIPLeg:
            return Self.isSelfDescription(name)
        case .towardEndpoint(let trusted, _):
            if name == .pAssertedIdentity || name == .remotePartyID { return trusted }
            return Self.isSelfDescription(name)
        }
    }

    /// Whether the receiver may learn nothing of the telephone that calls.
    var hidesCaller: Bool {
        if case .towardTrunk(true, _) = self { true } else { false }
    }

    private var hidesSender: Bool {
        if case .towardEndpoint(_, true) = self { true } else { hidesCaller }
    }

    private static func isEndToEnd(_ name: HeaderName) -> Bool {
        switch name {
        case .allow, .allowEvents, .supported, .require, .unsupported, .accept, .acceptEncoding, .acceptLanguage,
            .contentType, .contentDisposition, .contentEncoding, .contentLanguage, .contentID, .mimeVersion,
            .sessionExpires, .minSE, .rseq, .event, .reason, .retryAfter, .warning, .alertInfo, .timestamp,
            .infoPackage, .recvInfo, .subscriptionState, .referSub:
            true
        default: false
        }
    }

    private static func describesBody(_ name: HeaderName) -> Bool {
        switch name {
        case .contentType, .contentDisposition, .contentEncoding, .contentLanguage, .contentID, .mimeVersion: true
        default: false
        }
    }

    private static func isSelfDescription(_ name: HeaderName) -> Bool {
        switch name {
        case .userAgent, .server, .organization, .subject, .callInfo, .replyTo, .inReplyTo: true
        default: false
        }
    }

    /// Copies the header fields that cross.
    ///
    /// - Parameters:
    ///   - message: The received message.
    ///   - composer: The message under composition.
    ///   - extra: Names beyond the table that the configuration lets cross between SIP legs, in lower case.
    ///   - body: The body that goes with them; nil for none of its own.
    ///   - left: A name to leave out, because its value is composed anew.
    func copy(
        _ message: SIPMessage,
        to composer: inout MessageComposer,
        extra: Set<String>,
        describing body: CrossingBody? = nil,
        leavingOut left: HeaderName? = nil
    ) {
        let description = body?.description
        for field in message.fields where field.name != left {
            if description != nil, Self.describesBody(field.name) { continue }
            if field.name == .other {
                guard !extra.isEmpty, admitsExtra else { continue }
                let name = message.text(field.nameRange)
                guard extra.contains(name.lowercased()) else { continue }
                composer.append(name)
                composer.append(": ")
                composer.appendUnfolded(message.bytes, field.value)
                composer.endLine()
            } else if field.name == .subscriptionState, hidesCaller {
                composer.appendState(message.bytes, field.value)
            } else if admits(field.name) {
                composer.field(field.name.wireName, message.bytes, field.value)
            }
        }
        if let description { composer.append(description) }
    }

    private var admitsExtra: Bool {
        if case .towardTrunk = self { false } else { true }
    }
}

extension MessageComposer {
    /// Appends a Subscription-State of its state and its seconds alone: a reason could hold any word.
    fileprivate mutating func appendState(_ bytes: [UInt8], _ value: FieldRange) {
        let indices = value.indices
        let end = bytes[indices].firstIndex(of: UInt8(ascii: ";")) ?? indices.upperBound
        let state = bytes[indices.lowerBound..<end]
        guard let known = ["active", "pending", "terminated"].first(where: { state.elementsEqual($0.utf8) }) else {
            return
        }
        append("Subscription-State: ")
        append(known)
        let seconds = Parameters(FieldRange(end..<indices.upperBound)).value("expires", in: bytes.span)
        if let seconds, bytes[seconds].allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) {
            append(";expires=")
            append(bytes, FieldRange(seconds))
        }
        endLine()
    }
}
