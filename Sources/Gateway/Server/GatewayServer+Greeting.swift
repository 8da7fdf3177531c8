// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Configuration
import DemoTrunk
import SIPTransport

extension GatewayServer {
    /// What listens where, in plain words; with the demo trunk also whom to dial and what happens then.
    package var greeting: String {
        var lines = ["Tollgate listens:"]
        for listener in listening {
            lines.append("  SIP over \(listener.kind.text.uppercased()) on \(listener.address)")
        }
        lines.append("  realm \(configuration.sip.realm), call records in \(configuration.store.path)")
        if let port = demoTrunkPort {
            lines.append("  demo trunk on \(configuration.demoTrunk.address):\(port) (answers, plays a tone, echoes)")
        }
        return lines.joined(separator: "\n")
    }
}
