// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A kind of thing that the control API keeps, as the commands speak of it.
struct ResourceKind: Sendable {
    /// The command, such as `accesskey`.
    var command: String
    /// What one is called, such as `access key`.
    var noun: String
    /// Where the API has them, such as `/v1.0/accesskeys`.
    var path: String
    /// The keys whose values may stand for the identity, the first that fits.
    var nameKeys: [String]
    /// What a list shows, the identity aside.
    var columns: [ResourceColumn]

    /// What several are called.
    var plural: String { noun + "s" }

    /// What an operator calls one: its first name, else its identity.
    func label(_ object: ResourceObject) -> String {
        nameKeys.lazy.map { object.text($0) }.first { !$0.isEmpty } ?? object.text("id")
    }
}

/// A kind of thing that others name.
enum ReferencedKind: Hashable, Sendable {
    case customer
    case number
    case trunk

    /// The kind.
    var kind: ResourceKind {
        switch self {
        case .customer: Customers.kind
        case .number: Numbers.kind
        case .trunk: Trunks.kind
        }
    }
}
