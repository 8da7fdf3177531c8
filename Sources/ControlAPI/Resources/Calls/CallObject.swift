// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan

/// A call as answers and webhooks show it.
enum CallObject {
    private static let zero = JSONValue.string(ResourceIdentifier.zero.description)

    /// A call with every key of the documented object, in its order.
    static func json(_ call: StoredCall) -> JSONValue {
        let record = call.record
        return [
            "id": .string(record.id.description),
            "customer_id": .string(record.customer.description),
            "flow_id": identifier(call.flow),
            "activeflow_id": zero,
            "type": record.endpoint == nil ? "flow" : "sip-service",
            "master_call_id": identifier(call.master),
            "chained_call_ids": .array(call.chained.map { .string($0.id.description) }),
            "recording_id": zero,
            "recording_ids": [],
            "groupcall_id": zero,
            "source": source(record),
            "destination": CallAddress.json(
                record.destinationKind.name,
                record.destination,
                name: record.destinationKind == .extension ? record.destination : ""
            ),
            "status": .string(record.status.name),
            "direction": "outgoing",
            "mute_direction": "",
            "hangup_by": .string(record.hangupBy.name),
            "hangup_reason": .string(record.hangupReason.name),
            "tm_progressing": Timestamp.json(record.progressing),
            "tm_ringing": Timestamp.json(record.ringing),
            "tm_hangup": Timestamp.json(record.hangup),
            "tm_create": Timestamp.json(record.created),
            "tm_update": Timestamp.json(record.updated > record.created ? record.updated : nil),
            "tm_delete": Timestamp.json(call.deleted),
        ]
    }

    private static func identifier(_ id: ResourceIdentifier?) -> JSONValue {
        id.map { .string($0.description) } ?? zero
    }

    /// The real source, which a hidden caller keeps here; what was asked for where policy resolved none.
    private static func source(_ record: CallRecord) -> JSONValue {
        let shown = record.source.isEmpty ? record.sourceAsked : record.source
        if E164Number(shown) != nil { return CallAddress.json("tel", shown) }
        if record.source.isEmpty, record.isAnonymous { return CallAddress.json("tel", "anonymous", name: "Anonymous") }
        if shown.contains("@") { return CallAddress.json("sip", shown) }
        let type = record.endpoint == nil ? "tel" : "extension"
        return CallAddress.json(type, shown, name: record.endpoint == nil ? "" : record.callerUsername)
    }

    /// The form of the object.
    static let schema = Schema.answer([
        ("id", .uuid), ("customer_id", .uuid), ("flow_id", .uuid), ("activeflow_id", .uuid),
        ("type", .string(values: ["flow", "conference", "sip-service"])), ("master_call_id", .uuid),
        ("chained_call_ids", .array(.uuid)), ("recording_id", .uuid), ("recording_ids", .array(.uuid)),
        ("groupcall_id", .uuid), ("source", .reference("Address")), ("destination", .reference("Address")),
        ("status", .string(values: CallStatus.allCases.map(\.name))),
        ("direction", .string(values: ["incoming", "outgoing"])),
        ("mute_direction", .string(values: ["", "in", "out", "both"])),
        ("hangup_by", .string(values: HangupBy.allCases.map(\.name))),
        ("hangup_reason", .string(values: HangupReason.allCases.map(\.name))), ("tm_progressing", .nullable(.time)),
        ("tm_ringing", .nullable(.time)), ("tm_hangup", .nullable(.time)), ("tm_create", .time),
        ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
    ])

    /// The same object with its keys in the documented order again, after it was stored as text.
    static func inOrder(_ stored: JSONValue) -> JSONValue {
        guard case .object(let properties) = schema, let members = stored.members else { return stored }
        var ordered = JSONObject()
        for property in properties {
            var value = members[property.key]
            if property.key == "source" || property.key == "destination", let address = value?.members {
                value = .object(JSONObject(CallAddress.keys.compactMap { key in address[key].map { (key, $0) } }))
            }
            ordered[property.key] = value
        }
        return .object(ordered)
    }
}
