// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TollgateConfiguration

@Suite("Damaged files")
struct MutationTests {
    @Test("Damage is refused with places inside the file, or is harmless; it never stops the process")
    func damage() throws {
        for name in ["gateway.example.yaml", "provisioning.example.yaml"] {
            let original = try ConfigurationFile(path: "\(repository)/config/\(name)").text
            var generator = SplitMix(state: 42)
            for _ in 0..<300 {
                let text = generator.damage(original)
                let file = try ConfigurationFile(name: name, text: text)
                let lineCount = text.utf8.count { $0 == 0x0A || $0 == 0x0D } + 2
                do throws(ConfigurationProblems) {
                    _ = try GatewayConfiguration.decode(file)
                } catch {
                    #expect(!error.problems.isEmpty)
                    #expect(error.problems.allSatisfy { (1...lineCount).contains($0.position.line) })
                }
                do throws(ConfigurationProblems) {
                    _ = try ProvisioningFile.decode(file)
                } catch {
                    #expect(!error.problems.isEmpty)
                }
            }
        }
    }
}

/// A small generator with a fixed seed, so that a failure comes again.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Overwrites, removes and repeats a few bytes.
    mutating func damage(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let start = Int.random(in: 0..<bytes.count - 40, using: &self)
            let end = start + Int.random(in: 1...40, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes[start] = Array("\0\t\n\"'#&*!|>%@`{}[],:-?~<é".utf8).randomElement(using: &self) ?? 0
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
            default: bytes.swapAt(start, end)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
