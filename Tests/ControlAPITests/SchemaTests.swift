// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ControlAPI

@Suite("Schemas")
struct SchemaTests {
    private let schema = Schema.object([
        .init("id", .uuid, required: true), .init("count", .integer(1...5)), .init("time", .nullable(.time)),
        .init("words", .array(.string(maximumLength: 3, values: ["a", "bbbb"]), maximumCount: 1)),
        .init("other", .reference("Other")),
    ])
    private let id = JSONValue.string("01a1fedf-add6-755d-bb60-be8a4bedfee8")

    private func problems(_ value: JSONValue) -> [String] {
        schema.problems(of: value, components: ["Other": .boolean])
    }

    @Test("what is of the form has no problems")
    func good() {
        #expect(problems(["id": id]).isEmpty)
        #expect(problems(["id": id, "count": 5, "time": nil, "words": ["a"], "other": true, "more": 1]).isEmpty)
        #expect(problems(["id": id, "time": "2026-05-07T10:00:00Z"]).isEmpty)
    }

    @Test("what is not is named with its place")
    func bad() {
        #expect(problems(["count": 5]) == ["$.id: is missing"])
        #expect(problems(["id": "x"]).count == 1)
        #expect(problems(["id": id, "count": 6]).count == 1)
        #expect(problems(["id": id, "count": "5"]).count == 1)
        #expect(problems(["id": id, "time": "2026-05-07 10:00:00"]).count == 1)
        #expect(problems(["id": id, "words": ["a", "a"]]).count == 1)
        #expect(problems(["id": id, "words": ["bbbb"]]) == ["$.words[0]: is longer than 3"])
        #expect(problems(["id": id, "words": ["c"]]).count == 1)
        #expect(problems(["id": id, "other": 5]).count == 1)
        #expect(problems([]).count == 1)
        #expect(Schema.reference("Nothing").problems(of: 5, components: [:]).count == 1)
    }

    @Test("every operation has a name of its own, and every schema that one refers to is there")
    func document() throws {
        let names = ControlAPI.operations.map(\.name)
        #expect(Set(names).count == names.count)
        let text = ControlAPI.document.serialized
        let document = try #require(JSONValue(parsing: Array(text.utf8)))
        let schemas = try #require(document.members?["components"]?.members?["schemas"]?.members)
        for part in text.split(separator: "#/components/schemas/").dropFirst() {
            let name = String(part.prefix { $0 != "\"" })
            #expect(schemas[name] != nil, "\(name)")
        }
    }
}
