// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore

/// One call's media socket: plays the tone every 20 ms, then echoes; confined to the trunk's event loop.
final class MediaSession {
    private static let packetTime = TimeAmount.milliseconds(20)
    private static let longestDelay = TimeAmount.milliseconds(200)

    private let channel: any Channel
    private let onPacket: () -> Void
    private var stream: MediaStream
    private var audio: NegotiatedAudio?
    private var described: SocketAddress?
    private var learned: SocketAddress?
    private var nextTick: NIODeadline?
    private var ticker: Scheduled<Void>?

    /// Takes over a socket that `DatagramReceiver` was put into; `onPacket` runs for each packet from the peer.
    ///
    /// Throws when the socket has been closed.
    init(channel: any Channel, toneLength: Interval, onPacket: @escaping () -> Void) throws {
        self.channel = channel
        self.onPacket = onPacket
        let packets = max(0, min(toneLength.milliseconds, 3_600_000)) / 20
        stream = MediaStream(tonePackets: Int(packets))
        let receiver = try channel.pipeline.syncOperations.handler(type: DatagramReceiver.self)
        receiver.onDatagram = { [weak self] bytes, source in self?.received(bytes, from: source) }
    }

    /// The UDP port media is received on.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Takes what offer and answer agreed on, for the first time or after a change.
    func apply(_ agreed: NegotiatedAudio) {
        if audio?.host != agreed.host || audio?.port != agreed.port {
            described = try? SocketAddress(ipAddress: agreed.host, port: agreed.port)
            learned = nil
        }
        audio = agreed
        guard nextTick == nil else { return }
        nextTick = .now()
        tick()
    }

    /// Stops and closes the socket.
    @discardableResult
    func close() -> EventLoopFuture<Void> {
        ticker?.cancel()
        audio = nil
        return channel.close(mode: .all)
    }

    // Deadlines are counted from the first packet, so that one late packet does not delay all that follow.
    private func tick() {
        guard let audio, let due = nextTick, let packet = stream.nextTonePacket(audio) else { return }
        transmit(packet)
        let now = NIODeadline.now()
        let next = now - due > Self.longestDelay ? now + Self.packetTime : due + Self.packetTime
        nextTick = next
        ticker = channel.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [weak self] in self?.tick() }
    }

    private func received(_ bytes: [UInt8], from source: SocketAddress) {
        guard let audio, let packet = RTPPacket(bytes) else { return }
        // Symmetric RTP (RFC 4961): the first sender is the peer, whatever a translator made of its address.
        if learned == nil { learned = source }
        guard learned == source else { return }
        onPacket()
        if let echo = stream.echo(of: packet, audio) { transmit(echo) }
    }

    private func transmit(_ packet: RTPPacket) {
        guard let audio, audio.mayTransmit, let destination = learned ?? described else { return }
        channel.send(packet.bytes, to: destination)
    }
}
