// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The text of a configuration file, read within bounds.
package struct ConfigurationFile: Sendable {
    /// The largest file that is read: 64 MiB.
    package static let maximumByteCount = 64 << 20

    /// The file's name as the operator gave it; problems begin with it.
    package let name: String
    /// The whole text.
    package let text: String

    /// Takes a text that is already in memory.
    package init(name: String, text: String) throws(ConfigurationProblems) {
        try Self.check(byteCount: text.utf8.count, of: name)
        self.name = name
        self.text = text
    }

    /// Reads a file; the problems say when it is missing, unreadable, larger than 64 MiB or not UTF-8.
    package init(path: String) throws(ConfigurationProblems) {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try handle.read(upToCount: Self.maximumByteCount + 1) ?? Data()
        } catch {
            let message = "the file cannot be read (\(Self.words(for: error)))"
            throw Self.problem(path, message, "check the path and its permissions")
        }
        try Self.check(byteCount: data.count, of: path)
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Self.problem(path, "the file is not UTF-8", "save it in the encoding UTF-8")
        }
        self.name = path
        self.text = text
    }

    /// The path of a file that this one names: relative paths start from this file's directory.
    package func resolve(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = name.lastIndex(of: "/") else { return path }
        return String(name[...slash]) + path
    }

    private static func words(for error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile?, .fileReadNoSuchFile?: "no such file"
        case .fileReadNoPermission?: "permission denied"
        default: "it is not a readable file"
        }
    }

    private static func check(byteCount: Int, of name: String) throws(ConfigurationProblems) {
        guard byteCount > maximumByteCount else { return }
        throw problem(name, "the file is larger than 64 MiB", "split it, or provision through the command line")
    }

    private static func problem(_ name: String, _ message: String, _ remedy: String) -> ConfigurationProblems {
        let problem = ConfigurationProblem(file: name, position: .start, message: message, remedy: remedy)
        return ConfigurationProblems(problems: [problem])
    }
}
