// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a command gets a password from.
enum PasswordPrompt {
    /// The first line of a file, or of standard input; from a terminal it is asked for without echo.
    ///
    /// A new one is asked for twice and has 8 characters or more; one that others have made is as it is.
    static func password(file: String?, for username: String, isNew: Bool = true) throws -> String {
        let password: String
        if let file {
            let bytes = try InputFile.read(file, limit: 4096)
            password = firstLine(String(decoding: bytes, as: UTF8.self))
        } else if isatty(STDIN_FILENO) == 1 {
            password = try ask("Password for \(PlainText.harmless(username)): ")
            guard try !isNew || ask("Once more: ") == password else {
                throw CommandFailure("the two passwords differ; nothing was changed", status: .rejected)
            }
        } else {
            password = firstLine(readLine(strippingNewline: true) ?? "")
        }
        let least = isNew ? 8 : 1
        guard (least...255).contains(password.count) else {
            throw CommandFailure("a password has \(least) to 255 characters; nothing was changed", status: .rejected)
        }
        return password
    }

    private static func firstLine(_ text: String) -> String {
        String(text.prefix { !$0.isNewline })
    }

    private static func ask(_ question: String) throws -> String {
        var terminal = termios()
        guard tcgetattr(STDIN_FILENO, &terminal) == 0 else {
            throw CommandFailure("the terminal cannot be used; give --password-file", status: .inputOutput)
        }
        var silent = terminal
        silent.c_lflag &= ~tcflag_t(ECHO)
        Console.note(question)
        _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal)
            Console.note("\n")
        }
        return readLine(strippingNewline: true) ?? ""
    }
}
