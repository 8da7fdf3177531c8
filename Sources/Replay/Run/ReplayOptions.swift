// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import DigestAuthentication
package import MonotonicTime
package import SIPTransaction

/// How a plan is played.
package struct ReplayOptions: Sendable {
    /// How much faster than captured; 1 keeps the capture's spacing, 0 sends as fast as answers allow.
    package var speed = 1.0
    /// How many dialogs are open at once, at least 1.
    package var concurrency = 50
    /// How long an answer is waited for beyond what it took in the capture.
    package var timeout = Interval.seconds(32)
    /// The timers of RFC 3261.
    package var timers = TimerConfiguration()
    /// Where requests go.
    package var server: LocalEndpoint
    /// What is written where the captured server's host stood: `example.com`, `127.0.0.1:5062`.
    package var domain: String

    /// Makes the usual options.
    package init(server: LocalEndpoint, domain: String) {
        self.server = server
        self.domain = domain
    }

    /// A time of the capture as it passes in the replay.
    func scaled(_ interval: Interval) -> Interval {
        guard speed > 0 else { return .milliseconds(0) }
        guard speed != 1 else { return interval }
        let milliseconds = (Double(interval.milliseconds) / speed).rounded()
        return .milliseconds(Int64(exactly: min(max(milliseconds, 0), 1e15)) ?? 0)
    }
}

/// What the clients of a capture prove themselves with.
package struct ReplaySecrets: Sendable {
    private struct Entry {
        let secret: DigestSecret
        /// The only realm the secret is good for; nil for every one.
        let realm: String?
    }

    private var entries: [String: [Entry]] = [:]
    private var aliases: [String: String] = [:]

    /// Makes a collection of nothing.
    package init() {}

    /// Adds a password, good for every realm; it is tried before stored hashes.
    package mutating func add(username: String, password: String) {
        entries[username, default: []].insert(Entry(secret: .password(password), realm: nil), at: 0)
    }

    /// Adds stored hashes, good for one realm.
    package mutating func add(username: String, hashes: HA1Set, realm: String?) {
        entries[username, default: []].append(Entry(secret: .hashes(hashes), realm: realm))
    }

    /// Adds another name of a user, as an extension or a number that stands in From.
    package mutating func add(alias: String, of username: String) {
        aliases[alias] = username
    }

    /// The first of the names that has a secret for any realm.
    func username(among names: [String]) -> String? {
        names.lazy.compactMap { entries[$0] != nil ? $0 : aliases[$0] }.first { entries[$0] != nil }
    }

    /// The secret of a user for a realm.
    func secret(of username: String, realm: String) -> DigestSecret? {
        entries[username]?.first { $0.realm == nil || $0.realm == realm }?.secret
    }
}
