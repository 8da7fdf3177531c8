// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Glibc
import MonotonicTime
import NumberingPlan
import SIPMessage
import SIPParser
import SessionDescription

/// The messages and the deployment that everything is measured with.
struct Inputs {
    /// A telephone's INVITE with credentials and a session description.
    let invite: SIPMessage
    /// A telephone's REGISTER with credentials.
    let register: SIPMessage
    /// One customer with one endpoint, one number and one trunk.
    let snapshot: PolicySnapshot
    /// The call that the INVITE asks for.
    let attempt: CallAttempt
    /// Telephone numbers of several countries.
    let numbers: [E164Number]
    /// The codecs that the filter leaves.
    let codecs: CodecList

    private static let customer = ResourceIdentifier(high: 1, low: 1)
    private static let endpoint = ResourceIdentifier(high: 2, low: 1)

    /// Reads the messages from the folder of fixtures.
    init(fixtures: String) throws {
        let scanner = Scanner()
        invite = try scanner.scan(Self.read(fixtures + "/invite.sip"), .datagram)
        register = try scanner.scan(Self.read(fixtures + "/register.sip"), .datagram)
        snapshot = try Self.makeSnapshot()
        attempt = try Self.makeAttempt(invite)
        codecs = try CodecList("PCMU,PCMA,telephone-event")
        numbers = [
            "+15559876543", "+12125550100", "+442079460123", "+447700900123", "+4930123456", "+33123456789",
            "+390612345678", "+34911234567", "+46850512345", "+358912345678", "+81312345678", "+8613812345678",
            "+911123456789", "+61291234567", "+5511912345678", "+27111234567",
        ].compactMap(E164Number.init)
    }

    /// The snapshot with every limit set, each too wide to be reached.
    func limited() throws -> PolicySnapshot {
        let wide = LimitLevels(soft: 900_000, hard: 1_000_000)
        let limits = CallLimits(
            concurrentCalls: wide,
            callsPerSecond: wide,
            callsPerMinuteToCountry: wide,
            callsPerMinuteToNumber: wide,
            dailyCallsToCountry: wide,
            dailyMinutesToCountry: wide,
            maximumDuration: wide
        )
        return try Self.makeSnapshot(limits)
    }

    private static func makeSnapshot(_ limits: CallLimits = .none) throws -> PolicySnapshot {
        guard let own = E164Number("+15551234567"), let us = Country("us"), let gb = Country("gb") else {
            throw BenchmarkError("the numbering plan lacks what the deployment needs")
        }
        let outbound = OutboundConfiguration(
            id: customer,
            destinationWhitelist: [us, gb],
            defaultOutgoingSourceNumber: own
        )
        return PolicySnapshot(
            rules: DeploymentRules(),
            customers: [Customer(id: customer, name: "benchmark", limits: limits, outbound: outbound)],
            endpoints: [
                Endpoint(id: endpoint, customer: customer, username: "alice", number: own, limits: limits)
            ],
            numbers: [OwnedNumber(id: .zero, customer: customer, number: own)],
            trunks: [
                Trunk(
                    id: ResourceIdentifier(high: 3, low: 1),
                    name: "benchmark",
                    host: "127.0.0.1",
                    port: 5070,
                    trust: .trusted(basis: .privateNetwork, note: "the load generator runs on this machine")
                )
            ]
        )
    }

    private static func makeAttempt(_ invite: SIPMessage) throws -> CallAttempt {
        guard let uri = invite.requestURI else { throw BenchmarkError("the INVITE has no Request-URI") }
        let bytes = invite.bytes
        func text(_ range: FieldRange) -> ReceivedText { ReceivedText(buffer: bytes, range: range.indices) }
        var privacy = PrivacyRequest()
        for field in invite.fields where field.name == .privacy { privacy.read(text(field.value)) }
        let from = invite.mandatory.from
        return CallAttempt(
            caller: .endpoint(endpoint),
            destination: DialledDestination(
                scheme: .sip,
                user: text(uri.user),
                host: text(uri.host),
                uri: text(uri.whole)
            ),
            identity: RequestedIdentity(fromUser: text(from.uri.user), fromDisplayName: text(from.displayName)),
            privacy: privacy,
            offer: SessionOffer(
                message: bytes,
                body: invite.body.indices,
                contentType: invite.first(.contentType)?.indices
            )
        )
    }

    /// The policy's approval of the INVITE.
    func approval() throws -> ApprovedCall {
        var usage = CustomerUsage()
        let decision = PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: Instant(milliseconds: 0))
        guard let approved = decision.approved else {
            throw BenchmarkError("the call is refused: \(decision.verdict)")
        }
        return approved
    }

    /// A file's bytes, with CRLF at the end of each line whatever it has there.
    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw BenchmarkError("\(path) cannot be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF {
            guard byte != 0x0D else { continue }
            if byte == 0x0A { bytes.append(0x0D) }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return bytes
    }
}
