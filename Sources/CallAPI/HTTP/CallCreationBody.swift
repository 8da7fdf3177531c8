// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import CallStore
import Foundation

/// The body of `POST /calls`: who calls whom, and by which names the gateway knows the call.
package struct CallCreationBody: Encodable, Hashable, Sendable {
    /// One end of a call.
    package struct Address: Encodable, Hashable, Sendable {
        /// `tel`, `extension` or `sip`.
        package var type: String
        /// A number with `+`, an emergency number as dialled, a SIP URI, or an endpoint's identity.
        package var target: String
        /// The name of an extension; empty for other ends.
        package var targetName: String

        private enum CodingKeys: String, CodingKey {
            case type
            case target
            case targetName = "target_name"
        }
    }

    /// What the service would do with an answered call; nothing, since the gateway carries it.
    package struct Action: Encodable, Hashable, Sendable {}

    /// The caller as policy resolved it, whether or not the callee may see it.
    package let source: Address
    /// The callee, one.
    package let destinations: [Address]
    /// `yes` when the callee may not see the source, else `no`.
    package let anonymous: String
    /// Always empty.
    package let actions: [Action]
    /// The gateway's own names: `tollgate.call_id`, `tollgate.customer_id`, `tollgate.endpoint_id`,
    /// `tollgate.endpoint`, and `tollgate.emergency` on an emergency call.
    package let variables: [String: String]

    /// Describes a call.
    package init(_ record: CallRecord) {
        source = Self.source(of: record)
        destinations = [Self.destination(of: record)]
        anonymous = record.isAnonymous ? "yes" : "no"
        actions = []
        var variables = [
            "tollgate.call_id": "\(record.id)",
            "tollgate.customer_id": "\(record.customer)",
            "tollgate.endpoint": record.callerUsername,
        ]
        if let endpoint = record.endpoint { variables["tollgate.endpoint_id"] = "\(endpoint)" }
        if record.destinationKind == .emergency { variables["tollgate.emergency"] = "yes" }
        self.variables = variables
    }

    /// The body as JSON, its keys in order.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    private static func source(of record: CallRecord) -> Address {
        if record.source.hasPrefix("+") { return Address(type: "tel", target: record.source, targetName: "") }
        return Address(
            type: "extension",
            target: record.endpoint.map { "\($0)" } ?? "",
            targetName: record.source.isEmpty ? record.callerUsername : record.source
        )
    }

    private static func destination(of record: CallRecord) -> Address {
        switch record.destinationKind {
        case .tel: Address(type: "tel", target: record.destination, targetName: "")
        case .extension: Address(type: "extension", target: record.destination, targetName: record.destination)
        case .emergency where !record.destination.hasPrefix("urn:"):
            Address(type: "tel", target: record.destination, targetName: "")
        case .sip, .emergency, .unknown: Address(type: "sip", target: record.destination, targetName: "")
        }
    }
}
