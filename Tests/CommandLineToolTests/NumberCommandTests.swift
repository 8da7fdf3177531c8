// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

@Suite("tollgate number")
struct NumberCommandTests {
    @Test("a number is answered with input, canonical form, country and class, separated by tabs")
    func fields() throws {
        let result = try Tool.run(NumberCommand.self, "+442079460000", "+44-20-7946-0000")
        #expect(
            result.output == """
                +442079460000\t+442079460000\tgb\tfixed
                +44-20-7946-0000\t+442079460000\tgb\tfixed

                """
        )
        #expect(result.status == .success)
    }

    @Test("a number of no country has a hyphen for it")
    func noCountry() throws {
        let result = try Tool.run(NumberCommand.self, "+80012345678")
        #expect(result.output == "+80012345678\t+80012345678\t-\tglobal-service\n")
        #expect(result.status == .success)
    }

    @Test("a refused number says why and makes the status 1; the others are answered all the same")
    func refused() throws {
        let result = try Tool.run(NumberCommand.self, "1002", "+44 20", "+442079460000")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("1002\t-\t-\trefused: the number is not international") == true)
        #expect(lines.dropFirst().first == "+44 20\t-\t-\trefused: the number contains a space")
        #expect(lines.last == "+442079460000\t+442079460000\tgb\tfixed")
        #expect(result.status == .rejected)
    }

    @Test("a control character in a refused number does not break the columns")
    func controlCharacter() throws {
        let result = try Tool.run(NumberCommand.self, "+44\t20\u{1B}[2J")
        #expect(result.output.hasPrefix("+44?20?[2J\t-\t-\trefused: "))
    }

    @Test("no number, or - beside numbers, is a wrong command line")
    func usage() {
        #expect(Tool.refusal(NumberCommand.self) == 64)
        #expect(Tool.refusal(NumberCommand.self, "-", "+442079460000") == 64)
        #expect(Tool.refusal(NumberCommand.self, "+442079460000") == 0)
    }
}

@Suite("tollgate number -")
struct NumberStreamTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func answers(to text: String) throws -> String {
        let input = try #require(FileHandle(forReadingAtPath: try bench.write(text, to: "in")))
        let path = try bench.write("", to: "out")
        let output = try #require(FileHandle(forWritingAtPath: path))
        try NumberStream.run(input: input.fileDescriptor, output: output.fileDescriptor)
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
