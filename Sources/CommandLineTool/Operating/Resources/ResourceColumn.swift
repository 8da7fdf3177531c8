// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A column of a list of things.
struct ResourceColumn: Sendable {
    /// What a cell holds.
    enum Content: Sendable {
        /// The value under a key.
        case key(String)
        /// The name of the thing whose identity stands under a key.
        case reference(String, ReferencedKind)
        /// What is made of the whole.
        case made(@Sendable (ResourceObject) -> String)
    }

    var heading: String
    /// The narrowest it may become; nil never narrows it.
    var least: Int?
    var content: Content

    /// A column of the values under a key.
    init(_ heading: String, _ key: String, least: Int? = nil) {
        self.init(heading, .key(key), least: least)
    }

    /// A column.
    init(_ heading: String, _ content: Content, least: Int? = nil) {
        self.heading = heading
        self.content = content
        self.least = least
    }

    /// Whose it is.
    static let customer = ResourceColumn("CUSTOMER", .reference("customer_id", .customer), least: 8)
}
