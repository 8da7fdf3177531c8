// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication

extension ProvisioningDraft.AgentDraft {
    init?(_ fields: Fields) {
        let username = fields.required("username", .text(1...255), example: "admin")
        let role = fields.required("permission", ScalarType<AgentRole>.word(), example: "admin")
        let customer = fields.located("customer", .text(1...128))
        let name = fields.value("name", .text(0...255)) ?? ""
        let password = fields.value("password", .text(8...255))
        let hash = fields.value("password_hash", .passwordHash)
        if fields.has("password"), fields.has("password_hash") {
            let message = "`password_hash` and `password` both say how the agent logs in"
            fields.fault("password_hash", message, "keep one of them")
        }
        if let role, role.value != .superAdmin, !fields.has("customer") {
            let message = "missing key `customer`: an agent with `permission: \(role.value.rawValue)` belongs to one"
            fields.log.add(message, "add for example `customer: acme`", at: fields.position)
        }
        guard let username, let role else { return nil }
        let agent = ProvisionedAgent(
            username: username.value,
            customerName: customer?.value,
            name: name,
            role: role.value,
            password: password.map { .plain(Secret($0)) } ?? hash.map { .hash(Secret($0.text)) } ?? .keep
        )
        self.init(username: username, customer: customer, agent: agent)
    }
}

extension ScalarType where Value == PasswordHash {
    /// A password's hash.
    fileprivate static var passwordHash: ScalarType {
        ScalarType("a password's hash") { text throws(ScalarFault) in
            guard let hash = PasswordHash(text: text) else {
                throw ScalarFault(
                    "is not a hash that this gateway makes",
                    "give one like scrypt$15$8$1$<32 hexadecimal digits>$<64 hexadecimal digits>, or `password`"
                )
            }
            return hash
        }
    }
}
