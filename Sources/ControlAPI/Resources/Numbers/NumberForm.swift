// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// What a number must look like to be registered.
enum NumberForm {
    /// Reads `number`: E.164 for a normal one, `+899` and nine digits for a virtual one.
    static func read(_ body: BodyReader, _ type: OwnedNumberType) throws(APIError) -> E164Number {
        let text = try body.requiredString("number", maximum: 64)
        let field = body.name("number")
        guard text.hasPrefix("+"), let number = E164Number(text) else {
            throw .invalid(
                field,
                "`\(text.prefix(32))` is not an E.164 number: write `+`, the country code and the number, digits only"
            )
        }
        let isVirtual = text.hasPrefix("+899")
        switch type {
        case .normal where isVirtual:
            throw .invalid(field, "`\(text)` is a virtual number: give it the type `virtual`")
        case .virtual where !isVirtual || text.utf8.count != 13:
            throw .invalid(field, "a virtual number is `+899` and nine digits")
        case .virtual where text.hasPrefix("+899000"):
            throw .invalid(field, "the virtual numbers that begin with `+899000` are reserved")
        default:
            return number
        }
    }
}
