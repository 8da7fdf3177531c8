// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import HTTPTypes

/// Calls: placed, shown with what policy decided of them, ended.
enum CallsResource: APIResource {
    /// Who may do anything with calls.
    static let access = Operation.Access.customer([.customerAdmin, .customerManager])

    static var operations: [Operation] { [list, place, show, decision, hangUp, delete] + CallMedia.operations }

    static var schemas: [(name: String, schema: Schema)] {
        [
            ("Address", CallAddress.schema), ("AddressBody", CallAddress.bodySchema), ("Call", CallObject.schema),
            ("CallDecision", DecisionObject.schema), ("CallRequest", CallRequest.schema),
        ]
    }

    private static var list: Operation {
        Operation(
            .get,
            "/v1.0/calls",
            name: "listCalls",
            tag: "calls",
            summary: "Calls, newest first, refused ones among them.",
            access: access,
            query: PageRequest.parameters + [
                QueryParameter("status", .string(values: CallStatus.allCases.map(\.name)), "Only calls in this state."),
                QueryParameter(
                    "verdict",
                    .string(values: ["approved", "rejected"]),
                    "Only calls that policy judged so."
                ),
                QueryParameter("customer_id", .uuid, "For operators: only this customer's calls."),
            ],
            answer: .page(of: "Call"),
            errors: [400],
            handler: CallReading.list
        )
    }

    private static var place: Operation {
        Operation(
            .post,
            "/v1.0/calls",
            name: "placeCalls",
            tag: "calls",
            summary: "Places a call to each destination; answers those that policy let through, as an array, or with "
                + "`?shape=object` as an object of `calls` and `groupcalls`. An `Idempotency-Key` holds for 24 hours.",
            access: access,
            body: .reference("CallRequest"),
            answer: .array(.reference("Call")),
            errors: [400, 402, 404, 409],
            handler: CallPlacing.place
        )
    }

    private static var show: Operation {
        Operation(
            .get,
            "/v1.0/calls/{id}",
            name: "getCall",
            tag: "calls",
            summary: "One call.",
            access: access,
            answer: .reference("Call"),
            errors: [400, 404],
            handler: CallReading.show
        )
    }

    private static var decision: Operation {
        Operation(
            .get,
            "/v1.0/calls/{id}/decision",
            name: "getCallDecision",
            tag: "calls",
            summary: "What policy decided of a call, rule by rule, and what came of it on each trunk.",
            access: access,
            answer: .reference("CallDecision"),
            errors: [400, 404],
            handler: CallReading.decision
        )
    }

    private static var hangUp: Operation {
        Operation(
            .post,
            "/v1.0/calls/{id}/hangup",
            name: "hangUpCall",
            tag: "calls",
            summary: "Ends a call; one that has ended is answered as it is.",
            access: access,
            answer: .reference("Call"),
            errors: [400, 404],
            handler: CallEnding.hangUp
        )
    }

    private static var delete: Operation {
        Operation(
            .delete,
            "/v1.0/calls/{id}",
            name: "deleteCall",
            tag: "calls",
            summary: "Ends a call if need be, and deletes it.",
            access: access,
            answer: .reference("Call"),
            errors: [400, 404],
            handler: CallEnding.delete
        )
    }
}
