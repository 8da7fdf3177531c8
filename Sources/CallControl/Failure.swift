// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import SIPMessage

/// Why a call or an attempt failed.
struct Failure {
    /// The SIP status.
    var status: Int
    /// The cause for the record.
    var cause: ReleaseCause
    /// Words for Warning; nil when the response that failed speaks for itself.
    var text: String?
    /// Whether those words stand in Reason too.
    var isExplained = false
    /// The response, when there was one.
    var response: SIPMessage?
    /// Seconds for Retry-After.
    var retryAfter: Int?
    /// The branch that failed.
    var branch: Int?
    /// The option tag that stands in Unsupported.
    var unsupported: String?
    /// Whether the server that was tried could not be reached or said nothing in time.
    var isUnreached: Bool
    /// Whether no server was found to try.
    var isUnlocated: Bool

    init(
        status: Int,
        cause: ReleaseCause? = nil,
        text: String? = nil,
        response: SIPMessage? = nil,
        retryAfter: Int? = nil,
        branch: Int? = nil,
        unsupported: String? = nil,
        isUnreached: Bool = false,
        isUnlocated: Bool = false
    ) {
        self.status = status
        self.cause = cause ?? .of(sipStatus: status)
        self.text = text
        self.response = response
        self.retryAfter = retryAfter
        self.branch = branch
        self.unsupported = unsupported
        self.isUnreached = isUnreached
        self.isUnlocated = isUnlocated
    }

    /// Whether another server of the same name may do better (RFC 3263 §4.3): after a transport error, after silence, and
    /// after a 503 of its own.
    var leadsToNextServer: Bool { isUnreached || response?.status == 503 }

    /// Whether another route could not help: the caller alone can change what is refused. A hidden caller decides
    /// itself whether to show its number (RFC 5079 §4), and a session interval is the caller's to raise (RFC 4028 §7.3).
    var isForCaller: Bool { status == 422 || status == 433 }
}

extension Failure {
    /// RFC 3261 §16.7 step 6: a 6xx wins; then the lowest class, with the more telling codes of 4xx first.
    func isPreferred(to other: Failure) -> Bool {
        func rank(_ status: Int) -> Int {
            switch status {
            case 600...: 0
            case 401, 407, 415, 420, 484, 486, 488: 1
            case 400..<408: 2
            case 408: 4
            case 409..<500: 2
            case 300..<400: 3
            default: 5
            }
        }
        return rank(status) < rank(other.status)
    }
}
