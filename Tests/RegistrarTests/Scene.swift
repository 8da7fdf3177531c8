// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MonotonicTime
import SIPMessage
import SIPParser
import Testing

@testable import Registrar

/// A registrar with virtual time and one address of record.
struct Scene {
    var bindings: [Binding] = []
    var now = WallTime(milliseconds: 1_700_000_000_000)
    var limits = RegistrarLimits()
    var flow = RegistrationFlow(transport: .udp, host: "192.0.2.7", port: 5060)

    /// Lets so many seconds pass.
    mutating func pass(seconds: Int64) {
        now.milliseconds += seconds * 1000
    }

    /// Applies a REGISTER and keeps the bindings it leads to.
    @discardableResult
    mutating func apply(_ lines: [String], callID: String = "a@host", cseq: Int = 1) throws -> RegistrationOutcome {
        try apply(message(lines, callID: callID, cseq: cseq))
    }

    @discardableResult
    mutating func apply(_ request: SIPMessage) -> RegistrationOutcome {
        let outcome = register(request: request, existing: bindings, flow: flow, limits: limits, now: now)
        if case .answer(let after, _) = outcome { bindings = after }
        return outcome
    }

    /// The contacts in force, as text.
    var contacts: [String] {
        bindings.map { String(decoding: $0.contact, as: UTF8.self) }
    }
}

/// A REGISTER with the given lines added.
func message(_ lines: [String], callID: String = "a@host", cseq: Int = 1) throws -> SIPMessage {
    let head = [
        "REGISTER sip:example.com SIP/2.0",
        "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK\(cseq)",
        "Max-Forwards: 70",
        "From: <sip:alice@example.com>;tag=1",
        "To: <sip:alice@example.com>",
        "Call-ID: \(callID)",
        "CSeq: \(cseq) REGISTER",
    ]
    let text = (head + lines + ["Content-Length: 0", "", ""]).joined(separator: "\r\n")
    return try Scanner().scan(Array(text.utf8), .datagram)
}

/// A message of RFC 4475.
func torture(_ name: String) throws -> SIPMessage {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "sip-traces/rfc4475")
    let bytes = try [UInt8](Data(contentsOf: folder.appending(path: "\(name).dat")))
    return try Scanner().scan(bytes, .datagram)
}

extension RegistrationOutcome {
    /// The refusal; nil for an answer.
    var refusal: RegistrationRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// Whether it is an answer that altered bindings.
    var isChange: Bool {
        if case .answer(_, let changed) = self { changed } else { false }
    }
}

/// What the 200 says of the bindings.
func answerText(_ scene: Scene, to request: SIPMessage) -> String {
    var composer = MessageComposer()
    appendAnswer(to: &composer, bindings: scene.bindings, now: scene.now, request: request)
    return String(decoding: composer.bytes, as: UTF8.self)
}
