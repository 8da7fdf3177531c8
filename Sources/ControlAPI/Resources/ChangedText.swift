// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Takes the text of a request; without one it stays.
    mutating func take(_ field: Field<String>) {
        if let text = field.value { self = text }
    }
}

extension Schema.Property {
    /// A key of a body that may be left out, or be null, which means the same.
    static func optional(_ key: String, _ schema: Schema, _ summary: String = "") -> Schema.Property {
        Schema.Property(key, .nullable(schema), summary)
    }
}
