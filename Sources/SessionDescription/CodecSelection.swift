// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Decides, one m-line at a time, which formats a codec list keeps and in what order.
struct CodecSelection {
    enum Verdict {
        /// The line is not one the list rules, or all it offers is kept in order.
        case untouched(isRuled: Bool)
        /// `kept` holds what stays.
        case narrowed
        /// No codec is left.
        case emptied
    }

    /// What becomes of a payload type of the line.
    enum Fate: UInt8 {
        case absent, dropped, kept
    }

    private struct Choice {
        var role: EncodingRole
        var clockRate: Int
        var rank: Int?
        var isKept: Bool
    }

    /// The formats that stay, in their new order, as places in `SessionDescription.formats`.
    private(set) var kept: [Int] = []
    /// The fate of each payload type of the line last judged.
    private(set) var fates = InlineArray<256, Fate>(repeating: .absent)
    private var choices: [Choice] = []

    /// Judges one m-line.
    mutating func judge(
        _ media: SessionDescription.Media,
        of description: SessionDescription,
        in bytes: Span<UInt8>,
        by list: CodecList
    ) -> Verdict {
        guard media.isActive, media.isRTP, list.governs(media.kind) else { return .untouched(isRuled: false) }
        let codecs = choose(media, of: description, in: bytes, by: list)
        guard codecs.offered else { return .untouched(isRuled: false) }
        guard codecs.kept else {
            emptyLine(media, of: description)
            return .emptied
        }
        keepCompanions()
        keepDependents(media, of: description, in: bytes)
        order(media, by: list)
        let isSame = kept.count == media.formats.count && kept.elementsEqual(media.formats)
        return isSame ? .untouched(isRuled: true) : .narrowed
    }

    /// Fills `choices`, keeping the listed codecs; says whether the line offers any codec and whether one is kept.
    ///
    /// A line that offers telephone-event or CN alone has no codec to choose: it serves the codecs of other lines.
    private mutating func choose(
        _ media: SessionDescription.Media,
        of description: SessionDescription,
        in bytes: Span<UInt8>,
        by list: CodecList
    ) -> (offered: Bool, kept: Bool) {
        choices.removeAll(keepingCapacity: true)
        choices.reserveCapacity(media.formats.count)
        fates = InlineArray(repeating: .absent)
        var offered = false
        var kept = false
        for place in media.formats {
            let format = description.formats[place]
            let encoding = format.encoding
            let role = EncodingRole(encoding.word)
            let rank = list.rank(of: encoding, in: bytes)
            let isKept = role == .codec && rank != nil
            choices.append(Choice(role: role, clockRate: encoding.clockRate, rank: rank, isKept: isKept))
            if let payloadType = format.payloadType { fates[payloadType] = isKept ? .kept : .dropped }
            offered = offered || role == .codec
            kept = kept || isKept
        }
        return (offered, kept)
    }

    /// telephone-event and CN stay where a codec of their clock rate stays, or where the list names them.
    private mutating func keepCompanions() {
        for index in choices.indices where choices[index].role == .companion {
            choices[index].isKept = choices[index].rank != nil || hasKeptCodec(clockRate: choices[index].clockRate)
        }
    }

    private func hasKeptCodec(clockRate: Int) -> Bool {
        choices.contains { $0.role == .codec && $0.isKept && $0.clockRate == clockRate }
    }

    /// Redundancy first, for a retransmission may repeat a redundant payload.
    private mutating func keepDependents(
        _ media: SessionDescription.Media,
        of description: SessionDescription,
        in bytes: Span<UInt8>
    ) {
        publishFates(media, of: description)
        for index in choices.indices where choices[index].role == .redundancy {
            let parameters = description.formats[media.formats.lowerBound &+ index].parameters
            choices[index].isKept =
                parameters.isEmpty
                ? hasKeptCodec(clockRate: choices[index].clockRate) : wrapsOnlyKept(parameters, in: bytes)
        }
        publishFates(media, of: description)
        for index in choices.indices where choices[index].role == .retransmission {
            let parameters = description.formats[media.formats.lowerBound &+ index].parameters
            choices[index].isKept = repeatsKept(parameters, in: bytes)
        }
        publishFates(media, of: description)
    }

    private mutating func publishFates(_ media: SessionDescription.Media, of description: SessionDescription) {
        for (choice, place) in zip(choices, media.formats) {
            if let payloadType = description.formats[place].payloadType {
                fates[payloadType] = choice.isKept ? .kept : .dropped
            }
        }
    }

    /// `96/96/101`: each payload type that the redundant one may wrap is kept.
    private func wrapsOnlyKept(_ parameters: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        let end = bytes.endOfToken(parameters.lowerBound, parameters.upperBound)
        var start = parameters.lowerBound
        while start < end {
            let slash = bytes.firstIndex(of: Byte.slash, start, end)
            guard let wrapped = bytes.number(start..<slash, limit: 255), fates[wrapped] == .kept else { return false }
            start = slash &+ 1
        }
        return true
    }

    /// `apt=96;rtx-time=3000`: the associated payload type is kept.
    private func repeatsKept(_ parameters: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var start = parameters.lowerBound
        while start < parameters.upperBound {
            let end = bytes.firstIndex(of: Byte.semicolon, start, parameters.upperBound)
            let nameStart = bytes.afterBlanks(start, end)
            let equals = bytes.firstIndex(of: Byte.equals, nameStart, end)
            if equals < end, bytes.equalsFolded(nameStart..<equals, "apt") {
                let valueEnd = bytes.endOfToken(equals &+ 1, end)
                guard let repeated = bytes.number(equals &+ 1..<valueEnd, limit: 255) else { return false }
                return fates[repeated] == .kept
            }
            start = end &+ 1
        }
        return false
    }

    /// The list's order, within one name the offer's; what merely accompanies comes last in the offer's order.
    private mutating func order(_ media: SessionDescription.Media, by list: CodecList) {
        kept.removeAll(keepingCapacity: true)
        kept.reserveCapacity(choices.count)
        let last = list.entries.count
        var keys = 0
        for (index, choice) in choices.enumerated() where choice.isKept {
            let leads = choice.role == .codec || choice.role == .redundancy
            let key = (leads ? choice.rank ?? last : last) &<< 8 | index
            kept.append(key)
            var hole = keys
            while hole > 0, kept[hole &- 1] > key {
                kept[hole] = kept[hole &- 1]
                hole &-= 1
            }
            kept[hole] = key
            keys &+= 1
        }
        for index in kept.indices {
            kept[index] = media.formats.lowerBound &+ (kept[index] & 0xFF)
        }
    }

    /// A disabled line keeps its first format, for an m-line must have one (RFC 8866 §9).
    private mutating func emptyLine(_ media: SessionDescription.Media, of description: SessionDescription) {
        kept.removeAll(keepingCapacity: true)
        guard let first = media.formats.first else { return }
        for place in media.formats {
            if let payloadType = description.formats[place].payloadType { fates[payloadType] = .dropped }
        }
        if let payloadType = description.formats[first].payloadType { fates[payloadType] = .kept }
        kept.append(first)
    }
}
