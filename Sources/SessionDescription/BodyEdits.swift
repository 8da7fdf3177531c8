// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The changes to a body, front to back, and the writing of the changed body.
struct BodyEdits {
    enum Replacement {
        case nothing
        /// Tokens with one space between them, as a range of `tokens`.
        case tokens(Range<Int>)
        /// A decimal number.
        case number(String)
    }

    private struct Edit {
        var range: Range<Int>
        var replacement: Replacement
    }

    private var edits: [Edit] = []
    private var tokens: [Range<Int>] = []

    /// By how many bytes the body grows; negative when it shrinks.
    private(set) var growth = 0

    var isEmpty: Bool { edits.isEmpty }
    var count: Int { edits.count }

    /// Leaves out a range; one that follows the range left out last is joined to it.
    mutating func remove(_ range: Range<Int>) {
        growth &-= range.count
        if let last = edits.last, case .nothing = last.replacement, last.range.upperBound == range.lowerBound {
            edits[edits.count &- 1].range = last.range.lowerBound..<range.upperBound
        } else {
            append(range, .nothing)
        }
    }

    /// Puts formats in the place of a format list.
    mutating func replace(_ range: Range<Int>, withFormats kept: [Int], of description: SessionDescription) {
        let first = tokens.count
        var length = max(kept.count &- 1, 0)
        if tokens.isEmpty { tokens.reserveCapacity(kept.count) }
        for place in kept {
            let field = description.formats[place].field
            tokens.append(field)
            length &+= field.count
        }
        growth &+= length &- range.count
        append(range, .tokens(first..<tokens.count))
    }

    /// Puts a number in the place of another; `index` may lie before edits made already.
    mutating func replace(_ range: Range<Int>, withNumber number: Int, at index: Int) {
        guard index <= edits.count else { return }
        let digits = String(number)
        growth &+= digits.utf8.count &- range.count
        edits.insert(Edit(range: range, replacement: .number(digits)), at: index)
    }

    private mutating func append(_ range: Range<Int>, _ replacement: Replacement) {
        if edits.isEmpty { edits.reserveCapacity(8) }
        edits.append(Edit(range: range, replacement: replacement))
    }

    /// The bytes of `body` with the edits made.
    func applied(to source: [UInt8], body: Range<Int>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(max(body.count &+ growth, 0))
        var position = body.lowerBound
        for edit in edits {
            output.append(contentsOf: source[position..<edit.range.lowerBound])
            position = edit.range.upperBound
            switch edit.replacement {
            case .nothing:
                break
            case .number(let digits):
                output.append(contentsOf: digits.utf8)
            case .tokens(let places):
                for place in places {
                    if place != places.lowerBound { output.append(Byte.space) }
                    output.append(contentsOf: source[tokens[place]])
                }
            }
        }
        output.append(contentsOf: source[position..<body.upperBound])
        return output
    }
}
