// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Foundation

/// The token that `tollgate login` keeps, with the place it is for.
struct TokenFile: Codable, Hashable, Sendable {
    /// Where the API is that gave the token; it goes nowhere else.
    var url: String
    /// Who logged in.
    var username: String
    /// The token.
    var token: String

    /// `token.json` in `tollgate` in the user's configuration directory.
    static func path() throws(CommandFailure) -> String {
        // The XDG Base Directory Specification has relative paths ignored.
        if let base = OperatorEnvironment.value("XDG_CONFIG_HOME"), base.hasPrefix("/") {
            return base + "/tollgate/token.json"
        }
        guard let home = OperatorEnvironment.value("HOME") else {
            let advice = "set HOME or XDG_CONFIG_HOME, or give the token in TOLLGATE_TOKEN"
            throw CommandFailure("there is no place to keep a token: \(advice)", status: .noInput)
        }
        return home + "/.config/tollgate/token.json"
    }

    /// What is kept; nil when nobody has logged in.
    static func read() throws(CommandFailure) -> TokenFile? {
        guard let path = try? path(), let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let file = try? JSONDecoder().decode(TokenFile.self, from: data) else {
            throw CommandFailure("`\(path)` cannot be read; run `tollgate login` again", status: .noInput)
        }
        return file
    }

    /// Keeps the token for this user alone, and tells where.
    func write() throws -> String {
        let path = try Self.path()
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        let files = FileManager.default
        // Made with its permissions, so that there is no moment in which others could read it.
        let fresh = directory.appendingPathComponent(".token-\(UUID().uuidString)").path
        do {
            try files.createDirectory(
                at: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let data = try JSONEncoder().encode(self)
            guard files.createFile(atPath: fresh, contents: data, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            throw CommandFailure("cannot write `\(path)`; check the directory's permissions", status: .inputOutput)
        }
        guard rename(fresh, path) == 0 else {
            try? files.removeItem(atPath: fresh)
            throw CommandFailure("cannot write `\(path)`; check the directory's permissions", status: .inputOutput)
        }
        return path
    }

    /// Forgets the token; tells whether there was one.
    static func remove() throws -> Bool {
        let path = try Self.path()
        guard FileManager.default.fileExists(atPath: path) else { return false }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw CommandFailure("cannot remove `\(path)`; check its permissions", status: .inputOutput)
        }
        return true
    }
}
