// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import COpenSSL
import GRDBSQLite
import NumberingPlan

/// The product's own version.
package enum ProductVersion {
    /// The version of this program, after semver.org.
    package static let text = "0.1.0"
}

/// `tollgate version`: which versions of what this program is made of.
package struct VersionCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show the version of this program and of what it relies on.",
        discussion: """
            A line each: the program, the metadata of the numbering plan, and the libraries it runs with. \
            `tollgate --version` prints the program's version alone.
            """
    )

    /// Makes the command; it has no arguments.
    package init() {}

    /// The versions.
    package func result() throws -> CommandResult {
        let library = OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
        return CommandResult(
            output: """
                tollgate \(ProductVersion.text)
                numbering plan: \(NumberingPlan.metadataVersion)
                cryptography: \(library)
                database: SQLite \(String(cString: sqlite3_libversion()))

                """
        )
    }
}
