// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A key of a request body, in the three states that a partial update tells apart.
package enum Field<Value: Sendable>: Sendable {
    /// The key is not there: what is stored stays.
    case absent
    /// The key is null: in an update what is stored stays, too, unless the resource says otherwise.
    case null
    /// The key has a value.
    case value(Value)

    /// The value; nil in the other two states.
    package var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// The same state with another value.
    package func map<Other: Sendable, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> Field<Other> {
        switch self {
        case .absent: .absent
        case .null: .null
        case .value(let value): .value(try transform(value))
        }
    }
}
