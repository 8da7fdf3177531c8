// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// What a request says of who asks. Of several the first counts, and a wrong one is not made up for by another.
enum RequestCredentials: Hashable, Sendable {
    /// A token of `POST /auth/login`.
    case token(String)
    /// A key of `POST /v1.0/accesskeys`.
    case accessKey(String)

    /// Looks for a token in cookie, query and Authorization, then for a key in cookie and query.
    init?(_ request: Request) {
        let cookies = request.cookies
        let query = request.uri.queryParameters
        let tokens = [
            cookies["token"]?.value, query["token"].map { String($0) }, Self.bearer(request.headers[.authorization]),
        ]
        let keys = [cookies["accesskey"]?.value, query["accesskey"].map { String($0) }]
        if let token = tokens.lazy.compactMap(\.self).first(where: { !$0.isEmpty }) {
            self = .token(token)
        } else if let key = keys.lazy.compactMap(\.self).first(where: { !$0.isEmpty }) {
            self = .accessKey(key)
        } else {
            return nil
        }
    }

    // RFC 9110 §11.1: the scheme is a token in either case, then blanks.
    private static func bearer(_ value: String?) -> String? {
        guard let value else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
