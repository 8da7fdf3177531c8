// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// A file's tree of nodes, composed within bounds; duplicate keys are logged and all but the first are masked.
struct YAMLDocument {
    /// How many aliases a document may use: nested aliases multiply, so few are safe and many are a bomb.
    static let maximumAliasCount = 16
    /// How many duplicate keys are looked for; each costs one more pass.
    static let maximumDuplicateCount = 20

    let root: Node

    /// Composes the text. Nil when it cannot be read as YAML at all; the log says why.
    init?(_ file: ConfigurationFile, log: ProblemLog) {
        if let excess = AliasScanner.firstExcess(in: file.text, maximum: Self.maximumAliasCount) {
            let message = "more than \(Self.maximumAliasCount) YAML aliases"
            log.add(message, "write the repeated parts out", at: excess)
            return nil
        }
        var text = file.text
        for round in 0... {
            do {
                guard let node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                    log.add("the file is empty", "start from the example in config/", at: .start)
                    return nil
                }
                root = node
                return
            } catch let YamlError.duplicatedKeysInMapping(keys, context) {
                let first = SourcePosition(context.mark)
                guard round < Self.maximumDuplicateCount,
                    let duplicate = DuplicateKey(after: first, among: keys, in: text)
                else {
                    Self.logDuplicate(keys.min() ?? "", firstAt: first, at: first, to: log)
                    return nil
                }
                Self.logDuplicate(duplicate.key, firstAt: first, at: duplicate.position, to: log)
                text.replaceSubrange(duplicate.range, with: duplicate.mask(round))
            } catch {
                YAMLFault(error, in: text).log(to: log)
                return nil
            }
        }
        return nil
    }

    private static func logDuplicate(
        _ key: String,
        firstAt first: SourcePosition,
        at position: SourcePosition,
        to log: ProblemLog
    ) {
        let key = clipped(key)
        let message =
            first == position
            ? "duplicate key `\(key)` in the mapping that holds this one"
            : "duplicate key `\(key)`, already set on line \(first.line)"
        log.add(message, "keep one of them", at: position)
    }
}

extension SourcePosition {
    init(_ mark: Mark) {
        self.init(line: max(1, mark.line), column: max(1, mark.column))
    }
}

extension Node {
    var position: SourcePosition {
        mark.map(SourcePosition.init) ?? .start
    }
}
