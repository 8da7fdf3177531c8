// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Brings finished calls into the order in which they began, as far as a bound on those that wait allows.
struct CallOrder {
    /// How many finished calls may wait for an earlier one.
    var room = 2_000
    /// How many octets of messages they may hold.
    var roomBytes = 64 << 20

    private var begun = 0
    private var nextNumber = 1
    private var waiting: [Int: JudgedCall] = [:]
    private var waitingBytes = 0
    private var output: [JudgedCall] = []
    private var outputStart = 0

    init() {}

    /// The number of a call that begins.
    mutating func begin() -> Int {
        begun += 1
        return begun
    }

    /// Takes a finished call.
    mutating func finish(_ call: JudgedCall) {
        // Calls that began after it were let go already.
        guard call.number >= nextNumber else {
            output.append(call)
            return
        }
        waiting[call.number] = call
        waitingBytes += Self.bytes(of: call)
        release()
        if waiting.count > room || waitingBytes > roomBytes { letGo((waiting.count + 1) / 2) }
    }

    /// Lets go of all that wait.
    mutating func flush() { letGo(waiting.count) }

    /// The next call.
    mutating func next() -> JudgedCall? {
        guard outputStart < output.count else { return nil }
        let call = output[outputStart]
        outputStart += 1
        if outputStart == output.count {
            output.removeAll(keepingCapacity: true)
            outputStart = 0
        }
        return call
    }

    private mutating func release() {
        while let call = take(nextNumber) {
            output.append(call)
            nextNumber += 1
        }
    }

    private mutating func take(_ number: Int) -> JudgedCall? {
        guard let call = waiting.removeValue(forKey: number) else { return nil }
        waitingBytes -= Self.bytes(of: call)
        return call
    }

    private static func bytes(of call: JudgedCall) -> Int {
        call.attempts.reduce(call.invite?.bytes.count ?? 0) { $0 + $1.bytes.count }
    }

    private mutating func letGo(_ count: Int) {
        guard count > 0 else { return }
        for number in waiting.keys.sorted().prefix(count) {
            guard let call = take(number) else { continue }
            output.append(call)
            nextNumber = number + 1
        }
        release()
    }
}
