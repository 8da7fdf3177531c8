// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

extension ChangeWords {
    /// Compares how two trunks are watched over, limited and registered at, in the words of the provisioning file.
    mutating func compare(_ stored: TrunkOperation, _ declared: TrunkOperation) {
        compare("health", stored.health, declared.health) { health in
            guard let health else { return "off" }
            return "every \(health.interval) s within \(health.timeout) s, "
                + "down after \(health.failures), up after \(health.successes)"
        }
        compare("breaker", stored.breaker, declared.breaker) { breaker in
            breaker.map { "\($0.failures) failures, \($0.seconds) s" } ?? "off"
        }
        compare("concurrent_calls", stored.limits.concurrentCalls, declared.limits.concurrentCalls, Self.count)
        compare("calls_per_second", stored.limits.callsPerSecond, declared.limits.callsPerSecond, Self.count)
        var (former, next) = (stored.registration, declared.registration)
        compareSecret("register password", former?.password, next?.password)
        former?.password = nil
        next?.password = nil
        compare("register", former, next) { $0.map(Self.words) ?? "off" }
    }

    private static func count(_ value: Int?) -> String {
        value.map(String.init) ?? ""
    }

    private static func words(_ registration: TrunkRegistrationSettings) -> String {
        var words = ["\(registration.expires) s"]
        if let username = registration.username { words.append("username \(username)") }
        if let domain = registration.domain { words.append("domain \(domain)") }
        if let user = registration.contactUser { words.append("contact_user \(user)") }
        if registration.isRequired { words.append("required") }
        return words.joined(separator: ", ")
    }
}
