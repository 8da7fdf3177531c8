// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPTransaction

/// An event that some transaction machine takes.
enum Event: Hashable, CustomStringConvertible {
    case response(Int)
    case respond(Int)
    case request
    case ack
    case timer(TransactionTimer)
    case transportFailed
    case abandoned

    var description: String {
        switch self {
        case .response(let status): "\(status) received"
        case .respond(let status): "\(status) from TU"
        case .request: "request received"
        case .ack: "ACK received"
        case .timer(let timer): "timer \(timer)"
        case .transportFailed: "transport error"
        case .abandoned: "abandoned"
        }
    }

    static let timers = TransactionTimer.allCases.map(Event.timer)
    static let statuses = [0, 99, 100, 101, 180, 199, 200, 202, 299, 300, 404, 486, 500, 699, 700, 999, -1]
    static let client = statuses.map(Event.response) + timers + [.transportFailed, .abandoned]
    static let server = statuses.map(Event.respond) + timers + [.request, .ack, .transportFailed, .abandoned]
}

/// The machines, seen alike by the tests.
protocol Machine {
    associatedtype State: Hashable & Sendable
    var state: State { get }
    init(reliable: Bool, timers: TimerConfiguration)
    mutating func begin() -> TransactionActions
    mutating func take(_ event: Event) -> TransactionActions
}

extension INVITEClientTransaction: Machine {
    mutating func begin() -> TransactionActions { start() }

    mutating func take(_ event: Event) -> TransactionActions {
        switch event {
        case .response(let status): responseReceived(status: status)
        case .timer(let timer): timerFired(timer)
        case .transportFailed: transportFailed()
        case .abandoned: abandoned()
        case .respond, .request, .ack: .none
        }
    }
}

extension NonINVITEClientTransaction: Machine {
    mutating func begin() -> TransactionActions { start() }

    mutating func take(_ event: Event) -> TransactionActions {
        switch event {
        case .response(let status): responseReceived(status: status)
        case .timer(let timer): timerFired(timer)
        case .transportFailed: transportFailed()
        case .abandoned: abandoned()
        case .respond, .request, .ack: .none
        }
    }
}

extension INVITEServerTransaction: Machine {
    mutating func begin() -> TransactionActions { start() }

    mutating func take(_ event: Event) -> TransactionActions {
        switch event {
        case .respond(let status): respond(status: status)
        case .request: requestReceived()
        case .ack: ackReceived()
        case .timer(let timer): timerFired(timer)
        case .transportFailed: transportFailed()
        case .abandoned: abandoned()
        case .response: .none
        }
    }
}

extension NonINVITEServerTransaction: Machine {
    mutating func begin() -> TransactionActions { start() }

    mutating func take(_ event: Event) -> TransactionActions {
        switch event {
        case .respond(let status): respond(status: status)
        case .request: requestReceived()
        case .timer(let timer): timerFired(timer)
        case .transportFailed: transportFailed()
        case .abandoned: abandoned()
        case .response, .ack: .none
        }
    }
}
