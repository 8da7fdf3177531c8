// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TraceCapture

@Suite("Capture files")
struct CaptureReaderTests {
    private static let packets = [Packet.datagram(Message.invite), Packet.datagram(Message.ok)]

    @Test("pcap and pcapng give messages with packet number, offset and nanoseconds")
    func formats() throws {
        let classic = try CaptureFile(CaptureFile.pcap(Self.packets))
        let reading = try CaptureFile.read(classic.path)
        #expect(reading.bytes == [Message.invite, Message.ok])
        #expect(reading.messages.map(\.place.packet) == [1, 2])
        #expect(reading.messages.map(\.place.offset) == [24, Int64(40 + Self.packets[0].count)])
        #expect(reading.messages.last?.time?.nanoseconds == 1_700_000_000_000_001_000)
        let fine = try CaptureFile(CaptureFile.pcap(Self.packets, nanoseconds: true))
        #expect(try CaptureFile.read(fine.path).messages.last?.time?.nanoseconds == 1_700_000_000_000_000_001)
        let next = try CaptureFile(CaptureFile.pcapng(Self.packets))
        let second = try CaptureFile.read(next.path)
        #expect(second.bytes == [Message.invite, Message.ok])
        #expect(second.messages.last?.time?.nanoseconds == 1_700_000_000_000_000_001)
    }

    @Test("progress reaches the file's length")
    func progress() throws {
        let bytes = CaptureFile.pcap(Self.packets)
        let file = try CaptureFile(bytes)
        var reader = try CaptureReader(path: file.path)
        #expect(reader.progress.totalBytes == Int64(bytes.count))
        while try reader.next() != nil {}
        #expect(reader.progress.bytesRead == Int64(bytes.count))
        #expect(try reader.next() == nil)
    }

    @Test("a pipe is read like a file, and its first octets are not lost")
    func pipe() throws {
        let text = [UInt8](Array(repeating: Message.invite + [10], count: 2_000).joined())
        let files: [([UInt8], Int)] = [
            (CaptureFile.pcap(Self.packets), 2), (CaptureFile.pcapng(Self.packets), 2), (text, 2_000),
        ]
        for (bytes, count) in files {
            let pipe = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)").path
            #expect(mkfifo(pipe, 0o600) == 0)
            defer { unlink(pipe) }
            Thread.detachNewThread { try? Data(bytes).write(to: URL(filePath: pipe)) }
            var reader = try CaptureReader(path: pipe)
            var messages = 0
            while let event = try reader.next() {
                if case .message = event { messages += 1 }
            }
            #expect(messages == count)
            #expect(reader.progress.totalBytes == nil)
        }
    }

    @Test("a filter holds packets back and leaves the others' numbers")
    func filter() throws {
        let other = Packet.ipv4(Packet.udp(Message.ok, from: 9_000, to: 9_001), next: 17)
        let file = try CaptureFile(CaptureFile.pcap([other] + Self.packets))
        let reading = try CaptureFile.read(file.path, filter: "udp port 5070")
        #expect(reading.messages.map(\.place.packet) == [2, 3])
        #expect(reading.counts.filtered == 1)
        #expect(reading.counts.packets == 2)
    }

    @Test("libpcap's word on a filter that it does not understand is passed on")
    func badFilter() throws {
        let file = try CaptureFile(CaptureFile.pcap(Self.packets))
        let error = #expect(throws: CaptureError.self) { try CaptureFile.read(file.path, filter: "port and and") }
        #expect(error?.reason.contains("syntax error") == true)
        let text = try CaptureFile(Message.invite)
        #expect(throws: CaptureError.self) { try CaptureFile.read(text.path, filter: "port 5060") }
    }

    @Test("a capture cut anywhere gives every packet before the cut, then a note")
    func truncated() throws {
        let whole = CaptureFile.pcap(Self.packets)
        let second = 24 + 16 + Self.packets[0].count
        for count in [second + 1, second + 15, second + 16, whole.count - 1] {
            let file = try CaptureFile(Array(whole.prefix(count)))
            let reading = try CaptureFile.read(file.path)
            #expect(reading.bytes == [Message.invite])
            #expect(reading.kinds == [.damagedCapture])
            #expect(reading.notes.first?.place.packet == 2)
            #expect(reading.notes.first?.place.offset == Int64(second))
        }
        let next = try CaptureFile(CaptureFile.pcapng(Self.packets).dropLast(2))
        #expect(try CaptureFile.read(next.path).kinds == [.damagedCapture])
    }

    @Test("an absurd length in a record ends the capture with a note")
    func absurd() throws {
        var bytes = CaptureFile.pcap(Self.packets)
        let second = 24 + 16 + Self.packets[0].count
        bytes.replaceSubrange(second + 8..<second + 12, with: [0xFF, 0xFF, 0xFF, 0x7F])
        let file = try CaptureFile(bytes)
        let reading = try CaptureFile.read(file.path)
        #expect(reading.bytes == [Message.invite])
        #expect(reading.kinds == [.damagedCapture])
    }

    @Test("what was begun when a capture breaks off is delivered before the note")
    func brokenStream() throws {
        let part = Packet.segment(Message.request(body: "v=0\r\n", length: "l: 99"), 1)
        let file = try CaptureFile(CaptureFile.pcap([part]) + [1, 2, 3])
        let reading = try CaptureFile.read(file.path)
        #expect(reading.messages.map(\.isTruncated) == [true])
        #expect(reading.kinds == [.truncatedMessage, .damagedCapture])
    }

    @Test("a capture without packets holds nothing and is no error")
    func empty() throws {
        for bytes in [CaptureFile.pcap([]), CaptureFile.pcapng([])] {
            let file = try CaptureFile(bytes)
            let reading = try CaptureFile.read(file.path)
            #expect(reading.messages.isEmpty)
            #expect(reading.notes.isEmpty)
        }
    }

    @Test(
        "an error says what is wrong and what to do",
        arguments: [
            ([], "is empty"), ([0x1F, 0x8B, 8, 0], "compressed with gzip: unpack"),
            (Array("hello, world\n".utf8), "begins with “hello, world”; tollgate reads pcap, pcapng and text traces"),
            ([0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 3, 4], "begins with 7f 45 4c 46 00 01 02 03"),
            ([0xD4, 0xC3, 0xB2, 0xA1, 2, 0], "cannot be read as a capture"),
            (CaptureFile.pcap([], link: 105), "which tollgate does not read: it reads Ethernet"),
        ] as [([UInt8], String)]
    )
    func errors(_ bytes: [UInt8], _ words: String) throws {
        let file = try CaptureFile(bytes)
        let error = #expect(throws: CaptureError.self) { try CaptureFile.read(file.path) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.description.hasPrefix(file.path) == true)
    }

    @Test("a file that is not there, and a folder, are told apart")
    func missing() {
        let missing = #expect(throws: CaptureError.self) { try CaptureFile.read("/nonexistent/calls.pcap") }
        #expect(missing?.reason.contains("No such file") == true)
        let folder = #expect(throws: CaptureError.self) { try CaptureFile.read("/") }
        #expect(folder?.reason == "is a folder: give one file")
    }

    @Test("a text trace longer than one read is read on")
    func longText() throws {
        let file = try CaptureFile(
            Array(repeating: Message.request(body: "v=0\r\n"), count: 5_000).flatMap { $0 + [13, 10] }
        )
        let reading = try CaptureFile.read(file.path)
        #expect(reading.messages.count == 5_000)
        #expect(Set(reading.bytes) == [Message.request(body: "v=0\r\n")])
        #expect(reading.messages.last?.place.line == 4_999 * 6 + 1)
    }
}
