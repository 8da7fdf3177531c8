// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime

extension TimerSettings {
    init(_ fields: Fields) {
        self.init()
        t1 = fields.value("t1_ms", .milliseconds(10...10_000)) ?? t1
        t2 = fields.value("t2_ms", .milliseconds(10...60_000)) ?? t2
        t4 = fields.value("t4_ms", .milliseconds(10...60_000)) ?? t4
        dialTimeout = fields.value("dial_timeout_seconds", .seconds(1...600)) ?? dialTimeout
        targetTimeout = fields.value("target_timeout_milliseconds", .milliseconds(100...32_000)) ?? targetTimeout
        timerC = fields.value("timer_c_seconds", .seconds(60...3600)) ?? timerC
        maximumCallDuration = fields.value("max_call_duration_seconds", .seconds(1...604_800)) ?? maximumCallDuration
        sessionInterval = fields.value("session_interval_seconds", .sessionInterval) ?? sessionInterval
        if t2 < t1 {
            let values = "`t2_ms` (\(t2.milliseconds)) is less than `t1_ms` (\(t1.milliseconds))"
            fields.fault("t2_ms", values, "raise t2_ms, or lower t1_ms")
        }
    }
}

extension ScalarType where Value == Interval {
    /// Zero, or what RFC 4028 §4 allows a session timer to be.
    fileprivate static var sessionInterval: ScalarType {
        let seconds = ScalarType.seconds(90...86_400)
        return ScalarType("a number of seconds") { text throws(ScalarFault) in
            if text == "0" { return .seconds(0) }
            do throws(ScalarFault) {
                return try seconds.convert(text)
            } catch {
                throw ScalarFault(error.message, "write 0 for no limit, or " + error.remedy)
            }
        }
    }
}

extension LimitSettings {
    init(_ fields: Fields) {
        self.init()
        maximumHeaderLines = fields.value("max_header_lines", .integer(16...1024)) ?? maximumHeaderLines
        maximumListElements = fields.value("max_list_elements", .integer(8...1024)) ?? maximumListElements
        maximumParameters = fields.value("max_parameters", .integer(8...256)) ?? maximumParameters
        maximumHeaderBytes = fields.value("max_header_bytes", .integer(2048...65_535)) ?? maximumHeaderBytes
        maximumMessageBytes = fields.value("max_message_bytes", .integer(4096...65_535)) ?? maximumMessageBytes
        maximumConcurrentCalls = fields.value("max_concurrent_calls", .integer(1...1_000_000))
        tcpConnectionsPerPeer = fields.value("tcp_connections_per_peer", .integer(1...65_535)) ?? tcpConnectionsPerPeer
        tcpIdle = fields.value("tcp_idle_seconds", .seconds(5...86_400)) ?? tcpIdle
        maximumTCPConnections = fields.value("max_tcp_connections", .integer(1...1_000_000)) ?? maximumTCPConnections
        check(fields)
    }

    private func check(_ fields: Fields) {
        if maximumHeaderBytes > maximumMessageBytes {
            let values = "(\(maximumHeaderBytes)) is more than `max_message_bytes` (\(maximumMessageBytes))"
            fields.fault("max_header_bytes", "`max_header_bytes` \(values)", "lower it, or raise max_message_bytes")
        }
        if tcpConnectionsPerPeer > maximumTCPConnections {
            let values = "(\(tcpConnectionsPerPeer)) is more than `max_tcp_connections` (\(maximumTCPConnections))"
            let remedy = "lower it, or raise max_tcp_connections"
            fields.fault("tcp_connections_per_peer", "`tcp_connections_per_peer` \(values)", remedy)
        }
    }
}

extension DigestSettings {
    init(_ fields: Fields) {
        self.init()
        algorithms = fields.algorithms("algorithms") ?? algorithms
        nonceLifetime = fields.value("nonce_seconds", .seconds(10...86_400)) ?? nonceLifetime
    }
}

extension Fields {
    /// A list of digest algorithms, each once; nil when absent, empty or wrong.
    func algorithms(_ key: String) -> [DigestAlgorithm]? {
        guard let located = list(key, .algorithm) else { return nil }
        if located.isEmpty, log.isEmpty {
            fault(key, "`\(key)` names no algorithm", "write for example `\(key): [SHA-256, MD5]`")
        }
        var algorithms: [DigestAlgorithm] = []
        for algorithm in located {
            if algorithms.contains(algorithm.value) {
                log.add("`\(key)` holds \(algorithm.value.token) twice", "keep one of them", at: algorithm.position)
            } else {
                algorithms.append(algorithm.value)
            }
        }
        return algorithms.isEmpty ? nil : algorithms
    }
}

extension RegistrarSettings {
    init(_ fields: Fields) {
        self.init()
        minimumExpires = fields.value("min_expires", .seconds(1...86_400)) ?? minimumExpires
        defaultExpires = fields.value("default_expires", .seconds(1...86_400)) ?? defaultExpires
        maximumExpires = fields.value("max_expires", .seconds(1...604_800)) ?? maximumExpires
        maximumContacts = fields.value("max_contacts", .integer(1...100)) ?? maximumContacts
        guard defaultExpires < minimumExpires || maximumExpires < defaultExpires else { return }
        let values = [minimumExpires, defaultExpires, maximumExpires].map { "\($0.milliseconds / 1000)" }
        let message = "min_expires, default_expires and max_expires are \(values.joined(separator: ", "))"
        fields.log.add(message, "each must be at least the one before", at: fields.position)
    }
}

extension StoreSettings {
    init(_ fields: Fields) {
        self.init()
        path = fields.value("path", .text(1...4096)) ?? path
        gather = fields.value("gather_ms", .milliseconds(0...100)) ?? gather
    }
}

extension LoggingSettings {
    init(_ fields: Fields) {
        self.init()
        level = fields.value("level", ScalarType<LogLevel>.word()) ?? level
        callerNumbers = fields.value("caller_numbers", ScalarType<CallerNumberDisplay>.word()) ?? callerNumbers
    }
}

extension DemoTrunkSettings {
    init(_ fields: Fields) {
        self.init()
        isEnabled = fields.value("enabled", .boolean) ?? isEnabled
        address = fields.value("address", .address)?.text ?? address
        port = fields.value("port", .integer(1...65_535)) ?? port
    }
}
