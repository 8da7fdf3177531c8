// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// Why a scalar is not of the type wanted.
struct ScalarFault: Error {
    /// What follows the key's name in the message, as in ``is `70000`, not from 1 to 65535``.
    var message: String
    var remedy: String

    init(_ message: String, _ remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}

/// How a scalar becomes a value; the text counts, whatever type YAML itself would give it.
///
/// So `no` is Norway in a list of countries, and `+15551234567` and `0123` keep every character.
struct ScalarType<Value> {
    /// What a value is called, as in `a whole number`.
    let name: String
    let convert: (String) throws(ScalarFault) -> Value

    init(_ name: String, _ convert: @escaping (String) throws(ScalarFault) -> Value) {
        self.name = name
        self.convert = convert
    }

    /// Reads a node; what is wrong is logged under `key`, and nil.
    func read(_ node: Node, name key: String, log: ProblemLog) -> Located<Value>? {
        guard case .scalar(let scalar) = node else {
            log.add("`\(key)` must be \(name), not \(node.kindInWords)", "give one value", at: node.position)
            return nil
        }
        if scalar.isNull {
            log.add("`\(key)` is empty", "give \(name), or remove the key", at: node.position)
            return nil
        }
        do throws(ScalarFault) {
            return Located(value: try convert(scalar.string), position: node.position)
        } catch {
            log.add("`\(key)` \(error.message)", error.remedy, at: node.position)
            return nil
        }
    }
}

extension Node {
    /// What the node is, as an operator would say it.
    var kindInWords: String {
        switch self {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension Node.Scalar {
    /// Whether the scalar is one of YAML's spellings of nothing.
    var isNull: Bool {
        guard style == .plain || style == .any else { return false }
        return string.isEmpty || string == "~" || string == "null"
    }
}

/// A text fit to stand in a message: at most 40 characters, none of them a control character.
func clipped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(40) {
        if scalar.isControl {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return text.unicodeScalars.count > 40 ? result + "…" : result
}
