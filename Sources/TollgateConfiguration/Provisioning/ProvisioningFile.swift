// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
package import CallStore
package import DigestAuthentication

/// A provisioning file, decoded and checked: customers, endpoints, numbers, trunks and agents as they should be.
///
/// `config/provisioning.example.yaml` shows and explains every key.
package struct ProvisioningFile: Hashable, Sendable {
    /// What the gateway's own configuration says where the file is silent.
    package struct Context: Hashable, Sendable {
        /// The realm that endpoints are challenged with; a file that names another one is refused.
        package var realm: String
        /// The algorithms whose hashes are computed of passwords.
        package var algorithms: [DigestAlgorithm]

        /// The deployment's emergency numbers, which nobody may have for an extension.
        package var emergencyNumbers: Set<String>

        /// Makes a context; the emergency numbers are the policy's own unless given.
        package init(
            realm: String,
            algorithms: [DigestAlgorithm],
            emergencyNumbers: Set<String> = DeploymentRules().emergencyNumbers
        ) {
            self.realm = realm
            self.algorithms = algorithms
            self.emergencyNumbers = emergencyNumbers
        }

        /// What a gateway's configuration says.
        package init(_ configuration: GatewayConfiguration) {
            self.init(
                realm: configuration.sip.realm,
                algorithms: configuration.digest.algorithms,
                emergencyNumbers: configuration.policy.rules.emergencyNumbers
            )
        }
    }

    /// The realm that passwords were hashed for; nil when neither the file nor the context named one.
    package var realm: String?
    /// What the store should hold.
    package var plan: ProvisioningPlan

    /// Reads a file; throws everything that is wrong with it. Endpoints' passwords leave it as hashes only.
    package static func load(
        path: String,
        in context: Context? = nil
    ) throws(ConfigurationProblems) -> ProvisioningFile {
        try decode(ConfigurationFile(path: path), in: context)
    }

    /// Decodes a file that is already in memory; throws everything that is wrong with it.
    package static func decode(
        _ file: ConfigurationFile,
        in context: Context? = nil
    ) throws(ConfigurationProblems) -> ProvisioningFile {
        let log = ProblemLog(file: file.name)
        var result = ProvisioningFile(realm: context?.realm, plan: ProvisioningPlan())
        if let document = YAMLDocument(file, log: log) {
            let draft = Fields.decode(document.root, name: "the file", log: log) { fields in
                ProvisioningDraft(fields, context: context)
            }
            if let draft {
                result.realm = draft.realm
                result.plan = draft.plan(log: log)
                for index in result.plan.trunks.indices {
                    result.plan.trunks[index].trunk.security.resolve(file.resolve)
                }
            }
        }
        try log.check()
        return result
    }
}
