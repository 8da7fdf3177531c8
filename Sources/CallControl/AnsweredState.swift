// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import SessionDescription

/// All that an answered call needs to go on, as it is kept across a restart.
///
/// It holds what the policy decided (who is hidden from whom, which codecs may cross), never the approval itself: it
/// can continue a call that was approved, and cannot begin one.
package struct AnsweredState: Sendable {
    /// The form of the bytes; another one is refused.
    private static let version: UInt8 = 1
    /// The form of a call that the gateway placed: the same, and behind it the session that it describes to the party.
    private static let placedVersion: UInt8 = 2

    let endpoint: Dialog
    let outbound: Dialog
    let towardOutbound: HeaderPassage
    /// Whether the trunk belonged to the trust domain when the call was decided.
    let isTrusted: Bool
    let keepsFlow: Bool
    /// The trunk whose challenges are answered.
    let trunk: ResourceIdentifier?
    let codecs: CodecList?
    /// The number of the caller's INVITE, and of ours.
    let inSequence: UInt32
    let outSequence: UInt32
    /// The session that the gateway describes to the party of a call it placed; nil for other calls.
    let authored: AuthoredSession?

    /// The shard that minted the call's tags, 0 to 255.
    package var shard: Int { IdentifierMint.shard(of: endpoint.localTag) }

    /// Reads what `Call.dialogState()` wrote; nil for anything else.
    package init?(_ bytes: [UInt8]) {
        do throws(MalformedState) {
            try self.init(reading: bytes)
        } catch {
            return nil
        }
    }

    private init(reading bytes: [UInt8]) throws(MalformedState) {
        var reader = try StateReader(bytes)
        let version = try reader.number(UInt8.self)
        guard version == Self.version || version == Self.placedVersion else { throw MalformedState() }
        let marks = Marks(rawValue: try reader.number(UInt8.self))
        guard let passage = marks.passage else { throw MalformedState() }
        towardOutbound = passage
        isTrusted = marks.contains(.trusted)
        keepsFlow = marks.contains(.keepsFlow)
        inSequence = try reader.number()
        outSequence = try reader.number()
        if marks.contains(.trunk) {
            trunk = ResourceIdentifier(high: try reader.number(), low: try reader.number())
        } else {
            trunk = nil
        }
        if marks.contains(.codecs) {
            let text = String(decoding: try reader.word(mayBeEmpty: true), as: UTF8.self)
            guard let list = try? CodecList(text) else { throw MalformedState() }
            codecs = list
        } else {
            codecs = nil
        }
        endpoint = try Dialog(reading: &reader)
        outbound = try Dialog(reading: &reader)
        authored =
            version == Self.placedVersion
            ? try AuthoredSession(reading: &reader) : nil
        try reader.finish()
    }

    /// Writes a state.
    ///
    /// - Parameters:
    ///   - pair: The dialogs of the answered call.
    ///   - branch: The attempt that was answered.
    ///   - exchange: The first INVITE.
    ///   - authored: The session that the gateway describes to the party; nil for calls it did not place.
    /// - Returns: The bytes; nil when they would be too many.
    static func write(
        _ pair: DialogPair,
        _ branch: Branch,
        _ exchange: InviteExchange,
        _ authored: AuthoredSession? = nil
    ) -> [UInt8]? {
        var writer = StateWriter(capacity: 1024)
        writer.append(authored == nil ? version : placedVersion)
        writer.append(Marks(branch).rawValue)
        writer.append(exchange.inSequence)
        writer.append(exchange.outSequence)
        if let trunk = branch.trunk {
            writer.append(trunk.id.high)
            writer.append(trunk.id.low)
        }
        if let codecs = branch.codecs { writer.append(codecs.description) }
        pair.endpoint.write(to: &writer)
        pair.outbound.write(to: &writer)
        authored?.write(to: &writer)
        return writer.sealed()
    }
}

/// The yes-or-no facts of a call in one octet.
private struct Marks: OptionSet {
    let rawValue: UInt8

    static let telephone = Marks(rawValue: 1)
    static let anonymous = Marks(rawValue: 2)
    static let passesUserAgent = Marks(rawValue: 4)
    static let trusted = Marks(rawValue: 8)
    static let keepsFlow = Marks(rawValue: 16)
    static let trunk = Marks(rawValue: 32)
    static let codecs = Marks(rawValue: 64)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ branch: Branch) {
        self = []
        if case .towardTrunk(let anonymous, let passesUserAgent) = branch.towardOutbound {
            insert(.telephone)
            if anonymous { insert(.anonymous) }
            if passesUserAgent { insert(.passesUserAgent) }
        }
        if branch.isTrusted { insert(.trusted) }
        if branch.keepsFlow { insert(.keepsFlow) }
        if branch.trunk != nil { insert(.trunk) }
        if branch.codecs != nil { insert(.codecs) }
    }

    /// What crosses toward the outside; nil when the marks contradict each other.
    var passage: HeaderPassage? {
        guard rawValue < 128 else { return nil }
        guard contains(.telephone) else {
            return isDisjoint(with: [.anonymous, .passesUserAgent]) ? .towardSIPLeg : nil
        }
        return .towardTrunk(anonymous: contains(.anonymous), passesUserAgent: contains(.passesUserAgent))
    }
}

extension Dialog {
    /// How far our numbers go ahead after a restart, past those of requests that were sent since the state was kept.
    static let sequenceMargin: UInt32 = 4096

    fileprivate func write(to writer: inout StateWriter) {
        writer.append(callID)
        writer.append(localTag)
        writer.append(remoteTag)
        writer.append(local)
        writer.append(remote)
        writer.append(localSequence)
        writer.append(UInt8(remoteSequence == nil ? 0 : 1))
        writer.append(remoteSequence ?? 0)
        writer.append(routes)
        writer.append(strictRouter ?? [])
        writer.append(target)
        writer.append(hop.marks)
        writer.append(hop.host)
        writer.append(hop.port)
        writer.append(UInt16(clamping: hop.listener))
        if let trunk = hop.trunk {
            writer.append(trunk.high)
            writer.append(trunk.low)
        }
        writer.append(address.sentBy)
        writer.append(address.host)
    }

    fileprivate init(reading reader: inout StateReader) throws(MalformedState) {
        callID = try reader.line()
        localTag = try reader.number()
        remoteTag = try reader.word(mayBeEmpty: true)
        local = try reader.line()
        remote = try reader.line()
        let sequence = try reader.number(UInt32.self)
        // RFC 3261 §8.1.1.5: numbers stay below 2^31.
        guard sequence < 0x8000_0000 - 2 * Self.sequenceMargin else { throw MalformedState() }
        localSequence = sequence + Self.sequenceMargin
        let isKnown = try reader.number(UInt8.self)
        let number = try reader.number(UInt32.self)
        guard isKnown < 2 else { throw MalformedState() }
        remoteSequence = isKnown == 1 ? number : nil
        routes = try reader.routes()
        let router = try reader.word(mayBeEmpty: true)
        strictRouter = router.isEmpty ? nil : router
        target = try reader.word()
        hop = try NextHop(reading: &reader)
        let sentBy = try reader.word()
        address = LocalAddress(sentBy: sentBy, host: String(decoding: try reader.word(), as: UTF8.self))
    }
}

extension NextHop {
    /// The transport, manners and search in one octet.
    fileprivate var marks: UInt8 {
        Self.mark(transport) | (mayPreferTCP ? 2 : 0) | (isInside ? 4 : 0) | (trunk == nil ? 0 : 8)
            | search.rawValue << 4
    }

    /// Reads a next hop; connections do not outlive the process, so that it names none.
    fileprivate init(reading reader: inout StateReader) throws(MalformedState) {
        let marks = try reader.number(UInt8.self)
        let host = String(decoding: try reader.word(), as: UTF8.self)
        let port = try reader.number(UInt16.self)
        let listener = Int(try reader.number(UInt16.self))
        guard marks & 0x80 == 0, port > 0, let transport = Self.transport(marks & 0x41),
            let search = HopSearch(rawValue: marks >> 4 & 3)
        else { throw MalformedState() }
        let trunk =
            marks & 8 == 8
            ? ResourceIdentifier(high: try reader.number(), low: try reader.number()) : nil
        guard marks & 4 == 0 else {
            self = .inside
            return
        }
        self.init(
            transport: transport,
            host: host,
            port: port,
            listener: listener,
            mayPreferTCP: marks & 2 == 2,
            search: search,
            trunk: trunk
        )
    }

    private static func mark(_ transport: SIPTransportProtocol) -> UInt8 {
        switch transport {
        case .udp: 0
        case .tcp: 1
        case .tls: 0x40
        }
    }

    private static func transport(_ mark: UInt8) -> SIPTransportProtocol? {
        switch mark {
        case 0: .udp
        case 1: .tcp
        case 0x40: .tls
        default: nil
        }
    }
}

extension AuthoredSession {
    fileprivate func write(to writer: inout StateWriter) {
        writer.append(identifier)
        writer.append(version)
        writer.append(host)
        writer.append(UInt8(truncatingIfNeeded: lines.count))
        for line in lines {
            writer.append(line.media)
            writer.append(line.transport)
            writer.append(line.formats)
        }
    }

    fileprivate init(reading reader: inout StateReader) throws(MalformedState) {
        let identifier = try reader.number(UInt64.self)
        let version = try reader.number(UInt64.self)
        let host = String(decoding: try reader.word(), as: UTF8.self)
        var lines: [MediaLine] = []
        for _ in 0..<(try reader.number(UInt8.self)) {
            lines.append(
                MediaLine(
                    media: try reader.word(),
                    transport: try reader.word(),
                    formats: try reader.line(mayBeEmpty: true)
                )
            )
        }
        self.init(kept: identifier, version: version, host: host, lines: lines)
    }
}
