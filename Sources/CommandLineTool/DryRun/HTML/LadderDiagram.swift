// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A call's messages as an SVG ladder: a line for each address, an arrow for each message.
struct LadderDiagram {
    private static let margin = 70
    private static let distance = 190
    private static let height = 34
    private static let mostAddresses = 8

    private let steps: [DryRunCall.Step]
    private var addresses: [String] = []

    init(_ steps: [DryRunCall.Step]) {
        self.steps = steps
        for step in steps {
            for address in [Self.sender(step), Self.receiver(step)] where !addresses.contains(address) {
                if addresses.count < Self.mostAddresses { addresses.append(address) }
            }
        }
    }

    private static func sender(_ step: DryRunCall.Step) -> String {
        step.source ?? (step.isRequest ? "sender" : "receiver")
    }

    private static func receiver(_ step: DryRunCall.Step) -> String {
        step.destination ?? (step.isRequest ? "receiver" : "sender")
    }

    /// The diagram; empty without messages.
    var svg: String {
        guard !steps.isEmpty else { return "" }
        let width = Self.margin + max(1, addresses.count) * Self.distance
        let bottom = 40 + steps.count * Self.height + 10
        var svg = "<svg width=\"\(width)\" height=\"\(bottom)\" viewBox=\"0 0 \(width) \(bottom)\" role=\"img\" "
        svg += "aria-label=\"Messages of the call\">\n"
        for (place, address) in addresses.enumerated() {
            let x = Self.x(place)
            svg += "<text x=\"\(x)\" y=\"16\" text-anchor=\"middle\">\(HTMLText.escaped(address))</text>"
            svg += "<line class=\"l\" x1=\"\(x)\" y1=\"24\" x2=\"\(x)\" y2=\"\(bottom - 4)\"/>\n"
        }
        for (place, step) in steps.enumerated() { svg += arrow(step, y: 40 + place * Self.height + 18) }
        return svg + "</svg>\n"
    }

    private static func x(_ place: Int) -> Int { margin + distance / 2 + place * distance }

    private func arrow(_ step: DryRunCall.Step, y: Int) -> String {
        guard let from = addresses.firstIndex(of: Self.sender(step)),
            let to = addresses.firstIndex(of: Self.receiver(step))
        else { return "" }
        let label = HTMLText.escaped(String(step.label.prefix(25)))
        let time = step.time.map { String($0.prefix(23).suffix(12)) } ?? ""
        var svg = "<g><title>\(HTMLText.escaped("\(step.label), \(step.place)"))</title>"
        svg += "<text class=\"t\" x=\"2\" y=\"\(y + 4)\" font-size=\"10\">\(HTMLText.escaped(time))</text>"
        let dash = step.isRequest ? "" : " stroke-dasharray=\"5 3\""
        let start = Self.x(from)
        guard from != to else {
            svg += "<path class=\"a\" d=\"M\(start) \(y - 6)h26v12h-20\"\(dash)/>"
            svg += "<path class=\"h\" d=\"M\(start + 1) \(y + 6)l7 -4v8z\"/>"
            return svg + "<text x=\"\(start + 32)\" y=\"\(y + 4)\">\(label)</text></g>\n"
        }
        let end = Self.x(to)
        let sign = end > start ? 1 : -1
        svg += "<line class=\"a\" x1=\"\(start)\" y1=\"\(y)\" x2=\"\(end - sign * 7)\" y2=\"\(y)\"\(dash)/>"
        svg += "<path class=\"h\" d=\"M\(end) \(y)l\(-8 * sign) -4v8z\"/>"
        let middle = start + sign * Self.distance / 2
        return svg + "<text x=\"\(middle)\" y=\"\(y - 5)\" text-anchor=\"middle\">\(label)</text></g>\n"
    }
}
