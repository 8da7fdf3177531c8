// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What the demo trunk does with a call.
package enum DemoBehaviour: Hashable, Sendable {
    /// Rings, answers, plays the tone, echoes, and hangs up after the configured time.
    case answer
    /// Answers, then hangs up soon.
    case hangUpSoon
    /// Sends 183 with the tone before it answers.
    case earlyMedia
    /// Rings and never answers.
    case ring
    /// Sends this final status, 300 to 699.
    case refuse(Int)
    /// Asks for credentials, then answers.
    case challenge
    /// Sends nothing at all.
    case silent
}

/// One line of the demo trunk's script: which numbers it is for and what happens.
package struct DemoScript: Hashable, Sendable {
    /// The last digits of the called number; empty for every other number.
    package let suffix: String
    /// What happens, as a program reads it.
    package let behaviour: DemoBehaviour
    /// What happens, as a person reads it.
    package let words: String

    /// What every number without a line of its own gets.
    package static let fallback = DemoScript(
        suffix: "",
        behaviour: .answer,
        words: "rings, answers, plays a 440 Hz tone for 2 seconds, echoes you, hangs up after 30 seconds"
    )

    /// Every line, the one for all other numbers first.
    package static let table: [DemoScript] = [
        fallback,
        DemoScript(suffix: "0002", behaviour: .hangUpSoon, words: "answers and hangs up after 2 seconds"),
        DemoScript(suffix: "0100", behaviour: .silent, words: "sends nothing at all, for timeouts"),
        DemoScript(
            suffix: "0183",
            behaviour: .earlyMedia,
            words: "183 Session Progress with the tone, answers after 3 seconds"
        ),
        DemoScript(suffix: "0404", behaviour: .refuse(404), words: "404 Not Found"),
        DemoScript(
            suffix: "0407",
            behaviour: .challenge,
            words: "407 Proxy Authentication Required, then answers to any credentials"
        ),
        DemoScript(suffix: "0480", behaviour: .ring, words: "rings and is never answered"),
        DemoScript(suffix: "0486", behaviour: .refuse(486), words: "486 Busy Here"),
        DemoScript(suffix: "0500", behaviour: .refuse(500), words: "500 Server Internal Error"),
        DemoScript(suffix: "0503", behaviour: .refuse(503), words: "503 Service Unavailable"),
        DemoScript(suffix: "0603", behaviour: .refuse(603), words: "603 Decline"),
    ]

    /// The line for a called user: the user part of a SIP URI, or a tel URI without its scheme.
    ///
    /// User parameters and the visual separators of RFC 3966 §5.1.1 do not count.
    package static func line(forUser user: String) -> DemoScript {
        let number = user.prefix { $0 != ";" }.filter { !"-.()".contains($0) }
        for line in table where !line.suffix.isEmpty && number.hasSuffix(line.suffix) { return line }
        return fallback
    }
}
