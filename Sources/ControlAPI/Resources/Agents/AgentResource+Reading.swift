// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore

extension APIError {
    static let agentNotFound = APIError.notFound("AGENT_NOT_FOUND", "there is no such agent, or it is deleted")
}

extension AgentResource {
    static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.queryIdentifier("customer_id")
        let agents = try await call.services.store.read {
            try StoredAgent.page($0, customer: customer, page.position)
        }
        return PageAnswer.make(agents, page) {
            PageToken(time: $0.created, identifier: $0.id)
        } json: {
            AgentAnswer.json($0)
        }
    }

    static func get(_ call: APICall) async throws -> APIAnswer {
        let id = try call.identifier()
        guard let agent = try await call.services.store.read({ try StoredAgent.find($0, id) }) else {
            throw APIError.agentNotFound
        }
        return APIAnswer(AgentAnswer.json(agent))
    }
}
