// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription
import Testing

@Suite("destination.classify, destination.whitelist and destination.class")
struct DestinationTests {
    static let canadian = "+14165550123"

    @Test(
        "§4 rule 1 tells a name nobody has (404) from a number that cannot be dialled (484)",
        arguments: [
            ("1009", 404, "RESOURCE_NOT_FOUND"), ("carol", 404, "RESOURCE_NOT_FOUND"),
            ("15559876543", 404, "RESOURCE_NOT_FOUND"), ("+1", 484, "INVALID_ARGUMENT"),
            ("++14165550123", 484, "INVALID_ARGUMENT"), ("+1416555%00", 484, "INVALID_ARGUMENT"),
            ("+1416call", 484, "INVALID_ARGUMENT"), ("", 484, "INVALID_ARGUMENT"), ("*99", 484, "INVALID_ARGUMENT"),
            ("%2b%2b1416", 484, "INVALID_ARGUMENT"), ("a%zz", 404, "RESOURCE_NOT_FOUND"),
        ]
    )
    func refusedDestination(user: String, status: Int, reason: String) throws {
        let decision = try Deployment().dial(user)
        #expect(decision.rejection?.rule == .destinationClassify)
        #expect(decision.rejection?.status == status)
        #expect(decision.rejection?.apiReason == reason)
        #expect(decision.rejection?.apiStatus == (status == 484 ? 400 : 404))
        #expect(decision.findings.count == 1)
    }

    @Test(
        "§4 digits that match an extension of the customer are the extension",
        arguments: ["1002", "bob", "10-02", "%31002"]
    )
    func extensionWins(user: String) throws {
        let call = try #require(try Deployment().dial(user).approved)
        #expect(call.destination == .extensions([Deployment.colleagueID]))
        #expect(call.route.isEmpty)
    }

    @Test("§4 another customer's extension is unknown")
    func foreignExtension() throws {
        var deployment = try Deployment()
        deployment.colleague.customer = Deployment.otherID
        #expect(deployment.dial("1002").rejection?.status == 404)
    }

    @Test(
        "§5 one spelling reaches policy and wire",
        arguments: [canadian, "+1-416-555-0123", "%2B14165550123", "+14165550123;isub=7"]
    )
    func telephone(user: String) throws {
        let call = try #require(try Deployment().dial(user).approved)
        guard case .telephone(let number, let found) = call.destination else {
            Issue.record("not a telephone number")
            return
        }
        #expect(number.description == Self.canadian)
        #expect(found.country == Country("ca"))
    }

    @Test("a tel URI with a local number is not dialable")
    func localTelephoneURI() throws {
        let decision = try Deployment().dial("5550123") { $0.destination.scheme = .tel }
        #expect(decision.rejection?.status == 484)
    }

    @Test("a SIP URI elsewhere needs the customer's permission")
    func elsewhere() throws {
        var deployment = try Deployment()
        let change: (inout CallAttempt) -> Void = {
            $0.destination.isLocalDomain = false
            $0.destination.uri = ReceivedText("sip:carol@example.net")
        }
        #expect(deployment.dial("carol", change).rejection?.apiReason == "PERMISSION_DENIED")
        deployment.customer.mayCallSIPURIs = true
        let call = try #require(deployment.dial("carol", change).approved)
        #expect(call.destination == .sipURI(ReceivedText("sip:carol@example.net")))
        #expect(call.route.isEmpty)
        let nowhere = deployment.dial("carol") { $0.destination.isLocalDomain = false }
        #expect(nowhere.rejection?.status == 416)
    }

    @Test("RFC 3261 §8.2.2.1 an unknown scheme is 416", arguments: [DestinationScheme.urn, .other])
    func unknownScheme(scheme: DestinationScheme) throws {
        let decision = try Deployment().dial("service:sosed") { $0.destination.scheme = scheme }
        #expect(decision.rejection?.status == 416)
    }

    @Test("§4 rule 7 a country that is not listed is refused, in the words of the reference")
    func notListed() throws {
        let decision = try Deployment().dial("+442079460000")
        let rejection = try #require(decision.rejection)
        #expect(rejection.rule == .destinationWhitelist)
        #expect(rejection.status == 403)
        #expect(rejection.apiStatus == 400)
        #expect(rejection.apiReason == "DESTINATION_NOT_WHITELISTED")
        #expect(
            rejection.text
                == "outbound destination country not whitelisted: destination +442079460000 is in gb, "
                + "which is not among the whitelisted countries (ca, us)"
        )
    }

    @Test("§4 no configuration, an empty list and a number of no country deny")
    func whitelistFailsClosed() throws {
        var deployment = try Deployment()
        let nowhere = try #require(
            deployment.dial("+87077123456789").rejection ?? deployment.dial("+870771234567").rejection
        )
        #expect(nowhere.text.contains("outbound destination country not whitelisted"))
        #expect(nowhere.text.contains("no country"))
        deployment.customer.outbound?.destinationWhitelist = []
        #expect(deployment.dial(Self.canadian).rejection?.rule == .destinationWhitelist)
        deployment.customer.outbound = nil
        let rejection = try #require(deployment.dial(Self.canadian).rejection)
        #expect(rejection.rule == .destinationWhitelist)
        #expect(rejection.text.contains("outbound destination country not whitelisted"))
    }
}
