// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Cpcap

/// A capture file that libpcap reads: pcap or pcapng.
final class PacketFile {
    enum Step {
        case packet(PacketRecord, UnsafeBufferPointer<UInt8>)
        /// The filter held the packet back.
        case filtered
        case end
        /// The rest cannot be read.
        case damaged(String, PacketStamp)
    }

    private let capture: OpaquePointer
    private let input: InputFile
    private var program = bpf_program()
    private var hasFilter = false
    private var number = 0
    private var lastTime = CaptureTime(nanoseconds: 0)
    /// What the records up to here take, when they have the same header each.
    private var pipedOffset: Int64?

    /// Takes the file over from where it stands, at its first octet.
    init(_ input: InputFile, isClassic: Bool) throws(CaptureError) {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        let opened = input.lend { pcap_fopen_offline_with_tstamp_precision($0, precision, &message) }
        guard let opened else {
            let reason = message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
            throw CaptureError(file: input.path, reason: "cannot be read as a capture: \(reason ?? "")")
        }
        capture = opened
        self.input = input
        pipedOffset = isClassic ? 24 : nil
    }

    deinit {
        if hasFilter { pcap_freecode(&program) }
        pcap_close(capture)
    }

    /// The link layer; throws for one that is not read.
    func link() throws(CaptureError) -> LinkType {
        let number = pcap_datalink(capture)
        if let link = LinkType(dataLink: number) { return link }
        let name = pcap_datalink_val_to_description(number).map { String(cString: $0) } ?? "of number \(number)"
        throw CaptureError(
            file: input.path,
            reason: "has the link layer \(name), which tollgate does not read: it reads \(LinkType.list)"
        )
    }

    /// Sets the filter, in the language of `pcap-filter(7)`.
    func setFilter(_ text: String) throws(CaptureError) {
        guard pcap_compile(capture, &program, text, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw CaptureError(file: input.path, reason: "cannot be filtered by “\(text)”: \(failure)")
        }
        hasFilter = true
    }

    /// How much was read and how much there is; nil when that is not known.
    var progress: (bytesRead: Int64, totalBytes: Int64?) {
        (input.totalBytes == nil ? pipedOffset ?? 0 : input.position, input.totalBytes)
    }

    /// Reads the next packet; its octets are good until the next step.
    func next() -> Step {
        let offset = input.totalBytes == nil ? pipedOffset : input.position
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var octets: UnsafePointer<UInt8>?
        let result = pcap_next_ex(capture, &header, &octets)
        if result == PCAP_ERROR_BREAK { return .end }
        number += 1
        guard result == 1, let header else {
            return .damaged(failure, PacketStamp(time: lastTime, packet: number, offset: offset))
        }
        let length = Int(header.pointee.caplen)
        pipedOffset = pipedOffset.map { $0 + 16 + Int64(length) }
        if hasFilter, pcap_offline_filter(&program, header, octets) == 0 { return .filtered }
        // With this precision libpcap gives nanoseconds where it is called microseconds.
        let time = header.pointee.ts
        lastTime = CaptureTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_usec))
        let record = PacketRecord(
            packet: number,
            offset: offset,
            time: lastTime,
            wireLength: Int(header.pointee.len)
        )
        return .packet(record, UnsafeBufferPointer(start: octets, count: octets == nil ? 0 : length))
    }

    private var failure: String { String(cString: pcap_geterr(capture)) }
}
