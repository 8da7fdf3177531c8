// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 1, `destination.classify`: reads what was dialled as an emergency service, an extension, a number or a SIP URI.
enum DestinationClassify {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        let dialled = evaluation.attempt.destination
        switch dialled.scheme {
        case .urn:
            guard isEmergencyService(dialled.user) else { return unsupported(dialled) }
            return emergency(.service("urn:" + dialled.user.printable), &evaluation)
        case .other:
            return unsupported(dialled)
        case .sip, .sips:
            return dialled.isLocalDomain ? local(dialled, &evaluation) : elsewhere(dialled, &evaluation)
        case .tel:
            return local(dialled, &evaluation)
        }
    }

    /// RFC 5031 §4.2: `service:sos` and everything below it.
    private static func isEmergencyService(_ user: ReceivedText) -> Bool {
        guard user.hasPrefixIgnoringCase("service:sos") else { return false }
        let end = user.range.lowerBound + 11
        guard end < user.range.upperBound else { return true }
        return [UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(user.buffer[end])
    }

    private static func unsupported(_ dialled: DialledDestination) -> RuleOutcome {
        let text = dialled.uri.isEmpty ? dialled.user : dialled.uri
        return .rejected(.schemeNotSupported(text), .schemeNotSupported)
    }

    private static func elsewhere(_ dialled: DialledDestination, _ evaluation: inout Evaluation) -> RuleOutcome {
        guard !dialled.uri.isEmpty else { return .rejected(.schemeNotSupported(dialled.host), .schemeNotSupported) }
        guard evaluation.caller.customer.mayCallSIPURIs else {
            return .rejected(.sipURINotPermitted(dialled.uri), .sipURINotPermitted)
        }
        evaluation.destination = .sipURI(dialled.uri)
        return .passed(.sipURI(dialled.uri))
    }

    private static func local(_ dialled: DialledDestination, _ evaluation: inout Evaluation) -> RuleOutcome {
        let name = dialled.user.decodedName()
        if let name {
            if let outcome = known(name, &evaluation) { return outcome }
            if let stripped = withoutPrefix(name, dialled, &evaluation) { return stripped }
        }
        switch NumberCanonicaliser.canonicalise(user: dialled.user.buffer, in: dialled.user.range) {
        case .number(let number):
            return telephone(number, &evaluation)
        case .notInternational(let digits):
            return localNumber(digits, dialled, &evaluation)
        case .refused(let refusal):
            guard looksLikeNumber(dialled) else { return .rejected(.unknownExtension(dialled.user), .unknownExtension) }
            return .rejected(.notDialable(dialled.user, why: refusal.words), .notDialable)
        }
    }

    private static func known(_ name: String, _ evaluation: inout Evaluation) -> RuleOutcome? {
        // Emergency before extensions: no extension may be named so as to catch calls for help.
        if evaluation.snapshot.rules.emergencyNumbers.contains(name) { return emergency(.number(name), &evaluation) }
        return extensions(name, &evaluation)
    }

    /// Judges what follows a per-call prefix, once; nil without a prefix.
    private static func withoutPrefix(
        _ name: String,
        _ dialled: DialledDestination,
        _ evaluation: inout Evaluation
    ) -> RuleOutcome? {
        guard evaluation.dialledPresentation == .unspecified, let endpoint = evaluation.caller.endpoint,
            let first = name.utf8.first, first != UInt8(ascii: "+"),
            let (presentation, rest) = endpoint.dialPlan.takingPrefix(off: name)
        else { return nil }
        // The name is already unescaped: a percent sign in it must not be read as an escape a second time.
        guard !rest.utf8.contains(UInt8(ascii: "%")), !rest.utf8.contains(UInt8(ascii: ";")) else { return nil }
        evaluation.dialledPresentation = presentation
        let user = dialled.user
        let parameters = user.buffer[user.range].drop { $0 != UInt8(ascii: ";") }
        let bytes = Array(rest.utf8) + parameters
        var remainder = dialled
        remainder.user = ReceivedText(buffer: bytes, range: 0..<bytes.count)
        return local(remainder, &evaluation)
    }

    private static func localNumber(
        _ digits: LocalNumber,
        _ dialled: DialledDestination,
        _ evaluation: inout Evaluation
    ) -> RuleOutcome {
        let text = digits.description
        if let outcome = known(text, &evaluation) { return outcome }
        // A number with a context of its own means nothing in the endpoint's dial plan (RFC 3966 §5.1.5).
        if digits.context == .none, let number = evaluation.caller.endpoint?.dialPlan.number(dialled: text) {
            return telephone(number, &evaluation)
        }
        guard dialled.scheme == .tel || !digits.isDigitsOnly else {
            return .rejected(.unknownExtension(dialled.user), .unknownExtension)
        }
        let why = "it is neither international nor an extension"
        return .rejected(.notDialable(dialled.user, why: why), .notDialable)
    }

    private static func emergency(_ service: EmergencyDestination, _ evaluation: inout Evaluation) -> RuleOutcome {
        evaluation.destination = .emergency(service)
        return .passed(.emergencyService(service))
    }

    private static func extensions(_ name: String, _ evaluation: inout Evaluation) -> RuleOutcome? {
        let key = ExtensionKey(customer: evaluation.caller.customer.id, name: name)
        guard let endpoints = evaluation.snapshot.endpointsByExtension[key], !endpoints.isEmpty else { return nil }
        evaluation.destination = .extensions(endpoints)
        return .passed(.extensions(evaluation.attempt.destination.user, count: endpoints.count))
    }

    private static func telephone(_ number: E164Number, _ evaluation: inout Evaluation) -> RuleOutcome {
        let found = NumberingPlan.classify(number)
        evaluation.destination = .telephone(number, found)
        return .passed(.telephoneNumber(number, found))
    }

    /// Whether the caller meant a number: then the answer is 484, and 404 for a name nobody has.
    private static func looksLikeNumber(_ dialled: DialledDestination) -> Bool {
        guard dialled.scheme != .tel, !dialled.user.isEmpty else { return true }
        let first = dialled.user.buffer[dialled.user.range.lowerBound]
        return first == UInt8(ascii: "+") || first.isDigit || first == UInt8(ascii: "*") || first == UInt8(ascii: "#")
            || dialled.user.hasPrefixIgnoringCase("%2b")
    }
}
