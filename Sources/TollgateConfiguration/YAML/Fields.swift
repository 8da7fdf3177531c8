// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// A decoded value and where it stands.
struct Located<Value> {
    var value: Value
    var position: SourcePosition
}

/// The keys of one mapping, taken one by one; what nobody took is an unknown key.
final class Fields {
    private struct Entry {
        let key: String
        let position: SourcePosition
        let value: Node
        var isTaken = false
    }

    let log: ProblemLog
    /// Where the mapping begins.
    let position: SourcePosition
    private var entries: [Entry] = []
    private var askedKeys: [String] = []

    /// Opens a mapping; any other node is logged under `name`, and nil.
    init?(_ node: Node, name: String, log: ProblemLog) {
        self.log = log
        position = node.position
        guard case .mapping(let mapping) = node else {
            let message = "`\(name)` must hold keys and values, not \(node.kindInWords)"
            log.add(message, "write each as `key: value` on a line of its own, indented", at: position)
            return nil
        }
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                log.add("a key must be a word, not \(key.kindInWords)", "write `key: value`", at: key.position)
                continue
            }
            guard !DuplicateKey.isMask(scalar.string) else { continue }
            entries.append(Entry(key: scalar.string, position: key.position, value: value))
        }
    }

    /// The node of a key, or nil when the mapping does not have it.
    func take(_ key: String) -> Node? {
        askedKeys.append(key)
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        entries[index].isTaken = true
        return entries[index].value
    }

    /// Whether the mapping has a key; does not take it.
    func has(_ key: String) -> Bool {
        entries.contains { $0.key == key }
    }

    /// Where a key stands, or the mapping's beginning when it does not have it.
    func position(of key: String) -> SourcePosition {
        entries.first { $0.key == key }?.position ?? position
    }

    /// Logs every key that nobody took.
    func finish() {
        for entry in entries where !entry.isTaken {
            log.add("unknown key `\(clipped(entry.key))`", remedy(for: entry.key), at: entry.position)
        }
    }

    private func remedy(for key: String) -> String {
        if key == "<<" { return "merge keys are not supported, write the keys out" }
        let free = askedKeys.filter { asked in !entries.contains { $0.key == asked } }
        if let nearest = Suggestion.nearest(to: key, among: free) { return "did you mean `\(nearest)`?" }
        return "known keys are \(askedKeys.joined(separator: ", "))"
    }
}

extension Fields {
    /// The value of a key with its place; nil when the key is absent, or wrong, which is logged.
    func located<Value>(_ key: String, _ type: ScalarType<Value>) -> Located<Value>? {
        guard let node = take(key) else { return nil }
        return type.read(node, name: key, log: log)
    }

    /// The value of a key; nil when the key is absent, or wrong, which is logged.
    func value<Value>(_ key: String, _ type: ScalarType<Value>) -> Value? {
        located(key, type)?.value
    }

    /// The value of a key that must be there; nil when it is absent or wrong, either of which is logged.
    func required<Value>(_ key: String, _ type: ScalarType<Value>, example: String) -> Located<Value>? {
        if !has(key) { log.add("missing key `\(key)`", "add for example `\(key): \(example)`", at: position) }
        return located(key, type)
    }

    /// The values of a list; nil when the key is absent. Wrong values are logged and left out.
    func list<Value>(_ key: String, _ type: ScalarType<Value>) -> [Located<Value>]? {
        nodes(key)?.compactMap { type.read($0, name: key, log: log) }
    }

    /// The nodes of a list; nil when the key is absent or not a list, which is logged.
    func nodes(_ key: String) -> [Node]? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let sequence) = node else {
            let message = "`\(key)` must be a list, not \(node.kindInWords)"
            log.add(
                message,
                "write `\(key): [first, second]`, or each on a line that begins with `- `",
                at: node.position
            )
            return nil
        }
        return Array(sequence)
    }

    /// Decodes the mapping under a key, its unknown keys included; nil when the key is absent or not a mapping.
    func section<Value>(_ key: String, _ decode: (Fields) -> Value) -> Value? {
        guard let node = take(key) else { return nil }
        return Fields.decode(node, name: key, log: log, decode)
    }

    /// Decodes a mapping with its unknown keys; nil when the node is not one.
    static func decode<Value>(_ node: Node, name: String, log: ProblemLog, _ decode: (Fields) -> Value) -> Value? {
        guard let fields = Fields(node, name: name, log: log) else { return nil }
        let value = decode(fields)
        fields.finish()
        return value
    }

    /// Logs a problem with the value of a key.
    func fault(_ key: String, _ message: String, _ remedy: String) {
        log.add(message, remedy, at: position(of: key))
    }
}
