// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A country as the numbering plan names it: an ISO 3166-1 alpha-2 code in lower case.
///
/// The table also yields `ac` (Ascension) and `xk` (Kosovo), which a whitelist may name, and `ta` (Tristan da Cunha),
/// which it may not: ISO only reserves that code.
package struct Country: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// Two lower-case ASCII letters, the first in the high byte.
    package let rawValue: UInt16

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Unpacks two letters of five bits each, the first in the high ones; nil for 0.
    init?(letters: UInt16) {
        guard letters != 0 else { return nil }
        rawValue = (letters >> 5 & 0x1F | 0x60) << 8 | letters & 0x1F | 0x60
    }

    /// Reads a code in either case; nil unless it is assigned by ISO 3166-1, or is `ac` or `xk`.
    ///
    /// Nothing is trimmed: exactly two letters.
    package init?(_ code: String) {
        var packed: UInt16 = 0
        var length = 0
        for byte in code.utf8 {
            let letter = byte | 0x20
            guard length < 2, (0x61...0x7A).contains(letter) else { return nil }
            packed = packed << 8 | UInt16(letter)
            length += 1
        }
        guard length == 2, Country(rawValue: packed).isAssigned else { return nil }
        rawValue = packed
    }

    /// Whether a whitelist may name the code: assigned by ISO 3166-1, or `ac`, or `xk`.
    package var isAssigned: Bool {
        Country.assignedCodes.contains(rawValue)
    }

    /// Whether a whitelist may name the code, written in either case.
    package static func isAssigned(_ code: String) -> Bool {
        Country(code) != nil
    }

    /// Every country a whitelist may name, in alphabetical order.
    package static var allAssigned: [Country] {
        assignedCodes.sorted().map(Country.init(rawValue:))
    }

    /// The code, two lower-case letters.
    package var description: String {
        String(
            decoding: [UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue)],
            as: UTF8.self
        )
    }

    private static let assignedCodes: Set<UInt16> = {
        var codes: Set<UInt16> = []
        var packed: UInt16 = 0
        for byte in (isoCodes + " ac xk ").utf8 {
            if byte == 0x20 {
                codes.insert(packed)
                packed = 0
            } else {
                packed = packed << 8 | UInt16(byte)
            }
        }
        return codes
    }()

    // ISO 3166-1 alpha-2, the 249 officially assigned codes.
    private static let isoCodes = """
        ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl \
        bm bn bo bq br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv \
        cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd \
        ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im \
        in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk \
        lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw \
        mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr \
        ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss \
        st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy \
        uz va vc ve vg vi vn vu wf ws ye yt za zm zw
        """
}
