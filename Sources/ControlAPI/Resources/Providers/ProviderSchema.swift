// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime
import SessionDescription

extension ProviderForm {
    /// The keys of a body.
    static func properties(isNew: Bool) -> [Schema.Property] {
        [
            .init("type", .string(values: ProviderType.allCases.map(\.rawValue))),
            .init(
                "hostname",
                .string(maximumLength: 300),
                required: isNew,
                "A name or an IP address, perhaps with a port; a name without one is located by DNS."
            ),
            .init("transport", .string(values: ProviderTransport.allCases.map(\.rawValue)), "`dns` leaves it to DNS."),
            .init("name", .string(maximumLength: 128), "Unique; the host's name unless it says so."),
            .init("detail", .string(maximumLength: 4096)),
            .init("tech_prefix", .string(maximumLength: 16), "Stands before the number in the Request-URI."),
            .init("tech_postfix", .string(maximumLength: 16), "Stands after the number in the Request-URI."),
            .init("tech_headers", .anyObject, "Header fields of every INVITE, values by name."),
            .init("codecs", .string(maximumLength: 4096), "Encoding names with commas between them; empty for all."),
            .init("priority", .integer(0...65_535), "Lower is tried first, where no route applies."),
            .init("weight", .integer(0...65_535), "The share among providers of one priority."),
            .init("customer_id", .string(), "Whom it is reserved for; zeros for nobody."),
            .init("enabled", .boolean, "False takes no more calls to it."),
            .init(
                "emergency",
                .string(values: EmergencyUse.allCases.map(\.rawValue)),
                "Whether it takes emergency calls."
            ),
            .init("trust_basis", .string(values: ProviderTrust.words), "Empty for one that is not trusted."),
            .init("trust_note", .string(maximumLength: 500), "What the trust rests on, in words."),
            .init("username", .string(maximumLength: 128), "Answers challenges; empty takes the password away, too."),
            .init("password", .string(maximumLength: 256), "Never answered."),
        ]
    }
}

extension ProvidersResource {
    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Provider",
                .answer([
                    ("id", .uuid), ("type", .string(values: ProviderType.allCases.map(\.rawValue))),
                    ("hostname", .text), ("tech_prefix", .text), ("tech_postfix", .text), ("tech_headers", .anyObject),
                    ("name", .text), ("detail", .text), ("metadata", .anyObject), ("codecs", .text),
                    ("health_status", .string(values: ["unknown", "healthy", "unhealthy"])),
                    ("health_checked_at", .nullable(.time)),
                    ("transport", .string(values: ProviderTransport.allCases.map(\.rawValue))),
                    ("priority", .integer(0...65_535)), ("weight", .integer(0...65_535)), ("customer_id", .uuid),
                    ("enabled", .boolean), ("emergency", .string(values: EmergencyUse.allCases.map(\.rawValue))),
                    ("trust_basis", .string(values: ProviderTrust.words)), ("trust_note", .text), ("username", .text),
                    ("tm_create", .time), ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
                ])
            )
        ]
    }

    static func json(_ provider: StoredProvider, deleted: WallTime? = nil) -> JSONValue {
        let trunk = provider.trunk
        let trust = ProviderTrust.parts(trunk.trust)
        let transport = trunk.findsTransport ? ProviderTransport.dns.rawValue : trunk.transport.rawValue
        return [
            "id": .string(trunk.id.description), "type": .string(ProviderType.sip.rawValue),
            "hostname": .string(ProviderHost.text(trunk)), "tech_prefix": .string(trunk.techPrefix),
            "tech_postfix": .string(trunk.techPostfix), "tech_headers": ProviderHeaders.json(trunk.identity.headers),
            "name": .string(trunk.name), "detail": .string(provider.detail), "metadata": [:],
            "codecs": .string(trunk.codecs.description), "health_status": "unknown", "health_checked_at": nil,
            "transport": .string(transport), "priority": .integer(Int64(trunk.priority)),
            "weight": .integer(Int64(trunk.weight)), "customer_id": .string((trunk.customer ?? .zero).description),
            "enabled": .boolean(trunk.isEnabled), "emergency": .string(trunk.emergency.rawValue),
            "trust_basis": .string(trust.basis), "trust_note": .string(trust.note),
            "username": .string(trunk.username ?? ""), "tm_create": Timestamp.json(provider.created),
            "tm_update": Timestamp.json(provider.updated), "tm_delete": Timestamp.json(deleted),
        ]
    }
}
