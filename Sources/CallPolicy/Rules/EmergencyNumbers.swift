// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Recognises the emergency numbers of a call: the deployment's, and those of the country its digits belong to.
enum EmergencyNumbers {
    /// The regions under each calling code.
    private static let regions = Dictionary(grouping: DialledRegion.all, by: \.callingCode)

    /// Numbers of another country are known up to this length; longer ones may be a subscriber's on the trunk, which
    /// knows nothing of the context they came with.
    private static let longestAbroad = 3

    /// Finds the emergency number that was dialled, whatever its parameters say; nil when it is none.
    ///
    /// - Parameters:
    ///   - name: What was dialled, without parameters.
    ///   - bare: The same, canonicalised.
    ///   - whole: What was dialled with its parameters, canonicalised.
    ///   - evaluation: Knows the deployment and the caller.
    /// - Returns: The number's digits.
    static func number(
        _ name: String?,
        _ bare: CanonicalNumber,
        _ whole: CanonicalNumber,
        _ evaluation: borrowing Evaluation
    ) -> String? {
        let configured = evaluation.snapshot.emergencyNumbers
        if case .notInternational(let digits) = bare {
            let text = digits.description
            let isEmergency =
                configured.contains(text) || evaluation.caller.reader.isEmergency(digits) || isEmergencyAbroad(whole)
            return isEmergency ? text : nil
        }
        guard let name, configured.contains(name) else { return nil }
        return name
    }

    /// Finds the emergency number in a user part; nil when it is none.
    static func number(dialled user: ReceivedText, _ evaluation: borrowing Evaluation) -> String? {
        number(
            user.decodedName(),
            NumberCanonicaliser.canonicalise(user: user.buffer, in: user.partBeforeParameters),
            NumberCanonicaliser.canonicalise(user: user.buffer, in: user.range),
            evaluation
        )
    }

    /// Whether the digits are an emergency number where their `phone-context` says they are dialled (RFC 3966 §5.1.5).
    private static func isEmergencyAbroad(_ whole: CanonicalNumber) -> Bool {
        guard case .notInternational(let digits) = whole, case .global(var prefix) = digits.context,
            digits.count <= longestAbroad
        else { return false }
        while prefix > 999 { prefix /= 10 }
        while prefix > 0 {
            if let regions = regions[UInt16(prefix)] { return regions.contains { $0.isEmergency(digits) } }
            prefix /= 10
        }
        return false
    }

    /// The number that stands for a service URN: one of the country the caller dials in, else one of the deployment's.
    static func numberForServices(_ evaluation: borrowing Evaluation) -> String {
        guard let region = evaluation.caller.reader.region else {
            let configured = evaluation.snapshot.emergencyNumbers.filter { LocalNumber($0) != nil }
            return preferred(configured.sorted(), first: "112")
        }
        // Where both lead somewhere, 911 is what the North American plan's services are reached by.
        return preferred(region.emergencyNumbers, first: region.callingCode == 1 ? "911" : "112")
    }

    private static func preferred(_ numbers: [String], first: String) -> String {
        // Mobile networks know 112 everywhere (3GPP TS 22.101 §10.1).
        numbers.contains(first) ? first : numbers.first ?? EmergencyTarget.lastResort
    }
}
