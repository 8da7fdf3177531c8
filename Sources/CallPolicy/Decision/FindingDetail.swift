// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan
package import SessionDescription

/// A value a rule used, as a pair of key and text.
package struct FindingValue: Hashable, Sendable {
    /// The key, in snake case.
    package let key: String
    /// The value as text.
    package let text: String

    init(_ key: String, _ text: some CustomStringConvertible) {
        self.key = key
        self.text = text.description
    }
}

/// Why a rule came to its outcome, with the values it used. Words are made when they are asked for, not before.
package enum FindingDetail: Hashable, Sendable {
    // Any rule.
    /// The rule does not judge destinations of this kind.
    case notForDestination(DestinationKind)
    /// An emergency call passes the rule by.
    case waivedForEmergency
    /// A result that the rule needs is missing; the call is refused.
    case internalError

    // destination.classify
    /// A telephone number, with its country and class, and how it was read out of what was dialled.
    case telephoneNumber(E164Number, NumberClassification, NumberReading)
    /// A name of so many endpoints of the customer.
    case extensions(ReceivedText, count: Int)
    /// A SIP URI elsewhere.
    case sipURI(ReceivedText)
    /// An emergency number or service URN.
    case emergencyService(EmergencyDestination)
    /// A name nobody has.
    case unknownExtension(ReceivedText)
    /// Digits that the dial plan sets aside for extensions, and nobody has.
    case extensionNotAssigned(ReceivedText, ExtensionPattern)
    /// Something like a number that cannot be dialled.
    case notDialable(ReceivedText, why: String)
    /// A URI whose scheme cannot be called.
    case schemeNotSupported(ReceivedText)
    /// A SIP URI elsewhere, which the customer may not call.
    case sipURINotPermitted(ReceivedText)

    // emergency.exempt
    /// Nothing to exempt.
    case notEmergency
    /// The call passes the rules of account, reach, limits, source and codecs by; with the number that stands for a
    /// service URN on trunks that take none.
    case emergencyExempted(EmergencyDestination, standIn: String?)
    /// The control API may not call for help: nobody whom the services could ask or locate is on the line.
    case emergencyNotPlaced(EmergencyDestination)

    // customer.*
    /// The endpoint is not in the snapshot.
    case unknownEndpoint(ResourceIdentifier)
    /// The customer is not in the snapshot.
    case unknownCustomer(ResourceIdentifier)
    /// The endpoint is switched off.
    case endpointDisabled(ResourceIdentifier)
    /// Where the customer stands in its life.
    case customerStatus(CustomerStatus)
    /// The deployment lets unverified customers call.
    case verificationNotDemanded
    /// What is known of the customer's identity.
    case verification(IdentityVerificationStatus)
    /// The customer has no billing account.
    case notMetered
    /// What the billing account holds.
    case balance(BillingAccount)

    // customer.limits and destination.limits
    /// Neither the customer nor the endpoint has limits of the kinds that the rule judges.
    case noLimits
    /// No limit stands against the call.
    case withinLimits
    /// The call passes soft levels; with the number and the country that were counted, where the rule counts those.
    case limitWarnings([LimitEvent], to: E164Number?, in: Country?)
    /// A hard level refuses the call.
    case limitReached(LimitEvent, to: E164Number?, in: Country?)

    // destination.whitelist and destination.class
    /// The country is whitelisted.
    case countryListed(Country)
    /// The country is not among those whitelisted.
    case countryNotListed(E164Number, Country, among: Set<Country>)
    /// No country stands behind the number; with what would have to be opened for it, if anything can be.
    case countryUnknown(E164Number, SpecialDestination?)
    /// The customer's configuration opens such numbers.
    case specialAllowed(SpecialDestination)
    /// The customer has no outbound configuration, or an empty whitelist.
    case noWhitelist(E164Number, Country?)
    /// Numbers of this class may be called.
    case classAllowed(NumberClass)
    /// Numbers of this class may not be called.
    case classBlocked(E164Number, NumberClass, Country?)

    // source.validate
    /// The number asked for may be shown.
    case sourceTaken(SourceRecord)
    /// The default number stands in for the one asked for.
    case sourceReplaced(SourceRecord)
    /// Neither the number asked for nor the default number may be shown.
    case noValidSource(SourceRecord, defaultDefect: SourceDefect?)

    // privacy.resolve
    /// The callee may see the caller.
    case callerShown(PrivacyCause)
    /// The callee may not see the caller; with the priv-values that cannot be given beside.
    case callerHidden(PrivacyCause, notGiven: [String])
    /// The callee may see the caller, and these priv-values cannot be given.
    case privacyNotGiven([String])
    /// These priv-values cannot be given, and less is not wanted.
    case criticalPrivacyImpossible([String])
    /// Emergency services always see the caller.
    case emergencyCallerShown

    // codecs.filter
    /// The customer keeps every codec.
    case noCodecList
    /// There is no offer to narrow yet.
    case noOffer(CodecList)
    /// The offer is within the list as it stands.
    case codecsUnchanged(CodecList)
    /// The offer was narrowed.
    case codecsFiltered(CodecReport)
    /// No codec offered is in the list.
    case noCodecLeft(offered: [String], CodecList)
    /// The offer cannot be read; lines count from 1.
    case offerMalformed(why: String, line: Int)

    // route.select
    /// How many trunks there are to try, the first by name, and how many are down or carry as much as they may.
    case routed(trunks: Int, first: String, down: Int, full: Int)
    /// The same, where a route led to the first trunk.
    indirect case routedBy(TrunkRoute, trunks: Int, first: String, down: Int, full: Int)
    /// The routes that apply lead to no trunk that is switched on and takes such calls; how many routes there are.
    case noTrunkByRoutes(Int)
    /// No trunk serves the customer.
    case noTrunk
    /// The trunks that serve the customer are kept for emergency calls; how many there are.
    case emergencyTrunksOnly(Int)
    /// Every trunk that serves the customer is down; how many there are.
    case allTrunksDown(Int)
    /// Every trunk that serves the customer is down, or carries as many calls as it may.
    case noTrunkFree(down: Int, full: Int)
}

/// What decided whether the callee sees the caller.
package enum PrivacyCause: String, Hashable, Sendable, CaseIterable {
    /// The attempt says `anonymous: yes`.
    case forced
    /// The attempt says `anonymous: no`.
    case forbidden
    /// The Privacy header field asks for it, or asks for none.
    case requested
    /// From names the caller anonymous.
    case selfAnonymous = "self_anonymous"
    /// A prefix dialled before the number.
    case dialledPrefix = "dialled_prefix"
    /// Nothing asks for privacy.
    case notRequested = "not_requested"
    /// There is no number that may be shown.
    case noValidSource = "no_valid_source"
}
