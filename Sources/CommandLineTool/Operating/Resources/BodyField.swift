// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// A key of a request's body with what an argument says of it.
struct BodyField: Hashable, Sendable {
    /// A value, or the name of a thing whose identity it becomes.
    enum Value: Hashable, Sendable {
        case json(JSONValue)
        case reference(String, ReferencedKind)
    }

    var key: String
    var value: Value

    /// A text; nil when the argument is not given.
    static func text(_ key: String, _ text: String?) -> BodyField? {
        text.map { BodyField(key: key, value: .json(.string($0))) }
    }

    /// A number; nil when the argument is not given.
    static func integer(_ key: String, _ number: Int?) -> BodyField? {
        number.map { BodyField(key: key, value: .json(.integer(Int64($0)))) }
    }

    /// Yes or no; nil when the argument is not given.
    static func boolean(_ key: String, _ isTrue: Bool?) -> BodyField? {
        isTrue.map { BodyField(key: key, value: .json(.boolean($0))) }
    }

    /// Texts that are separated by commas, `none` for the empty list; nil when the argument is not given.
    static func list(_ key: String, _ text: String?) -> BodyField? {
        text.map { BodyField(key: key, value: .json(.array(CommaList.parts($0).map { .string($0) }))) }
    }

    /// The identity of a thing that an argument names, zeros for `none`; nil when the argument is not given.
    static func reference(_ key: String, _ name: String?, _ kind: ReferencedKind) -> BodyField? {
        name.map { BodyField(key: key, value: .reference($0, kind)) }
    }
}

/// Arguments that make the body of a request.
protocol BodyArguments: ParsableArguments {
    /// What the arguments say, in the order of the body; secrets are asked for.
    ///
    /// - Throws: `ValidationError` for arguments that contradict each other, `CommandFailure` for a missing secret.
    func fields() throws -> [BodyField?]
}

/// Lists in one argument.
enum CommaList {
    /// The parts without the blanks around them; none of `none`, and of the empty text.
    static func parts(_ text: String) -> [String] {
        guard text != "none", !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
