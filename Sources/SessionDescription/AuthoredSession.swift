// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A session with one party that the gateway itself describes, because the party at the other end changes or is not
/// there yet (RFC 3725 §6).
///
/// To the party every description comes from one author: the `o=` line is always the gateway's, with a version that
/// goes up by one whenever the description changes (RFC 3264 §8), and the m-lines keep their order and never become
/// fewer, whatever the other end sends. Lines that the other end has no stream for are rejected ones, port 0.
package struct AuthoredSession: Hashable, Sendable {
    /// The session identifier of `o=`.
    package let identifier: UInt64
    /// The version of `o=` that was used last.
    package private(set) var version: UInt64
    /// The m-lines of the party's session, in order.
    package private(set) var lines: [MediaLine]
    /// The gateway's address or name in `o=`, an IPv6 address in brackets.
    package let host: String
    /// For each m-line of the latest offer to the party its place in what the other end offered; nil for a rejected
    /// line that stands there for the order alone.
    private var places: [Int?] = []
    /// What the last description was made of: the same again is no new version.
    private var last: [UInt8] = []

    /// How far the version goes ahead when a session is taken up again after a restart, past those used since it was
    /// kept.
    private static let versionMargin: UInt64 = 64

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - identifier: A random number; cut to 62 bits, since some readers take it for a signed one.
    ///   - host: The gateway's address or name toward the party, an IPv6 address in brackets.
    package init(identifier: UInt64, host: String) {
        self.identifier = identifier >> 2
        self.host = host
        version = 0
        lines = []
    }

    /// Takes up a session out of what was kept of it.
    ///
    /// - Parameters:
    ///   - identifier: The session identifier.
    ///   - version: The version that was used last.
    ///   - host: The gateway's address or name.
    ///   - lines: The m-lines so far.
    package init(kept identifier: UInt64, version: UInt64, host: String, lines: [MediaLine]) {
        self.identifier = identifier
        self.version = version &+ Self.versionMargin
        self.host = host
        self.lines = lines
    }

    /// Answers an offer of the party with streams that carry nothing (RFC 3264 §8.4, RFC 3725 §4).
    ///
    /// Plain RTP streams are accepted as inactive ones, so that a later offer can wake them; what needs keys or a
    /// handshake that the gateway cannot take part in is rejected, and a later offer may use its line again.
    ///
    /// - Parameter offer: The party's session description.
    /// - Returns: The answer; nil when the offer cannot be read or has no m-line.
    package mutating func inactiveAnswer(to offer: [UInt8]) -> [UInt8]? {
        guard let sections = MediaSections(offer), !sections.media.isEmpty else { return nil }
        noteOffered(sections.lines)
        var answer = Array("v=0\r\n".utf8) + origin(madeOf: offer)
        answer += "s=-\r\n".utf8
        let isIPv6 = offer.split(separator: 10).contains { $0.starts(with: "c=IN IP6".utf8) }
        answer += (isIPv6 ? "c=IN IP6 ::\r\nt=0 0\r\n" : "c=IN IP4 0.0.0.0\r\nt=0 0\r\n").utf8
        for section in sections.media {
            guard let line = section.first.flatMap(MediaLine.init) else { return nil }
            let isAccepted = line.isActive && line.isPlainRTP
            answer += line.text(port: isAccepted ? 9 : 0)
            guard isAccepted else { continue }
            for attribute in section
            where attribute.starts(with: "a=rtpmap:".utf8) || attribute.starts(with: "a=fmtp:".utf8) {
                answer += attribute.withoutEnd + [13, 10]
            }
            answer += "a=inactive\r\n".utf8
        }
        return answer
    }

    /// Makes an offer of the other end the gateway's own to the party: lined up with the session so far.
    ///
    /// - Parameter offer: The other end's session description.
    /// - Returns: The offer to the party; nil when it cannot be read or has no m-line.
    package mutating func offer(_ offer: [UInt8]) -> [UInt8]? {
        guard let sections = MediaSections(offer), !sections.media.isEmpty else { return nil }
        let offered = sections.lines
        guard offered.count == sections.media.count else { return nil }
        places = Self.placement(of: offered, in: lines)
        var media: [[ArraySlice<UInt8>]] = []
        var aligned: [MediaLine] = []
        for (position, place) in places.enumerated() {
            let line = place.map { offered[$0] } ?? lines[position]
            aligned.append(line)
            media.append(place.map { sections.media[$0] } ?? [line.text(port: 0)[...]])
        }
        lines = aligned
        return MediaSections.joined(authored(sections.session, madeOf: offer), media)
    }

    /// Makes an answer of the other end the gateway's own to the party, which had offered.
    ///
    /// - Parameter answer: The other end's session description, as many m-lines as the party had offered.
    /// - Returns: The answer; what cannot be read stays as it is.
    package mutating func answer(_ answer: [UInt8]) -> [UInt8] {
        guard let sections = MediaSections(answer) else { return answer }
        return MediaSections.joined(authored(sections.session, madeOf: answer), sections.media)
    }

    /// Gives a party's answer to the latest offer the order and number of m-lines that the other end had offered.
    ///
    /// - Parameter answer: The party's session description.
    /// - Returns: The answer for the other end; what cannot be read stays as it is.
    package func restored(_ answer: [UInt8]) -> [UInt8] {
        guard places.enumerated().contains(where: { $0.offset != $0.element }), let sections = MediaSections(answer),
            sections.media.count == places.count
        else { return answer }
        let used = places.indices.filter { places[$0] != nil }.sorted { (places[$0] ?? 0) < (places[$1] ?? 0) }
        return MediaSections.joined(sections.session, used.map { sections.media[$0] })
    }

    /// Notes what the party itself has offered: its m-lines may have become more.
    package mutating func noteOffer(_ offer: [UInt8]) {
        guard let sections = MediaSections(offer) else { return }
        noteOffered(sections.lines)
    }

    private mutating func noteOffered(_ offered: [MediaLine]) {
        guard offered.count >= lines.count else { return }
        lines = offered
    }

    /// Where each line of the session finds its stream among those offered: the first of its medium that is not taken;
    /// new streams stand behind.
    private static func placement(of offered: [MediaLine], in lines: [MediaLine]) -> [Int?] {
        var open = Array(offered.indices)
        var places: [Int?] = []
        for line in lines {
            let found = open.firstIndex { offered[$0].media == line.media }
            places.append(found.map { open.remove(at: $0) })
        }
        return places + open
    }

    private mutating func authored(
        _ session: [ArraySlice<UInt8>],
        madeOf source: [UInt8]
    ) -> [ArraySlice<UInt8>] {
        let origin = origin(madeOf: source)
        return session.map { $0.starts(with: "o=".utf8) ? origin[...] : $0 }
    }

    private mutating func origin(madeOf source: [UInt8]) -> [UInt8] {
        if source != last {
            version &+= 1
            last = source
        }
        let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
        let bare = host.filter { $0 != "[" && $0 != "]" }
        return Array("o=- \(identifier) \(version) IN \(isIPv6 ? "IP6" : "IP4") \(bare)\r\n".utf8)
    }
}
