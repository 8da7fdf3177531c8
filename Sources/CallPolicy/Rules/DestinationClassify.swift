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
            return emergency(.service(serviceURN(dialled.user)), &evaluation)
        case .other:
            return unsupported(dialled)
        case .sip, .sips:
            // Toward a trunk's host a user part is a telephone number, whoever writes the URI.
            return dialled.isLocalDomain || evaluation.snapshot.hasTrunk(at: dialled.host)
                ? local(dialled, dialled.user, &evaluation) : elsewhere(dialled, &evaluation)
        case .tel:
            return local(dialled, dialled.user, &evaluation)
        }
    }

    /// RFC 5031 §4.2: `service:sos` and everything below it.
    private static func isEmergencyService(_ user: ReceivedText) -> Bool {
        guard user.hasPrefixIgnoringCase("service:sos") else { return false }
        let end = user.range.lowerBound + 11
        guard end < user.range.upperBound else { return true }
        return [UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(user.buffer[end])
    }

    /// The URN as a trunk may be sent it: what is no part of a service's name (RFC 5031 §4.2) is left off, with all that
    /// follows.
    private static func serviceURN(_ user: ReceivedText) -> String {
        var name = user.buffer[user.range].prefix(64).prefix { byte in
            byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: ":")
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
        while name.last == UInt8(ascii: ".") || name.last == UInt8(ascii: "-") { name.removeLast() }
        return "urn:" + String(decoding: name, as: UTF8.self)
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
}

// MARK: - What is dialled here

extension DestinationClassify {
    /// Judges a user part: what was dialled, or what is left of it after a per-call prefix.
    private static func local(
        _ dialled: DialledDestination,
        _ user: ReceivedText,
        _ evaluation: inout Evaluation
    ) -> RuleOutcome {
        let part = user.partBeforeParameters
        let bare = NumberCanonicaliser.canonicalise(user: user.buffer, in: part)
        let whole = part == user.range ? bare : NumberCanonicaliser.canonicalise(user: user.buffer, in: user.range)
        let name = user.decodedName()
        let rest = withoutPrefix(user, bare, evaluation)
        // Emergency before extensions: none may be named so as to catch calls for help.
        if let number = EmergencyNumbers.number(name, bare, whole, evaluation)
            ?? rest.flatMap({ EmergencyNumbers.number(dialled: $0.user, evaluation) })
        {
            return emergency(.number(number), &evaluation)
        }
        if let name, let outcome = extensions(name, &evaluation) { return outcome }
        if case .notInternational(let digits) = bare, let outcome = extensions(digits.description, &evaluation) {
            return outcome
        }
        if let rest {
            evaluation.dialledPresentation = rest.presentation
            return local(dialled, rest.user, &evaluation)
        }
        switch whole {
        case .number(let number):
            return telephone(number, .asDialled, &evaluation)
        case .notInternational(let digits):
            return localNumber(digits, dialled, user, &evaluation)
        case .refused(let refusal):
            guard evaluation.dialledPresentation != .unspecified || looksLikeNumber(dialled, user) else {
                return .rejected(.unknownExtension(dialled.user), .unknownExtension)
            }
            return .rejected(.notDialable(dialled.user, why: refusal.words), .notDialable)
        }
    }

    /// What follows a per-call prefix, which may stand once; nil without a prefix.
    private static func withoutPrefix(
        _ user: ReceivedText,
        _ bare: CanonicalNumber,
        _ evaluation: borrowing Evaluation
    ) -> (presentation: DialledPresentation, user: ReceivedText)? {
        if case .number = bare { return nil }
        guard evaluation.dialledPresentation == .unspecified else { return nil }
        return evaluation.caller.reader.takingPresentationPrefix(off: user)
    }

    private static func localNumber(
        _ digits: LocalNumber,
        _ dialled: DialledDestination,
        _ user: ReceivedText,
        _ evaluation: inout Evaluation
    ) -> RuleOutcome {
        guard evaluation.isDialledHere(digits, in: user.buffer) else {
            return .rejected(.notDialable(dialled.user, why: contextWords(digits, user)), .notDialable)
        }
        switch evaluation.caller.reader.read(digits) {
        case .number(let number, let reading):
            return telephone(number, reading, &evaluation)
        case .extensionPattern(let pattern):
            return .rejected(.extensionNotAssigned(dialled.user, pattern), .unknownExtension)
        case .refused(.notNational) where dialled.scheme != .tel && digits.isDigitsOnly:
            return .rejected(.unknownExtension(dialled.user), .unknownExtension)
        case .refused(let refusal):
            return .rejected(.notDialable(dialled.user, why: refusal.words), .notDialable)
        }
    }

    /// Why a context keeps a number from being dialled (RFC 3966 §5.1.5).
    private static func contextWords(_ digits: LocalNumber, _ user: ReceivedText) -> String {
        if case .global(let prefix) = digits.context {
            return "after the +\(prefix) of its phone-context it makes no international number that is assigned"
        }
        let domain = digits.contextDomain(in: user.buffer) ?? ""
        return "its phone-context \(domain.prefix(64)) is not a domain of this deployment"
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

    private static func telephone(
        _ number: E164Number,
        _ reading: NumberReading,
        _ evaluation: inout Evaluation
    ) -> RuleOutcome {
        let found = NumberingPlan.classify(number)
        evaluation.destination = .telephone(number, found)
        return .passed(.telephoneNumber(number, found, reading))
    }

    /// Whether the caller meant a number: then the answer is 484, and 404 for a name nobody has.
    private static func looksLikeNumber(_ dialled: DialledDestination, _ user: ReceivedText) -> Bool {
        guard dialled.scheme != .tel, !user.isEmpty else { return true }
        let first = user.buffer[user.range.lowerBound]
        return first == UInt8(ascii: "+") || first.isDigit || first == UInt8(ascii: "*") || first == UInt8(ascii: "#")
            || user.hasPrefixIgnoringCase("%2b")
    }
}
