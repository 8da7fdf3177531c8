// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DigestAuthentication

private let valid = """
    Digest username="bob", realm="biloxi.example.com", nonce="abc", uri="sip:bob@biloxi.example.com", qop=auth, \
    nc=0000000A, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="x"
    """

private func parse(_ text: String) throws(DigestParseError) -> DigestCredentials {
    let bytes = Array(text.utf8)
    return try DigestCredentials(parsing: bytes, in: bytes.indices)
}

private func code(_ text: String) -> DigestParseError.Code? {
    do throws(DigestParseError) {
        _ = try parse(text)
        return nil
    } catch {
        #expect(!error.reason.isEmpty && error.clause.hasPrefix("RFC"))
        return error.code
    }
}

@Suite("Digest credentials")
struct DigestCredentialsTests {
    @Test("RFC 3261 §20.7 all fields")
    func fields() throws {
        let credentials = try parse(valid)
        func text(_ value: DigestParameterValue?) -> String? {
            value.map { String(decoding: credentials.bytes[$0.range], as: UTF8.self) }
        }
        #expect(credentials.usernameText == "bob")
        #expect(text(credentials.realm) == "biloxi.example.com")
        #expect(text(credentials.nonce) == "abc")
        #expect(text(credentials.uri) == "sip:bob@biloxi.example.com")
        #expect(text(credentials.clientNonce) == "0a4f113b")
        #expect(text(credentials.opaque) == "x")
        #expect(credentials.algorithm == .md5)
        #expect(credentials.qualityOfProtection == .auth)
        #expect(credentials.nonceCount == 10)
        #expect(!"\(credentials)".contains("bob"))
    }

    @Test("RFC 3261 §25.1 any case, white space and folding between parameters")
    func whitespace() throws {
        let folded = valid.replacing(", ", with: " ,\r\n\t").replacing("Digest ", with: " dIGEST \r\n ")
        #expect(try parse(folded.replacing("username=", with: "USERNAME = ")).usernameText == "bob")
        #expect(code(valid.replacing(", realm", with: ",\r\nrealm")) == .malformed)
    }

    @Test("RFC 3261 §25.1 escapes are undone in the user's name")
    func escapes() throws {
        let text = valid.replacing("\"bob\"", with: #""b\"o\\b""#)
        #expect(try parse(text).usernameText == #"b"o\b"#)
    }

    @Test("RFC 7616 §3.4 algorithm and qop are taken quoted as well")
    func quotedTokens() throws {
        let text = valid.replacing("qop=auth", with: "qop=\"auth\", algorithm=\"md5\"")
        let credentials = try parse(text)
        #expect(credentials.qualityOfProtection == .auth && credentials.algorithm == .md5)
    }

    @Test("RFC 3261 §22 other schemes are told apart")
    func schemes() {
        #expect(code("Basic QWxhZGRpbg==") == .unknownScheme)
        #expect(code("Digestive a=b") == .unknownScheme)
        #expect(code("") == .malformed)
        #expect(code("Digest") == .malformed)
        #expect(code("Digest ") == .malformed)
    }

    @Test("RFC 3261 §7.3.1 a parameter occurs once")
    func duplicates() {
        #expect(code(valid + ", Realm=\"other\"") == .duplicateParameter)
        #expect(code(valid + ", x=1, y=2, X=3") == .duplicateParameter)
        #expect(code(valid + ", x=1, y=2") == nil)
    }

    @Test("RFC 3261 §25.1 commas, names and values stand where they must")
    func malformed() {
        for text in [
            valid + ",", valid + ", ,x=1", valid + " x=1", valid + ", x", valid + ", x=", valid + ", =1",
            valid + "\r\n", valid + ", x=a b", valid + ", x=\"a\"b",
        ] {
            #expect(code(text) == .malformed, "\(text)")
        }
        #expect(code(valid + ", x=\"a") == .unterminatedQuotedString)
        #expect(code(valid + ", x=\"a\\") == .unterminatedQuotedString)
        #expect(code(valid + ", x=\"a\\\"") == .unterminatedQuotedString)
        #expect(code(valid + ", x=\"a\r\n b\"") == .invalidCharacter)
        #expect(code(valid + ", x=\"a\0b\"") == .invalidCharacter)
        #expect(code(valid + ", x=\"a\\\nb\"") == .invalidCharacter)
    }

    @Test("RFC 3629 §3 a name that is not UTF-8 is refused")
    func notUTF8() {
        let bytes = Array("Digest username=\"".utf8) + [0xC3, 0x28] + Array("\"".utf8)
        let error = #expect(throws: DigestParseError.self) {
            try DigestCredentials(parsing: bytes, in: bytes.indices)
        }
        #expect(error?.code == .invalidCharacter)
    }

    @Test("RFC 7616 §3.4 required parameters and their forms")
    func required() {
        for parameter: DigestParameter in [.username, .realm, .nonce, .uri, .response] {
            let text = valid.replacing(" \(parameter.name)=", with: " x-\(parameter.name)=")
            #expect(code(text) == .missingParameter(parameter))
        }
        #expect(code(valid.replacing("username=\"bob\"", with: "username=bob")) == .invalidValue(.username))
        #expect(code(valid.replacing("6629", with: "662g")) == .invalidValue(.response))
        #expect(code(valid.replacing("6629", with: "66296629")) == .invalidValue(.response))
        #expect(code(valid + ", algorithm=SHA-256") == .invalidValue(.response))
        #expect(code(valid.replacing("0000000A", with: "00000000")) == .invalidValue(.nonceCount))
        #expect(code(valid.replacing("0000000A", with: "A")) == .invalidValue(.nonceCount))
        #expect(code(valid.replacing("0000000A", with: "000000000000000A")) == .invalidValue(.nonceCount))
        #expect(code(valid.replacing("0000000A", with: "0000000G")) == .invalidValue(.nonceCount))
    }

    @Test("RFC 3261 §22.4 (8) nonce count and client nonce come with qop and only with it")
    func quality() {
        #expect(code(valid.replacing(" nc=0000000A,", with: "")) == .missingParameter(.nonceCount))
        #expect(code(valid.replacing(" cnonce=\"0a4f113b\",", with: "")) == .missingParameter(.clientNonce))
        #expect(code(valid.replacing(" qop=auth,", with: "")) == .invalidValue(.nonceCount))
        #expect(code(valid.replacing(" qop=auth, nc=0000000A,", with: "")) == .invalidValue(.clientNonce))
    }

    @Test("Limits: 32 parameters, 4096 bytes")
    func limits() {
        let known = 9
        let fill = (0..<(32 - known)).map { ", p\($0)=1" }.joined()
        #expect(code(valid + fill) == nil)
        #expect(code(valid + fill + ", q=1") == .tooManyParameters)
        #expect(code(valid + ", x=\"" + String(repeating: "a", count: 4096) + "\"") == .tooLong)
        for garbage in ["\"", "\\", ",", "=", "a", " ", "Digest a=\"", "\r\n "] {
            let text = String(repeating: garbage, count: 10_000 / garbage.utf8.count)
            #expect(code(text) == .tooLong)
            #expect(code(String(text.prefix(4000))) != nil)
            #expect(code("Digest " + String(text.prefix(2000))) != nil)
        }
    }

    @Test("A range beyond the bytes is cut, every truncation is refused or parsed")
    func truncation() {
        let bytes = Array(valid.utf8)
        let complete = bytes.count - ", opaque=\"x\"".utf8.count
        for end in bytes.indices {
            let parsed = try? DigestCredentials(parsing: bytes, in: 0..<end)
            #expect((parsed != nil) == (end == complete))
        }
        #expect((try? DigestCredentials(parsing: bytes, in: 0..<(bytes.count + 10))) != nil)
        #expect((try? DigestCredentials(parsing: bytes, in: 5000..<6000)) == nil)
    }
}
