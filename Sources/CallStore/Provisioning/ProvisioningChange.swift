// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// One difference that applying a plan made, in words a person can check.
package struct ProvisioningChange: Hashable, Sendable, CustomStringConvertible {
    /// The kind of thing that changed.
    package enum Kind: String, Sendable, CaseIterable {
        case customer
        case endpoint
        case number
        case trunk
        case agent
    }

    /// The kind of thing that changed.
    package var kind: Kind
    /// The thing's natural name.
    package var name: String
    /// What changed, as in `created`, `removed`, `whitelist us → gb, us`; never a secret.
    package var words: String

    /// Makes a change.
    package init(kind: Kind, name: String, words: String) {
        self.kind = kind
        self.name = name
        self.words = words
    }

    /// The whole sentence, as in `endpoint alice: created`.
    package var description: String {
        "\(kind.rawValue) \(name): \(words)"
    }
}
