// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Tells the steps of one reading; it judges nothing, so it cannot differ from the canonicaliser.
struct CanonicalTrace {
    /// The names of the steps, in the order in which they come.
    enum Name: String, CaseIterable {
        case decoded
        case droppedSeparators = "dropped_separators"
        case droppedParameters = "dropped_parameters"
        case joinedContext = "joined_context"
        case keptContext = "kept_context"
        case readAs = "read_as"
        case refused
    }

    let bytes: [UInt8]
    let range: Range<Int>
    let reading: SubscriberReading
    let result: CanonicalNumber
    private var steps: [CanonicalStep] = []

    /// Makes the trace of a reading of `range`, which must lie inside `bytes`.
    init(bytes: [UInt8], range: Range<Int>, reading: SubscriberReading, result: CanonicalNumber) {
        self.bytes = bytes
        self.range = range
        self.reading = reading
        self.result = result
    }

    /// All steps in order.
    mutating func tell() -> [CanonicalStep] {
        let end = SubscriberReading.numberEnd(bytes.span, in: range)
        let number = tellEscapes(range.lowerBound..<end)
        if case .refused(let refusal) = result {
            add(.refused, "refused: \(refusal.words)")
            return steps
        }
        tellSeparators(number)
        tellParameters(end..<range.upperBound)
        tellContext()
        if !steps.isEmpty { add(.readAs, "read as \(outcome)") }
        return steps
    }

    private mutating func add(_ name: Name, _ words: String) {
        steps.append(CanonicalStep(name: name.rawValue, words: words))
    }

    /// Tells which escapes stood for what, each once, and returns the text they make.
    private mutating func tellEscapes(_ range: Range<Int>) -> [UInt8] {
        var source = EscapedBytes(at: range.lowerBound, end: range.upperBound)
        var decoded: [UInt8] = []
        var told: [String] = []
        var start = source.at
        while case .byte(let byte) = source.next(in: bytes.span) {
            decoded.append(byte)
            if source.at - start > 1 {
                let escape = text(bytes[start..<source.at])
                let words = "\(escape) is \(byte == UInt8(ascii: " ") ? "a space" : text([byte]))"
                if !told.contains(words) { told.append(words) }
            }
            start = source.at
        }
        if !told.isEmpty { add(.decoded, "decoded: \(told.joined(separator: ", "))") }
        return decoded
    }

    private mutating func tellSeparators(_ number: [UInt8]) {
        let bare = number.filter { !SubscriberReading.isSeparator($0) }
        guard bare.count < number.count else { return }
        add(.droppedSeparators, "dropped separators: \(text(number)) → \(text(bare))")
    }

    private mutating func tellParameters(_ range: Range<Int>) {
        var dropped = ""
        var at = range.lowerBound
        while at < range.upperBound {
            let parameter = SubscriberParameter(bytes.span, from: at + 1, end: range.upperBound)
            let name = SubscriberParameterName(bytes.span, in: parameter.name)
            if reading.isGlobal || name != .context { dropped += text(bytes[at..<parameter.end]) }
            at = parameter.end
        }
        if !dropped.isEmpty { add(.droppedParameters, "dropped parameters: \(dropped)") }
    }

    private mutating func tellContext() {
        guard !reading.isGlobal else { return }
        switch reading.digits.context {
        case .none: return
        case .domain:
            let domain = reading.digits.contextDomain(in: bytes) ?? ""
            add(.keptContext, "means something inside phone-context only: \(domain)")
        case .global(let prefix):
            if case .number = result {
                add(.joinedContext, "put before it by phone-context: +\(prefix)")
            } else {
                add(.keptContext, "means something inside phone-context only: +\(prefix)")
            }
        }
    }

    private var outcome: String {
        switch result {
        case .number(let number): number.description
        case .notInternational(let digits): "\(digits), which is not international"
        case .refused(let refusal): refusal.words
        }
    }

    private func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
}
