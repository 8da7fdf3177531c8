// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// Where a REFER wants the other side to call (RFC 3515 §2.1), read to be composed anew.
struct ReferTarget {
    private let bytes: [UInt8]
    private let uri: URIReference
    /// The dialog that the new call is to replace; nil for none.
    let replaced: ReplacedDialog?
    private let demandsReplaces: Bool

    /// Reads Refer-To.
    ///
    /// - Throws: `SyntaxError` when there is not exactly one, or it is malformed.
    init(_ request: SIPMessage) throws(SyntaxError) {
        let elements = request.elements(.referTo)
        guard elements.count == 1, let element = elements.first else {
            throw SyntaxError("the REFER has not exactly one Refer-To", at: 0)
        }
        let bytes = request.unfolded(element)
        let uri = try NameAddress.parse(bytes.span, 0..<bytes.count).uri
        var replaced: ReplacedDialog?
        var demandsReplaces = false
        for header in bytes[uri.headers.indices].split(separator: UInt8(ascii: "&")) {
            let parts = header.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard let name = parts.first.flatMap(Escapes.decoded) else { continue }
            let isReplaces = name.span.equals(0..<name.count, ignoringCase: "Replaces")
            guard isReplaces || name.span.equals(0..<name.count, ignoringCase: "Require") else { continue }
            let value = parts.count == 2 ? Escapes.decoded(parts[1]) : nil
            if isReplaces {
                guard replaced == nil, let dialog = value.flatMap(ReplacedDialog.init) else {
                    throw SyntaxError("the Replaces in Refer-To does not name one dialog", at: 0)
                }
                replaced = dialog
            } else if let value {
                demandsReplaces = demandsReplaces || value.span.equals(0..<value.count, ignoringCase: "replaces")
            }
        }
        self.bytes = bytes
        self.uri = uri
        self.replaced = replaced
        self.demandsReplaces = demandsReplaces
    }

    /// Whether the URI calls one of a caller's own numbers.
    func calls(_ numbers: CallerNumbers) -> Bool {
        let user = bytes[uri.user.indices]
        return numbers.areNamed(by: Escapes.decoded(user) ?? Array(user))
    }

    /// The value of the Refer-To to send: the URI with its parameters, of its embedded headers Replaces alone, without
    /// display name and parameters of the header field.
    func value(replacing dialog: ReplacedDialog?) -> [UInt8] {
        value(replacing: dialog) { composer in
            let end = uri.headers.isEmpty ? Int(uri.whole.offset + uri.whole.length) : Int(uri.headers.offset) - 1
            composer.append(bytes, FieldRange(Int(uri.whole.offset)..<end))
        }
    }

    /// The same for a hidden caller: nil when the URI names its caller; the caller's domain becomes the gateway's, and
    /// of the URI's parameters only those that say how to call are left.
    func value(replacing dialog: ReplacedDialog?, hiding caller: Dialog, gatewayHost: String) -> [UInt8]? {
        let names = CallerNames(caller)
        let user = bytes[uri.user.indices]
        let host = bytes[uri.host.indices]
        switch uri.scheme {
        case .sip, .sips: break
        case .tel: return names.hasUser(user) ? nil : value(replacing: nil) { $0.append(Array("tel:".utf8 + user)) }
        case .urn, .other: return nil
        }
        guard !names.hasUser(user), !names.isContactHost(host) else { return nil }
        return value(replacing: dialog) { composer in
            composer.append(uri.scheme == .sip ? "sip:" : "sips:")
            if !user.isEmpty {
                composer.append(Array(user))
                composer.append("@")
            }
            if names.isDomain(host) {
                composer.append(host: gatewayHost)
            } else {
                composer.append(host: String(decoding: host, as: UTF8.self))
                if let port = uri.port { composer.append(":\(port)") }
            }
            appendCallingParameters(&composer)
        }
    }

    private func value(replacing dialog: ReplacedDialog?, uri: (inout MessageComposer) -> Void) -> [UInt8] {
        var composer = MessageComposer(capacity: bytes.count + 64)
        composer.append("<")
        uri(&composer)
        if let dialog {
            composer.append("?Replaces=")
            composer.append(Escapes.encoded(dialog.value))
            if demandsReplaces { composer.append("&Require=replaces") }
        }
        composer.append(">")
        return composer.bytes
    }

    private func appendCallingParameters(_ composer: inout MessageComposer) {
        let span = bytes.span
        var cursor = ParameterCursor(uri.parameters.indices)
        while let parameter = cursor.next(span) {
            guard
                span.equals(parameter.name, ignoringCase: "user") || span.equals(parameter.name, ignoringCase: "method")
                    || span.equals(parameter.name, ignoringCase: "transport")
            else { continue }
            composer.append(";")
            composer.append(
                bytes,
                FieldRange(parameter.name.lowerBound..<max(parameter.name.upperBound, parameter.value.upperBound))
            )
        }
    }
}

/// The names that a caller's own messages gave it.
private struct CallerNames {
    private var users: [[UInt8]] = []
    private var domain: [UInt8] = []
    private var contactHost: [UInt8] = []

    init(_ caller: Dialog) {
        if let address = try? NameAddress.parse(caller.remote.span, 0..<caller.remote.count) {
            users.append(Self.folded(caller.remote[address.uri.user.indices]))
            domain = Self.folded(caller.remote[address.uri.host.indices])
        }
        if let contact = try? URIReference.parse(caller.target.span, 0..<caller.target.count) {
            users.append(Self.folded(caller.target[contact.user.indices]))
            contactHost = Self.folded(caller.target[contact.host.indices])
        }
    }

    func hasUser(_ user: ArraySlice<UInt8>) -> Bool {
        !user.isEmpty && users.contains(Self.folded(user))
    }

    func isDomain(_ host: ArraySlice<UInt8>) -> Bool { Self.folded(host) == domain }

    func isContactHost(_ host: ArraySlice<UInt8>) -> Bool { Self.folded(host) == contactHost }

    private static func folded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        (Escapes.decoded(bytes) ?? Array(bytes)).map(ASCII.lowercased)
    }
}
