// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// What a REGISTER led to.
package enum RegistrationOutcome: Hashable, Sendable {
    /// 200: the bindings that now hold, and whether the request altered any, so that they must be stored.
    case answer(bindings: [Binding], changed: Bool)
    /// Another final answer; nothing is altered (RFC 3261 §10.3 step 7: all updates or none).
    case refused(RegistrationRefusal)
}

/// Why a REGISTER was refused, and what its answer says.
package struct RegistrationRefusal: Error, Hashable, Sendable {
    /// The status code: 400, 403, 423 or 500.
    package let status: Int
    /// The value of Min-Expires in seconds; set with 423 alone.
    package let minExpires: UInt32?
    /// What is wrong, in words fit for a Warning's text: no quotation mark, no backslash.
    package let reason: String

    /// Makes a refusal.
    package init(_ status: Int, _ reason: String, minExpires: UInt32? = nil) {
        self.status = status
        self.minExpires = minExpires
        self.reason = reason
    }

    /// Writes the refusal's own header fields: Min-Expires with 423 (RFC 3261 §20.23), and a Warning with code 399
    /// (§20.43); the caller starts and finishes the response.
    ///
    /// - Parameters:
    ///   - composer: The response so far.
    ///   - agent: The host or token that the Warning names as its author.
    package func append(to composer: inout MessageComposer, agent: String) {
        if let minExpires {
            composer.append("Min-Expires: ")
            composer.append(decimal: Int(minExpires))
            composer.endLine()
        }
        composer.append("Warning: 399 ")
        composer.append(agent)
        composer.append(" \"")
        composer.append(reason)
        composer.append("\"")
        composer.endLine()
    }
}
