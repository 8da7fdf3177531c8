// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import SIPMessage

/// Applies a REGISTER to the bindings of its address of record (RFC 3261 §10.3 steps 6 and 7, RFC 5626 §6).
///
/// The caller has done steps 1 to 5: domain, Require, authentication, authorisation, and the address of record.
///
/// - Parameters:
///   - request: The REGISTER.
///   - existing: The bindings of its address of record; those that have ended count for nothing.
///   - flow: The way it came in.
///   - limits: What is granted and kept.
///   - now: The present.
/// - Returns: The bindings that now hold, or a refusal that leaves everything as it was.
package func register(
    request: SIPMessage,
    existing: [Binding],
    flow: RegistrationFlow,
    limits: RegistrarLimits,
    now: WallTime
) -> RegistrationOutcome {
    let registration = Registration(request: request, flow: flow, limits: limits, now: now)
    do throws(RegistrationRefusal) {
        return try registration.apply(to: existing.pruned(at: now))
    } catch {
        return .refused(error)
    }
}

/// A REGISTER being applied.
private struct Registration {
    let request: SIPMessage
    let flow: RegistrationFlow
    let limits: RegistrarLimits
    let now: WallTime

    func apply(to stored: [Binding]) throws(RegistrationRefusal) -> RegistrationOutcome {
        let contacts: [ContactField]
        switch try readContacts() {
        case .none: return .answer(bindings: stored, changed: false)
        case .wildcard: return try removeAll(stored)
        case .listed(let listed): contacts = listed
        }
        try requireOneFlow(contacts)
        var update = BindingUpdate(stored: stored)
        let path = pathValues()
        for contact in contacts {
            try requireInterval(contact)
            let replaced = try replace(contact, &update)
            update.withdrawTentative(equalTo: contact.uri, in: request.bytes)
            if contact.requested > 0 { update.add(binding(contact, path, replacing: replaced)) }
        }
        return .answer(bindings: try bounded(update), changed: update.isChange)
    }

    // MARK: - Reading

    private enum Contacts {
        case none
        case wildcard
        case listed([ContactField])
    }

    private func readContacts() throws(RegistrationRefusal) -> Contacts {
        let message = request.bytes
        let bytes = message.span
        let otherwise = requestedByHeader(bytes)
        var contacts: [ContactField] = []
        var hasWildcard = false
        for field in request.fields where field.name == .contact {
            var cursor = ListCursor(field.value.indices)
            while let element = cursor.next(bytes) {
                guard !hasWildcard else { throw Self.misplacedWildcard }
                if element.count == 1, bytes[element.lowerBound] == UInt8(ascii: "*") {
                    guard contacts.isEmpty else { throw Self.misplacedWildcard }
                    hasWildcard = true
                    continue
                }
                // Twice the bound, for a request may replace every binding it knows by a new one.
                guard contacts.count / 2 < limits.maxContacts else { throw tooMany }
                contacts.append(try ContactField(bytes, element, otherwise: otherwise))
            }
        }
        if hasWildcard {
            guard request.number(.expires) == 0 else {
                throw RegistrationRefusal(400, "Contact: an asterisk needs Expires: 0")
            }
            return .wildcard
        }
        return contacts.isEmpty ? .none : .listed(contacts)
    }

    private static var misplacedWildcard: RegistrationRefusal {
        RegistrationRefusal(400, "Contact: an asterisk must stand alone")
    }

    private var tooMany: RegistrationRefusal {
        RegistrationRefusal(403, "no more than \(limits.maxContacts) contacts can be registered")
    }

    private func requestedByHeader(_ bytes: Span<UInt8>) -> UInt32 {
        guard let range = request.first(.expires) else { return limits.defaultExpires }
        return ContactField.seconds(bytes, range.indices)
    }

    private func pathValues() -> [[UInt8]] {
        let ranges = request.elements(.path)
        guard !ranges.isEmpty else { return [] }
        return ranges.map { copy($0, sharing: nil) }
    }

    /// RFC 5626 §6: a reg-id names the flow of the request, so no second contact may be bound beside it.
    private func requireOneFlow(_ contacts: [ContactField]) throws(RegistrationRefusal) {
        guard contacts.count > 1, contacts.count(where: { $0.requested > 0 }) > 1 else { return }
        guard contacts.contains(where: { $0.requested > 0 && $0.registrationID != nil }) else { return }
        throw RegistrationRefusal(400, "Contact: a reg-id stands beside other contacts")
    }

    // MARK: - Updating

    private func removeAll(_ stored: [Binding]) throws(RegistrationRefusal) -> RegistrationOutcome {
        for binding in stored { try requireNewer(binding) }
        return .answer(bindings: [], changed: !stored.isEmpty)
    }

    /// RFC 3261 §10.3 step 7: short, but never refused from one hour on, and never when it asks for removal.
    private func requireInterval(_ contact: ContactField) throws(RegistrationRefusal) {
        guard contact.requested > 0, contact.requested < 3600, contact.requested < limits.minExpires else { return }
        throw RegistrationRefusal(
            423,
            "the shortest interval is \(limits.minExpires) seconds",
            minExpires: limits.minExpires
        )
    }

    /// Takes every stored binding that the contact stands for out of the result; returns the last one.
    private func replace(
        _ contact: ContactField,
        _ update: inout BindingUpdate
    ) throws(RegistrationRefusal) -> Binding? {
        var replaced: Binding?
        for index in 0..<update.stored.count where matches(contact, update.stored[index]) {
            try requireNewer(update.stored[index])
            update.replace(index)
            replaced = update.stored[index]
        }
        return replaced
    }

    /// With a reg-id on both sides the instance and the reg-id decide, whatever the URIs (RFC 5626 §6). Otherwise the
    /// URIs do; a new contact of the same instance supersedes the old one too, though a removal must name its URI, or
    /// a late farewell to an old address would take the new one away.
    private func matches(_ contact: ContactField, _ binding: Binding) -> Bool {
        let message = request.bytes
        let bytes = message.span
        if let registrationID = contact.registrationID, binding.instance != nil,
            let other = binding.registrationID
        {
            return registrationID == other && isSameInstance(bytes, contact, binding)
        }
        if isEqual(bytes, contact.uri, toContactOf: binding) { return true }
        return contact.requested > 0 && contact.registrationID == nil && binding.registrationID == nil
            && isSameInstance(bytes, contact, binding)
    }

    private func isSameInstance(_ bytes: Span<UInt8>, _ contact: ContactField, _ binding: Binding) -> Bool {
        guard !contact.instance.isEmpty, let instance = binding.instance else { return false }
        return isSameBytes(bytes, contact.instance.indices, instance.span, 0..<instance.count)
    }

    /// RFC 3261 §10.3 steps 6 and 7: the same Call-ID must come with a higher CSeq.
    private func requireNewer(_ binding: Binding) throws(RegistrationRefusal) {
        guard request.mandatory.sequenceNumber <= binding.sequenceNumber else { return }
        let message = request.bytes
        let callID = binding.callID
        guard isSameBytes(message.span, request.mandatory.callID.indices, callID.span, 0..<callID.count) else { return }
        throw RegistrationRefusal(500, "the CSeq is not higher than that of an earlier REGISTER with this Call-ID")
    }

    private func binding(_ contact: ContactField, _ path: [[UInt8]], replacing old: Binding?) -> Binding {
        let granted = min(contact.requested, limits.maxExpires)
        return Binding(
            contact: copy(contact.uri.whole, sharing: old?.contact),
            callID: copy(request.mandatory.callID, sharing: old?.callID),
            sequenceNumber: request.mandatory.sequenceNumber,
            expires: WallTime(milliseconds: now.milliseconds &+ Int64(granted) &* 1000),
            registered: now,
            quality: contact.quality,
            path: path,
            instance: contact.instance.isEmpty ? nil : copy(contact.instance, sharing: old?.instance),
            registrationID: contact.registrationID,
            flow: flow,
            userAgent: userAgent(sharing: old?.userAgent)
        )
    }

    private func userAgent(sharing old: [UInt8]?) -> [UInt8] {
        guard let value = request.first(.userAgent) else { return [] }
        let length = min(value.length, UInt32(clamping: limits.maxUserAgentBytes))
        return copy(FieldRange(offset: value.offset, length: length), sharing: old)
    }

    /// A range of the request with control characters turned to blanks; the old array itself when it says the same.
    private func copy(_ range: FieldRange, sharing old: [UInt8]?) -> [UInt8] {
        let message = request.bytes
        if let old, isSameBytes(message.span, range.indices, old.span, 0..<old.count) { return old }
        var composer = MessageComposer(capacity: Int(range.length))
        composer.appendUnfolded(message, range)
        return composer.bytes
    }

    // MARK: - Bounding

    /// The result, unless it has grown beyond a limit; what is kept already may stay when a limit was lowered.
    private func bounded(_ update: BindingUpdate) throws(RegistrationRefusal) -> [Binding] {
        let result = update.result
        if result.count > limits.maxContacts, result.count > update.stored.count { throw tooMany }
        let count = result.byteCount
        if count > limits.maxTotalBytes, count > update.stored.byteCount {
            throw RegistrationRefusal(403, "the contacts are longer than \(limits.maxTotalBytes) bytes together")
        }
        return result
    }
}
