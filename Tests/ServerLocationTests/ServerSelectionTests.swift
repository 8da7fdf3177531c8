// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerLocation

private let ipv4Only = ServerCapabilities(ipv4: [.udp, .tcp])

@Suite("RFC 3263 §4")
struct ServerSelectionTests {
    private let zone = Zone()
        .with(
            "example.com",
            .naptr,
            pointer(50, 50, "SIPS+D2T", "_sips._tcp.example.com"),
            pointer(90, 50, "SIP+D2T", "_sip._tcp.example.com"),
            pointer(100, 50, "SIP+D2U", "_sip._udp.example.com")
        )
        .with("_sips._tcp.example.com", .srv, service(0, 1, 5061, "tls.example.com"))
        .with("_sip._tcp.example.com", .srv, service(0, 1, 5060, "tcp.example.com"))
        .with(
            "_sip._udp.example.com",
            .srv,
            service(1, 1, 5060, "two.example.com"),
            service(0, 1, 5070, "one.example.com")
        )
        .host("tls.example.com", "192.0.2.1").host("tcp.example.com", "192.0.2.2")
        .host("one.example.com", "192.0.2.3").host("two.example.com", "192.0.2.4")
        .host("example.com", "192.0.2.9")

    @Test(
        "§4.1 a numeric host needs no query; transport and port are the URI's or the standard ones",
        arguments: [
            (LocationRequest(host: "192.0.2.7"), "udp 192.0.2.7:5060"),
            (LocationRequest(host: "192.0.2.7", port: 5080), "udp 192.0.2.7:5080"),
            (LocationRequest(host: "192.0.2.7", transport: .tcp), "tcp 192.0.2.7:5060"),
            (LocationRequest(host: "192.0.2.7", isSecure: true), "tls 192.0.2.7:5061"),
            (LocationRequest(host: "[2001:db8::7]", transport: .tls), "tls [2001:db8::7]:5061"),
            (LocationRequest(host: "2001:db8::7", port: 5062), "udp [2001:db8::7]:5062"),
        ]
    )
    func numeric(request: LocationRequest, place: String) {
        let found = zone.locate(request)
        #expect(found.asked.isEmpty)
        #expect(zone.places(request) == [place])
    }

    @Test("§4.1 with a port there is neither NAPTR nor SRV, and UDP is the transport")
    func port() {
        let found = zone.locate(LocationRequest(host: "example.com", port: 5080))
        #expect(found.asked == [["aaaa example.com", "a example.com"]])
        #expect(zone.places(LocationRequest(host: "example.com", port: 5080)) == ["udp 192.0.2.9:5080"])
        #expect(zone.places(LocationRequest(host: "example.com", port: 5080, isSecure: true)) == ["tls 192.0.2.9:5080"])
    }

    @Test("§4.1 with a transport there is no NAPTR; SRV says host and port")
    func transport() {
        let found = zone.locate(LocationRequest(host: "Example.COM.", transport: .tcp))
        #expect(found.asked.first == ["srv _sip._tcp.example.com"])
        #expect(zone.places(LocationRequest(host: "example.com", transport: .tcp)) == ["tcp 192.0.2.2:5060"])
        #expect(
            zone.places(LocationRequest(host: "example.com", transport: .tcp, isSecure: true)) == ["tls 192.0.2.1:5061"]
        )
        #expect(
            zone.places(LocationRequest(host: "example.com", transport: .udp, isSecure: true)) == ["noCommonTransport"]
        )
    }

    @Test("§4.1 NAPTR: order, then preference, among the transports that are supported")
    func pointers() {
        let request = LocationRequest(host: "example.com")
        #expect(
            zone.places(request) == [
                "tls 192.0.2.1:5061", "tcp 192.0.2.2:5060", "udp 192.0.2.3:5070", "udp 192.0.2.4:5060",
            ]
        )
        #expect(
            zone.places(request, ServerCapabilities(ipv4: [.udp])) == ["udp 192.0.2.3:5070", "udp 192.0.2.4:5060"]
        )
        #expect(zone.places(LocationRequest(host: "example.com", isSecure: true)) == ["tls 192.0.2.1:5061"])
        #expect(zone.locate(request).asked.map(\.count) == [1, 3, 8])
    }

    @Test("§4.1 NAPTR records of other services do not count, those of other transports alone end it")
    func foreignPointers() {
        let other = zone.with("example.com", .naptr, pointer(1, 1, "E2U+sip", "x.example.com", flags: "u"))
        #expect(
            other.places(LocationRequest(host: "example.com"), ServerCapabilities(ipv4: [.tcp])) == [
                "tcp 192.0.2.2:5060"
            ]
        )
        let secure = zone.with("example.com", .naptr, pointer(1, 1, "sips+d2t", "_sips._tcp.example.com"))
        #expect(secure.places(LocationRequest(host: "example.com"), ipv4Only) == ["noCommonTransport"])
    }

    @Test("§4.1 without NAPTR the SRV records of all supported transports are asked at once")
    func withoutPointers() {
        let bare = zone.with("example.com", .naptr, .nothing(timeToLive: nil))
        let found = bare.locate(LocationRequest(host: "example.com"), ipv4Only)
        #expect(found.asked[1] == ["srv _sip._udp.example.com", "srv _sip._tcp.example.com"])
        #expect(
            bare.places(LocationRequest(host: "example.com"), ipv4Only) == [
                "udp 192.0.2.3:5070", "udp 192.0.2.4:5060", "tcp 192.0.2.2:5060",
            ]
        )
    }

    @Test("§4.2 without SRV the host's own addresses at the standard port", arguments: [false, true])
    func withoutServices(isSecure: Bool) {
        let plain = Zone().host("plain.example", "192.0.2.8")
        let place = isSecure ? "tls 192.0.2.8:5061" : "udp 192.0.2.8:5060"
        #expect(plain.places(LocationRequest(host: "plain.example", isSecure: isSecure)) == [place])
    }

    @Test("RFC 2782 a target of `.` means that the service is not offered here, and nothing else is tried")
    func notOffered() {
        let closed = Zone().with("_sip._udp.example.com", .srv, service(0, 0, 0, ".")).host("example.com", "192.0.2.9")
        #expect(closed.places(LocationRequest(host: "example.com", transport: .udp)) == ["notOffered"])
        #expect(closed.places(LocationRequest(host: "example.com")) == ["notOffered"])
        let elsewhere = closed.with("_sip._tcp.example.com", .srv, service(0, 0, 5060, "tcp.example.com"))
            .host("tcp.example.com", "192.0.2.2")
        #expect(elsewhere.places(LocationRequest(host: "example.com")) == ["tcp 192.0.2.2:5060"])
    }

    @Test("A SRV record whose host has no address is passed over; SRV to nothing is no address")
    func nothingBehind() {
        let half = zone.with(
            "_sip._udp.example.com",
            .srv,
            service(0, 1, 5060, "gone.example.com"),
            service(1, 1, 5060, "two.example.com")
        )
        #expect(half.places(LocationRequest(host: "example.com", transport: .udp)) == ["udp 192.0.2.4:5060"])
        let none = zone.with("_sip._udp.example.com", .srv, service(0, 1, 5060, "gone.example.com"))
        #expect(none.places(LocationRequest(host: "example.com", transport: .udp)) == ["noAddress"])
        let portless = zone.with("_sip._udp.example.com", .srv, service(0, 1, 0, "one.example.com"))
        #expect(portless.places(LocationRequest(host: "example.com", transport: .udp)) == ["udp 192.0.2.9:5060"])
    }

    @Test("RFC 8305 §4 the families take turns, IPv6 first; one without a listener is not asked for")
    func families() {
        let dual = Zone().host("dual.example", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2")
        let request = LocationRequest(host: "dual.example", port: 5060)
        #expect(
            dual.places(request) == [
                "udp [2001:db8::1]:5060", "udp 192.0.2.1:5060", "udp [2001:db8::2]:5060", "udp 192.0.2.2:5060",
                "udp 192.0.2.3:5060",
            ]
        )
        let found = dual.locate(request, ServerCapabilities(ipv4: [.udp], ipv6: [.tcp]))
        #expect(found.asked == [["a dual.example"]])
        #expect(dual.places(request, ServerCapabilities(ipv4: [], ipv6: [.udp])).count == 2)
    }

    @Test("Addresses that are no single host's are left out, and doubled places given once")
    func oddAddresses() {
        let odd = Zone().host(
            "odd.example",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
            "::",
            "192.0.2.1",
            "192.0.2.1"
        )
        #expect(odd.places(LocationRequest(host: "odd.example", port: 5060)) == ["udp 192.0.2.1:5060"])
    }

    @Test(
        "A host that is neither an address nor a name is refused without a query",
        arguments: [
            "", ".", "a..b", "exa mple.com", "example.com\r\nX: y", "1.2.3", "256.1.1.1", "host.123", "a\\.b.com",
            "ex\u{e4}mple.com",
            String(repeating: "a", count: 64) + ".com", String(repeating: "a.", count: 127) + "com", "[::1",
            "host\0.com",
        ]
    )
    func malformed(host: String) {
        let found = zone.locate(LocationRequest(host: host))
        #expect(found.asked.isEmpty)
        #expect(found.outcome == .failure(.malformedName))
    }

    @Test("The name that a certificate must bear is the one that was asked for, not a record's (RFC 5922 §7.1)")
    func certificateName() throws {
        let found = try zone.locate(LocationRequest(host: "example.com", isSecure: true)).outcome.get()
        #expect(found.servers.map(\.name) == ["example.com"])
    }

    @Test("What is found is good for as long as the shortest-lived record on the way")
    func timeToLive() throws {
        let short = zone.host("one.example.com", "192.0.2.3", seconds: 17)
        let request = LocationRequest(host: "example.com", transport: .udp)
        #expect(try short.locate(request).outcome.get().timeToLive == 17)
    }
}

@Suite("What a DNS server may do to a location")
struct BoundsTests {
    @Test("Aliases are followed, eight of them; a longer chain and a loop end the location")
    func aliases() {
        func chain(_ length: Int) -> Zone {
            var zone = Zone().host("n\(length).example", "192.0.2.1")
            for index in 0..<length {
                guard let next = DomainName("n\(index + 1).example") else { continue }
                zone = zone.with("n\(index).example", .a, .alias(next, timeToLive: 60))
            }
            return zone
        }
        let request = LocationRequest(host: "n0.example", port: 5060)
        let ipv4 = ServerCapabilities(ipv4: [.udp])
        #expect(chain(8).places(request, ipv4) == ["udp 192.0.2.1:5060"])
        #expect(chain(9).places(request, ipv4) == ["malformedAnswer"])
        guard let first = DomainName("n0.example") else { return }
        #expect(
            chain(3).with("n3.example", .a, .alias(first, timeToLive: 1)).places(request, ipv4) == ["malformedAnswer"]
        )
    }

    @Test("Of a thousand SRV records sixteen are followed, those of the lowest priorities")
    func manyServices() throws {
        var records: [RecordData] = []
        var zone = Zone()
        for index in (0..<1000).reversed() {
            records.append(service(UInt16(index), 1, 5060, "h\(index).example.com"))
            zone = zone.host("h\(index).example.com", "10.0.\(index / 256).\(index % 256)")
        }
        zone = zone.with("_sip._udp.example.com", .srv, .records(records, timeToLive: 60))
        let found = zone.locate(LocationRequest(host: "example.com", transport: .udp))
        #expect(found.asked.map(\.count) == [1, 32])
        #expect(try found.outcome.get().servers.map(\.address.description) == (0..<16).map { "10.0.0.\($0)" })
    }

    @Test("A host with a thousand addresses gives thirty-two places")
    func manyAddresses() throws {
        let data = (0..<1000).map { RecordData.address(ServerAddress(ipv4: 0x0A00_0000 + UInt32($0) + 1)) }
        let zone = Zone().with("example.com", .a, .records(data, timeToLive: 60))
        #expect(try zone.locate(LocationRequest(host: "example.com", port: 5060)).outcome.get().servers.count == 32)
    }

    @Test(
        "Servers that do not answer end it at once; servers that refuse one type may know another",
        arguments: [
            (AnswerFailure.silence, "serversSilent"), (.malformed, "malformedAnswer"), (.overload, "overloaded"),
            (.refusal, "udp 192.0.2.9:5060"),
        ]
    )
    func failures(failure: AnswerFailure, outcome: String) {
        let zone = Zone().with("example.com", .naptr, .failed(failure)).host("example.com", "192.0.2.9")
        #expect(zone.places(LocationRequest(host: "example.com")) == [outcome])
    }

    @Test("A family that does not answer takes nothing from the other one")
    func halfAnswer() {
        let zone = Zone().host("example.com", "192.0.2.9").with("example.com", .aaaa, .failed(.silence))
        #expect(zone.places(LocationRequest(host: "example.com", port: 5060)) == ["udp 192.0.2.9:5060"])
        let none = Zone().with("example.com", .aaaa, .failed(.silence))
        #expect(none.places(LocationRequest(host: "example.com", port: 5060)) == ["serversSilent"])
    }
}
