// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// The HTTP API by which customers, numbers, rules and calls are managed.
package struct ControlAPIConfiguration: Hashable, Sendable {
    /// So many requests at once, and so many in a while from then on; zero of either is no limit.
    package struct Rate: Hashable, Sendable {
        /// Requests in the while that the limit's name says.
        package var count: Int
        /// Requests at once.
        package var burst: Int

        /// Makes a rate.
        package init(count: Int, burst: Int) {
            self.count = count
            self.burst = burst
        }
    }

    /// Whether it runs.
    package var isEnabled = true
    /// The IP address it listens on, without brackets.
    package var address = "127.0.0.1"
    /// The TCP port it listens on.
    package var port = 8080
    /// How long a token holds.
    package var tokenLifetime = Interval.seconds(7 * 86_400)
    /// The longest body of a request, in octets.
    package var maximumBodyBytes = 1_048_576
    /// Whether webhooks may go to loopback, private and other reserved addresses.
    package var allowsPrivateWebhooks = false
    /// Logins a second from one address.
    package var authenticationsPerAddress = Rate(count: 10, burst: 20)
    /// Attempts to log in a minute under one user name.
    package var loginsPerUsername = Rate(count: 6, burst: 10)
    /// Requests a second from one address.
    package var requestsPerAddress = Rate(count: 200, burst: 400)
    /// Requests a second of one customer.
    package var requestsPerCustomer = Rate(count: 17, burst: 33)

    /// Makes the default settings.
    package init() {}

    /// Whether it can be reached from this machine alone.
    package var isLocal: Bool {
        address.hasPrefix("127.") || address == "::1"
    }
}

extension ControlAPIConfiguration {
    init(_ fields: Fields) {
        self.init()
        isEnabled = fields.value("enabled", .boolean) ?? isEnabled
        address = fields.value("address", .address)?.text ?? address
        port = fields.value("port", .integer(1...65_535)) ?? port
        let hours = fields.value("token_lifetime_hours", .integer(1...8760))
        tokenLifetime = hours.map { .seconds(Int64($0) * 3600) } ?? tokenLifetime
        maximumBodyBytes = fields.value("max_body_bytes", .integer(16_384...16_777_216)) ?? maximumBodyBytes
        allowsPrivateWebhooks = fields.value("allow_private_webhooks", .boolean) ?? allowsPrivateWebhooks
        guard let limits = fields.section("rate_limits", { $0.rates(self) }) else { return }
        authenticationsPerAddress = limits.authenticationsPerAddress
        loginsPerUsername = limits.loginsPerUsername
        requestsPerAddress = limits.requestsPerAddress
        requestsPerCustomer = limits.requestsPerCustomer
    }
}

extension Fields {
    /// The configuration with the rates that are given here.
    fileprivate func rates(_ configuration: ControlAPIConfiguration) -> ControlAPIConfiguration {
        var configuration = configuration
        rate("auth_per_address", "per_second", &configuration.authenticationsPerAddress)
        rate("logins_per_username", "per_minute", &configuration.loginsPerUsername)
        rate("requests_per_address", "per_second", &configuration.requestsPerAddress)
        rate("requests_per_customer", "per_second", &configuration.requestsPerCustomer)
        return configuration
    }

    private func rate(_ key: String, _ unit: String, _ rate: inout ControlAPIConfiguration.Rate) {
        let given = section(key) { fields in
            (fields.value(unit, .integer(0...1_000_000)), fields.value("burst", .integer(0...1_000_000)))
        }
        rate.count = given?.0 ?? rate.count
        rate.burst = given?.1 ?? rate.burst
    }
}
