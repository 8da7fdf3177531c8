// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import NumberingPlan

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Answers a stream of numbers, one a line, in blocks: millions of lines take seconds.
package struct NumberStream {
    /// By which dial plan lines are read.
    package enum Source: Sendable {
        /// By this one, the same for all; nil takes international numbers only.
        case plan(DialPlan?)
        /// By the country that each line begins with, before a tab.
        case regionInLine
    }

    private static let blockSize = 1 << 18
    private static let lineFeed = UInt8(ascii: "\n")

    private let output: Int32
    private let source: Source
    private let reader: DialPlanReader?
    private var regions: [UInt16: DialPlanReader] = [:]
    private var held: [UInt8]
    private var heldCount = 0
    private var answers: [UInt8] = []

    /// Answers every line of `input` on `output`, both file descriptors; a carriage return at a line's end is dropped.
    ///
    /// - Throws: `CommandFailure` when one of the two fails.
    package static func run(
        input: Int32,
        output: Int32,
        by source: Source = .plan(nil)
    ) throws(CommandFailure) {
        var stream = NumberStream(output: output, source: source)
        while try stream.fill(from: input) { try stream.answerLines() }
        try stream.finish()
    }

    private init(output: Int32, source: Source) {
        self.output = output
        self.source = source
        if case .plan(let plan?) = source { reader = DialPlanReader(plan) } else { reader = nil }
        held = [UInt8](repeating: 0, count: Self.blockSize)
        answers.reserveCapacity(Self.blockSize * 4)
    }

    /// Reads what there is; false at the end.
    private mutating func fill(from input: Int32) throws(CommandFailure) -> Bool {
        if heldCount == held.count { held.append(contentsOf: repeatElement(0, count: held.count)) }
        while true {
            let room = heldCount
            let count = held.withUnsafeMutableBytes { read(input, $0.baseAddress?.advanced(by: room), $0.count - room) }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure("standard input cannot be read: \(Self.words(errno))", status: .noInput)
            }
            heldCount += count
            return count > 0
        }
    }

    private mutating func answerLines() throws(CommandFailure) {
        var start = 0
        while let end = held[start..<heldCount].firstIndex(of: Self.lineFeed) {
            answer(start..<end)
            start = end + 1
        }
        try flush(keeping: Self.blockSize)
        guard start > 0 else { return }
        let rest = held[start..<heldCount]
        held.replaceSubrange(0..<rest.count, with: rest)
        heldCount = rest.count
    }

    private mutating func finish() throws(CommandFailure) {
        if heldCount > 0 { answer(0..<heldCount) }
        try flush(keeping: 0)
    }

    private mutating func answer(_ line: Range<Int>) {
        let endsInReturn = !line.isEmpty && held[line.upperBound - 1] == UInt8(ascii: "\r")
        let number = line.lowerBound..<(endsInReturn ? line.upperBound - 1 : line.upperBound)
        guard case .regionInLine = source else {
            NumberReport.append(held, in: number, by: reader, to: &answers)
            return
        }
        answerWithRegion(number)
    }

    private mutating func answerWithRegion(_ line: Range<Int>) {
        let parts = held[line].split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count == 2,
            let country = Country(String(decoding: first, as: UTF8.self)), DialledRegion(country) != nil
        else {
            return NumberReport.refuse(held, line, "the line does not begin with a country and a tab", &answers)
        }
        let reader = regions[country.rawValue] ?? DialPlanReader(DialPlan(country: country))
        regions[country.rawValue] = reader
        NumberReport.append(held, in: parts[1].startIndex..<parts[1].endIndex, by: reader, to: &answers)
    }

    private mutating func flush(keeping limit: Int) throws(CommandFailure) {
        guard answers.count > limit else { return }
        var written = 0
        while written < answers.count {
            let start = written
            let count = answers.withUnsafeBytes { write(output, $0.baseAddress?.advanced(by: start), $0.count - start) }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure("standard output cannot be written: \(Self.words(errno))", status: .inputOutput)
            }
            written += count
        }
        answers.removeAll(keepingCapacity: true)
    }

    private static func words(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
