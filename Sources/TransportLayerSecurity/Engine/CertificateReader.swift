// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Glibc

/// Reads what is needed out of libcrypto's certificates.
enum CertificateReader {
    /// What a certificate says of its owner.
    static func certificate(_ pointer: OpaquePointer) -> PeerCertificate {
        PeerCertificate(names: names(of: pointer), fingerprint: fingerprint(of: pointer))
    }

    /// The names that a certificate is for.
    static func names(of certificate: OpaquePointer) -> CertificateNames {
        var names = CertificateNames(commonNames: commonNames(of: certificate))
        guard let extensions = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return names }
        let values = OpaquePointer(extensions)
        defer { GENERAL_NAMES_free(values) }
        names.hasAlternativeNames = true
        for index in 0..<COpenSSL_GENERAL_NAMES_count(values) {
            var start: UnsafePointer<UInt8>?
            var length: Int32 = 0
            let type = COpenSSL_GENERAL_NAMES_value(values, index, &start, &length)
            let octets = Array(UnsafeBufferPointer(start: start, count: Int(length)))
            switch type {
            case GEN_URI: if let text = text(octets) { names.uris.append(text) }
            case GEN_DNS: if let text = text(octets) { names.dnsNames.append(text) }
            case GEN_IPADD: names.addresses.append(octets)
            default: break
            }
        }
        return names
    }

    /// Printable ASCII only: a NUL in a name is an attack (CVE-2009-2408), and names are shown to people.
    private static func text(_ octets: [UInt8]) -> String? {
        guard !octets.isEmpty, octets.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func commonNames(of certificate: OpaquePointer) -> [String] {
        guard let subject = X509_get_subject_name(certificate) else { return [] }
        var names: [String] = []
        var place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        while place >= 0 {
            if let value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)),
                let start = ASN1_STRING_get0_data(value),
                let name = text(Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value)))))
            {
                names.append(name)
            }
            place = X509_NAME_get_index_by_NID(subject, NID_commonName, place)
        }
        return names
    }

    private static func fingerprint(of certificate: OpaquePointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return "" }
        return digest.prefix(Int(length)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A time of a certificate as year-month-day.
    static func day(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        var fields = tm()
        guard let time, ASN1_TIME_to_tm(time, &fields) == 1 else { return "unknown" }
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(fields.tm_year + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday))"
    }
}
