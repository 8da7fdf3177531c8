// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// All resources of the control API.
package enum ControlAPI {
    /// The resources, in the order of the document.
    static var resources: [any APIResource.Type] {
        [
            ServiceResource.self,
            AuthenticationResource.self,
            AgentResource.self,
            AccessKeyResource.self,
            CustomerResource.self,
            CustomersResource.self,
            OutboundConfigurationResource.self,
            OutboundConfigurationsResource.self,
            NumbersResource.self,
            FlowsResource.self,
            OutdialsResource.self,
            BillingResource.self,
            CallsResource.self,
            GroupcallsResource.self,
            ExtensionsResource.self,
            ProvidersResource.self,
            RoutesResource.self,
        ]
    }

    /// All operations.
    static var operations: [Operation] { resources.flatMap { $0.operations } }

    /// The OpenAPI document.
    package static var document: JSONValue {
        OpenAPIDocument.make(operations, resources.flatMap { $0.schemas })
    }
}
