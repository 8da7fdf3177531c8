// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@testable import Registrar

@Suite("RFC 3261 §19.1.4 URI comparison")
struct URIComparisonTests {
    private func areEqual(_ left: String, _ right: String) throws -> Bool {
        let one = Array(left.utf8)
        let other = Array(right.utf8)
        let oneURI = try URIReference.parse(one.span, 0..<one.count)
        let otherURI = try URIReference.parse(other.span, 0..<other.count)
        let forward = URIComparison.areEqual(one.span, oneURI, other.span, otherURI)
        let backward = URIComparison.areEqual(other.span, otherURI, one.span, oneURI)
        #expect(forward == backward, "the comparison is symmetric")
        return forward
    }

    @Test(
        "§19.1.4 the RFC's equivalent sets",
        arguments: [
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
            ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
            (
                "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
            ),
            (
                "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
            ),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"),
        ]
    )
    func rfcEquivalent(_ left: String, _ right: String) throws {
        #expect(try areEqual(left, right))
    }

    @Test(
        "§19.1.4 the RFC's sets that are not equivalent",
        arguments: [
            ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
            ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
            ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ]
    )
    func rfcDifferent(_ left: String, _ right: String) throws {
        #expect(try !areEqual(left, right))
    }

    @Test(
        "§19.1.4 each rule where it makes URIs equal",
        arguments: [
            ("SIP:bob@biloxi.com", "sip:bob@biloxi.com"),
            ("sip:%62ob@biloxi.com", "sip:bo%62@biloxi.com"),
            ("sip:a%3Ab@biloxi.com", "sip:a%3ab@biloxi.com"),
            ("sip:bob:s%65cret@biloxi.com", "sip:bob:secret@biloxi.com"),
            ("sip:b@h;%74ransport=udp", "sip:b@h;transport=%55DP"),
            ("sip:b@h;lr", "sip:b@h"),
            ("sip:b@h;user=phone;ttl=1", "sip:b@h;TTL=1;USER=Phone"),
            ("sip:b@h?Subject=x", "sip:b@h?s=x"),
            ("sip:b@h?X-A=1&x-b=2", "sip:b@h?X-B=2&x-a=1"),
            ("sip:b@[2001:db8::1]", "sip:b@[2001:0DB8:0:0:0:0:0:1]"),
            ("sip:b@[::ffff:192.0.2.1]:5060", "sip:b@[0:0:0:0:0:ffff:c000:201]:5060"),
            ("sip:b@[::]", "sip:b@[0:0:0:0:0:0:0:0]"),
            ("sip:b@[1::]", "sip:b@[1:0:0:0:0:0:0:0]"),
            ("tel:+15551234", "tel:+15551234"),
        ]
    )
    func equal(_ left: String, _ right: String) throws {
        #expect(try areEqual(left, right))
    }

    @Test(
        "§19.1.4 each rule where it keeps URIs apart",
        arguments: [
            ("sip:bob@biloxi.com", "sips:bob@biloxi.com"),
            ("sip:bob@biloxi.com", "sip:Bob@biloxi.com"),
            ("sip:biloxi.com", "sip:bob@biloxi.com"),
            ("sip:bob@biloxi.com", "sip:bob:secret@biloxi.com"),
            ("sip:bob:secret@biloxi.com", "sip:bob:Secret@biloxi.com"),
            ("sip:bob%3Asecret@biloxi.com", "sip:bob:secret@biloxi.com"),
            ("sip:%00@biloxi.com", "sip:%00%00@biloxi.com"),
            ("sip:b@h:5060", "sip:b@h:5061"),
            ("sip:b@h", "sip:b@h;user=ip"),
            ("sip:b@h", "sip:b@h;ttl=1"),
            ("sip:b@h", "sip:b@h;method=INVITE"),
            ("sip:b@h", "sip:b@h;maddr=192.0.2.1"),
            ("sip:b@h;method=INVITE", "sip:b@h;method=invite"),
            ("sip:b@h;newparam", "sip:b@h;newparam=5"),
            ("sip:b@h?a=1", "sip:b@h?a=2"),
            ("sip:b@h?a=1&a=1&b=2", "sip:b@h?a=1&b=2&b=2"),
            ("sip:b@h?a=1", "sip:b@h?a=1&a=1"),
            ("sip:b@[2001:db8::1]", "sip:b@[2001:db8::2]"),
            ("sip:b@[2001:db8::1]", "sip:b@[2001:db8:1::]"),
            ("sip:b@[::1:2:3:4:5:6:7:8]", "sip:b@[1:2:3:4:5:6:7:8]"),
            ("tel:+15551234", "tel:+1-555-1234"),
        ]
    )
    func different(_ left: String, _ right: String) throws {
        #expect(try !areEqual(left, right))
    }

    @Test("a URI with very many headers is equal to its own spelling only")
    func manyHeaders() throws {
        let names = (0..<40).map { "h\($0)=1" }
        let left = "sip:b@h?" + names.joined(separator: "&")
        #expect(try areEqual(left, left))
        #expect(try !areEqual(left, "sip:b@h?" + names.reversed().joined(separator: "&")))
    }

    @Test(
        "RFC 4291 §2.2 texts that are no IPv6 address have no groups",
        arguments: [
            "", ":", "1", "1:2", "1::2::3", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::", "::1.2.3", "::1.2.3.4.5",
            "::256.1.1.1", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:1.2.3.4", "1:::2",
        ]
    )
    func malformedIPv6(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(IPv6Groups(bytes.span, 0..<bytes.count) == nil)
    }
}
