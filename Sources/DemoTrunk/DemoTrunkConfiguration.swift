// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import Logging
package import MonotonicTime
package import SIPTransaction

/// Where the demo trunk listens and how long its scripted calls take.
package struct DemoTrunkConfiguration: Sendable {
    /// The IP address for SIP and media, without brackets.
    package var address = "127.0.0.1"
    /// The UDP port for SIP; 0 takes a free one.
    package var port = 5070
    /// The IP address written into Contact and SDP; nil means `address`.
    package var advertisedAddress: String?
    /// The UDP ports for media; calls take even ones from it.
    package var mediaPorts: ClosedRange<Int> = 32_768...60_999
    /// From the INVITE to 180 (Ringing).
    package var ringAfter = Interval.milliseconds(300)
    /// From the INVITE to 200 (OK).
    package var answerAfter = Interval.milliseconds(1200)
    /// From the INVITE to 200 (OK) in the early media script.
    package var earlyMediaAnswerAfter = Interval.seconds(3)
    /// How long the tone sounds before received media is echoed.
    package var toneLength = Interval.seconds(2)
    /// From the ACK to the trunk's BYE.
    package var hangUpAfter = Interval.seconds(30)
    /// From the ACK to the trunk's BYE in the script that hangs up soon.
    package var quickHangUpAfter = Interval.seconds(2)
    /// The timers of RFC 3261.
    package var timers = TimerConfiguration()
    /// The most calls at once; one more is answered 503.
    package var maximumCalls = 200
    /// The most INVITEs remembered; the oldest make room.
    package var maximumSeenInvites = 1000
    /// The protection domain of the 407 challenge.
    package var realm = "demo-trunk"
    /// Passwords by user name for the 407 challenge; empty accepts any user with any password.
    package var accounts: [String: String] = [:]
    /// Where start and end are logged.
    package var logger = Logger(label: "tollgate.demo-trunk")

    /// Makes the configuration of the demonstration: 127.0.0.1, UDP port 5070.
    package init() {}

    var publishedAddress: String { advertisedAddress ?? address }
}
