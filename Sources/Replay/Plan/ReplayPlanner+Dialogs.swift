// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime
import SIPMessage
import TraceCapture

/// Which dialogs are replayed, and on which sockets.
extension ReplayPlanner {
    mutating func buildDialogs() {
        let registered = registeredClients()
        var lines: [PlannedLine: Int] = [:]
        var found: [PlannedDialog] = []
        for (index, group) in groups.enumerated() {
            guard let first = group.entries.first else { continue }
            guard let role = role(of: first, registered) else { continue }
            var builder = DialogBuilder(first, role, group: index)
            for entry in group.entries where builder.isOfLeg(entry) { builder.take(entry) }
            plan.counts.retransmissions += builder.retransmissions
            for note in builder.notes { plan.note(note) }
            let line = line(of: first, role)
            let place = lines[line] ?? plan.lines.count
            if place == plan.lines.count {
                plan.lines.append(line)
                lines[line] = place
            }
            for var dialog in builder.finished() {
                dialog.line = place
                if builder.usernames.isEmpty, let address = role == .caller ? first.source : first.destination,
                    let user = registered[address]
                {
                    dialog.usernames.append(user)
                }
                found.append(dialog)
            }
        }
        found.sort { $0.firstOrdinal < $1.firstOrdinal }
        plan.counts.beyondLimit = max(0, found.count - options.limit)
        plan.dialogs = Array(found.prefix(options.limit))
        for place in plan.dialogs.indices { plan.dialogs[place].number = place + 1 }
    }

    /// Which side the client is on; nil for a dialog that is not replayed.
    private mutating func role(of first: Entry, _ registered: [CaptureAddress: String]) -> PlannedDialog.Role? {
        guard first.isOpening else {
            plan.counts.partial += 1
            return nil
        }
        guard !first.isTruncated else {
            plan.note("\(first.place): the end of the \(first.message.methodText) was not captured: it is not replayed")
            return nil
        }
        if isServer(first.destination), !isServer(first.source) || first.source == nil {
            let isWanted = options.clients.isEmpty || options.clients.contains { $0.contains(first.source) }
            if isWanted { return .caller }
        } else if isServer(first.source), first.message.method == .invite, let receiver = first.destination,
            registered[receiver] != nil
        {
            let isWanted = options.clients.isEmpty || options.clients.contains { $0.contains(receiver) }
            if isWanted { return .callee }
        }
        plan.counts.otherLegs += 1
        return nil
    }

    /// The users that registered, by the address they did it from.
    private func registeredClients() -> [CaptureAddress: String] {
        var users: [CaptureAddress: String] = [:]
        for entry in groups.lazy.compactMap(\.entries.first) where entry.message.method == .register {
            guard let source = entry.source, entry.isOpening, isServer(entry.destination) else { continue }
            users[source] = entry.message.text(entry.message.mandatory.to.uri.user)
        }
        return users
    }

    private func line(of first: Entry, _ role: PlannedDialog.Role) -> PlannedLine {
        let address = role == .caller ? first.source : first.destination
        let from = first.message.mandatory.from.uri
        let name = address?.description ?? "\(first.message.text(from.user))@\(first.message.text(from.host))"
        return PlannedLine(client: name, transport: first.transport)
    }
}
