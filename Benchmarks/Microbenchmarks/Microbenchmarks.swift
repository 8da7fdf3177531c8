// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NumberingPlan
import SIPMessage

/// Measures the parts that every call passes through, one by one.
@main
enum Microbenchmarks {
    static func main() {
        do {
            let words = CommandLine.arguments
            guard words.count == 2 || words.count == 3 else {
                throw BenchmarkError("usage: microbenchmarks FOLDER-OF-FIXTURES [PART-OF-A-NAME]")
            }
            try run(Inputs(fixtures: words[1]), words.count == 3 ? words[2] : "")
        } catch {
            let text = Array("microbenchmarks: \(error)\n".utf8)
            _ = write(STDERR_FILENO, text, text.count)
            exit(2)
        }
    }

    private static func run(_ inputs: Inputs, _ part: String) throws {
        NumberingPlan.prepare()
        var sink = 0
        print("INVITE of \(inputs.invite.bytes.count) bytes; nanoseconds of thread processor time per operation")
        print(row("operation", "median", "best", "figure", "allocations"))
        let all = MessageBenchmarks.all(inputs) + PolicyBenchmarks.all(inputs)
        for benchmark in all where part.isEmpty || benchmark.name.contains(part) {
            let measured = try Measurement(benchmark, sink: &sink)
            let figure = benchmark.figure.map { measured.median > $0 ? "\(Int($0)) !" : "\(Int($0))  " } ?? ""
            print(row(benchmark.name, whole(measured.median), whole(measured.best), figure, text(measured.allocations)))
        }
        print("\"!\" marks a median above the figure to hold. Check \(sink & 0xFF).")
    }

    private static func row(_ name: String, _ cells: String...) -> String {
        cells.reduce(name + blanks(32 - name.count)) { $0 + blanks(13 - $1.count) + $1 }
    }

    private static func blanks(_ count: Int) -> String {
        String(repeating: " ", count: max(0, count))
    }

    private static func whole(_ number: Double) -> String {
        "\(Int(number.rounded()))"
    }

    /// A number with two digits after the point, or with none when it is whole.
    private static func text(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
