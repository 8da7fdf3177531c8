// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CommandLineTool
import Foundation
import NumberingPlan
import Testing

@Suite("tollgate number")
struct NumberCommandTests {
    @Test("--plain answers a number with input, canonical form, country and class, separated by tabs")
    func fields() throws {
        let result = try Tool.run(NumberCommand.self, "--plain", "+442079460000", "+44-20-7946-0000")
        #expect(
            result.output == """
                +442079460000\t+442079460000\tgb\tfixed
                +44-20-7946-0000\t+442079460000\tgb\tfixed

                """
        )
        #expect(result.status == .success)
    }

    @Test("a number of no country has a hyphen for it, and names what would open it")
    func noCountry() throws {
        let plain = try Tool.run(NumberCommand.self, "--plain", "+80012345678")
        #expect(plain.output == "+80012345678\t+80012345678\t-\tglobal-service\n")
        #expect(plain.status == .success)
        let text = try Tool.run(NumberCommand.self, "+80012345678").output
        #expect(text.contains("country    none"))
        #expect(text.contains("`allowed_special` lists `+800`"))
    }

    @Test("a refused number says why and makes the status 1; the others are answered all the same")
    func refused() throws {
        let result = try Tool.run(NumberCommand.self, "--plain", "1002", "+44 20", "+442079460000")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("1002\t-\t-\trefused: the number is not international") == true)
        #expect(lines.dropFirst().first == "+44 20\t-\t-\trefused: the number contains a space")
        #expect(lines.last == "+442079460000\t+442079460000\tgb\tfixed")
        #expect(result.status == .rejected)
        let text = try Tool.run(NumberCommand.self, "+44 20")
        #expect(text.output.hasPrefix("refused: the number contains a space\n"))
        #expect(text.status == .rejected)
    }

    @Test("a control character in a refused number does not break the columns")
    func controlCharacter() throws {
        let result = try Tool.run(NumberCommand.self, "--plain", "+44\t20\u{1B}[2J")
        #expect(result.output.hasPrefix("+44?20?[2J\t-\t-\trefused: "))
        #expect(!(try Tool.run(NumberCommand.self, "+44\t20\u{1B}[2J").output.contains("\u{1B}")))
    }

    @Test(
        "--region reads what is dialled inside a country, and the canonical number is the first line",
        arguments: [
            ("KR", "010-1234-5678", "+821012345678"), ("gb", "020 7946 0000", nil),
            ("gb", "02079460000", "+442079460000"),
            ("us", "011442079460000", "+442079460000"), ("it", "0669812345", "+390669812345"),
            ("us", "+442079460000", "+442079460000"), ("us", "911", "911"), ("gb", "0", nil),
            ("us", "2125550100;phone-context=example.com", nil),
        ]
    )
    func region(_ country: String, _ dialled: String, _ expected: String?) throws {
        let result = try Tool.run(NumberCommand.self, "--region", country, dialled)
        if let expected {
            #expect(result.output.hasPrefix(expected + "\n"))
            #expect(result.status == .success)
        } else {
            #expect(result.output.hasPrefix("refused: "))
            #expect(result.status == .rejected)
        }
    }

    @Test("the text tells every step, the country, the class and what the class needs")
    func steps() throws {
        let result = try Tool.run(NumberCommand.self, "--region", "kr", "010-1234-5678", "+1-900-234-5678")
        #expect(
            result.output == """
                +821012345678
                  input      010-1234-5678
                  step       dropped separators: 010-1234-5678 → 01012345678
                  step       read as 01012345678, which is not international
                  step       dialled as a national number of kr, 0 taken off
                  country    kr
                  class      mobile

                +19002345678
                  input      +1-900-234-5678
                  step       dropped separators: +1-900-234-5678 → +19002345678
                  step       read as +19002345678
                  country    us
                  class      premium
                  blocked    unless the customer's `allowed_special` lists `premium`

                """
        )
    }

    @Test("--json prints an object a number")
    func json() throws {
        let result = try Tool.run(NumberCommand.self, "--json", "--region", "us", "911", "+15551234567", "x")
        let objects = try result.output.split(separator: "\n").map { try Tool.object(String($0)) }
        #expect(objects.map { $0["number"] as? String } == ["911", "+15551234567", nil])
        #expect(objects.first?["emergency"] as? String == "us")
        #expect(objects.dropFirst().first?["class"] as? String == "unassigned")
        #expect(objects.dropFirst().first?["calling_code"] as? Int == 1)
        #expect(objects.last?["refusal"] as? String == "the number contains a letter")
        #expect(result.status == .rejected)
    }

    @Test("no number, or - beside numbers, is a wrong command line")
    func usage() {
        #expect(Tool.refusal(NumberCommand.self) == 64)
        #expect(Tool.refusal(NumberCommand.self, "-", "+442079460000") == 64)
        #expect(Tool.refusal(NumberCommand.self, "--json", "--plain", "+442079460000") == 64)
        #expect(Tool.refusal(NumberCommand.self, "--region", "zz", "+442079460000") == 64)
        #expect(Tool.refusal(NumberCommand.self, "--region", "-", "+442079460000") == 64)
        #expect(Tool.refusal(NumberCommand.self, "+442079460000") == 0)
    }
}

@Suite("tollgate number -")
struct NumberStreamTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func answers(to text: String, by source: NumberStream.Source = .plan(nil)) throws -> String {
        let input = try #require(FileHandle(forReadingAtPath: try bench.write(text, to: "in")))
        let path = try bench.write("", to: "out")
        let output = try #require(FileHandle(forWritingAtPath: path))
        try NumberStream.run(input: input.fileDescriptor, output: output.fileDescriptor, by: source)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test("every line is answered with one, with or without CR, and with or without a last line end")
    func lines() throws {
        #expect(try answers(to: "") == "")
        #expect(
            try answers(to: "+442079460000\r\n\nabc\n+442079460000") == """
                +442079460000\t+442079460000\tgb\tfixed
                \t-\t-\trefused: the number has no digits
                abc\t-\t-\trefused: the number contains a letter
                +442079460000\t+442079460000\tgb\tfixed

                """
        )
    }

    @Test("lines are read by one country's rules, or by the country each begins with")
    func regions() throws {
        let plan = DialPlan(country: Country("kr"))
        #expect(
            try answers(to: "01012345678\n+442079460000\n", by: .plan(plan)) == """
                01012345678\t+821012345678\tkr\tmobile
                +442079460000\t+442079460000\tgb\tfixed

                """
        )
        #expect(
            try answers(to: "kr\t01012345678\nGB\t02079460000\nzz\t1\n01012345678\n", by: .regionInLine) == """
                01012345678\t+821012345678\tkr\tmobile
                02079460000\t+442079460000\tgb\tfixed
                zz?1\t-\t-\trefused: the line does not begin with a country and a tab
                01012345678\t-\t-\trefused: the line does not begin with a country and a tab

                """
        )
    }

    @Test("lines across the ends of blocks are answered whole and in order")
    func blocks() throws {
        let numbers = (0..<60_000).map { "+1212\(2_000_000 + $0)" }
        let lines = try answers(to: numbers.joined(separator: "\n")).split(separator: "\n")
        #expect(lines.count == numbers.count)
        #expect(zip(lines, numbers).allSatisfy { $0.hasPrefix("\($1)\t\($1)\t") })
    }

    @Test("a line longer than a block is one refused number")
    func longLine() throws {
        let line = String(repeating: "1", count: 1_000_000)
        let answer = try answers(to: line + "\n+442079460000\n")
        #expect(answer.hasPrefix("111"))
        #expect(answer.hasSuffix("refused: the number has too many digits\n+442079460000\t+442079460000\tgb\tfixed\n"))
    }

    @Test("an output that cannot be written is reported")
    func brokenOutput() throws {
        let input = try #require(FileHandle(forReadingAtPath: try bench.write("+442079460000\n", to: "in")))
        #expect(throws: CommandFailure.self) {
            try NumberStream.run(input: input.fileDescriptor, output: input.fileDescriptor)
        }
    }
}
