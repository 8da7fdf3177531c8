// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// What the YAML parser found wrong, in words for the operator.
struct YAMLFault {
    private var position = SourcePosition.start
    private var message: String
    private var remedy = "correct the YAML syntax there"

    init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _)?, .parser(let context, let problem, let mark, _)?:
            position = SourcePosition(mark)
            message = "not YAML: \(problem)"
            if let context {
                message += " \(context.text)"
                if context.mark.line > 0, context.mark.line != mark.line {
                    message += " (which began on line \(context.mark.line))"
                }
            }
            if problem.contains("cannot start any token") {
                remedy = "indent with blanks instead of tabs, and quote values that begin with a special character"
            }
        case .composer(_, let problem, let mark, _)?:
            position = SourcePosition(mark)
            message = "not YAML: \(problem)"
        case .reader(let problem, let offset, _, _)?:
            position = Self.position(ofCharacter: offset ?? 0, in: text)
            message = "not YAML: \(problem)"
            remedy = "remove the character"
        default:
            message = "not YAML"
        }
    }

    func log(to log: ProblemLog) {
        log.add(message, remedy, at: position)
    }

    private static func position(ofCharacter offset: Int, in text: String) -> SourcePosition {
        var position = SourcePosition.start
        for character in text.prefix(offset) {
            if character.isNewline {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else {
                position.column += character.unicodeScalars.count
            }
        }
        return position
    }
}
