// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The name of a header field: every name of the IANA SIP header field registry, the two that carriers still use
/// without registration (Diversion has a historic RFC, Remote-Party-ID a draft), and `other` for the rest.
package enum HeaderName: UInt8, Sendable, CaseIterable {
    /// A name that no table of this gateway knows.
    case other = 0
    case accept
    case acceptContact
    case acceptEncoding
    case acceptLanguage
    case acceptResourcePriority
    case additionalIdentity
    case alertInfo
    case allow
    case allowEvents
    case answerMode
    case attestationInfo
    case authenticationInfo
    case authorization
    case callID
    case callInfo
    case cellularNetworkInfo
    case contact
    case contentDisposition
    case contentEncoding
    case contentID
    case contentLanguage
    case contentLength
    case contentType
    case cseq
    case date
    case dcInfo
    case diversion
    case encryption
    case errorInfo
    case event
    case expires
    case featureCaps
    case flowTimer
    case from
    case geolocation
    case geolocationError
    case geolocationRouting
    case hide
    case historyInfo
    case identity
    case identityInfo
    case infoPackage
    case inReplyTo
    case join
    case maxBreadth
    case maxForwards
    case mimeVersion
    case minExpires
    case minSE
    case organization
    case originationId
    case pAccessNetworkInfo
    case pAnswerState
    case pAssertedIdentity
    case pAssertedService
    case pAssociatedURI
    case pCalledPartyID
    case pChargeInfo
    case pChargingFunctionAddresses
    case pChargingVector
    case pDCSBillingInfo
    case pDCSLAES
    case pDCSOSPS
    case pDCSRedirect
    case pDCSTracePartyID
    case pEarlyMedia
    case pMediaAuthorization
    case pPreferredIdentity
    case pPreferredService
    case pPrivateNetworkIndication
    case pProfileKey
    case pRefusedURIList
    case pServedUser
    case pUserDatabase
    case pVisitedNetworkID
    case path
    case permissionMissing
    case policyContact
    case policyID
    case priority
    case priorityShare
    case priorityVerstat
    case privAnswerMode
    case privacy
    case proxyAuthenticate
    case proxyAuthenticationInfo
    case proxyAuthorization
    case proxyRequire
    case rack
    case reason
    case reasonPhrase
    case recordRoute
    case recvInfo
    case referEventsAt
    case referSub
    case referTo
    case referredBy
    case rejectContact
    case relayedCharge
    case remotePartyID
    case replaces
    case replyTo
    case requestDisposition
    case require
    case resourcePriority
    case resourceShare
    case responseKey
    case responseSource
    case restorationInfo
    case retryAfter
    case route
    case rseq
    case securityClient
    case securityServer
    case securityVerify
    case server
    case serviceInteractInfo
    case serviceRoute
    case sessionExpires
    case sessionID
    case sipETag
    case sipIfMatch
    case subject
    case subscriptionState
    case supported
    case suppressIfMatch
    case targetDialog
    case timestamp
    case to
    case triggerConsent
    case unsupported
    case userAgent
    case userToUser
    case via
    case warning
    case wwwAuthenticate
}

extension HeaderName {
    /// The names as they are written on the wire, in the order of the cases.
    static let wireNames: [StaticString] = [
        "",
        "Accept",
        "Accept-Contact",
        "Accept-Encoding",
        "Accept-Language",
        "Accept-Resource-Priority",
        "Additional-Identity",
        "Alert-Info",
        "Allow",
        "Allow-Events",
        "Answer-Mode",
        "Attestation-Info",
        "Authentication-Info",
        "Authorization",
        "Call-ID",
        "Call-Info",
        "Cellular-Network-Info",
        "Contact",
        "Content-Disposition",
        "Content-Encoding",
        "Content-ID",
        "Content-Language",
        "Content-Length",
        "Content-Type",
        "CSeq",
        "Date",
        "DC-Info",
        "Diversion",
        "Encryption",
        "Error-Info",
        "Event",
        "Expires",
        "Feature-Caps",
        "Flow-Timer",
        "From",
        "Geolocation",
        "Geolocation-Error",
        "Geolocation-Routing",
        "Hide",
        "History-Info",
        "Identity",
        "Identity-Info",
        "Info-Package",
        "In-Reply-To",
        "Join",
        "Max-Breadth",
        "Max-Forwards",
        "MIME-Version",
        "Min-Expires",
        "Min-SE",
        "Organization",
        "Origination-Id",
        "P-Access-Network-Info",
        "P-Answer-State",
        "P-Asserted-Identity",
        "P-Asserted-Service",
        "P-Associated-URI",
        "P-Called-Party-ID",
        "P-Charge-Info",
        "P-Charging-Function-Addresses",
        "P-Charging-Vector",
        "P-DCS-Billing-Info",
        "P-DCS-LAES",
        "P-DCS-OSPS",
        "P-DCS-Redirect",
        "P-DCS-Trace-Party-ID",
        "P-Early-Media",
        "P-Media-Authorization",
        "P-Preferred-Identity",
        "P-Preferred-Service",
        "P-Private-Network-Indication",
        "P-Profile-Key",
        "P-Refused-URI-List",
        "P-Served-User",
        "P-User-Database",
        "P-Visited-Network-ID",
        "Path",
        "Permission-Missing",
        "Policy-Contact",
        "Policy-ID",
        "Priority",
        "Priority-Share",
        "Priority-Verstat",
        "Priv-Answer-Mode",
        "Privacy",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Authorization",
        "Proxy-Require",
        "RAck",
        "Reason",
        "Reason-Phrase",
        "Record-Route",
        "Recv-Info",
        "Refer-Events-At",
        "Refer-Sub",
        "Refer-To",
        "Referred-By",
        "Reject-Contact",
        "Relayed-Charge",
        "Remote-Party-ID",
        "Replaces",
        "Reply-To",
        "Request-Disposition",
        "Require",
        "Resource-Priority",
        "Resource-Share",
        "Response-Key",
        "Response-Source",
        "Restoration-Info",
        "Retry-After",
        "Route",
        "RSeq",
        "Security-Client",
        "Security-Server",
        "Security-Verify",
        "Server",
        "Service-Interact-Info",
        "Service-Route",
        "Session-Expires",
        "Session-ID",
        "SIP-ETag",
        "SIP-If-Match",
        "Subject",
        "Subscription-State",
        "Supported",
        "Suppress-If-Match",
        "Target-Dialog",
        "Timestamp",
        "To",
        "Trigger-Consent",
        "Unsupported",
        "User-Agent",
        "User-to-User",
        "Via",
        "Warning",
        "WWW-Authenticate",
    ]

    /// The compact forms of IANA's registry, each a single letter (RFC 3261 §7.3.3 and later RFCs).
    static func compactForm(_ letter: UInt8) -> HeaderName {
        switch letter | 0x20 {
        case UInt8(ascii: "a"): .acceptContact
        case UInt8(ascii: "b"): .referredBy
        case UInt8(ascii: "c"): .contentType
        case UInt8(ascii: "d"): .requestDisposition
        case UInt8(ascii: "e"): .contentEncoding
        case UInt8(ascii: "f"): .from
        case UInt8(ascii: "i"): .callID
        case UInt8(ascii: "j"): .rejectContact
        case UInt8(ascii: "k"): .supported
        case UInt8(ascii: "l"): .contentLength
        case UInt8(ascii: "m"): .contact
        case UInt8(ascii: "n"): .identityInfo
        case UInt8(ascii: "o"): .event
        case UInt8(ascii: "r"): .referTo
        case UInt8(ascii: "s"): .subject
        case UInt8(ascii: "t"): .to
        case UInt8(ascii: "u"): .allowEvents
        case UInt8(ascii: "v"): .via
        case UInt8(ascii: "x"): .sessionExpires
        case UInt8(ascii: "y"): .identity
        default: .other
        }
    }
}
