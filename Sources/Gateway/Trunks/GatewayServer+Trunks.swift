// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
package import TrunkSupervision

extension GatewayServer {
    /// The longest that the end of the run waits for trunks to take back the gateway's contacts.
    private static let farewell = Interval.seconds(2)

    /// What is known of every trunk, by name; empty when the gateway is shut down.
    package func trunkStates() async -> [TrunkState] {
        guard let first = shards.first else { return [] }
        return (try? await first.value { $0.context.trunks.states(at: .current) }) ?? []
    }

    /// Takes the gateway's contacts back from the trunks, and waits a little for their answers.
    func endTrunkRegistrations() async {
        guard let first = shards.first else { return }
        try? await first.value { $0.endRegistrations() }
        let deadline = Instant.current + Self.farewell
        while Instant.current < deadline, (try? await first.value { $0.hasEndedRegistrations }) == false {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
