// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// An INVITE as the demo trunk received it.
package struct SeenInvite: Sendable {
    /// The message: its bytes and their index.
    package let message: SIPMessage
    /// The IP address it came from.
    package let sourceHost: String
    /// The port it came from.
    package let sourcePort: Int
    /// The line of the script that its number stands in.
    package let script: DemoScript
    /// Whether it belongs to an established call.
    package let isWithinDialog: Bool

    /// The user part of the Request-URI, or a tel URI without its scheme.
    package var calledUser: String {
        message.requestURI.map { message.text($0.user) } ?? ""
    }

    /// The values of every header field of a name, in order.
    package func values(_ name: HeaderName) -> [String] {
        message.fields.filter { $0.name == name }.map { message.text($0.value) }
    }
}

/// What the demo trunk has done so far.
package struct DemoTrunkCounts: Hashable, Sendable {
    /// Calls that were answered 200.
    package var answered = 0
    /// BYEs received for a call.
    package var byesReceived = 0
    /// BYEs sent.
    package var byesSent = 0
    /// CANCELs that met a call still ringing.
    package var cancels = 0
    /// RTP packets received from the peers of calls.
    package var mediaPackets = 0
    /// Datagrams that were no acceptable SIP message.
    package var malformed = 0
}
