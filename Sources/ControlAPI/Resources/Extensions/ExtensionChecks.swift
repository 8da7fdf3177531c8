// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import GRDB
import NumberingPlan

/// The checks of an extension that need the store, and the credentials that come of its password.
struct ExtensionChecks {
    let database: Database
    let form: ExtensionForm
    /// What is there; nil for a new extension.
    let old: StoredExtension?
    /// What shall be there.
    let new: StoredExtension

    /// Checks that the extension may be written.
    func run() throws {
        try checkNames()
        if form.requiresRegistration != nil || form.sourceAddresses != nil, new.endpoint.requiresRegistration,
            !new.endpoint.sourceAddresses.isEmpty
        {
            throw APIError.invalid(
                "source_addresses",
                "`source_addresses` has no effect where `require_registration` is true: change one of them"
            )
        }
        try checkNumber("number", form.number)
        try checkNumber("emergency_caller_id", form.emergencyCallerID)
    }

    private func checkNames() throws {
        let endpoint = new.endpoint
        if try StoredExtension.isTaken(database, username: endpoint.username, besides: endpoint.id) {
            throw APIError.conflict(
                "the user name `\(endpoint.username)` is taken: choose another",
                reason: "USERNAME_EXISTS"
            )
        }
        for name in new.dialledNames.subtracting(old?.dialledNames ?? []).sorted() {
            let isDialled = try StoredExtension.isDialled(
                database,
                name: name,
                of: endpoint.customer,
                besides: endpoint.id
            )
            guard isDialled else { continue }
            throw APIError.conflict(
                "another extension of the customer is dialled `\(name)`: choose another name",
                reason: "EXTENSION_EXISTS"
            )
        }
    }

    private func checkNumber(_ key: String, _ field: Field<E164Number?>) throws {
        guard let number = field.value ?? nil else { return }
        let found = try StoredNumber.find(database, number: number.description)
        guard let found, found.owned.isUsable(by: new.endpoint.customer) else {
            throw APIError.invalid(key, "\(number) is not an active, normal number of the customer")
        }
    }

    /// The credentials to write; nil when those there are stay.
    func credentials(_ settings: ControlAPISettings) throws -> [StoredCredential]? {
        let endpoint = new.endpoint
        if let password = form.password {
            let set = try HA1Set.compute(
                username: endpoint.username,
                realm: settings.realm,
                password: password,
                algorithms: settings.digestAlgorithms
            )
            return settings.digestAlgorithms.compactMap { algorithm in
                set[algorithm].map { StoredCredential(algorithm: algorithm.token, ha1: $0.hexadecimal) }
            }
        }
        let isByAddress = !endpoint.requiresRegistration && !endpoint.sourceAddresses.isEmpty
        let hadCredentials = try old?.hasCredentials(database) ?? false
        if hadCredentials, old?.endpoint.username != endpoint.username {
            throw APIError.invalid(
                "password",
                "`password` is missing: what is stored of it holds for the old user name only"
            )
        }
        let asks = old == nil || form.requiresRegistration != nil || form.sourceAddresses != nil
        if asks, !isByAddress, !hadCredentials {
            throw APIError.invalid(
                "password",
                "`password` is missing; only an extension with `source_addresses` that need not register may be without"
            )
        }
        return nil
    }
}
