// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Compares what the capture shows with what came live.
enum ReplayComparison {
    /// What differs in the answers to one request; `failure` says why there was no final one.
    static func differences(
        _ method: String,
        captured: ObservedAnswer,
        live: ObservedAnswer,
        failure: String
    ) -> [ReplayDifference] {
        var found: [ReplayDifference] = []
        func add(_ kind: ReplayDifference.Kind, _ captured: String, _ live: String) {
            found.append(ReplayDifference(kind: kind, method: method, captured: captured, live: live))
        }
        if let status = captured.status, !isSame(captured, live) {
            add(.status, "\(status)", live.status.map { "\($0)" } ?? failure)
        }
        guard method == "INVITE" else { return found }
        for status in [180, 183] where captured.provisional.contains(status) != live.provisional.contains(status) {
            let text = "\(status)"
            add(
                .progress,
                captured.provisional.contains(status) ? text : "",
                live.provisional.contains(status) ? text : ""
            )
        }
        if captured.identities != live.identities {
            add(.identity, captured.identities.joined(separator: "; "), live.identities.joined(separator: "; "))
        }
        if captured.codecs != live.codecs {
            add(.codecs, captured.codecs.joined(separator: "; "), live.codecs.joined(separator: "; "))
        }
        return found
    }

    /// Whether the final statuses are the same; 401 and 407 both ask for credentials.
    private static func isSame(_ captured: ObservedAnswer, _ live: ObservedAnswer) -> Bool {
        captured.status == live.status || (captured.isChallenge && live.isChallenge)
    }
}
