// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// What a request shows for who asks.
enum APICredential: Hashable, Sendable {
    /// What `tollgate login` gets.
    case token(Secret)
    /// What `tollgate accesskey create` makes.
    case accessKey(Secret)

    /// The header field that carries it. Neither goes into the URL, which proxies write to their logs.
    var header: (name: String, value: String) {
        switch self {
        case .token(let token): ("Authorization", "Bearer \(token.revealed)")
        case .accessKey(let key): ("Cookie", "accesskey=\(key.revealed)")
        }
    }

    /// Whether a text may stand in a header field and in a cookie (RFC 6265 §4.1.1).
    static func isWellFormed(_ text: String) -> Bool {
        (1...8192).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\",;\\".utf8.contains($0) }
    }
}
