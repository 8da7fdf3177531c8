// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan
import SessionDescription

/// Outbound configurations as they are answered: the documented keys first, then this gateway's own.
enum OutboundConfigurationAnswer {
    static var schema: Schema {
        .answer([
            ("id", .uuid), ("customer_id", .uuid), ("name", .text),
            ("destination_whitelist", .array(.string(values: Country.allAssigned.map(\.description)))),
            ("codecs", .string(maximumLength: 255)), ("tm_create", .nullable(.time)),
            ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)), ("detail", .text),
            ("default_outgoing_source_number_id", .uuid),
            ("when_no_valid_source", .string(values: SourceFallback.allCases.map(\.rawValue))),
            ("when_anonymity_disallowed", .string(values: AnonymityFallback.allCases.map(\.rawValue))),
            ("allowed_special", .array(.text)), ("dial_plan", .nullable(DialPlanFields.answer)),
            ("limits", LimitFields.answer),
        ])
    }

    static func json(_ rules: StoredOutboundConfiguration) -> JSONValue {
        [
            "id": .string(rules.id.description), "customer_id": .string(rules.customer.description),
            "name": .string(rules.name),
            "destination_whitelist": .array(rules.destinationWhitelist.map { .string($0.description) }),
            "codecs": .string(rules.codecs.description), "tm_create": Timestamp.json(rules.created),
            "tm_update": Timestamp.json(rules.updated), "tm_delete": Timestamp.json(rules.deleted),
            "detail": .string(rules.detail),
            "default_outgoing_source_number_id": .string((rules.defaultNumberIdentifier ?? .zero).description),
            "when_no_valid_source": .string(rules.whenNoValidSource.rawValue),
            "when_anonymity_disallowed": .string(rules.whenAnonymityDisallowed.rawValue),
            "allowed_special": .array(rules.allowedSpecial.sorted().map { .string($0.description) }),
            "dial_plan": rules.dialPlan.map(DialPlanFields.json) ?? .null,
            "limits": LimitFields.json(rules.limits),
        ]
    }
}
