// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import SIPMessage
import SessionDescription
import Testing

/// A small deployment whose policy approves the calls of the tests.
struct Deployment {
    static let customer = ResourceIdentifier(high: 1, low: 1)
    static let caller = ResourceIdentifier(high: 2, low: 1)
    static let colleague = ResourceIdentifier(high: 2, low: 2)

    var trunks: [Trunk] = [Deployment.trunk(1)]
    var codecs = CodecList.unrestricted
    /// Whether the caller's number is not its own but the customer's default one.
    var isSubstituted = false
    var whenAnonymityDisallowed = AnonymityFallback.refuse

    /// A trunk at 192.0.2.`number`, tried in the order of the numbers.
    static func trunk(_ number: Int, _ change: (inout Trunk) -> Void = { _ in }) -> Trunk {
        var trunk = Trunk(
            id: ResourceIdentifier(high: 3, low: UInt64(number)),
            name: "trunk\(number)",
            host: "192.0.2.\(number)",
            priority: number
        )
        change(&trunk)
        return trunk
    }

    /// Asks the policy about an INVITE of the caller.
    func approve(_ invite: SIPMessage, _ user: String, local: Bool = true) throws -> ApprovedCall {
        let own = try #require(E164Number(Caller.number))
        let customer = Customer(
            id: Self.customer,
            name: "acme",
            mayCallSIPURIs: true,
            outbound: OutboundConfiguration(
                id: Self.customer,
                destinationWhitelist: [try #require(Country("us"))],
                codecs: codecs,
                defaultOutgoingSourceNumber: isSubstituted ? own : nil,
                whenAnonymityDisallowed: whenAnonymityDisallowed
            )
        )
        let snapshot = PolicySnapshot(
            customers: [customer],
            endpoints: [
                Endpoint(
                    id: Self.caller,
                    customer: Self.customer,
                    username: Caller.user,
                    number: isSubstituted ? nil : own
                ),
                Endpoint(id: Self.colleague, customer: Self.customer, username: "bob", extensions: ["1002"]),
            ],
            numbers: [OwnedNumber(id: .zero, customer: Self.customer, number: own)],
            trunks: trunks
        )
        var privacy = PrivacyRequest.absent
        for field in invite.fields where field.name == .privacy {
            privacy.read(ReceivedText(buffer: invite.bytes, range: field.value.indices))
        }
        let offer = SessionOffer(
            message: invite.bytes,
            body: invite.body.indices,
            contentType: invite.first(.contentType)?.indices
        )
        let attempt = CallAttempt(
            caller: .endpoint(Self.caller),
            destination: DialledDestination(
                scheme: .sip,
                user: ReceivedText(user),
                host: ReceivedText("far.example"),
                isLocalDomain: local,
                uri: ReceivedText("sip:\(user)@far.example")
            ),
            identity: RequestedIdentity(fromUser: ReceivedText(Caller.user)),
            privacy: privacy,
            offer: invite.body.isEmpty ? nil : offer
        )
        var usage = CustomerUsage()
        let decision = PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: Instant(milliseconds: 0))
        return try #require(decision.approved, "\(decision.rejection?.text ?? "")")
    }
}

/// The caller's phone: every word it uses is found nowhere else.
enum Caller {
    static let number = "+12125550100"
    static let user = "zebra-user"
    static let displayName = "Zelda Quux"
    static let host = "caller-host.example"
    static let address = "10.66.77.88"
    static let callID = "callid-quokka@10.66.77.88"
    static let tag = "tagwombat"
    static let branch = "z9hG4bKnarwhal"
    static let userAgent = "PhoneXylophone/9.1"

    /// What a hidden caller's callee may never see.
    static let secrets = [
        "2125550100", user, "Zelda", "Quux", host, address, "quokka", tag, "narwhal", "Xylophone", "axolotl",
    ]

    static let offer = Self.description(codecs: "0 8 9")

    static func description(codecs: String, address: String = "203.0.113.5") -> String {
        "v=0\r\no=- 1 1 IN IP4 \(address)\r\ns=-\r\nc=IN IP4 \(address)\r\nt=0 0\r\nm=audio 40000 RTP/AVP \(codecs)\r\n"
    }

    static func invite(_ user: String = "+13125550123", _ headers: [String] = [], body: String = Caller.offer) -> String
    {
        request("INVITE", "sip:\(user)@gw.example", 1, headers + ["Max-Forwards: 70"], body: body)
    }

    static func request(
        _ method: String,
        _ uri: String,
        _ number: Int,
        _ headers: [String] = [],
        toTag: String? = nil,
        body: String = ""
    ) -> String {
        var lines = [
            "\(method) \(uri) SIP/2.0",
            "Via: SIP/2.0/UDP \(address):5060;branch=\(branch)\(number)\(method);rport",
            "From: \"\(displayName)\" <sip:\(user)@\(host)>;tag=\(tag)",
            "To: <sip:callee@gw.example>" + (toTag.map { ";tag=\($0)" } ?? ""),
            "Call-ID: \(callID)",
            "CSeq: \(number) \(method)",
            "Contact: <sip:\(user)@\(address):5060>",
            "User-Agent: \(userAgent)",
            "Subject: axolotl",
        ]
        lines += headers
        if !body.isEmpty, !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines.append("Content-Type: application/sdp")
        }
        lines.append("Content-Length: \(body.utf8.count)")
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
