// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser

/// One end of the calls: a socket, and what of SIP it takes to play a telephone or a trunk.
final class Peer {
    /// The port it is reached at.
    var port: UInt16 { socket.port }

    private let socket: UDPSocket
    private let scanner = Scanner()

    /// Opens the socket.
    init() throws {
        socket = try UDPSocket()
    }

    /// Sends a message given as lines; a body follows the empty line.
    func send(_ lines: [String], body: String = "", to port: UInt16) throws {
        let text = (lines + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
        try socket.send(Array(text.utf8), to: port)
    }

    /// Waits for a final or provisional response with this status; passes others over.
    func response(_ status: Int) throws -> SIPMessage {
        try next { !$0.isRequest && $0.status == status }
    }

    /// Waits for a request with this method; passes other messages over.
    func request(_ method: Method) throws -> SIPMessage {
        try next { $0.isRequest && $0.method == method }
    }

    private func next(_ isExpected: (SIPMessage) -> Bool) throws -> SIPMessage {
        while true {
            let message = try scanner.scan(try socket.receive(), .datagram)
            if isExpected(message) { return message }
            if !message.isRequest, message.status >= 300 {
                throw BenchmarkError("the gateway refused: \(String(decoding: message.bytes, as: UTF8.self))")
            }
        }
    }
}

extension SIPMessage {
    /// The value of the first header field of a name; empty without one.
    func value(_ name: HeaderName) -> String {
        first(name).map(text) ?? ""
    }

    /// The URI of the first Contact.
    var contactURI: String {
        let value = value(.contact)
        guard let start = value.firstIndex(of: "<"), let end = value.firstIndex(of: ">"), start < end else {
            return value
        }
        return String(value[value.index(after: start)..<end])
    }
}
