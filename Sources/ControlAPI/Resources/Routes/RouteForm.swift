// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore

/// What a body says of a route; what it leaves out is nil.
struct RouteForm: Sendable {
    let name: String?
    let detail: String?
    /// Zeros for every customer.
    let customer: ResourceIdentifier?
    let provider: ResourceIdentifier?
    let priority: Int?
    let target: RouteTarget?

    /// The keys of a body.
    static func properties(isNew: Bool) -> [Schema.Property] {
        let customer = Schema.Property("customer_id", .string(), "Whose calls; zeros for every customer's.")
        return (isNew ? [customer] : []) + [
            .init("provider_id", .string(), required: isNew, "Where the calls go."),
            .init(
                "target",
                .string(maximumLength: 16),
                required: isNew,
                "`all`, or `+` and the first digits of the numbers, such as a country's calling code."
            ),
            .init("priority", .integer(0...65_535), "Lower is tried first; 0 unless it says so."),
            .init("name", .string(maximumLength: 255)), .init("detail", .string(maximumLength: 4096)),
        ]
    }

    init(_ body: BodyReader) throws(APIError) {
        name = try body.string("name").value
        detail = try body.string("detail", maximum: 4096).value
        customer = try body.identifier("customer_id").value
        provider = try body.identifier("provider_id").value
        priority = try body.integer("priority", in: 0...65_535).value.map(Int.init)
        target = try body.string("target", maximum: 64).map { (text) throws(APIError) in
            guard let target = RouteTarget(text) else {
                throw .invalid(
                    body.name("target"),
                    "`target` must be `all`, or `+` and 1 to 15 digits of which the first is not 0"
                )
            }
            return target
        }.value
    }

    /// Puts what the body says in place of what is there.
    func change(_ stored: inout StoredRoute) {
        stored.name = name ?? stored.name
        stored.detail = detail ?? stored.detail
        stored.route.trunk = provider ?? stored.route.trunk
        stored.route.priority = priority ?? stored.route.priority
        stored.route.target = target ?? stored.route.target
    }
}
