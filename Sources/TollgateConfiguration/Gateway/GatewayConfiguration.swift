// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import DigestAuthentication
package import MonotonicTime

/// The configuration of a running gateway: the file that `tollgate serve --config` reads.
///
/// Every key has a default; `config/gateway.example.yaml` shows and explains them all.
package struct GatewayConfiguration: Hashable, Sendable {
    /// Where SIP is spoken, and under which names.
    package var sip = SIPSettings()
    /// How TLS is done where listeners and trunks say nothing of their own.
    package var security = SecuritySettings()
    /// How many shards carry calls.
    package var shards = ShardCount.automatic
    /// How long things may take.
    package var timers = TimerSettings()
    /// How names of trunks and other peers are looked up.
    package var dns = NameServerSettings()
    /// How much is accepted.
    package var limits = LimitSettings()
    /// How endpoints are challenged.
    package var digest = DigestSettings()
    /// How long bindings last.
    package var registrar = RegistrarSettings()
    /// Where calls and accounts are kept.
    package var store = StoreSettings()
    /// What is logged.
    package var logging = LoggingSettings()
    /// The deployment's policy.
    package var policy = PolicySettings()
    /// Where approved calls are created.
    package var callAPI = CallAPISettings()
    /// The answering trunk inside the process.
    package var demoTrunk = DemoTrunkSettings()
    /// The HTTP API; nil for none.
    package var controlAPI: ControlAPIConfiguration?
    /// The provisioning file applied at start; relative paths are already resolved. Nil for none.
    package var provisioning: String?
    /// What `serve` prints below the list of listeners, one or more lines; nil for nothing.
    package var greeting: String?
    /// How long calls in progress may go on after the order to stop.
    package var drain = Interval.seconds(30)

    /// Makes a configuration of defaults: UDP and TCP on 127.0.0.1:5060.
    package init() {}

    /// What decisions depend on: the policy's rules, and the names that mean this gateway.
    package var rules: DeploymentRules {
        var rules = policy.rules
        rules.localNames = Set(sip.localNames.map { $0.lowercased() })
        return rules
    }
}

/// Where the gateway speaks SIP, and under which names.
package struct SIPSettings: Hashable, Sendable {
    /// The sockets that are opened, never empty.
    package var listeners: [ListenerSettings] = [ListenerSettings(transport: .udp), ListenerSettings(transport: .tcp)]
    /// Host names that mean this gateway, in lower case, besides the listeners' addresses.
    package var domains: [String] = []
    /// The realm of digest challenges.
    package var realm = "tollgate"
    /// The User-Agent and Server header field.
    package var userAgent = "Tollgate"

    /// Makes the default settings.
    package init() {}

    /// Every host name and address that means this gateway, in lower case and without brackets.
    package var localNames: Set<String> {
        var names = Set(domains)
        for listener in listeners {
            names.insert(listener.address)
            if let advertised = listener.advertisedAddress { names.insert(advertised) }
        }
        return names
    }
}

/// One socket that SIP is received on.
package struct ListenerSettings: Hashable, Sendable {
    /// The transport protocol.
    package var transport: SIPTransportProtocol
    /// The IP address it binds to, without brackets.
    package var address: String
    /// The port, 1 to 65535.
    package var port: Int
    /// The name or address written into Via and Contact instead of `address`; nil writes `address`.
    package var advertisedAddress: String?
    /// The certificates of a TLS listener; nil for other transports, never for TLS.
    package var security: ListenerSecurity?

    /// Makes a listener; by default on 127.0.0.1:5060.
    package init(
        transport: SIPTransportProtocol,
        address: String = "127.0.0.1",
        port: Int = 5060,
        advertisedAddress: String? = nil,
        security: ListenerSecurity? = nil
    ) {
        self.transport = transport
        self.address = address
        self.port = port
        self.advertisedAddress = advertisedAddress
        self.security = security
    }
}

/// How many shards carry calls.
package enum ShardCount: Hashable, Sendable {
    /// One for each core.
    case automatic
    /// So many, 1 to 256.
    case exactly(Int)
}

/// How long things may take.
package struct TimerSettings: Hashable, Sendable {
    /// The round-trip estimate T1 (RFC 3261 §17.1.1.1).
    package var t1 = Interval.milliseconds(500)
    /// The longest retransmission interval T2 (RFC 3261 §17.1.2.2).
    package var t2 = Interval.milliseconds(4000)
    /// How long messages stay in the network, T4 (RFC 3261 §17.1.2.2).
    package var t4 = Interval.milliseconds(5000)
    /// How long one attempt may go unanswered before the next route is tried.
    package var dialTimeout = Interval.seconds(60)
    /// How long a server of a name that has others may go without a sign of life before the next one is tried (RFC 3263
    /// §4.3).
    package var targetTimeout = Interval.milliseconds(4000)
    /// Timer C: how long an INVITE with provisional responses may stay pending (RFC 3261 §16.6 item 11).
    package var timerC = Interval.seconds(180)
    /// How long an answered call may last.
    package var maximumCallDuration = Interval.seconds(3600)
    /// How long an answered call whose ends keep no session timer may go without a sign of life from one of them:
    /// 90 s or more (RFC 4028 §4), or zero for as long as it likes.
    package var sessionInterval = Interval.seconds(1800)

    /// Makes the default settings.
    package init() {}
}

/// How much is accepted of one message, one peer and all together.
package struct LimitSettings: Hashable, Sendable {
    /// Header lines of a message.
    package var maximumHeaderLines = 128
    /// Elements of one comma-separated header field.
    package var maximumListElements = 64
    /// Parameters of one element.
    package var maximumParameters = 32
    /// Bytes from the start line to the empty line.
    package var maximumHeaderBytes = 16_384
    /// Bytes of a whole message.
    package var maximumMessageBytes = 65_535
    /// Calls in progress in the process; nil for no limit.
    package var maximumConcurrentCalls: Int?
    /// TCP connections from one address.
    package var tcpConnectionsPerPeer = 64
    /// How long a TCP connection may stay silent.
    package var tcpIdle = Interval.seconds(120)
    /// TCP connections in the process.
    package var maximumTCPConnections = 4096

    /// Makes the default settings.
    package init() {}
}

/// How endpoints are challenged (RFC 8760).
package struct DigestSettings: Hashable, Sendable {
    /// The algorithms offered, the preferred first; never empty.
    package var algorithms: [DigestAlgorithm] = [.sha256, .md5]
    /// How long a nonce is good.
    package var nonceLifetime = Interval.seconds(300)

    /// Makes the default settings.
    package init() {}
}

/// How long bindings last (RFC 3261 §10.3), and how many there may be.
package struct RegistrarSettings: Hashable, Sendable {
    /// A shorter wish is answered with 423.
    package var minimumExpires = Interval.seconds(60)
    /// What a wish for nothing gets.
    package var defaultExpires = Interval.seconds(3600)
    /// A longer wish is shortened.
    package var maximumExpires = Interval.seconds(7200)
    /// Bindings of one address of record.
    package var maximumContacts = 10

    /// Makes the default settings.
    package init() {}
}

/// Where calls and accounts are kept.
package struct StoreSettings: Hashable, Sendable {
    /// The database file; a relative path starts from the process's working directory.
    package var path = "var/tollgate.db"
    /// How long a commit waits for more work to join it.
    package var gather = Interval.milliseconds(8)

    /// Makes the default settings.
    package init() {}
}

/// What is logged.
package struct LoggingSettings: Hashable, Sendable {
    /// The least severe level that is written.
    package var level = LogLevel.info
    /// How callers' numbers appear.
    package var callerNumbers = CallerNumberDisplay.masked

    /// Makes the default settings.
    package init() {}
}

/// Severity, the least first; the names are swift-log's.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

/// How callers' numbers appear in the log; call records keep them whole.
package enum CallerNumberDisplay: String, Sendable, CaseIterable {
    /// Whole.
    case full
    /// The last digits hidden.
    case masked
    /// Not at all.
    case none
}

/// The deployment's policy.
package struct PolicySettings: Hashable, Sendable {
    /// The rules as the section has them; decisions are made by the configuration's `rules`.
    package var rules = DeploymentRules()
    /// Header fields that cross SIP legs besides the ones that always do, as written in the file.
    package var passHeaders: [String] = []

    /// Makes the default settings.
    package init() {}
}

/// The answering trunk inside the process, for trying the gateway without a carrier.
package struct DemoTrunkSettings: Hashable, Sendable {
    /// Whether it runs.
    package var isEnabled = false
    /// The IP address it binds to, without brackets.
    package var address = "127.0.0.1"
    /// The UDP port it binds to.
    package var port = 5070

    /// Makes the default settings.
    package init() {}
}
