// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// The header fields beside From that carry a number.
struct IdentityFields: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let asserted = IdentityFields(rawValue: 1)
    static let preferred = IdentityFields(rawValue: 2)
    static let remoteParty = IdentityFields(rawValue: 4)
    static let diversion = IdentityFields(rawValue: 8)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// What a profile asks for on a call.
    init(_ profile: TrunkIdentityProfile, isAnonymous: Bool, isSubstituted: Bool) {
        self = []
        // Without a Privacy header field nothing would keep these two from the callee.
        let isWithheld = !isAnonymous || profile.privacy.value != nil
        if isWithheld, profile.assertedIdentity.covers(anonymous: isAnonymous) { insert(.asserted) }
        if isWithheld, profile.preferredIdentity.covers(anonymous: isAnonymous) { insert(.preferred) }
        if profile.remotePartyID.covers(anonymous: isAnonymous) { insert(.remoteParty) }
        switch profile.diversion {
        case .never: break
        case .substituted: if isSubstituted { insert(.diversion) }
        case .always: insert(.diversion)
        }
    }
}

/// How the URI of a number is written toward one trunk.
struct IdentityForm: Hashable, Sendable {
    let scheme: IdentityScheme
    let host: FromHost
    let marksTelephone: Bool
    let number: NumberForm

    init(_ trunk: Trunk) {
        scheme = trunk.identity.scheme
        host = Self.host(of: trunk)
        marksTelephone = trunk.identity.marksTelephone
        number = trunk.identity.number
    }

    /// The host of URIs that carry a number.
    static func host(of trunk: Trunk) -> FromHost {
        switch trunk.identity.host {
        case .gateway: .gateway
        case .trunk: .domain(trunk.host)
        case .domain(let name): .domain(name)
        }
    }

    /// The trunk's domain: the one it is to be addressed by, else its host.
    static func domain(of trunk: Trunk) -> FromHost {
        if case .domain(let name) = trunk.identity.host { .domain(name) } else { .domain(trunk.host) }
    }

    /// Appends the URI of a number in angle brackets.
    func append(_ number: E164Number, to bytes: inout [UInt8], gatewayHost: String) {
        switch scheme {
        case .tel:
            bytes.append(contentsOf: "<tel:".utf8)
            number.append(to: &bytes)
        case .sip:
            bytes.append(contentsOf: "<sip:".utf8)
            self.number.append(number, to: &bytes)
            bytes.append(UInt8(ascii: "@"))
            host.append(to: &bytes, gatewayHost: gatewayHost)
            if marksTelephone { bytes.append(contentsOf: ";user=phone".utf8) }
        }
        bytes.append(UInt8(ascii: ">"))
    }
}

extension FromHost {
    /// Appends the host, an IPv6 address in brackets.
    package func append(to bytes: inout [UInt8], gatewayHost: String) {
        switch self {
        case .anonymousInvalid: bytes.append(contentsOf: "anonymous.invalid".utf8)
        case .gateway: bytes.append(contentsOf: gatewayHost.utf8)
        case .domain(let name):
            let isBare = name.utf8.contains(UInt8(ascii: ":"))
            if isBare { bytes.append(UInt8(ascii: "[")) }
            bytes.append(contentsOf: name.utf8)
            if isBare { bytes.append(UInt8(ascii: "]")) }
        }
    }
}

extension DisplayNamePolicy {
    /// The name that stands beside a number whose caller has this name.
    func name(of own: DisplayName?, _ number: E164Number, in form: NumberForm) -> DisplayName? {
        switch self {
        case .pass: own
        case .none: nil
        case .number: DisplayName(form.text(number))
        case .fixed(let text): DisplayName(text)
        }
    }
}

extension LegIdentity {
    /// Appends the lines of Privacy and of the header fields that carry a number, each ending in CRLF.
    ///
    /// - Parameters:
    ///   - bytes: The message under composition.
    ///   - gatewayHost: The host of URIs that name the gateway.
    package func appendLines(to bytes: inout [UInt8], gatewayHost: String) {
        if let privacy {
            bytes.append(contentsOf: "Privacy: ".utf8)
            bytes.append(contentsOf: privacy.rawValue.utf8)
            bytes.append(contentsOf: "\r\n".utf8)
        }
        // Beside P-Asserted-Identity, only a hidden caller's header fields need trust.
        told?.appendLines(to: &bytes, gatewayHost)
        shown?.appendLines(to: &bytes, gatewayHost)
    }

    /// What `appendLines` appends, a line an element.
    package func lines(gatewayHost: String) -> [String] {
        var bytes: [UInt8] = []
        appendLines(to: &bytes, gatewayHost: gatewayHost)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }
}

extension AssertedFields {
    fileprivate func appendLines(to bytes: inout [UInt8], _ gatewayHost: String) {
        for field in IdentityFields.inOrder where fields.contains(field) {
            bytes.append(contentsOf: field.name.utf8)
            identity.append(to: &bytes, gatewayHost: gatewayHost)
            bytes.append(contentsOf: field.parameters(isHidden: true, isScreened: true).utf8)
            bytes.append(contentsOf: "\r\n".utf8)
        }
    }
}

extension ShownFields {
    fileprivate func appendLines(to bytes: inout [UInt8], _ gatewayHost: String) {
        for field in IdentityFields.inOrder where fields.contains(field) {
            bytes.append(contentsOf: field.name.utf8)
            if let name {
                bytes.append(UInt8(ascii: "\""))
                bytes.append(contentsOf: name.text.utf8)
                bytes.append(contentsOf: "\" ".utf8)
            }
            form.append(number, to: &bytes, gatewayHost: gatewayHost)
            bytes.append(contentsOf: field.parameters(isHidden: false, isScreened: isScreened).utf8)
            bytes.append(contentsOf: "\r\n".utf8)
        }
    }
}

extension IdentityFields {
    fileprivate static let inOrder: [IdentityFields] = [.asserted, .preferred, .remoteParty, .diversion]

    /// The beginning of the header field's line.
    fileprivate var name: String {
        switch self {
        case .asserted: "P-Asserted-Identity: "
        case .preferred: "P-Preferred-Identity: "
        case .remoteParty: "Remote-Party-ID: "
        default: "Diversion: "
        }
    }

    /// What follows the address: draft-ietf-sip-privacy-04 §5 and RFC 5806 §3.2; RFC 3325 has no parameters.
    fileprivate func parameters(isHidden: Bool, isScreened: Bool) -> String {
        let privacy = isHidden ? ";privacy=full" : ";privacy=off"
        let screen = isScreened ? ";screen=yes" : ";screen=no"
        return switch self {
        case .remoteParty: ";party=calling" + screen + privacy
        // No call was diverted here: the carrier reads the number to bill, and no more.
        case .diversion: ";reason=unknown;counter=1" + screen + privacy
        default: ""
        }
    }
}
