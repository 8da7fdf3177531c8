// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Gathers the problems of one file while it is decoded, so that the operator sees all of them at once.
final class ProblemLog {
    /// How many problems are kept; a wrong template may repeat one mistake a hundred thousand times.
    static let capacity = 200

    let file: String
    private var problems: [ConfigurationProblem] = []
    private var seen: Set<ConfigurationProblem> = []
    private var omitted = 0

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { problems.isEmpty }

    func add(_ message: String, _ remedy: String = "", at position: SourcePosition) {
        let problem = ConfigurationProblem(file: file, position: position, message: message, remedy: remedy)
        guard problems.count < Self.capacity else {
            omitted += 1
            return
        }
        // An aliased node is read once for each alias, and would repeat itself.
        guard seen.insert(problem).inserted else { return }
        problems.append(problem)
    }

    /// Throws what was gathered, if anything was.
    func check() throws(ConfigurationProblems) {
        guard !problems.isEmpty else { return }
        let sorted = problems.sorted { ($0.position, $0.message) < ($1.position, $1.message) }
        throw ConfigurationProblems(problems: sorted, omitted: omitted)
    }
}
