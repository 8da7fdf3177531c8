// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy

/// The body of `POST /calls`, checked as far as it can be without the store.
struct CallRequest: Sendable {
    /// The number or address to be shown; empty for none.
    let source: String
    /// The name to be shown; empty for none.
    let sourceName: String
    /// Where to, in the order asked for.
    let destinations: [PlacedDestination]
    /// Whether the caller is hidden.
    let anonymous: AnonymousSetting
    /// The flow to follow; nil for none.
    let flow: ResourceIdentifier?
    /// What to do when the call is answered; nil when the request has no such key.
    let actions: [JSONValue]?

    /// The most destinations of one request.
    static let maximumDestinations = 50
    /// The most actions of one list.
    static let maximumActions = 1000

    /// Reads and checks the body.
    init(_ body: BodyReader) throws(APIError) {
        (source, sourceName) = try Self.source(body)
        destinations = try Self.destinations(body)
        anonymous = try Self.anonymous(body)
        let flow = try body.identifier("flow_id").value ?? .zero
        self.flow = flow == .zero ? nil : flow
        if let given = try body.array("actions", maximumCount: Self.maximumActions).value {
            actions = try FlowActions.validated(given, field: body.name("actions"))
        } else {
            actions = nil
        }
        try Self.checkVariables(body)
    }

    /// The source of a call or of a connection: number or address, and name.
    static func source(_ body: BodyReader) throws(APIError) -> (String, String) {
        guard let reader = try body.object("source").value else { return ("", "") }
        let address = try CallAddress(reader)
        return (try address.source(), address.targetName)
    }

    /// The destinations of a call or of a connection: 1 to 50.
    static func destinations(_ body: BodyReader) throws(APIError) -> [PlacedDestination] {
        let readers = try body.objects("destinations", maximumCount: maximumDestinations).value ?? []
        let name = body.name("destinations")
        guard !readers.isEmpty else { throw .invalid(name, "`\(name)` is missing or empty: name at least one") }
        var found: [PlacedDestination] = []
        for reader in readers { found.append(try CallAddress(reader).destination()) }
        return found
    }

    /// The key `anonymous`; `auto` when it is absent or empty.
    static func anonymous(_ body: BodyReader) throws(APIError) -> AnonymousSetting {
        guard let text = try body.string("anonymous").value, !text.isEmpty else { return .auto }
        guard let setting = AnonymousSetting(rawValue: text) else {
            let name = body.name("anonymous")
            throw .invalid(name, "`\(name)` must be `yes`, `no` or `auto`", reason: "INVALID_ANONYMOUS_VALUE")
        }
        return setting
    }

    /// Variables serve flows that run here, of which there are none yet; what they may be is checked all the same.
    private static func checkVariables(_ body: BodyReader) throws(APIError) {
        guard let variables = try body.object("variables").value?.object.members else { return }
        let name = body.name("variables")
        func wrong(_ words: String) -> APIError { .invalid(name, "`\(name)` \(words)", reason: "INVALID_VARIABLES") }
        guard variables.count <= 100 else { throw wrong("may have 100 keys at most") }
        var total = 0
        for variable in variables {
            guard let value = variable.value.text else { throw wrong("may have texts only as values") }
            guard value.utf8.count <= 32_768 else { throw wrong("may have values of 32768 octets at most") }
            total += variable.key.utf8.count + value.utf8.count
        }
        guard total <= 65_536 else { throw wrong("may have 65536 octets at most") }
    }

    /// The form of the body.
    static let schema = Schema.object([
        .init("source", .reference("AddressBody"), "Who calls: one of the customer's own numbers."),
        .init(
            "destinations",
            .array(.reference("AddressBody"), maximumCount: maximumDestinations),
            required: true,
            "Where to: a call for each."
        ), .init("flow_id", .string(maximumLength: 255), "The flow to follow; goes before `actions`."),
        .init(
            "actions",
            .array(.anyObject, maximumCount: maximumActions),
            "What to do on answer: answer, connect, hangup."
        ),
        .init("anonymous", .string(values: AnonymousSetting.allCases.map(\.rawValue)), "Whether the caller is hidden."),
        .init("variables", .anyObject, "Texts by name; 100 at most, 64 KiB in all."),
    ])
}
