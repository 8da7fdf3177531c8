// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// The actions of a flow, as they are taken from a request.
enum FlowActions {
    /// The most actions of a flow.
    static let maximumCount = 1000

    /// The types of action that the documents name.
    static let types: Set<String> = [
        "ai_summary", "ai_talk", "ai_task", "amd", "answer", "beep", "block", "branch", "call", "case_create",
        "condition_call_digits", "condition_call_status", "condition_datetime", "condition_variable",
        "confbridge_join", "conference_join", "connect", "conversation_send", "digits_receive", "digits_send",
        "dtmf_send", "echo", "email_send", "external_media_start", "external_media_stop", "fetch", "fetch_flow",
        "goto", "hangup", "message_send", "mute", "play", "queue_join", "recording_start", "recording_stop", "sleep",
        "stop", "stream_echo", "talk", "transcribe_recording", "transcribe_start", "transcribe_stop", "variable_set",
        "webhook_send",
    ]

    /// Checks a list of actions and gives those an identity that have none.
    ///
    /// - Parameters:
    ///   - actions: The list as it was sent.
    ///   - field: Its name in messages.
    /// - Returns: The list as it is stored.
    /// - Throws: 400 `INVALID_ACTION_TYPE`, `INVALID_ANONYMOUS_VALUE`, `INVALID_ID` or `INVALID_ARGUMENT`.
    static func validated(_ actions: [JSONValue], field: String) throws(APIError) -> [JSONValue] {
        guard actions.count <= maximumCount else {
            throw .invalid(field, "`\(field)` may have \(maximumCount) elements at most")
        }
        var checked: [JSONValue] = []
        for (place, action) in actions.enumerated() {
            checked.append(try validated(action, "\(field)[\(place)]"))
        }
        return checked
    }

    private static func validated(_ action: JSONValue, _ field: String) throws(APIError) -> JSONValue {
        guard var members = action.members else { throw .invalid(field, "`\(field)` must be an object") }
        let reader = BodyReader(members, path: field + ".")
        let type = try reader.string("type", maximum: 64).value ?? ""
        guard types.contains(type) else {
            throw .invalid(
                reader.name("type"),
                type.isEmpty
                    ? "`\(reader.name("type"))` is missing or empty"
                    : "`\(type)` is no type of action; `connect`, `hangup`, `talk` are some",
                reason: "INVALID_ACTION_TYPE"
            )
        }
        let id = try reader.identifier("id").value ?? .zero
        members["id"] = .string((id == .zero ? newIdentifier() : id).description)
        if let next = try reader.identifier("next_id").value { members["next_id"] = .string(next.description) }
        if let option = try reader.object("option").value, type == "connect" || type == "call" {
            try checkAnonymous(option)
            if let inner = try option.array("actions", maximumCount: maximumCount).value {
                _ = try validated(inner, field: option.name("actions"))
            }
        }
        return .object(members)
    }

    /// `""` counts as left out, as the reference service has it.
    private static func checkAnonymous(_ option: BodyReader) throws(APIError) {
        guard let word = try option.string("anonymous").value, !word.isEmpty else { return }
        guard AnonymousSetting(rawValue: word) != nil else {
            throw .invalid(
                option.name("anonymous"),
                "`\(option.name("anonymous"))` must be `yes`, `no` or `auto`",
                reason: "INVALID_ANONYMOUS_VALUE"
            )
        }
    }

    private static func newIdentifier() -> ResourceIdentifier {
        var randomness = SystemRandomNumberGenerator()
        return ResourceIdentifier(random: (randomness.next(), randomness.next()))
    }
}
