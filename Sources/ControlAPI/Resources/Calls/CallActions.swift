// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI

/// Actions of a flow as third-party call control does them: this gateway carries signalling, not media.
enum CallActions {
    /// The parties that a list of actions has a call connected to once it is answered; empty when it has none.
    ///
    /// `answer` does nothing to a call that goes out, and `hangup` may stand at the end, where a call ends anyhow.
    ///
    /// - Parameters:
    ///   - actions: The list, its form checked before.
    ///   - field: What messages call it.
    /// - Returns: The parties, all rung at once.
    /// - Throws: 400 `INVALID_ACTION_TYPE` for what would need media or comes after the end, 400 for a wrong option.
    static func connections(_ actions: [JSONValue], field: String) throws(APIError) -> [CallConnection] {
        var found: [CallConnection] = []
        for (place, action) in actions.enumerated() {
            let name = "\(field)[\(place)]"
            let members = action.members ?? JSONObject()
            switch members["type"]?.text ?? "" {
            case "answer": continue
            case "connect":
                guard found.isEmpty else { throw refusal(name, "a call can be connected once") }
                found = try connections(of: BodyReader(members, path: name + "."))
            case "hangup":
                guard place == actions.count - 1 else { throw refusal(name, "`hangup` must be the last action") }
            case let type:
                throw refusal(
                    name,
                    "`\(type.prefix(64))` cannot be done: this gateway carries signalling only, no media; "
                        + "use answer, connect and hangup"
                )
            }
        }
        return found
    }

    private static func connections(of action: BodyReader) throws(APIError) -> [CallConnection] {
        guard let option = try action.object("option").value else {
            throw .invalid(action.name("option"), "`\(action.name("option"))` is missing: it names the destinations")
        }
        let (source, name) = try CallRequest.source(option)
        let anonymous = try CallRequest.anonymous(option)
        return try CallRequest.destinations(option).map {
            CallConnection(destination: $0, source: source, sourceName: name, anonymous: anonymous)
        }
    }

    private static func refusal(_ name: String, _ words: String) -> APIError {
        .invalid("\(name).type", "`\(name)`: \(words)", reason: "INVALID_ACTION_TYPE")
    }
}
