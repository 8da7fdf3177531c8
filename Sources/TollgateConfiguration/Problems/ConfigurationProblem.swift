// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A place in a file; lines and columns count from 1, columns in Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable {
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Makes a position.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    static let start = SourcePosition(line: 1, column: 1)

    /// The order in which a reader meets the positions.
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One thing that is wrong in a configuration file, where it is, and what to do about it.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's name as the operator gave it.
    package var file: String
    /// Where in the file.
    package var position: SourcePosition
    /// What is wrong; never shows a password.
    package var message: String
    /// What to do; empty when the message says it.
    package var remedy: String

    /// Makes a problem.
    package init(file: String, position: SourcePosition, message: String, remedy: String) {
        self.file = file
        self.position = position
        self.message = message
        self.remedy = remedy
    }

    /// `file:line:column: message; remedy`.
    package var description: String {
        let place = "\(file):\(position.line):\(position.column): \(message)"
        return remedy.isEmpty ? place : "\(place); \(remedy)"
    }
}

/// Everything that is wrong in a configuration file, in the order of its lines.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problems, never empty, at most `ProblemLog.capacity`.
    package var problems: [ConfigurationProblem]
    /// How many more there are than the list holds.
    package var omitted: Int

    /// Makes a list.
    package init(problems: [ConfigurationProblem], omitted: Int = 0) {
        self.problems = problems
        self.omitted = omitted
    }

    /// One line for each problem.
    package var description: String {
        var lines = problems.map(\.description)
        if omitted > 0 { lines.append("… and \(omitted) more") }
        return lines.joined(separator: "\n")
    }
}
