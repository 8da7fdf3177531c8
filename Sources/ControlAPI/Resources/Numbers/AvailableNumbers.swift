// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import NumberingPlan

/// Numbers that could be registered: this gateway buys from no carrier, so only virtual ones.
enum AvailableNumbers {
    static var operation: Operation {
        Operation(
            .get,
            "/v1.0/available_numbers",
            name: "listAvailableNumbers",
            tag: "numbers",
            summary: "Virtual numbers that are free; other numbers are bought from carriers, not here.",
            access: .customer([.customerAdmin, .customerManager]),
            query: [
                QueryParameter("type", .text, "`virtual`; for any other type the list is empty."),
                QueryParameter("country_code", .text, "Without effect on virtual numbers."),
                PageRequest.parameters[0],
            ],
            answer: .page(of: "AvailableNumber"),
            errors: [400],
            handler: list
        )
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "AvailableNumber",
                .answer([("number", .text), ("country", .text), ("region", .text), ("features", .array(.text))])
            )
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let size = try call.page.size
        guard call.query["type"] == "virtual" else { return page([]) }
        let free = try await call.services.store.read { database in
            var free: [String] = []
            var randomness = SystemRandomNumberGenerator()
            // Of a thousand million numbers few are taken: drawing finds free ones at once.
            for _ in 0..<(size * 4) where free.count < size {
                let digits = Int.random(in: 1_000_000...999_999_999, using: &randomness)
                let text = "+899" + String(repeating: "0", count: 9 - "\(digits)".count) + "\(digits)"
                guard !free.contains(text), try StoredNumber.find(database, number: text) == nil else { continue }
                free.append(text)
            }
            return free
        }
        return page(free)
    }

    private static func page(_ numbers: [String]) -> APIAnswer {
        APIAnswer([
            "result": .array(
                numbers.map { ["number": .string($0), "country": "", "region": "", "features": ["call"]] }
            ),
            "next_page_token": "",
        ])
    }
}
