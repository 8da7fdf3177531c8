// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The classes of number that libphonenumber's metadata tells apart.
package enum NumberClass: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// No range of the calling code holds the number; what it would cost and whom it reaches is not known.
    case unassigned = 0
    /// A geographic or other fixed line.
    case fixed
    /// A mobile telephone.
    case mobile
    /// A fixed line or a mobile: the plan does not tell them apart (as in the United States).
    case fixedOrMobile
    /// Premium rate: the caller pays the callee.
    case premium
    /// Toll free: the callee pays.
    case tollFree
    /// Shared cost: caller and callee pay.
    case sharedCost
    /// A number served over the Internet, with no place of its own.
    case voip
    /// A personal number that follows its holder, often at a higher price.
    case personal
    /// A pager.
    case pager
    /// A universal access number: a company's single number.
    case uan
    /// Access to a voice mailbox.
    case voicemail
    /// A number of a calling code that belongs to no country: satellite, international freephone and the like.
    case globalService

    /// Reads the word that `description` gives.
    package init?(_ word: String) {
        guard let found = NumberClass.allCases.first(where: { $0.description == word }) else { return nil }
        self = found
    }

    /// The class as configuration and output write it: lower case, words joined by a hyphen.
    package var description: String {
        switch self {
        case .unassigned: "unassigned"
        case .fixed: "fixed"
        case .mobile: "mobile"
        case .fixedOrMobile: "fixed-or-mobile"
        case .premium: "premium"
        case .tollFree: "toll-free"
        case .sharedCost: "shared-cost"
        case .voip: "voip"
        case .personal: "personal"
        case .pager: "pager"
        case .uan: "uan"
        case .voicemail: "voicemail"
        case .globalService: "global-service"
        }
    }
}
