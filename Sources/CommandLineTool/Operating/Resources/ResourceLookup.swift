// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import ControlAPI

/// Finds things by what people call them.
struct ResourceLookup: Sendable {
    /// The most things among which a name is looked for.
    private static let most = 100_000

    let client: APIClient

    /// The identity of the thing that is called so; an identity stands for itself.
    ///
    /// - Throws: `CommandFailure` when nothing, or more than one thing, is called so.
    func identifier(_ name: String, of kind: ResourceKind, query: [(String, String)] = []) async throws -> String {
        if let identifier = ResourceIdentifier(name) { return identifier.description }
        let rows = try await client.list(kind.path, query: query, limit: Self.most).rows.map { ResourceObject($0) }
        return try Self.match(name, among: rows, of: kind)
    }

    /// The identity of the one thing that is called so by the first key that any is called so by.
    static func match(_ name: String, among rows: [ResourceObject], of kind: ResourceKind) throws -> String {
        let shown = PlainText.harmless(name)
        for key in kind.nameKeys {
            let found = rows.filter { $0[key]?.text == name }
            if found.count > 1 {
                let words = "\(found.count) \(kind.plural) are called `\(shown)`; give the id of one"
                throw CommandFailure(words, status: .unanswerable)
            }
            if let identifier = found.first?["id"]?.text { return identifier }
        }
        let advice = "`tollgate \(kind.command) list` shows those there are"
        throw CommandFailure("there is no \(kind.noun) `\(shown)`; \(advice)", status: .unanswerable)
    }

    /// The body that fields make, with identities in place of names.
    ///
    /// - Parameters:
    ///   - fields: The fields; what is nil is left out.
    ///   - scope: The query that limits where names of numbers are looked for.
    /// - Returns: The body.
    /// - Throws: `CommandFailure` when a name fits nothing, or more than one thing.
    func body(_ fields: [BodyField?], scope: [(String, String)] = []) async throws -> JSONObject {
        var body = JSONObject()
        for field in fields.compactMap({ $0 }) {
            switch field.value {
            case .json(let value): body[field.key] = value
            case .reference("none", _): body[field.key] = .string(ResourceIdentifier.zero.description)
            case .reference(let name, let kind):
                let query = kind == .number ? scope : []
                body[field.key] = .string(try await identifier(name, of: kind.kind, query: query))
            }
        }
        return body
    }

    /// The names of the things that columns of rows refer to; a kind that may not be asked for is left out.
    func names(
        for rows: [ResourceObject],
        in columns: [ResourceColumn]
    ) async throws -> [ReferencedKind: [String: String]] {
        var names: [ReferencedKind: [String: String]] = [:]
        for column in columns {
            guard case .reference(let key, let kind) = column.content, names[kind] == nil else { continue }
            guard rows.contains(where: { !$0.text(key).isEmpty }) else {
                names[kind] = [:]
                continue
            }
            do {
                let found = try await client.list(kind.kind.path, limit: 1000).rows.map { ResourceObject($0) }
                let pairs = found.map { ($0.text("id"), kind.kind.label($0)) }
                names[kind] = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            } catch let failure as CommandFailure where failure.status != .unavailable {
                continue
            }
        }
        return names
    }
}
