// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The DNS record types that location asks for, by their numbers.
package enum RecordType: UInt16, Sendable {
    case a = 1
    case aaaa = 28
    case srv = 33
    case naptr = 35
}

/// A question to DNS.
package struct Question: Hashable, Sendable {
    /// The name.
    package let name: DomainName
    /// The record type.
    package let type: RecordType

    /// Makes a question.
    package init(_ name: DomainName, _ type: RecordType) {
        self.name = name
        self.type = type
    }
}

/// A SRV record (RFC 2782).
package struct ServiceRecord: Hashable, Sendable {
    /// Lower is tried first.
    package let priority: UInt16
    /// The share among records of one priority.
    package let weight: UInt16
    /// The port.
    package let port: UInt16
    /// The host; nil for `.`, the service is not offered here.
    package let target: DomainName?

    /// Makes a record.
    package init(priority: UInt16, weight: UInt16, port: UInt16, target: DomainName?) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }
}

/// A NAPTR record (RFC 3403 §4) as far as SIP uses it: without a regular expression.
package struct PointerRecord: Hashable, Sendable {
    /// Lower comes first.
    package let order: UInt16
    /// Lower comes first within one order.
    package let preference: UInt16
    /// What the replacement is: `s` for the name of SRV records.
    package let flags: String
    /// The service, as `SIP+D2U`.
    package let service: String
    /// The name to go on with; nil for `.`.
    package let replacement: DomainName?

    /// Makes a record.
    package init(order: UInt16, preference: UInt16, flags: String, service: String, replacement: DomainName?) {
        self.order = order
        self.preference = preference
        self.flags = flags
        self.service = service
        self.replacement = replacement
    }
}

/// What a record holds.
package enum RecordData: Hashable, Sendable {
    case address(ServerAddress)
    case service(ServiceRecord)
    case pointer(PointerRecord)
    case alias(DomainName)
}

/// The answer to a question.
package enum Answer: Hashable, Sendable {
    /// The records of the type asked for, never empty, and for how many seconds they are good.
    case records([RecordData], timeToLive: UInt32)
    /// The name stands for another one, about which nothing more was said.
    case alias(DomainName, timeToLive: UInt32)
    /// There is no such name, or no record of the type; for so many seconds, if that was said (RFC 2308 §5).
    case nothing(timeToLive: UInt32?)
    /// There is no answer.
    case failed(AnswerFailure)
}

/// Why there is no answer.
package enum AnswerFailure: Hashable, Sendable {
    /// No server answered in time.
    case silence
    /// The servers answered that they cannot or will not say.
    case refusal
    /// The answer cannot be read, or its aliases lead nowhere.
    case malformed
    /// Too many questions are open.
    case overload
}
