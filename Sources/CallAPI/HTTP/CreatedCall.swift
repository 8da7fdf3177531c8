// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the answers of services that speak the call API, whichever of its shapes they use.
enum CreatedCall {
    /// The name of the first call in the body of a success: an array of calls, an object with `calls` (or with
    /// `groupcalls`, where an extension was called), or one call. Nil when there is none, or it is not fit to be one.
    static func identifier(in body: [UInt8]) -> CallAPIIdentifier? {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)), let text = answer.identifier else {
            return nil
        }
        return CallAPIIdentifier(text)
    }

    /// The service's own words in the body of a failure, at the top or inside `error`; nil without.
    static func message(in body: [UInt8]) -> String? {
        guard let fault = try? JSONDecoder().decode(Fault.self, from: Data(body)) else { return nil }
        return fault.words
    }

    private struct Call: Decodable {
        let id: String?

        private enum CodingKeys: CodingKey {
            case id
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            if let text = try? fields.decodeIfPresent(String.self, forKey: .id) {
                id = text
            } else {
                id = (try? fields.decodeIfPresent(Int64.self, forKey: .id)).flatMap { $0 }.map { "\($0)" }
            }
        }
    }

    private struct Answer: Decodable {
        let identifier: String?

        private enum CodingKeys: CodingKey {
            case calls
            case groupcalls
        }

        init(from decoder: any Decoder) throws {
            if let calls = try? decoder.singleValueContainer().decode([Call].self) {
                identifier = calls.first?.id
                return
            }
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            let calls = (try? fields.decodeIfPresent([Call].self, forKey: .calls)) ?? []
            let groups = (try? fields.decodeIfPresent([Call].self, forKey: .groupcalls)) ?? []
            if let first = calls.first ?? groups.first {
                identifier = first.id
            } else {
                identifier = try Call(from: decoder).id
            }
        }
    }

    private struct Fault: Decodable {
        let words: String?

        private enum CodingKeys: CodingKey {
            case message
            case error
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            if let text = try? fields.decodeIfPresent(String.self, forKey: .message) {
                words = text
            } else {
                words = (try? fields.decodeIfPresent(Fault.self, forKey: .error)).flatMap { $0 }?.words
            }
        }
    }
}
