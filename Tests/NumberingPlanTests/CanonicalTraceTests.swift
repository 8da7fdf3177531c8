// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("The canonicaliser's steps, for people")
struct CanonicalTraceTests {
    private func steps(_ text: String) -> [CanonicalStep] {
        let bytes = Array(text.utf8)
        return NumberCanonicaliser.explain(user: bytes, in: bytes.indices).steps
    }

    private func words(_ text: String) -> [String] {
        steps(text).map { "\($0.name) | \($0.words)" }
    }

    @Test("Every step that changed something is told, in order")
    func international() {
        #expect(
            words("%2B44-20-7946-0000;isub=12;npdi") == [
                "decoded | decoded: %2B is +",
                "dropped_separators | dropped separators: +44-20-7946-0000 → +442079460000",
                "dropped_parameters | dropped parameters: ;isub=12;npdi",
                "read_as | read as +442079460000",
            ]
        )
    }

    @Test("An escape is told once, with what it stands for")
    func escapes() {
        #expect(
            words("%2B1%2D555%2d123%2D4567").prefix(1) == ["decoded | decoded: %2B is +, %2D is -, %2d is -"]
        )
    }

    @Test("A context that was put before the number is told apart from one that was kept")
    func contexts() {
        #expect(
            words("7946-0000;phone-context=+44-20;ext=1") == [
                "dropped_separators | dropped separators: 7946-0000 → 79460000",
                "dropped_parameters | dropped parameters: ;ext=1",
                "joined_context | put before it by phone-context: +4420",
                "read_as | read as +442079460000",
            ]
        )
        #expect(
            words("911;phone-context=+1") == [
                "kept_context | means something inside phone-context only: +1",
                "read_as | read as 911, which is not international",
            ]
        )
        #expect(
            words("2001;phone-context=Example.com") == [
                "kept_context | means something inside phone-context only: example.com",
                "read_as | read as 2001, which is not international",
            ]
        )
        #expect(
            words("+15551234567;phone-context=+44") == [
                "dropped_parameters | dropped parameters: ;phone-context=+44", "read_as | read as +15551234567",
            ]
        )
    }

    @Test("What was plain already has no steps", arguments: ["+15551234567", "2001", "*31#2001"])
    func plain(_ text: String) {
        #expect(steps(text).isEmpty)
    }

    @Test("A refusal is the last step, after what had been decoded until then")
    func refusals() {
        #expect(
            words("%252B15551234567") == [
                "decoded | decoded: %25 is %", "refused | refused: \(NumberRefusal.unexpectedCharacter.words)",
            ]
        )
        #expect(words("") == ["refused | refused: \(NumberRefusal.empty.words)"])
        #expect(words("+1%20555").first == "decoded | decoded: %20 is a space")
        let outside = NumberCanonicaliser.explain(user: [48], in: 0..<9)
        #expect(outside.result == .refused(.outOfBounds))
        #expect(outside.steps.map(\.name) == ["refused"])
    }

    @Test("The steps end in the canonicaliser's own result, and none is told where nothing changed")
    func agreement() {
        var spellings = CanonicalSpellings(seed: 20)
        for _ in 0..<20_000 {
            let text = spellings.next()
            let (result, steps) = NumberCanonicaliser.explain(user: text, in: text.indices)
            #expect(result == NumberCanonicaliser.canonicalise(user: text))
            #expect(
                steps.allSatisfy {
                    $0.words.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) || $0 == "→" }
                }
            )
            switch result {
            case .number(let number):
                let isPlain = Array(number.description.utf8) == text
                #expect(isPlain ? steps.isEmpty : steps.last?.words == "read as \(number)")
            case .notInternational(let local):
                #expect(steps.isEmpty == (Array(local.description.utf8) == text))
            case .refused(let refusal):
                #expect(steps.last?.words == "refused: \(refusal.words)")
            }
        }
    }
}
