// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TraceCapture

/// Traces recorded by others, beside the repository; not everybody has them.
private enum SharedTraces {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = {
        let given = ProcessInfo.processInfo.environment["TOLLGATE_SHARED"].map { URL(filePath: $0) }
        let shared = given ?? repository.deletingLastPathComponent().appending(path: "shared")
        return shared.appending(path: "traces")
    }()
    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The SIP messages that tshark finds in each capture.
    static let captures: [(String, Int)] = [
        ("MichalCab+ISA/sip.pcap", 9),
        ("OISF+suricata-verify/tests/sip-body-frames/public-cloudshark-sip-s0.pcap", 10),
        ("OISF+suricata-verify/tests/sip-body-large/sip-body-large.pcap", 2),
        ("OISF+suricata-verify/tests/sip-compact-form/sip_compact_form.pcap", 1),
        ("OISF+suricata-verify/tests/sip-header-multi-value/sip_header_multi_val.pcap", 1),
        ("OISF+suricata-verify/tests/sip-options-method/input.pcap", 2),
        ("OISF+suricata-verify/tests/sip-pattern-matching/sip.pcap", 2),
        ("OISF+suricata-verify/tests/sip-sdp/sdp.pcap", 2),
        ("OISF+suricata-verify/tests/sip-tcp-method/sip-tcp.pcap", 2),
        ("OISF+suricata-verify/tests/sip-tcp-pattern-matching/sip.pcap", 2),
        ("arkime+arkime/tests/pcap/arkime_synthetic.pcap", 4),
        ("irontec+sngrep/tests/ipip.pcap", 4),
        ("irontec+sngrep/tests/ipv6frag.pcap", 32),
        ("josemanuelbarja+ptavi-p6/invite.libpcap", 5),
        ("ntop+nDPI/tests/cfgs/default/pcap/gre.pcapng", 1),
        // tshark shows two frames by their port; neither holds SIP.
        ("ntop+nDPI/tests/cfgs/default/pcap/http_on_sip_port.pcap", 0),
        ("ntop+nDPI/tests/cfgs/default/pcap/sip.pcap", 81),
        ("ntop+nDPI/tests/cfgs/default/pcap/sip_hello.pcapng", 8),
        ("ntop+nDPI/tests/cfgs/default/pcap/webex.pcap", 22),
        ("seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/sdp.pcap", 1),
        ("seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_non_default_port.pcap", 2),
        ("seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_not_sdp.pcap", 1),
        ("seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_reqs.pcap", 4),
        ("seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/sip_resp.pcap", 7),
        ("sipcapture+heplify/src/decoder/testdata/ipip0.pcap", 8),
        ("wireshark+wireshark/test/captures/sip.pcapng", 5),
        ("wireshark+wireshark/test/captures/sipmsg.log", 5),
        ("zeek+zeek/testing/btest/Traces/sip/invalid-content-length.pcap", 2),
        ("zeek+zeek/testing/btest/Traces/sip/sip-junk-before-request.pcap", 1),
        ("zeek+zeek/testing/btest/Traces/sip/sip-long-request-response-paths.pcap", 2),
        ("zeek+zeek/testing/btest/Traces/sip/wireshark.pcap", 81),
    ]
}

@Suite("Traces recorded by others", .enabled(if: SharedTraces.isThere))
struct SharedTraceTests {
    @Test("as many messages are found as tshark finds, and nothing is unreadable", arguments: SharedTraces.captures)
    func captures(_ name: String, _ count: Int) throws {
        let reading = try CaptureFile.read(SharedTraces.folder.appending(path: "captures/\(name)").path)
        #expect(reading.messages.count == count)
        #expect(reading.notes == [])
    }

    @Test(
        "a message in a file of its own is read octet by octet",
        arguments: ["rfc4475", "callflows/rfc3665", "callflows/rfc5359"]
    )
    func messages(_ folder: String) throws {
        let path = SharedTraces.folder.appending(path: folder)
        // `test.dat` has no version in its first line; the others hold octets behind their message or lack its end.
        let other = ["test.dat", "dblreq.dat", "mcl01.dat", "baddn.dat"]
        let files = try FileManager.default.contentsOfDirectory(atPath: path.path).filter {
            !$0.hasSuffix(".tsv") && !$0.hasSuffix(".md") && !other.contains($0)
        }
        #expect(files.count > 40)
        for file in files {
            let place = path.appending(path: file)
            let reading = try CaptureFile.read(place.path)
            #expect(try reading.bytes == [Array(Data(contentsOf: place))], "\(file)")
        }
    }
}

@Suite("Traces of this repository")
struct OwnTraceTests {
    @Test("the captures of the scenarios hold both legs", arguments: [("anonymous-call", 17), ("tcp-call", 17)])
    func captures(_ name: String, _ count: Int) throws {
        let path = SharedTraces.repository.appending(path: "sip-traces/\(name).pcap").path
        let reading = try CaptureFile.read(path)
        #expect(reading.messages.count == count)
        #expect(reading.notes == [])
    }
}
