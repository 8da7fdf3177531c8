// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallPolicy
import NumberingPlan

/// `tollgate number read`, which plain `tollgate number` stands for: what policy would make of telephone numbers.
package struct NumberCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Show how telephone numbers are read: canonical form, country, class, and the steps to them.",
        discussion: """
            Each spelling is answered with its canonical form, which is what the policy judges and what is dialled, \
            and below it the steps that led there, the country, the class, and whether numbers of that kind are \
            blocked unless a customer's configuration opens them. With --region, numbers may be dialled as inside \
            that country: with its international or national prefix, or as an emergency number.

            For programs, --plain answers each number with a line of four fields separated by tabs: the number as \
            given, its canonical form, its country (- when it has none) and its class (fixed, mobile, premium, …); \
            or -, - and `refused:` with the reason. That is also the answer to each line of standard input.

            EXAMPLES
              tollgate number +442079460000
              tollgate number --region KR 010-1234-5678
              tollgate number --plain '+44 20 7946 0000'
                  +44 20 7946 0000  -  -  refused: the number contains a space
              tollgate number - < numbers.txt
                  one number a line from standard input
              tollgate number --region - - < numbers.txt
                  a country, a tab and what is dialled there, one a line

            The exit status is 1 when a number given as an argument is refused; with - it is 0 all the same.
            """
    )

    /// The country whose dialling habits hold.
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read numbers as dialled inside this country, by its ISO 3166-1 code; - takes it from each line.",
            valueName: "country"
        )
    )
    var region: String?

    /// Lines of fields in place of text.
    @Flag(name: .long, help: "Print a line of tab-separated fields for each number.")
    var plain = false

    /// JSON in place of text.
    @Flag(name: .long, help: "Print a JSON object on a line for each number.")
    var json = false

    /// The numbers.
    @Argument(help: ArgumentHelp("Numbers as a telephone would dial them, or - for one a line on standard input."))
    var numbers: [String]

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses a hyphen beside numbers, and countries that are none.
    package func validate() throws {
        guard !numbers.isEmpty else { throw ValidationError("Name a number, or - for standard input.") }
        guard numbers.count == 1 || !numbers.contains("-") else {
            throw ValidationError("Give either numbers or -, not both.")
        }
        guard !plain || !json else { throw ValidationError("Give either --plain or --json, not both.") }
        guard !json || numbers != ["-"] else {
            throw ValidationError("Standard input is answered with lines of fields; --json is for arguments.")
        }
        guard let region, region != "-" else {
            guard region == nil || numbers == ["-"] else {
                throw ValidationError("--region - takes the country from the lines of standard input: name it as -.")
            }
            return
        }
        guard let country = Country(region), DialledRegion(country) != nil else {
            throw ValidationError("There are no dialling rules for `\(region)`: give an ISO 3166-1 code such as kr.")
        }
    }

    /// Answers the numbers given as arguments.
    package func result() throws -> CommandResult {
        let plan = region.flatMap(Country.init(_:)).map { DialPlan(country: $0) }
        if numbers == ["-"] {
            let source: NumberStream.Source = region == "-" ? .regionInLine : .plan(plan)
            try NumberStream.run(input: 0, output: 1, by: source)
            return CommandResult()
        }
        return plain ? lines(plan) : try answers(plan)
    }

    private func answers(_ plan: DialPlan?) throws -> CommandResult {
        let answers = numbers.map { NumberAnswer($0, by: plan) }
        let output = try answers.map { json ? try JSONText.line($0) : $0.text }.joined(separator: json ? "" : "\n")
        let isRefused = answers.contains { $0.number == nil }
        return CommandResult(output: output, status: isRefused ? .rejected : .success)
    }

    private func lines(_ plan: DialPlan?) -> CommandResult {
        let reader = plan.map { DialPlanReader($0) }
        var output: [UInt8] = []
        var status = CommandStatus.success
        for number in numbers {
            let bytes = Array(number.utf8)
            if !NumberReport.append(bytes, in: bytes.indices, by: reader, to: &output) { status = .rejected }
        }
        return CommandResult(output: String(decoding: output, as: UTF8.self), status: status)
    }
}
