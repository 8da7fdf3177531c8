// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// Reads what arrives: the strict scanner first, then libosip2 over the same bytes, and agreement or a refusal.
///
/// A message that two parsers read differently is an attack or a bug, and either way nobody should act on it.
package struct MessageReader: Sendable {
    /// Which messages are read a second time.
    package enum SecondReading: Sendable, CaseIterable {
        /// Every message.
        case always
        /// Requests that can open or authorise something: INVITE, REGISTER, REFER and PUBLISH, and every other
        /// request without a To tag but ACK and CANCEL.
        case openingRequests
        /// None.
        case never
    }

    /// The first reader.
    package let scanner: Scanner
    /// Which messages the second reader sees.
    package let secondReading: SecondReading

    /// Makes a reader; both parts are immutable, so one value serves every thread.
    package init(limits: ScannerLimits = ScannerLimits(), secondReading: SecondReading = .openingRequests) {
        self.scanner = Scanner(limits: limits)
        self.secondReading = secondReading
    }

    /// Reads one message.
    ///
    /// - Parameters:
    ///   - bytes: The datagram or framed stream message.
    ///   - framing: How it arrived.
    /// - Returns: The message that both readers agree on, with octets after its declared body cut off.
    /// - Throws: `ParseError`; its code is `disagreement` when the second reader refuses or contradicts the first.
    package func read(_ bytes: [UInt8], _ framing: Framing) throws(ParseError) -> SIPMessage {
        let (message, counts) = try scanner.scanCounting(bytes, framing)
        guard isReadTwice(message), let difference = OsipReader.difference(from: message, counts) else {
            return message
        }
        throw ParseError(
            .disagreement,
            "two readings of the message differ in \(difference)",
            at: 0,
            status: message.isRequest && message.method != .ack ? 400 : nil,
            bytes: message.bytes,
            fields: message.fields
        )
    }

    private func isReadTwice(_ message: SIPMessage) -> Bool {
        switch secondReading {
        case .always: return true
        case .never: return false
        case .openingRequests: break
        }
        guard message.isRequest else { return false }
        switch message.method {
        // An invented To tag must not switch the second reading off for what needs no dialog.
        case .invite, .register, .refer, .publish: return true
        case .ack, .cancel: return false
        default: return message.mandatory.toTag.isEmpty
        }
    }
}
