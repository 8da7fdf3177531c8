// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

extension ScanPass {
    /// Reads the first line.
    ///
    /// - Returns: A fault to report once the header fields are known: a version that is not SIP/2.0 (RFC 3261
    ///   §21.5.7) or a malformed Request-URI still deserves an answer.
    mutating func readStartLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(ScanFault) -> ScanFault? {
        if line.count >= 4, bytes.equals(line.lowerBound..<(line.lowerBound + 4), ignoringCase: "SIP/") {
            try readStatusLine(bytes, line)
            return nil
        }
        return try readRequestLine(bytes, line)
    }

    private mutating func readStatusLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(ScanFault) {
        let start = line.lowerBound
        guard line.count >= 12, bytes.equals(start..<(start + 8), "SIP/2.0 ") else {
            throw ScanFault(.version, "the status line does not begin with SIP/2.0", at: start)
        }
        let code = (start + 8)..<(start + 11)
        guard let status = bytes.decimal(code, maximum: 699), status >= 100, bytes[start + 11] == 32 else {
            throw ScanFault(.startLine, "the status code is not a number from 100 to 699", at: start + 8)
        }
        startLine = .response(status: Int(status), reason: FieldRange((start + 12)..<line.upperBound))
    }

    private mutating func readRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(ScanFault) -> ScanFault? {
        let cursor = bytes.endOfRun(of: ASCII.token, in: line)
        let name = line.lowerBound..<cursor
        guard !name.isEmpty, cursor < line.upperBound, bytes[cursor] == 32 else {
            throw ScanFault(.startLine, "the first line is neither a request line nor a status line", at: cursor)
        }
        var last = line.upperBound
        while last > cursor + 1, bytes[last - 1] != 32 { last -= 1 }
        let uriRange = (cursor + 1)..<max(cursor + 1, last - 1)
        let version = last..<line.upperBound
        let method = Method.find(bytes, name)
        isRequest = true
        startLine = .request(method: method, name: FieldRange(name), uri: URIReference())
        guard bytes.equals(version, "SIP/2.0") else { return versionFault(bytes, version) }
        do {
            let uri = try URIReference.parse(bytes, uriRange)
            startLine = .request(method: method, name: FieldRange(name), uri: uri)
            // RFC 3261 §19.1.1: headers are not allowed in a Request-URI; passing them on would inject them.
            guard uri.headers.isEmpty else {
                return ScanFault(.startLine, "the Request-URI carries header fields", at: uriRange.lowerBound)
            }
            return nil
        } catch {
            var fault = ScanFault(.startLine, "the Request-URI is malformed", at: error.offset)
            fault.reason = "Request-URI: \(error.reason)"
            return fault
        }
    }

    private func versionFault(_ bytes: Span<UInt8>, _ version: Range<Int>) -> ScanFault {
        let isSIP =
            version.count >= 7 && bytes.equals(version.lowerBound..<(version.lowerBound + 4), ignoringCase: "SIP/")
            && !bytes.equals(version, ignoringCase: "SIP/2.0")
            && ASCII.isDigit(bytes[version.lowerBound + 4])
        guard isSIP else {
            return ScanFault(.startLine, "the request line does not end with SIP/2.0", at: version.lowerBound)
        }
        return ScanFault(.version, "only SIP/2.0 is spoken here", at: version.lowerBound, status: 505)
    }
}
