// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A call's messages as an SVG ladder: a line for each address, an arrow for each message.
///
/// It is drawn twice, and the style sheet shows one of the two: in full, and for a telephone's screen with letters for
/// addresses, seconds for times, and methods and status codes alone.
struct LadderDiagram {
    private static let height = 34
    private static let mostAddresses = 8
    private static let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]

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
    var html: String {
        guard !steps.isEmpty else { return "" }
        return "<div class=\"scroll wide\">\n\(svg(wide))</div>\n"
            + "<div class=\"narrow\">\n\(legend)\(svg(narrow))</div>\n"
    }

    /// What stands where in one of the two drawings.
    private struct Layout {
        let isNarrow: Bool
        let margin: Int
        let distance: Int
        let width: Int

        func x(_ place: Int) -> Int { margin + distance / 2 + place * distance }
    }

    private var wide: Layout {
        Layout(isNarrow: false, margin: 70, distance: 190, width: 70 + max(1, addresses.count) * 190)
    }

    private var narrow: Layout {
        let distance = min(120, 290 / max(1, addresses.count))
        return Layout(isNarrow: true, margin: 44, distance: distance, width: 44 + max(1, addresses.count) * distance)
    }

    private var legend: String {
        let names = zip(Self.letters, addresses).map { "\($0) \(HTMLText.escaped($1))" }
        return "<p class=\"dim\">\(names.joined(separator: "<br>"))</p>\n"
    }

    private func svg(_ layout: Layout) -> String {
        let bottom = 40 + steps.count * Self.height + 10
        var svg = "<svg width=\"\(layout.width)\" height=\"\(bottom)\" viewBox=\"0 0 \(layout.width) \(bottom)\" "
        svg += "role=\"img\" aria-label=\"Messages of the call\">\n"
        for (place, address) in addresses.enumerated() {
            let x = layout.x(place)
            let name = layout.isNarrow ? Self.letters[place % Self.letters.count] : HTMLText.escaped(address)
            svg += "<text x=\"\(x)\" y=\"16\" text-anchor=\"middle\">\(name)</text>"
            svg += "<line class=\"l\" x1=\"\(x)\" y1=\"24\" x2=\"\(x)\" y2=\"\(bottom - 4)\"/>\n"
        }
        for (place, step) in steps.enumerated() { svg += arrow(step, y: 40 + place * Self.height + 18, layout) }
        return svg + "</svg>\n"
    }

    private func arrow(_ step: DryRunCall.Step, y: Int, _ layout: Layout) -> String {
        guard let from = addresses.firstIndex(of: Self.sender(step)),
            let to = addresses.firstIndex(of: Self.receiver(step))
        else { return "" }
        let label = HTMLText.escaped(label(step, layout))
        let time = step.time.map { String($0.prefix(23).suffix(layout.isNarrow ? 6 : 12)) } ?? ""
        var svg = "<g><title>\(HTMLText.escaped("\(step.label), \(step.place)"))</title>"
        svg += "<text class=\"t\" x=\"2\" y=\"\(y + 4)\" font-size=\"10\">\(HTMLText.escaped(time))</text>"
        let dash = step.isRequest ? "" : " stroke-dasharray=\"5 3\""
        let start = layout.x(from)
        guard from != to else {
            svg += "<path class=\"a\" d=\"M\(start) \(y - 6)h26v12h-20\"\(dash)/>"
            svg += "<path class=\"h\" d=\"M\(start + 1) \(y + 6)l7 -4v8z\"/>"
            return svg + "<text x=\"\(start + 32)\" y=\"\(y + 4)\">\(label)</text></g>\n"
        }
        let end = layout.x(to)
        let sign = end > start ? 1 : -1
        svg += "<line class=\"a\" x1=\"\(start)\" y1=\"\(y)\" x2=\"\(end - sign * 7)\" y2=\"\(y)\"\(dash)/>"
        svg += "<path class=\"h\" d=\"M\(end) \(y)l\(-8 * sign) -4v8z\"/>"
        let middle = layout.isNarrow ? (start + end) / 2 : start + sign * layout.distance / 2
        return svg + "<text x=\"\(middle)\" y=\"\(y - 5)\" text-anchor=\"middle\">\(label)</text></g>\n"
    }

    private func label(_ step: DryRunCall.Step, _ layout: Layout) -> String {
        guard layout.isNarrow else { return String(step.label.prefix(25)) }
        return String(step.label.prefix { $0 != " " }.prefix(9))
    }
}
