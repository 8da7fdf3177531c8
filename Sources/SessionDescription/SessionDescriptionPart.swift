// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the session description in a body.
package enum SessionDescriptionPart {
    private static let deepestNesting = 4

    /// Where the first session description of a body stands: all of it, or one part of a multipart body.
    ///
    /// - Parameters:
    ///   - bytes: What the body lies in.
    ///   - body: Where it lies.
    ///   - contentType: The value of its Content-Type; nil when there is none, and then only what begins like a session
    ///     description is one.
    /// - Returns: The place; nil when there is none, or none that can be read as it stands (a transfer encoding, a
    ///   signed or encrypted body, a multipart body that readers do not agree about).
    package static func find(_ bytes: [UInt8], body: Range<Int>, contentType: [UInt8]?) -> Range<Int>? {
        let body = body.clamped(to: 0..<bytes.count)
        guard let contentType else { return begins(bytes, body) ? body : nil }
        return find(bytes, body, BodyType(contentType.span, in: 0..<contentType.count), depth: 0)
    }

    private static func find(_ bytes: [UInt8], _ body: Range<Int>, _ type: BodyType, depth: Int) -> Range<Int>? {
        switch type {
        case .sessionDescription: return begins(bytes, body) ? body : nil
        case .other, .malformed: return nil
        case .multipart(let boundary):
            guard depth < deepestNesting else { return nil }
            var reader = MultipartReader(boundary: boundary, body: body)
            while let part = try? reader.next(bytes.span) {
                guard let contentType = part.contentType, isPlain(bytes, part.transferEncoding) else { continue }
                let type = BodyType(bytes.span, in: contentType)
                if let found = find(bytes, part.body, type, depth: depth &+ 1) { return found }
            }
            return nil
        }
    }

    private static func begins(_ bytes: [UInt8], _ body: Range<Int>) -> Bool {
        bytes[body].starts(with: [UInt8(ascii: "v"), Byte.equals])
    }

    private static func isPlain(_ bytes: [UInt8], _ encoding: Range<Int>?) -> Bool {
        guard let encoding else { return true }
        return ["binary", "8bit", "7bit"].contains { bytes.span.equalsFolded(encoding, $0) }
    }
}
