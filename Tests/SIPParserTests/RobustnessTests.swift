// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage
import SIPParser
import Testing

/// What the readers must never do to the process they run in.
@Suite("Robustness", .serialized)
struct RobustnessTests {
    @Test("the second reader prints nothing when it meets malformed input")
    func silence() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tollgate-silence-\(getpid())")
        defer { try? FileManager.default.removeItem(at: file) }
        fflush(nil)
        let saved = dup(1)
        let target = open(file.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(saved >= 0 && target >= 0)
        dup2(target, 1)
        // Refused by the library alone, so that it would complain.
        let isRefused = verdict(request(["Proxy-Authorization: Digest", "Content-Encoding:"])) != .accept
        for file in try Traces.messages("rfc4475") { _ = verdict(try Traces.bytes("rfc4475", file)) }
        fflush(nil)
        dup2(saved, 1)
        close(saved)
        close(target)
        let printed = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        // Other tests may have written their own lines meanwhile; they are passed on.
        print(printed, terminator: "")
        #expect(isRefused)
        for mark in ["| ERROR", "| WARNING", "| BUG", "osip"] { #expect(!printed.contains(mark)) }
    }

    @Test("20 000 mutations of torture messages are read or refused, and every one comes back")
    func mutations() throws {
        let seeds = try Traces.messages("rfc4475").map { try Traces.bytes("rfc4475", $0) }
        var random = SplitMix(state: 0x7011_6A7E)
        let reader = MessageReader(secondReading: .always)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = Mutation.mutate(seeds, &random)
            if (try? reader.read(bytes, .datagram)) != nil { accepted += 1 }
        }
        // Neither everything nor nothing survives a mutation; the numbers only show that both paths were walked.
        #expect(accepted > 500)
        #expect(accepted < 19_500)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Small damage to real messages.
enum Mutation {
    private static let interesting = Array("\0\r\n\t \"\\<>();:@,=%[]?&/*0".utf8)

    static func mutate(_ seeds: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] = interesting[Int.random(in: 0..<interesting.count, using: &random)]
            case 2: bytes.insert(interesting[Int.random(in: 0..<interesting.count, using: &random)], at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
            case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 60)], at: place)
            default: splice(&bytes, seeds, place, &random)
            }
        }
        return bytes
    }

    private static func splice(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ place: Int, _ random: inout SplitMix) {
        let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        let start = Int.random(in: 0..<other.count, using: &random)
        bytes.replaceSubrange(place..<min(bytes.count, place + 30), with: other[start..<min(other.count, start + 30)])
    }
}
