// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A form in which a dry run is told, call by call and then as a whole.
protocol DryRunWriter {
    /// What stands before the first call.
    mutating func begin(_ captures: [String]) throws -> String
    /// One call.
    mutating func call(_ call: DryRunCall) throws -> String
    /// What stands after the last call.
    mutating func end(_ summary: DryRunSummary) throws -> String
}

/// JSON: an object for each call on a line of its own, and one with the summary at the end.
struct DryRunJSONWriter: DryRunWriter {
    func begin(_ captures: [String]) -> String { "" }

    func call(_ call: DryRunCall) throws -> String { try JSONText.line(call) }

    func end(_ summary: DryRunSummary) throws -> String { try JSONText.line(summary) }
}
