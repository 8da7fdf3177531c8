// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser

/// One input of the fuzzer: a datagram, or a message cut out of a stream.
@c(LLVMFuzzerTestOneInput)
public func fuzzSIPScanner(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(data, count)
    for framing in [Framing.datagram, .stream] {
        guard let message = try? Scanner().scan(bytes, framing) else { continue }
        checkRanges(message)
        checkSecondReading(bytes, framing, message)
        let again = try? Scanner().scan(message.bytes, framing)
        check(again?.bytes == message.bytes, "an accepted message reads back with nothing cut off")
        check(again?.fields == message.fields, "an accepted message reads back with the same header fields")
        check(again?.mandatory == message.mandatory, "an accepted message reads back with the same mandatory fields")
    }
    return 0
}

private func checkRanges(_ message: SIPMessage) {
    let count = message.bytes.count
    for field in message.fields {
        check(field.nameRange.indices.upperBound <= count, "a name lies inside the message")
        check(field.value.indices.upperBound <= count, "a value lies inside the message")
        // RFC 3261 §25.1 `quoted-pair` allows it there and nowhere else in a header field.
        for index in field.value.indices where message.bytes[index] == 0 {
            check(index > 0 && message.bytes[index - 1] == UInt8(ascii: "\\"), "NUL stands only behind a backslash")
        }
    }
    check(message.body.indices.upperBound == count || message.body.isEmpty, "the body ends the message")
}

/// The second reader may refuse what the first took, but not change it.
private func checkSecondReading(_ bytes: [UInt8], _ framing: Framing, _ message: SIPMessage) {
    do throws(ParseError) {
        let read = try MessageReader(secondReading: .always).read(bytes, framing)
        check(read.fields == message.fields, "both readings find the same header fields")
    } catch {
        check(error.code == .disagreement, "what the scanner takes is refused only for a disagreement")
    }
}
