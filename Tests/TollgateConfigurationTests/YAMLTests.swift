// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TollgateConfiguration

@Suite("Reading YAML strictly")
struct YAMLTests {
    @Test("A syntax error is named with its line and column")
    func syntax() {
        #expect(
            gatewayProblems("sip:\n  realm: [a\nshards: 1\n") == [
                "gateway.yaml:3:7: not YAML: did not find expected ',' or ']' while parsing a flow sequence "
                    + "(which began on line 2); correct the YAML syntax there"
            ]
        )
        #expect(
            gatewayProblems("sip:\n\trealm: a\n") == [
                "gateway.yaml:2:1: not YAML: found character that cannot start any token while scanning for the next "
                    + "token; indent with blanks instead of tabs, and quote values that begin with a special character"
            ]
        )
    }

    @Test("A control character is named with its place")
    func controlCharacter() {
        #expect(
            gatewayProblems("shards: 1\nsip: a\u{1}b\n") == [
                "gateway.yaml:2:7: not YAML: control characters are not allowed; remove the character"
            ]
        )
    }

    @Test("An alias to nothing and a second document are syntax errors")
    func composer() {
        #expect(
            gatewayProblems("shards: *nothing\n") == [
                "gateway.yaml:1:9: not YAML: found undefined alias; correct the YAML syntax there"
            ]
        )
        #expect(
            gatewayProblems("shards: 1\n---\nshards: 2\n") == [
                "gateway.yaml:2:1: not YAML: but found another document; correct the YAML syntax there"
            ]
        )
    }

    @Test("An empty file, and one of comments, are refused", arguments: ["", "# nothing\n"])
    func empty(_ text: String) {
        #expect(gatewayProblems(text) == ["gateway.yaml:1:1: the file is empty; start from the example in config/"])
    }

    @Test("A file that is no mapping is refused", arguments: [("- a\n", "a list"), ("word\n", "a single value")])
    func notAMapping(_ text: String, _ kind: String) {
        #expect(
            gatewayProblems(text) == [
                "gateway.yaml:1:1: `the file` must hold keys and values, not \(kind); "
                    + "write each as `key: value` on a line of its own, indented"
            ]
        )
    }

    @Test("Duplicate keys are all found, with the other problems of the file")
    func duplicates() {
        let text = """
            shards: 1
            timers:
              t1_ms: 500
              # between
              "t1_ms": 600
              t2_ms: 1
            shards: 2
            lisen: 1
            shards: 3

            """
        #expect(
            gatewayProblems(text) == [
                "gateway.yaml:5:3: duplicate key `t1_ms`, already set on line 3; keep one of them",
                "gateway.yaml:6:10: `t2_ms` is 1, out of range; give a number from 10 to 60000",
                "gateway.yaml:7:1: duplicate key `shards`, already set on line 1; keep one of them",
                "gateway.yaml:8:1: unknown key `lisen`; known keys are sip, tls, shards, timers, dns, limits, digest, "
                    + "registrar, store, logging, policy, call_api, demo_trunk, control_api, provisioning, greeting, "
                    + "drain_seconds",
                "gateway.yaml:9:1: duplicate key `shards`, already set on line 1; keep one of them",
            ]
        )
    }

    @Test("A duplicate key in a list of mappings is found on its own line")
    func duplicateInList() {
        let text = "customers:\n  - name: a\n    status: active\n    name: b\n  - name: c\n"
        #expect(
            provisioningProblems(text) == [
                "p.yaml:4:5: duplicate key `name`, already set on line 2; keep one of them"
            ]
        )
    }

    @Test("A duplicate key in a flow mapping is named by its first place")
    func duplicateInFlow() {
        #expect(
            gatewayProblems("timers: {t1_ms: 1, t1_ms: 2}\n") == [
                "gateway.yaml:1:10: duplicate key `t1_ms` in the mapping that holds this one; keep one of them"
            ]
        )
    }

    @Test("Sixteen aliases are read, and a seventeenth refuses the file before anything is expanded")
    func aliases() throws {
        func text(_ count: Int) -> String {
            let lines = (0..<count).map { _ in "    - *name\n" }.joined()
            return "sip:\n  domains:\n    - &name edge.example.com\n" + lines
        }
        #expect(try gateway(text(16)).sip.domains.count == 17)
        #expect(
            gatewayProblems(text(17)) == [
                "gateway.yaml:20:7: more than 16 YAML aliases; write the repeated parts out"
            ]
        )
    }

    @Test("An alias bomb in a key is refused")
    func bomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a40\n: 1\n"
        #expect(
            gatewayProblems(text).first?.hasSuffix("more than 16 YAML aliases; write the repeated parts out") == true
        )
    }

    @Test("Asterisks count as aliases in a file without an anchor not at all")
    func asterisks() {
        let comments = String(repeating: "# see *this*, *that*\n", count: 50)
        #expect(gatewayProblems(comments + "shards: 1\n") == [])
    }

    @Test("Deep nesting is an error, not a crash")
    func deep() {
        let text = "sip: " + String(repeating: "[", count: 100_000)
        #expect(gatewayProblems(text).count == 1)
    }

    @Test("A merge key is refused with what to do")
    func mergeKey() {
        let text = "timers: &t\n  t1_ms: 500\nregistrar:\n  <<: *t\n"
        #expect(
            gatewayProblems(text) == [
                "gateway.yaml:4:3: unknown key `<<`; merge keys are not supported, write the keys out"
            ]
        )
    }

    @Test("A key that is no word is refused")
    func complexKey() {
        #expect(
            gatewayProblems("? [a]\n: 1\n") == [
                "gateway.yaml:1:3: a key must be a word, not a list; write `key: value`"
            ]
        )
    }

    @Test("Two hundred problems are shown, and the rest counted")
    func manyProblems() {
        let text = "numbers:\n" + String(repeating: "  - {number: \"+15551234567\", customer: a, x: 1}\n", count: 300)
        let lines = provisioningProblems(text)
        #expect(lines.count == 201)
        #expect(lines.last == "… and 699 more")
    }
}

@Suite("Reading files")
struct ConfigurationFileTests {
    @Test("A missing file and a directory are named")
    func missing() {
        #expect(
            problems { () throws(ConfigurationProblems) in try GatewayConfiguration.load(path: "none/gateway.yaml") }
                == [
                    "none/gateway.yaml:1:1: the file cannot be read (no such file); check the path and its permissions"
                ]
        )
        #expect(
            problems { () throws(ConfigurationProblems) in try GatewayConfiguration.load(path: repository) } == [
                "\(repository):1:1: the file cannot be read (it is not a readable file); "
                    + "check the path and its permissions"
            ]
        )
    }

    @Test("A file that is not UTF-8 is refused")
    func notUTF8() throws {
        let path = FileManager.default.temporaryDirectory.path + "/tollgate-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0x61, 0x3A, 0x20, 0xFF]).write(to: URL(fileURLWithPath: path))
        #expect(
            problems { () throws(ConfigurationProblems) in try ConfigurationFile(path: path) } == [
                "\(path):1:1: the file is not UTF-8; save it in the encoding UTF-8"
            ]
        )
    }

    @Test("A file of more than 64 MiB is refused")
    func tooLarge() throws {
        let path = FileManager.default.temporaryDirectory.path + "/tollgate-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: UInt64(ConfigurationFile.maximumByteCount) + 1)
        try handle.close()
        #expect(
            problems { () throws(ConfigurationProblems) in try ConfigurationFile(path: path) } == [
                "\(path):1:1: the file is larger than 64 MiB; split it, or provision through the command line"
            ]
        )
    }

    @Test("A path inside a file starts from the file's directory")
    func resolve() throws {
        #expect(try ConfigurationFile(name: "/etc/t/g.yaml", text: "").resolve("p.yaml") == "/etc/t/p.yaml")
        #expect(try ConfigurationFile(name: "g.yaml", text: "").resolve("p.yaml") == "p.yaml")
        #expect(try ConfigurationFile(name: "/etc/t/g.yaml", text: "").resolve("/p.yaml") == "/p.yaml")
    }
}
