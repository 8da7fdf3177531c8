// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallStore
import Foundation
import TollgateConfiguration

/// Where the store is: named directly, or by the gateway's configuration.
struct StoreArguments: ParsableArguments {
    /// The gateway's configuration.
    @Option(name: .long, help: ArgumentHelp("The gateway's configuration, which names the store.", valueName: "file"))
    var config: String?

    /// The database.
    @Option(name: .long, help: ArgumentHelp("The store itself; wins over the configuration's.", valueName: "path"))
    var store: String?

    /// Makes arguments that name nothing.
    init() {}

    /// The configuration, when one is named.
    func configuration() throws(ConfigurationProblems) -> GatewayConfiguration? {
        guard let config else { return nil }
        return try GatewayConfiguration.load(path: config)
    }

    /// The store's path; a wrong command line when nothing names one.
    func path(_ configuration: GatewayConfiguration?) throws -> String {
        if let store { return store }
        if let configuration { return configuration.store.path }
        throw ValidationError("Say where the store is: --config FILE or --store PATH.")
    }
}

extension CallStore {
    /// Opens a store beside a gateway that may be running; one that is not there is not made.
    static func openExisting(_ path: String) throws -> CallStore {
        guard FileManager.default.fileExists(atPath: path) else {
            let advice = "check the path, or let `tollgate provision` or `tollgate serve` make one"
            throw CommandFailure("there is no store at `\(path)`; \(advice)", status: .noInput)
        }
        return try open(path)
    }

    /// Opens a store beside a gateway that may be running, and makes it when there is none.
    static func open(_ path: String) throws(CallStoreError) -> CallStore {
        try CallStore(path: path, options: CallStoreOptions(readers: 1, isExclusive: false))
    }
}

/// The directory that a store is in.
package enum StoreDirectory {
    /// Makes the directory for this user alone when only itself is missing, as with `var/` at the first start.
    ///
    /// A path that is wrong further up is left to the store to report.
    package static func make(for path: String) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard !FileManager.default.fileExists(atPath: directory) else { return }
        try? FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }
}

/// Files that commands read besides configuration.
enum InputFile {
    /// Fails when the file is not there, so that a mistyped name has a status of its own.
    static func require(_ path: String) throws(CommandFailure) {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CommandFailure("cannot read `\(path)`; check the path and its permissions", status: .noInput)
        }
    }

    /// Reads a whole file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        try require(path)
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else {
                throw CommandFailure("`\(path)` is larger than \(limit) bytes; name a smaller file", status: .noInput)
            }
            return Array(data)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("cannot read `\(path)`; check that it is a file", status: .noInput)
        }
    }
}
