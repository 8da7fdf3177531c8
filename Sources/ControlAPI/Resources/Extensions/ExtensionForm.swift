// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan

/// What a body says of an extension; what it leaves out is nil or absent.
struct ExtensionForm: Sendable {
    let name: String?
    let detail: String?
    let extensionName: String?
    let extensions: [String]?
    let username: String?
    let password: String?
    let number: Field<E164Number?>
    let emergencyCallerID: Field<E164Number?>
    let displayName: String?
    let requiresRegistration: Bool?
    let sourceAddresses: [AddressRange]?
    let isEnabled: Bool?

    /// The keys of a body.
    static let properties: [Schema.Property] = [
        .init("name", .string(maximumLength: 255)), .init("detail", .string(maximumLength: 4096)),
        .init("extension", .string(maximumLength: 32), "What others of the customer dial; else the user name."),
        .init(
            "extensions",
            .array(.string(maximumLength: 32), maximumCount: 32),
            "Every name others of the customer dial, beside the user name."
        ),
        .init("username", .string(maximumLength: 64), "The SIP user name, unique; else the extension."),
        .init("password", .string(maximumLength: 256), "Never answered; a new user name needs it again."),
        .init("number", .string(maximumLength: 64), "A number of the customer, shown when a call asks for none."),
        .init("display_name", .string(maximumLength: 128), "Shown with the number."),
        .init("require_registration", .boolean, "Whether calls need a registration; true unless it says so."),
        .init(
            "source_addresses",
            .array(.string(maximumLength: 64), maximumCount: 64),
            "Address blocks that stand for the password where no registration is needed."
        ),
        .init(
            "emergency_caller_id",
            .string(maximumLength: 64),
            "A number of the customer, shown to emergency services."
        ),
        .init("enabled", .boolean, "False switches it off."),
    ]

    init(_ body: BodyReader) throws(APIError) {
        name = try body.string("name").value
        detail = try body.string("detail", maximum: 4096).value
        extensionName = try body.token("extension", marks: "-_.*#+", 1...32).value
        extensions = try body.tokens("extensions", marks: "-_.*#+", 1...32, maximumCount: 32).value
        username = try body.token("username", marks: "-_.!~*'()&=+$", 1...64).value
        let password = try body.line("password", maximum: 256).value
        self.password = password == "" ? nil : password
        number = try body.telephoneNumber("number")
        emergencyCallerID = try body.telephoneNumber("emergency_caller_id")
        displayName = try body.line("display_name", maximum: 128).value
        requiresRegistration = try body.boolean("require_registration").value
        isEnabled = try body.boolean("enabled").value
        sourceAddresses = try body.strings("source_addresses", maximumCount: 64)
            .map { (texts) throws(APIError) in try Self.blocks(texts, name: body.name("source_addresses")) }.value
    }

    private static func blocks(_ texts: [String], name: String) throws(APIError) -> [AddressRange] {
        var blocks: [AddressRange] = []
        for (place, text) in texts.enumerated() {
            guard let block = InternetAddress.readBlock(text) else {
                throw .invalid(
                    "\(name)[\(place)]",
                    "`\(name)[\(place)]` must be an address or a block like 192.0.2.0/24 or 2001:db8::/32, without bits "
                        + "behind the prefix"
                )
            }
            if !blocks.contains(block) { blocks.append(block) }
        }
        return blocks
    }

    /// Puts what the body says in place of what is there.
    func change(_ stored: inout StoredExtension) {
        stored.name = name ?? stored.name
        stored.detail = detail ?? stored.detail
        changeNames(of: &stored)
        stored.endpoint.requiresRegistration = requiresRegistration ?? stored.endpoint.requiresRegistration
        stored.endpoint.sourceAddresses = sourceAddresses ?? stored.endpoint.sourceAddresses
        stored.endpoint.isEnabled = isEnabled ?? stored.endpoint.isEnabled
        if case .value(let number) = number { stored.endpoint.number = number }
        if case .value(let number) = emergencyCallerID { stored.endpoint.emergencyCallerID = number }
        if let displayName { stored.endpoint.displayName = displayName.isEmpty ? nil : displayName }
    }

    /// A new extension takes the place of the one that stood first; the others stay unless the list is given, too.
    private func changeNames(of stored: inout StoredExtension) {
        let first = stored.extensionName
        stored.endpoint.username = username ?? stored.endpoint.username
        stored.endpoint.extensions = extensions ?? stored.endpoint.extensions
        guard let extensionName else { return }
        if extensions == nil { stored.endpoint.extensions.removeAll { $0 == first } }
        stored.mainExtension = extensionName
        guard extensionName != stored.endpoint.username, !stored.endpoint.extensions.contains(extensionName) else {
            return
        }
        stored.endpoint.extensions.append(extensionName)
    }
}
