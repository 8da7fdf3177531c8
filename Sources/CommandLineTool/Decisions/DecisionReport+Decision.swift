// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription

extension DecisionReport {
    /// Reports a decision on an attempt.
    init(_ decision: PolicyDecision, on attempt: CallAttempt, in world: DecisionWorld) {
        switch decision.verdict {
        case .approved: verdict = "approved"
        case .rejected(let rejected):
            verdict = "rejected"
            rejection = Rejection(rejected)
        }
        name(attempt.caller, in: world.snapshot)
        findings = decision.findings.map(FindingEntry.init)
        guard let approved = decision.approved else { return }
        destination = Destination(approved.destination, in: world.snapshot)
        source = Source(approved.identity.source)
        isAnonymous = approved.identity.isAnonymous
        legs = LegReader(approved: approved, offer: attempt.offer, world: world).legs
    }

    private mutating func name(_ caller: Caller, in snapshot: PolicySnapshot) {
        switch caller {
        case .endpoint(let id):
            endpoint = snapshot.endpoints[id]?.username
            customer = snapshot.endpoints[id].flatMap { snapshot.customers[$0.customer]?.name }
        case .customer(let id):
            customer = snapshot.customers[id]?.name
        }
    }
}

extension DecisionReport.Destination {
    fileprivate init(_ destination: ApprovedDestination, in snapshot: PolicySnapshot) {
        kind = destination.kind.rawValue
        switch destination {
        case .telephone(let number, let found):
            text = number.description
            country = found.country?.description
            numberClass = found.kind.description
        case .extensions(let endpoints):
            text = endpoints.compactMap { snapshot.endpoints[$0]?.username }.joined(separator: ", ")
        case .sipURI(let uri): text = uri.printable
        case .emergency(let service): text = service.text
        }
    }
}

extension DecisionReport.Rejection {
    fileprivate init(_ rejection: Rejection) {
        rule = rejection.rule.rawValue
        status = rejection.status
        reasonPhrase = rejection.reasonPhrase
        cause = rejection.q850Cause
        warningCode = rejection.warningCode
        retryAfter = rejection.retryAfter
        apiStatus = rejection.apiStatus
        apiReason = rejection.apiReason
        text = rejection.text
    }
}

extension DecisionReport.Source {
    fileprivate init(_ source: SourceRecord) {
        asked = source.asked?.description
        askedBy = source.askedBy.rawValue
        defect = source.defect?.rawValue
        resolved = source.resolved?.description
        resolvedBy = source.resolvedBy.rawValue
    }
}

extension DecisionReport.FindingEntry {
    fileprivate init(_ finding: Finding) {
        rule = finding.rule.rawValue
        outcome = finding.outcome.rawValue
        reason = finding.reason
        let pairs = finding.values.map { ($0.key, $0.text) }
        values = pairs.isEmpty ? nil : Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

/// Works out what each peer is sent.
private struct LegReader {
    let approved: ApprovedCall
    let offer: SessionOffer?
    let world: DecisionWorld

    var legs: [DecisionReport.Leg] {
        switch approved.destination {
        case .telephone, .emergency: approved.route.map(leg(to:))
        case .extensions(let endpoints):
            endpoints.map { leg(toPeer: world.snapshot.endpoints[$0]?.username ?? $0.description) }
        case .sipURI(let uri): [leg(toPeer: uri.printable)]
        }
    }

    private func leg(to trunk: Trunk) -> DecisionReport.Leg {
        let host = trunk.host.utf8.contains(UInt8(ascii: ":")) ? "[\(trunk.host)]" : trunk.host
        var leg = leg(approved.identity(for: trunk), isTrusted: trunk.isInTrustDomain, codecs: trunk.codecs)
        leg.trunk = trunk.name
        leg.address = "\(trunk.transport.rawValue):\(host)\(trunk.port == 0 ? "" : ":\(trunk.port)")"
        return leg
    }

    private func leg(toPeer peer: String) -> DecisionReport.Leg {
        let codecs = approved.codecs ?? .unrestricted
        var leg = leg(approved.identity.identityForSIPLeg, isTrusted: false, codecs: codecs)
        leg.peer = peer
        return leg
    }

    private func leg(_ identity: LegIdentity, isTrusted: Bool, codecs: CodecList) -> DecisionReport.Leg {
        let other = identity.lines(gatewayHost: world.gatewayHost).filter { line in
            !line.hasPrefix("Privacy: ") && !line.hasPrefix("P-Asserted-Identity: ")
        }
        return DecisionReport.Leg(
            isTrusted: isTrusted,
            from: words(identity.from),
            pAssertedIdentity: identity.asserted?.headerValue(gatewayHost: world.gatewayHost),
            privacy: identity.privacy?.rawValue,
            otherIdentity: other.isEmpty ? nil : other,
            codecs: offer.map { OfferReader.codecs(of: $0, by: codecs) }
        )
    }

    private func words(_ from: PresentedFrom) -> String {
        let name = from.displayName.map { "\"\($0)\" " } ?? ""
        guard from.scheme == .sip else { return "\(name)<tel:\(from.user)>" }
        var host: [UInt8] = []
        from.host.append(to: &host, gatewayHost: world.gatewayHost)
        let phone = from.isTelephoneNumber ? ";user=phone" : ""
        return "\(name)<sip:\(from.user)@\(String(decoding: host, as: UTF8.self))\(phone)>"
    }
}

/// Works out what a codec list makes of an offer.
private enum OfferReader {
    static func codecs(of offer: SessionOffer, by list: CodecList) -> [DecisionReport.Codecs] {
        switch outcome(offer, list) {
        case .filtered(_, let report):
            return report.lines.map { line in
                DecisionReport.Codecs(media: "\(line.media)", before: line.before, after: line.after)
            }
        case .nothingLeft(let offered): return [DecisionReport.Codecs(media: "audio", before: offered, after: [])]
        case .unchanged, .malformed:
            let names = audio(offer)
            return names.isEmpty ? [] : [DecisionReport.Codecs(media: "audio", before: names, after: names)]
        }
    }

    /// The audio codecs offered, by way of a list that names none of them.
    private static func audio(_ offer: SessionOffer) -> [String] {
        guard let list = try? CodecList("no-such-codec"), case .nothingLeft(let names) = outcome(offer, list) else {
            return []
        }
        return names
    }

    private static func outcome(_ offer: SessionOffer, _ list: CodecList) -> CodecFilterOutcome {
        CodecFilter.filter(offer.message, body: offer.body, contentType: offer.contentType, by: list)
    }
}
