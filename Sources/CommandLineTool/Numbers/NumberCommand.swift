// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `tollgate number`: what policy would make of telephone numbers.
package struct NumberCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "number",
        abstract: "Show the country and the class of telephone numbers, as the policy reads them.",
        discussion: """
            Each number is answered with a line of four fields, separated by tabs: the number as given, its canonical \
            form, its country (- when it has none) and its class (fixed, mobile, premium, …). A number that cannot be \
            dialled is answered with -, - and `refused:` with the reason.

            EXAMPLES
              tollgate number +442079460000
                  +442079460000  +442079460000  gb  fixed
              tollgate number '+44 20 7946 0000'
                  +44 20 7946 0000  -  -  refused: the number contains a space
              tollgate number - < numbers.txt
                  one number a line from standard input

            The exit status is 1 when a number given as an argument is refused; with - it is 0 all the same.
            """
    )

    /// The numbers.
    @Argument(help: ArgumentHelp("Numbers with + and country code, or - for one a line on standard input."))
    var numbers: [String]

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses a hyphen beside numbers.
    package func validate() throws {
        guard !numbers.isEmpty else { throw ValidationError("Name a number, or - for standard input.") }
        guard numbers.count == 1 || !numbers.contains("-") else {
            throw ValidationError("Give either numbers or -, not both.")
        }
    }

    /// Answers the numbers given as arguments.
    package func result() throws -> CommandResult {
        if numbers == ["-"] {
            try NumberStream.run(input: 0, output: 1)
            return CommandResult()
        }
        var output: [UInt8] = []
        var status = CommandStatus.success
        for number in numbers {
            let bytes = Array(number.utf8)
            if !NumberReport.append(bytes, in: bytes.indices, to: &output) { status = .rejected }
        }
        return CommandResult(output: String(decoding: output, as: UTF8.self), status: status)
    }
}
