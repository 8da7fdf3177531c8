// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Yams

extension TrunkOperation {
    /// The keys of a trunk that say how it is watched over, limited and registered at.
    ///
    /// - Parameters:
    ///   - fields: The trunk's keys.
    ///   - hasAccount: Whether the trunk has a user name of its own.
    init(trunk fields: Fields, hasAccount: Bool) {
        self.init()
        health = fields.sectionOrOff("health", default: nil, TrunkHealthSettings.init(section:))
        breaker = fields.sectionOrOff("breaker", default: breaker, TrunkBreakerSettings.init(section:))
        limits.concurrentCalls = fields.value("concurrent_calls", .integer(1...1_000_000))
        limits.callsPerSecond = fields.value("calls_per_second", .integer(1...100_000))
        registration = fields.sectionOrOff("register", default: nil) {
            TrunkRegistrationSettings(section: $0, hasAccount: hasAccount)
        }
    }
}

extension TrunkHealthSettings {
    fileprivate init(section fields: Fields) {
        self.init()
        let interval = fields.located("interval_seconds", .integer(1...3600))
        self.interval = interval?.value ?? self.interval
        let timeout = fields.located("timeout_seconds", .integer(1...32))
        self.timeout = timeout?.value ?? min(self.timeout, self.interval)
        failures = fields.value("failures", .integer(1...100)) ?? failures
        successes = fields.value("successes", .integer(1...100)) ?? successes
        guard let timeout, timeout.value > self.interval else { return }
        let message = "`timeout_seconds` is \(timeout.value), more than `interval_seconds`, \(self.interval)"
        fields.log.add(message, "lower it: an answer must be there before the next request", at: timeout.position)
    }
}

extension TrunkBreakerSettings {
    fileprivate init(section fields: Fields) {
        self.init()
        failures = fields.value("failures", .integer(1...1000)) ?? failures
        seconds = fields.value("seconds", .integer(1...3600)) ?? seconds
    }
}

extension TrunkRegistrationSettings {
    fileprivate init(section fields: Fields, hasAccount: Bool) {
        self.init()
        expires = fields.value("expires_seconds", .integer(60...86_400)) ?? expires
        username = fields.value("username", .token("a user name", marks: "-_.!~*'()&=+$,;?/", 1...128))
        password = fields.value("password", .text(1...256)).map(Secret.init(_:))
        domain = fields.value("domain", .host)
        contactUser = fields.value("contact_user", .token("a user name", marks: "-_.!~*'()+", 1...128))
        isRequired = fields.value("required", .boolean) ?? isRequired
        if fields.has("password"), !fields.has("username") {
            fields.fault("password", "`password` stands without `username`", "add it, or remove both")
        } else if !fields.has("username"), !hasAccount {
            let message = "`register` has no `username`, and the trunk has none either"
            fields.fault("register", message, "add `username` and `password` to `register`, or to the trunk")
        }
    }
}

extension Fields {
    /// A section, or `off` in its place, which is nil.
    fileprivate func sectionOrOff<Value>(
        _ key: String,
        default absent: Value?,
        _ decode: (Fields) -> Value
    ) -> Value? {
        guard let node = take(key) else { return absent }
        if case .scalar(let scalar) = node {
            if scalar.string != "off" {
                let message = "`\(key)` is `\(clipped(scalar.string))`, neither `off` nor a section"
                log.add(message, "write `\(key): off`, or the keys of `\(key)` below it", at: node.position)
            }
            return nil
        }
        return Fields.decode(node, name: key, log: log, decode)
    }
}
