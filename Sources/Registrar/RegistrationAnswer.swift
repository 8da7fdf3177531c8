// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import SIPMessage

/// Writes what a 200 to REGISTER says of the bindings: a Contact for each with the seconds it has left (RFC 3261 §10.3
/// step 8), and the request's Path values when its sender understands them (RFC 3327 §5.3).
///
/// The q value is left out where it is 1, its default. The caller starts and finishes the response.
///
/// - Parameters:
///   - composer: The response so far.
///   - bindings: The bindings that hold.
///   - now: The time from which the remaining seconds are counted.
///   - request: The REGISTER that is answered.
package func appendAnswer(
    to composer: inout MessageComposer,
    bindings: [Binding],
    now: WallTime,
    request: SIPMessage
) {
    for binding in bindings where binding.isLive(at: now) {
        appendContact(to: &composer, binding, now)
    }
    if request.lists("path", in: .supported) {
        composer.copyFields(.path, of: request)
    }
}

private func appendContact(to composer: inout MessageComposer, _ binding: Binding, _ now: WallTime) {
    composer.append("Contact: <")
    composer.appendUnfolded(binding.contact, FieldRange(0..<binding.contact.count))
    composer.append(">;expires=")
    composer.append(decimal: binding.secondsLeft(at: now))
    if binding.quality < 1000 {
        composer.append(";q=0")
        appendThousandths(to: &composer, binding.quality)
    }
    if let instance = binding.instance {
        composer.append(";+sip.instance=\"")
        composer.appendUnfolded(instance, FieldRange(0..<instance.count))
        composer.append("\"")
    }
    if let registrationID = binding.registrationID {
        composer.append(";reg-id=")
        composer.append(decimal: Int(registrationID))
    }
    composer.endLine()
}

/// Writes a fraction's digits after its leading zero, without zeros at their end; nothing for 0.
private func appendThousandths(to composer: inout MessageComposer, _ value: Int) {
    guard value > 0 else { return }
    composer.append(".")
    var divisor = 100
    var rest = value
    while rest > 0, divisor > 0 {
        composer.append(decimal: rest / divisor)
        rest %= divisor
        divisor /= 10
    }
}
