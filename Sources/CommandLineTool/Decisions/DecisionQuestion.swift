// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import SIPMessage

/// One call to be judged, in the words of the command line.
package struct DecisionQuestion: Sendable {
    /// Who calls.
    package enum Caller: Hashable, Sendable {
        /// An endpoint, by its digest user name.
        case endpoint(String)
        /// A customer through the control API, by name.
        case customer(String)
    }

    /// Who calls.
    package var caller: Caller
    /// What is called: a number, an extension or a URI.
    package var destination: String
    /// The number or name in From; nil is the endpoint's user name, as telephones send it.
    package var from: String?
    /// The number in P-Preferred-Identity.
    package var preferredIdentity: String?
    /// The display name in From.
    package var displayName: String?
    /// The value of the Privacy header field.
    package var privacy: String?
    /// What a call of the control API says of the caller's anonymity.
    package var anonymous = AnonymousSetting.auto
    /// The session description offered.
    package var offer: [UInt8]?
    /// Trunks that are taken to be down, by name.
    package var downTrunks: [String] = []

    /// Makes a question; everything else is set on the value.
    package init(caller: Caller, destination: String) {
        self.caller = caller
        self.destination = destination
    }

    /// The attempt that the policy engine judges.
    ///
    /// - Throws: `CommandFailure` when the caller or a trunk is not there or a URI cannot be read.
    package func attempt(in world: DecisionWorld) throws(CommandFailure) -> CallAttempt {
        let (caller, name) = try caller(in: world.snapshot)
        var wishes = PrivacyRequest()
        if let privacy { wishes.read(ReceivedText(privacy)) }
        return CallAttempt(
            caller: caller,
            destination: try dialled(in: world),
            identity: RequestedIdentity(
                preferredUser: try preferredIdentity.map(Self.userPart).map { ReceivedText($0) },
                fromUser: ReceivedText(try from.map(Self.userPart) ?? name),
                fromDisplayName: displayName.map { ReceivedText($0) }
            ),
            privacy: wishes,
            anonymous: anonymous,
            offer: offer.map { SessionOffer(body: $0, contentType: Array("application/sdp".utf8)) },
            routes: RouteConditions(downTrunks: try downTrunks(in: world.snapshot))
        )
    }

    private func caller(
        in snapshot: PolicySnapshot
    ) throws(CommandFailure) -> (caller: CallPolicy.Caller, name: String) {
        switch caller {
        case .endpoint(let name):
            if let endpoint = snapshot.endpointsByUsername[name] { return (.endpoint(endpoint.id), name) }
            throw Self.unknown("endpoint", name, among: snapshot.endpointsByUsername.keys)
        case .customer(let name):
            if let customer = snapshot.customers.values.first(where: { $0.name == name }) {
                return (.customer(customer.id), "")
            }
            throw Self.unknown("customer", name, among: snapshot.customers.values.map(\.name))
        }
    }

    private func downTrunks(in snapshot: PolicySnapshot) throws(CommandFailure) -> Set<ResourceIdentifier> {
        var down: Set<ResourceIdentifier> = []
        for name in downTrunks {
            guard let trunk = snapshot.trunks.first(where: { $0.name == name }) else {
                throw Self.unknown("trunk", name, among: snapshot.trunks.map(\.name))
            }
            down.insert(trunk.id)
        }
        return down
    }

    private static func unknown(_ kind: String, _ name: String, among names: some Sequence<String>) -> CommandFailure {
        let known = names.sorted()
        let list = known.prefix(10).joined(separator: ", ") + (known.count > 10 ? ", …" : "")
        let advice = known.isEmpty ? "there are none; provision some first" : "there are: \(list)"
        return CommandFailure("there is no \(kind) `\(name)`; \(advice)", status: .unanswerable)
    }
}

extension DecisionQuestion {
    /// Reads what is called; without a scheme it is what a telephone would put before the gateway's own host.
    private func dialled(in world: DecisionWorld) throws(CommandFailure) -> DialledDestination {
        let hasScheme = destination.utf8.contains(UInt8(ascii: ":"))
        guard hasScheme || destination.utf8.contains(UInt8(ascii: "@")) else {
            return DialledDestination(
                scheme: .sip,
                user: ReceivedText(destination),
                host: ReceivedText(world.gatewayHost),
                uri: ReceivedText("sip:\(destination)@\(world.gatewayHost)")
            )
        }
        let bytes = Array((hasScheme ? destination : "sip:" + destination).utf8)
        let uri = try Self.reference(bytes, destination)
        func text(_ range: FieldRange) -> ReceivedText { ReceivedText(buffer: bytes, range: range.indices) }
        let host = String(decoding: bytes[uri.host.indices], as: UTF8.self).lowercased()
        return DialledDestination(
            scheme: DestinationScheme(uri.scheme),
            user: text(uri.user),
            host: text(uri.host),
            isLocalDomain: world.localNames.contains(host) || host == world.gatewayHost.lowercased(),
            uri: text(uri.whole)
        )
    }

    /// The user part of a URI, or the text itself when it is none.
    private static func userPart(_ text: String) throws(CommandFailure) -> String {
        guard text.utf8.contains(UInt8(ascii: ":")) || text.utf8.contains(UInt8(ascii: "@")) else { return text }
        let bytes = Array((text.utf8.contains(UInt8(ascii: ":")) ? text : "sip:" + text).utf8)
        return String(decoding: bytes[try reference(bytes, text).user.indices], as: UTF8.self)
    }

    private static func reference(_ bytes: [UInt8], _ text: String) throws(CommandFailure) -> URIReference {
        do {
            return try URIReference.parse(bytes.span, bytes.indices)
        } catch {
            let advice = "write a number, an extension or a URI such as sip:bob@example.com"
            throw CommandFailure("`\(text)` cannot be read: \(error.reason); \(advice)", status: .unanswerable)
        }
    }
}

extension DestinationScheme {
    fileprivate init(_ scheme: URIScheme) {
        self =
            switch scheme {
            case .sip: .sip
            case .sips: .sips
            case .tel: .tel
            case .urn: .urn
            case .other: .other
            }
    }
}
