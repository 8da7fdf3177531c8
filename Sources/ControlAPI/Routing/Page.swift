// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import CallStore
package import MonotonicTime

/// A page of a list, newest first.
package struct PageRequest: Hashable, Sendable {
    /// The most rows of the page: 1 to 100.
    package var size: Int
    /// Rows before this point come; nil from the newest on.
    package var before: PageToken?

    /// The query parameters of every list.
    package static let parameters = [
        QueryParameter("page_size", .integer(), "Rows of a page; 100 unless 1 to 100 is asked for."),
        QueryParameter("page_token", .text, "The `next_page_token` of the page before."),
    ]

    /// Reads `page_size` and `page_token`.
    init(_ query: [String: String]) throws(APIError) {
        size = 100
        if let text = query["page_size"], !text.isEmpty {
            guard let number = Int(text) else {
                throw .invalid("page_size", "`page_size` must be a whole number", reason: "INVALID_REQUEST_PARAMETER")
            }
            if (1...100).contains(number) { size = number }
        }
        if let text = query["page_token"], !text.isEmpty {
            guard let token = PageToken(text) else {
                throw .invalid(
                    "page_token",
                    "`page_token` is no `next_page_token` of this service",
                    reason: "INVALID_REQUEST_PARAMETER"
                )
            }
            before = token
        }
    }
}

/// A point in a list that is sorted by time of creation and then by identity, newest first.
package struct PageToken: Hashable, Sendable {
    /// The time of creation of the last row seen.
    package var time: WallTime
    /// The identity of the last row seen; nil when only the time is known, as in tokens that clients make themselves.
    package var identifier: ResourceIdentifier?

    /// Makes a token.
    package init(time: WallTime, identifier: ResourceIdentifier?) {
        self.time = time
        self.identifier = identifier
    }

    /// Reads a token: a time in any of the documented forms, perhaps with `_` and an identity behind it.
    package init?(_ text: String) {
        // In a query a blank may arrive as a plus sign that nobody decoded.
        let parts = text.replacing("+", with: " ").split(separator: "_", maxSplits: 1)
        guard let first = parts.first, let time = Timestamp.parse(first) else { return nil }
        self.time = time
        if parts.count == 2 {
            guard let identifier = ResourceIdentifier(String(parts[1])) else { return nil }
            self.identifier = identifier
        }
    }

    /// The token as answers carry it.
    package var text: String {
        Timestamp.text(time) + (identifier.map { "_\($0)" } ?? "")
    }
}

/// The list envelope.
package enum PageAnswer {
    /// Makes `{"result": […], "next_page_token": …}`.
    ///
    /// - Parameters:
    ///   - rows: One row more than the page may have, if there are so many, newest first: the further one only shows
    ///     that another page follows.
    ///   - page: What was asked for.
    ///   - token: Where a row stands in the list.
    ///   - json: A row as answered.
    /// - Returns: The page, with the token of the next one if there is one.
    package static func make<Row>(
        _ rows: [Row],
        _ page: PageRequest,
        token: (Row) -> PageToken,
        json: (Row) throws -> JSONValue
    ) rethrows -> APIAnswer {
        let shown = rows.prefix(page.size)
        let next = rows.count > page.size ? shown.last.map(token)?.text ?? "" : ""
        return APIAnswer(["result": .array(try shown.map(json)), "next_page_token": .string(next)])
    }
}

extension PageRequest {
    /// Where the page stands in the store, with the one row more that tells whether another page follows.
    package var position: ListPosition {
        ListPosition(
            before: before?.time ?? WallTime(milliseconds: .max),
            identifier: before?.identifier ?? .zero,
            limit: size + 1
        )
    }
}
