// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DryRun
import TraceCapture

/// What a dry run came to: the last line of its JSON.
///
/// | key | what |
/// | --- | --- |
/// | `type` | always `summary` |
/// | `calls` | how many |
/// | `by_verdict`, `by_rule`, `by_country`, `by_captured` | calls by verdict, by the rule that rejects, by the country called, by their status in the capture (`none` without one) |
/// | `captures` | the files that were read |
/// | `packets`, `messages`, `readable`, `unreadable`, `truncated` | of the captures |
/// | `invites`, `other_legs`, `repeated_invites`, `retransmissions`, `registrations` | SIP messages by kind |
/// | `evicted_calls` | calls given up early because too many were open |
/// | `notes`, `note_count` | what could not be read, the first 50 in words, and how many there were |
/// | `errors` | captures that could not be read at all |
package struct DryRunSummary: Encodable, Hashable, Sendable {
    package let type = "summary"
    package var calls = 0
    package var byVerdict: [String: Int] = [:]
    package var byRule: [String: Int] = [:]
    package var byCountry: [String: Int] = [:]
    package var byCaptured: [String: Int] = [:]
    package var captures: [String] = []
    package var packets = 0
    package var messages = 0
    package var readable = 0
    package var unreadable = 0
    package var truncated = 0
    package var invites = 0
    package var otherLegs = 0
    package var repeatedInvites = 0
    package var retransmissions = 0
    package var registrations = 0
    package var evictedCalls = 0
    package var notes: [String] = []
    package var noteCount = 0
    package var errors: [String] = []

    private enum CodingKeys: String, CodingKey {
        case type, calls, byVerdict, byRule, byCountry, byCaptured, captures, packets, messages, readable, unreadable
        case truncated, invites, otherLegs, repeatedInvites, retransmissions, registrations, evictedCalls, notes
        case noteCount, errors
    }

    private static let shownNotes = 50

    init() {}

    /// Counts a call.
    mutating func add(_ call: DryRunCall) {
        calls += 1
        byVerdict[call.verdict, default: 0] += 1
        if let rule = call.rejection?.rule { byRule[rule, default: 0] += 1 }
        if let country = call.destination?.country { byCountry[country, default: 0] += 1 }
        byCaptured[call.captured.status.map(String.init) ?? "none", default: 0] += 1
    }

    /// Counts something that could not be read.
    mutating func add(_ note: CaptureNote) {
        noteCount += 1
        if notes.count < Self.shownNotes { notes.append(note.description) }
    }

    /// Takes over what the dry run counted.
    mutating func take(_ counts: DryRunCounts) {
        messages = counts.messages
        readable = counts.readable
        unreadable = counts.unreadable
        truncated = counts.truncated
        invites = counts.invites
        otherLegs = counts.otherLegs
        repeatedInvites = counts.repeatedInvites
        retransmissions = counts.retransmissions
        registrations = counts.registrations
        evictedCalls = counts.evictedCalls
    }
}
