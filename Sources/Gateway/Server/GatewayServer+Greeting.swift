// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import SIPTransport
import TollgateConfiguration

extension GatewayServer {
    /// What listens where, in plain words; with the demo trunk also what it does with which number; and what the
    /// configuration has to say.
    package var greeting: String {
        var lines = ["Tollgate listens:"]
        for listener in listening {
            lines.append("  SIP over \(listener.kind.text.uppercased()) on \(listener.address)")
        }
        lines.append("  realm \(configuration.sip.realm), call records in \(configuration.store.path)")
        if let port = controlAPIPort, let address = configuration.controlAPI?.address {
            let host = address.contains(":") ? "[\(address)]" : address
            lines.append("  API on http://\(host):\(port)")
        }
        if let port = demoTrunkPort {
            lines.append(
                "The demo trunk on \(configuration.demoTrunk.address):\(port) answers telephone calls. A number that"
            )
            lines += DemoScript.table.filter { !$0.suffix.isEmpty }.map { "  ends in \($0.suffix)   \($0.words)" }
            lines.append("  ends otherwise \(DemoScript.fallback.words)")
        }
        if let greeting = configuration.greeting { lines.append(greeting) }
        return lines.joined(separator: "\n")
    }
}
